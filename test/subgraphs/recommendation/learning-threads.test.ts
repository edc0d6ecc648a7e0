/** Threads that learn, over the embedded log and store of a folder, beside the subgraph that answers in this one. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { type OpenPorts, openPorts } from '../../../platform/adapters/open.ts';
import { loadConfig } from '../../../platform/config.ts';
import { createHttpServer } from '../../../platform/http-server.ts';
import { ANONYMOUS } from '../../../platform/identity.ts';
import { metricsPage } from '../../../platform/metrics.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { learningThreads } from '../../../subgraphs/recommendation/learning-threads.ts';
import { openProfiles } from '../../../subgraphs/recommendation/profiles.ts';
import { createRecommendationSubgraph } from '../../../subgraphs/recommendation/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import { added, someWorks } from './works.ts';

const USERS = ['ada', 'bob', 'cyd', 'dan'];

let folder: string;
let env: Record<string, string>;
let ports: OpenPorts;
/** Node tells of every thread that is made. */
const made: Worker[] = [];
const onWorker = (message: unknown): void => void made.push((message as { worker: Worker }).worker);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firetv-threads-'));
  env = { DATA_DIR: folder, LOG_LEVEL: 'silent' };
  ports = await openPorts(loadConfig(env), 'test');
  await ports.log.publish('content_changes', someWorks(['comedy', 'crime'], 20).map(added));
  made.length = 0;
  subscribe('worker_threads', onWorker);
});
afterEach(async () => {
  unsubscribe('worker_threads', onWorker);
  await ports.close();
  await rm(folder, { recursive: true, force: true });
});

/** Each user watches so many titles, from `comedy-<from>` on. */
async function watch(from: number, titles: number): Promise<void> {
  const events = USERS.flatMap((user_id) =>
    Array.from({ length: titles }, (_, i) => ({
      user_id,
      event_type: 'complete',
      content_id: `comedy-${from + i}`,
      timestamp: new Date(Date.now() - i * 60_000).toISOString(),
    })),
  );
  await ports.log.publish(
    'user_events',
    events.map((event) => ({ key: event.user_id, value: JSON.stringify(event) })),
  );
}

async function learned(): Promise<number[]> {
  const found = await openProfiles(ports.store).findByIds(USERS);
  return USERS.map((userId) => found.get(userId)?.interactionCount ?? 0);
}

async function listOf(subgraph: Subgraph, userId: string): Promise<string[]> {
  const source = '{ recommendations(first: 40) { content { id } } }';
  const contextValue = subgraph.createContext({ ...ANONYMOUS, userId });
  const { data, errors } = await graphql({ schema: subgraph.schema, source, contextValue });
  expect(errors).toBeUndefined();
  return (data as { recommendations: { content: { id: string } }[] }).recommendations.map(({ content }) => content.id);
}

test('two threads learn each event once, and the one that answers sees it; /metrics adds up what they count', async () => {
  const subgraph = createRecommendationSubgraph(ports, { learning: learningThreads(2, env) });
  await subgraph.start();
  for (const userId of USERS) expect(await listOf(subgraph, userId)).toHaveLength(40);
  await watch(0, 6);
  await watch(6, 4);
  await eventually(async () => (await learned()).every((count) => count === 10));
  for (const userId of USERS) {
    await eventually(async () => !(await listOf(subgraph, userId)).some((id) => /comedy-\d$/.test(id)));
  }
  const http = createHttpServer(async () => undefined);
  http.app.get('/metrics', metricsPage());
  const port = await http.listen(0, '127.0.0.1', 'PORT');
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(page).toMatch(/^user_events_learned_total 40$/m);
  expect(page).toMatch(/^process_cpu_seconds_total /m);
  await http.stop();
  await subgraph.stop();
  await eventually(() => made.every(({ threadId }) => threadId === -1)); // of a thread that has ended
  expect(made).toHaveLength(2);
});

test('a thread that dies is started again, and nothing is lost or counted twice', async () => {
  const threads = await learningThreads(1, env)(ports);
  await watch(0, 5);
  await eventually(async () => (await learned()).some((count) => count > 0));
  await made[0]?.terminate();
  await watch(5, 5);
  await eventually(async () => (await learned()).every((count) => count === 10));
  expect(made).toHaveLength(2);
  await threads.close();
});

test('what keeps a thread from starting is told to whoever starts it', async () => {
  const learning = learningThreads(1, { ...env, KAFKA_BROKERS: '127.0.0.1:1' });
  await expect(learning(ports)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('127.0.0.1:1'),
  });
});
