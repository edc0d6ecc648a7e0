/** Rates of learning from a backlog: in memory alone, then with everything stored, from each event log into each store. */
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { Kafka } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { interactionEvent } from '../../schema/events/interaction.ts';
import { learningThreads } from '../../subgraphs/recommendation/learning-threads.ts';
import { events, take } from './recommendation-events.ts';
import {
  EVENTS,
  learnedAll,
  learnedOf,
  publishEvents,
  publishWorks,
  RUNS,
  sayRate,
  stopwatch,
  type Took,
  USERS,
  WORKS,
  whole,
  withFolder,
  withPorts,
} from './recommendation-figures.ts';

/** While a whole subgraph learns: few, so that starting up is no large part of it. */
const FEW_WORKS = 2_500;
/** Events in a transaction. */
const BATCH = 2_400;
const THREADS = [1, 2];
const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;

async function repeated(run: () => Promise<Took>, runs = RUNS): Promise<Took[]> {
  const all: Took[] = [];
  for (let i = 0; i < runs; i += 1) all.push(await run());
  return all;
}

/** In threads without log and store. */
async function alone(threads: number): Promise<Took> {
  const workers = Array.from(
    { length: threads },
    (_, thread) =>
      new Worker(new URL('./recommendation-alone.ts', import.meta.url), { workerData: { thread, threads } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const took = stopwatch(EVENTS);
  const learned = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.postMessage('learn');
  await Promise.all(learned);
  return took();
}

async function schemaOnly(): Promise<Took> {
  const values = take(events(USERS, WORKS, EVENTS), EVENTS).map(({ value }) => String(value));
  const took = stopwatch(EVENTS);
  for (const value of values) interactionEvent.parse(JSON.parse(value));
  return took();
}

let prefixes = 0;

/**
 * By threads of their own, as a recommendation process has them, from a topic that was filled before. Timed from when all of them
 * take part to the last commit; what they learned before is not counted.
 */
async function persisted(env: Record<string, string>, count: number, threads: number): Promise<Took> {
  const unique = { ...env };
  prefixes += 1;
  if (env.KAFKA_BROKERS) unique.KAFKA_TOPIC_PREFIX = `${env.KAFKA_TOPIC_PREFIX}${prefixes}.`;
  if (env.MONGODB_URL) unique.MONGODB_URL = `${env.MONGODB_URL}x${prefixes}`;
  return withFolder((folder) => {
    const own = { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...unique };
    return withPorts(own, async (ports) => {
      await publishWorks(ports, FEW_WORKS);
      await publishEvents(ports, count, FEW_WORKS);
      const learning = await learningThreads(threads, own)(ports);
      const took = stopwatch(count - (await learnedOf(ports)));
      await learnedAll(ports);
      const learned = took();
      await learning.close();
      return learned;
    });
  });
}

async function storingOnly(): Promise<Took> {
  return withFolder(async (folder) => {
    const database = new DatabaseSync(join(folder, 'plain.db'));
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    database.exec('CREATE TABLE events (id TEXT PRIMARY KEY, value TEXT)');
    const all = take(events(USERS, WORKS, EVENTS), EVENTS);
    const insert = database.prepare('INSERT INTO events VALUES (?, ?)');
    const took = stopwatch(EVENTS);
    for (let at = 0; at < all.length; at += BATCH) {
      database.exec('BEGIN');
      for (const [i, { key, value }] of all.slice(at, at + BATCH).entries())
        insert.run(`${key}:${at + i}`, String(value));
      database.exec('COMMIT');
    }
    const stored = took();
    database.close();
    return stored;
  });
}

async function onKafka(): Promise<void> {
  const unique = `benchrec${Date.now()}`;
  const kafka = { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX: `${unique}.` };
  for (const threads of THREADS) {
    const path = `Kafka → profiles and interactions in the embedded store, threads: ${threads}`;
    sayRate(path, await repeated(() => persisted(kafka, EVENTS, threads)));
  }
  if (MONGODB_URL) {
    const few = Math.min(EVENTS, 60_000);
    const mongo = { ...kafka, MONGODB_URL: `${MONGODB_URL}/${unique}` };
    const path = `Kafka → the MongoDB-wire server, ${whole(few)} events, threads: 2`;
    sayRate(path, await repeated(() => persisted(mongo, few, 2), 1));
    const client = await MongoClient.connect(MONGODB_URL);
    await client.db(`${unique}x${prefixes}`).dropDatabase();
    await client.close();
  }
  const admin = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: 0 }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => topic.startsWith(unique)) });
  await admin.disconnect();
}

console.log(`${whole(EVENTS)} events of ${whole(USERS)} users; the median of ${RUNS} runs (all of them)`);
for (const threads of THREADS) {
  const path = `bytes → checked → identified → grouped → profiles in memory, threads: ${threads}`;
  sayRate(path, await repeated(() => alone(threads)));
}
sayRate('  simplest: JSON.parse and the zod schema, nothing learned', await repeated(schemaOnly, 1));
if (KAFKA_BROKERS) await onKafka();
for (const threads of THREADS) {
  const path = `embedded log → profiles and interactions in the embedded store, threads: ${threads}`;
  sayRate(path, await repeated(() => persisted({}, EVENTS, threads)));
}
sayRate('  simplest: the bytes into one SQLite table, nothing learned', await repeated(storingOnly, 1));
