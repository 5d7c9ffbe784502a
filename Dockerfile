# One image for server and trainer: which of them runs is the command's choice.
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
