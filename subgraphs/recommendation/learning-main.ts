/** The program of a thread that learns, with a log and a store of its own. learning-threads.ts starts it and asks what it counts. */
import { parentPort } from 'node:worker_threads';
import { register } from 'prom-client';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { startTracing } from '../../platform/tracing.ts';
import { startLearning } from './learning.ts';

const NAME = 'recommendation-learning';

/** What the thread is asked for. */
export type Request = 'metrics' | 'stop';
/** What it says: that it learns, and what it counts, as prom-client writes it for others. */
export type Reply = 'learning' | { readonly metrics: object[] };

const host = parentPort;
if (host === null) throw new Error('learning-main.ts runs in a thread: subgraphs/recommendation/main.ts starts it.');

const config = loadConfig(process.env);
const ports = await openPorts(config, NAME);
const stopTracing = startTracing(config.traces, NAME, ports.logger);
const learning = await startLearning(ports);
const say = (reply: Reply): void => host.postMessage(reply);

host.on('message', async (request: Request) => {
  if (request === 'metrics') {
    say({ metrics: await register.getMetricsAsJSON() });
    return;
  }
  await learning.close();
  await ports.close();
  await stopTracing();
  host.close(); // nothing is left that keeps the thread alive
});
say('learning');
