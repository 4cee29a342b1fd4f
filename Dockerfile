# Colloquy as an image: docker build -t colloquy .
#
#   docker run --stop-timeout 30 -p 127.0.0.1:8080:8080 -v colloquy:/data -e JWT_SECRET=… colloquy
#
# Inside a container the server must listen on 0.0.0.0 to be reached at all, and there it refuses to start until it knows
# who may come in: set JWT_SECRET (32 bytes or more) or JWKS_URL; or ALLOW_ANONYMOUS=1, which lets in everybody who can
# reach the published port (above: this machine only). Other names than localhost are listed in ALLOWED_HOSTS.
# For linux/amd64 and linux/arm64. Nothing in it is compiled, so any other platform that node:26-slim is made for should do.
# Stopping takes up to 20 s, for answers that are being written; Docker's own patience is 10 s, so give it more.

FROM node:26-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/client/package.json packages/client/
COPY packages/server/package.json packages/server/
COPY packages/console/package.json packages/console/
COPY bench/package.json bench/

# The page: everything is installed, the built files are kept.
FROM manifests AS page
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.base.json ./
COPY packages packages
RUN cd packages/console && ../../node_modules/.bin/vite build

# What the server needs when it runs: the packages of providers and of MCP too, which are development packages to it, but not
# those of the whole repository; and the Node of this image instead of the packaged one.
FROM manifests AS modules
RUN npm ci --include=dev --omit=optional --workspace colloquy --no-audit --no-fund

FROM node:26-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
WORKDIR /app
COPY --from=modules /app ./
COPY packages/protocol packages/protocol
COPY packages/client packages/client
COPY packages/server packages/server
COPY --from=page /app/packages/console/dist packages/console/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The very sources that `npm start` runs: Node takes the types out by itself.
ENTRYPOINT ["node", "--conditions=colloquy-source", "packages/server/src/main.ts"]
CMD ["serve"]
