# One image for the gateway and the three subgraphs; docker-compose.yml says which process each container runs.
FROM node:24-bookworm-slim
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=true
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node 24 itself, so the registry's copy of it (an optional dependency) is left out.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force
COPY schema schema
COPY platform platform
COPY gateway gateway
COPY subgraphs subgraphs
COPY fixtures fixtures
COPY NOTICE README.md ./
USER node
CMD ["node", "gateway/main.ts"]
