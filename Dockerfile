# The terminal program: docker build -t realtime-inspector . && docker run --rm realtime-inspector --help
FROM node:24-slim AS build
WORKDIR /source
COPY . .
RUN npm ci --no-audit --no-fund && node scripts/npm-package.ts /package

FROM node:24-slim
COPY --from=build /package /opt/realtime-inspector
RUN ln -s /opt/realtime-inspector/cli.js /usr/local/bin/realtime-inspector
USER node
# Mount a folder here for .http files and sessions.
WORKDIR /work
ENTRYPOINT ["realtime-inspector"]
