/** The gateway and the recommendation subgraph in one process, over the ports that the environment chooses; prints its port. */
import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { InProcessDataSource } from '../../gateway/data-sources.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { loadConfig } from '../../platform/config.ts';
import { createTokenVerifier } from '../../platform/tokens.ts';
import { learningThreads } from '../../subgraphs/recommendation/learning-threads.ts';
import { createRecommendationSubgraph } from '../../subgraphs/recommendation/subgraph.ts';
import { withPorts } from './recommendation-figures.ts';

const logger = pino({ level: 'error' });

await withPorts(process.env as Record<string, string>, async (ports) => {
  const stopped = new Promise((resolve) => process.once('SIGTERM', resolve));
  const subgraph = createRecommendationSubgraph(ports, { learning: learningThreads(1, process.env) });
  await subgraph.start();
  const gateway = await createGateway({
    supergraphSdl: await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'),
    sources: { recommendation: new InProcessDataSource(subgraph, logger) },
    log: ports.log,
    logger,
    verifyToken: createTokenVerifier(loadConfig({}).tokens),
    introspection: true,
    explorer: null,
  });
  console.log(`port ${await gateway.listen(0, '127.0.0.1')}`);
  await stopped;
  await gateway.stop();
  await subgraph.stop();
});
