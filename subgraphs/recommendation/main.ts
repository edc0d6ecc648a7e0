/** The recommendation subgraph as a process of its own: chooses the adapters, and listens for the gateway. */
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { runMain } from '../../platform/run-main.ts';
import { runSubgraph } from '../../platform/subgraph-server.ts';
import { learningThreads } from './learning-threads.ts';
import { openModels } from './models/open-models.ts';
import { createRecommendationSubgraph } from './subgraph.ts';

await runMain(async () => {
  const config = loadConfig(process.env);
  const ports = await openPorts(config, 'recommendation');
  const models = await openModels(config.recommendation, ports).catch(async (error: unknown) => {
    await ports.close();
    throw error;
  });
  const options = { ...models, learning: learningThreads(config.recommendation.learningThreads, process.env) };
  return runSubgraph((given) => createRecommendationSubgraph(given, options), ports, config, {
    port: config.ports.recommendation,
    variable: 'RECOMMENDATION_PORT',
  });
});
