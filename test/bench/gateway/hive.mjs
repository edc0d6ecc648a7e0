// Hive Gateway with its native planner and runtime. node hive.mjs SUPERGRAPH PORT SHARING
// Sharing is on in two places: whole requests by this option, calls of subgraphs by default.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const [, , supergraph, port, mode] = process.argv;
const sharing = mode === 'sharing';
const runtime = createGatewayRuntime({
  supergraph: readFileSync(supergraph, 'utf8'),
  unifiedGraphHandler,
  inboundInflightRequestDeduplication: sharing,
  transportEntries: { '*': { options: { deduplicateInflightRequests: sharing } } },
  logging: false,
  maskedErrors: false,
  landingPage: false,
  graphiql: false,
});
createServer(runtime).listen(Number(port), '127.0.0.1', () => console.log('ready'));
