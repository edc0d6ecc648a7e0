/** The content subgraph as a process of its own: chooses the adapters, and listens for the gateway. */
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { runMain } from '../../platform/run-main.ts';
import { runSubgraph } from '../../platform/subgraph-server.ts';
import { createContentSubgraph } from './subgraph.ts';

await runMain(async () => {
  const config = loadConfig(process.env);
  const ports = await openPorts(config, 'content');
  return runSubgraph(createContentSubgraph, ports, config, { port: config.ports.content, variable: 'CONTENT_PORT' });
});
