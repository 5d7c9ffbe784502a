# One image for server and trainer: which of them runs is the command's choice.
#
#   docker build --target graft .         trains on WebAssembly
#   docker build --target graft-gpu .     trains on NVIDIA's GPUs; 6 GB larger, needs their container toolkit to run
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev

FROM node:24-bookworm-slim AS graft
ENV NODE_ENV=production GRAFT_DATA_DIR=/data
RUN install -d -o node -g node /data
COPY --from=build /app /app
WORKDIR /app
USER node
VOLUME /data
EXPOSE 4000
CMD ["node", "dist/src/start.js"]

# TensorFlow for NVIDIA's GPUs with CUDA's libraries, and its binding: `npm run tensorflow -- --gpu`.
FROM build AS tensorflow-gpu
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
ENV XDG_CACHE_HOME=/opt
RUN node dist/src/tensorflow.js --gpu

FROM graft AS graft-gpu
# The binding has the libraries' folder written into it.
COPY --from=tensorflow-gpu /opt/graft /opt/graft
COPY --from=tensorflow-gpu /app/node_modules/@tensorflow/tfjs-node-gpu/lib /app/node_modules/@tensorflow/tfjs-node-gpu/lib
# What the container toolkit brings in of the driver.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
