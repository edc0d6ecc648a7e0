// Hive Gateway with its native planner and runtime. node hive.mjs SUPERGRAPH PORT SHARING
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const [, , supergraph, port, sharing] = process.argv;
const runtime = createGatewayRuntime({
  supergraph: readFileSync(supergraph, 'utf8'),
  unifiedGraphHandler,
  inboundInflightRequestDeduplication: sharing === 'sharing',
  logging: false,
  maskedErrors: false,
  landingPage: false,
  graphiql: false,
});
createServer(runtime).listen(Number(port), '127.0.0.1', () => console.log('ready'));
