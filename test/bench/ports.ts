/**
 * `npm run bench:ports`: the event log and the store, adapter by adapter, beside the simplest alternative: an array and a Map
 * in memory, without durability. KAFKA_BROKERS and MONGODB_URL add the real ones. Rates in operations per second.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { EmbeddedEventLog } from '../../platform/adapters/embedded-event-log.ts';
import { EmbeddedStore } from '../../platform/adapters/embedded-store.ts';
import { KafkaEventLog } from '../../platform/adapters/kafka-event-log.ts';
import { MongoStore } from '../../platform/adapters/mongo-store.ts';
import type { EventLog, NewEvent } from '../../platform/ports/event-log.ts';
import type { Store } from '../../platform/ports/store.ts';
import { machine } from './machine.ts';

const EVENTS = 50_000;
const BATCH = 1_000;
const SINGLE = 500;
const DOCUMENTS = 20_000;

const unique = `bench${Date.now()}`;
const logger = pino({ level: 'silent' });
const folder = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
const { KAFKA_BROKERS, MONGODB_URL } = process.env;

async function rate(operations: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round((operations / (performance.now() - started)) * 1000);
}

const show = (name: string, figures: Readonly<Record<string, number>>): void => {
  const cells = Object.entries(figures).map(([what, value]) => `${what} ${value.toLocaleString('en')}`);
  console.log(`${name.padEnd(16)} ${cells.join('   ')}`);
};

const events = Array.from({ length: EVENTS }, (_, n) => ({
  key: `user${n % 100}`,
  value: JSON.stringify({
    user_id: `user${n % 100}`,
    event_type: 'watch',
    content_id: `movie_${n}`,
    watchProgress: 0.5,
  }),
}));

async function measureLog(name: string, log: EventLog): Promise<void> {
  await log.createTopics([{ name: unique, partitions: 4, cleanup: 'delete' }]);
  const batched = await rate(EVENTS, async () => {
    for (let at = 0; at < EVENTS; at += BATCH) await log.publish(unique, events.slice(at, at + BATCH));
  });
  const single = await rate(SINGLE, async () => {
    for (const event of events.slice(0, SINGLE)) await log.publish(unique, [event as NewEvent]);
  });
  const all = EVENTS + SINGLE;
  const reading = (start: (count: (n: number) => void) => Promise<{ close(): Promise<void> }>) =>
    rate(all, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let seen = 0;
      const reader = await start((n) => {
        seen += n;
        if (seen >= all) resolve();
      });
      await promise;
      await reader.close();
    });
  const consume = await reading((count) =>
    log.consume({ topic: unique, group: 'bench.read', maxBatch: BATCH }, async (batch) => count(batch.length)),
  );
  const tail = await reading((count) => log.tail({ topic: unique, from: 'start' }, () => count(1)));
  show(name, { 'publish 1,000 at once': batched, 'one at a time': single, consume, tail });
}

async function measureStore(name: string, store: Store): Promise<void> {
  const rows = store.collection<{ _id: string; user: string; n: number }>('bench');
  await rows.createIndex({ user: 1, n: 1 }, { unique: true });
  const documents = Array.from({ length: DOCUMENTS }, (_, n) => ({ _id: `d${n}`, user: `user${n % 100}`, n }));
  const bulk = await rate(DOCUMENTS, async () => {
    for (let at = 0; at < DOCUMENTS; at += BATCH) {
      await rows.bulkWrite(
        documents.slice(at, at + BATCH).map((document) => ({ insertOne: { document } })),
        { ordered: false },
      );
    }
  });
  const find = await rate(2_000, async () => {
    for (let n = 0; n < 2_000; n += 1) await rows.findOne({ _id: `d${(n * 7) % DOCUMENTS}` });
  });
  const swap = await rate(SINGLE, async () => {
    for (let n = 0; n < SINGLE; n += 1) await rows.updateOne({ _id: `d${n}`, n }, { $inc: { n: DOCUMENTS } });
  });
  show(name, { 'bulk insert': bulk, 'find by id': find, 'compare-and-set': swap });
}

console.log(`machine          ${machine()}`);
console.log(`event log        ${EVENTS.toLocaleString('en')} events of about 90 bytes, 4 partitions`);
const array: unknown[] = [];
show('array', {
  push: await rate(EVENTS, async () => {
    for (const event of events) array.push(structuredClone(event));
  }),
});
const embeddedLog = EmbeddedEventLog.open({ path: join(folder, 'events.db') });
await measureLog('embedded', embeddedLog);
await embeddedLog.close();
if (KAFKA_BROKERS) {
  const options = { brokers: KAFKA_BROKERS.split(','), clientId: 'bench', topicPrefix: `${unique}.`, logger };
  const kafka = await KafkaEventLog.open(options);
  await measureLog('kafka', kafka);
  await kafka.close();
}
console.log(`store            ${DOCUMENTS.toLocaleString('en')} small documents, one unique compound index`);
const map = new Map<string, unknown>();
const inMemory = async () => {
  for (let n = 0; n < DOCUMENTS; n += 1) map.set(`d${n}`, structuredClone({ _id: `d${n}`, user: `user${n % 100}`, n }));
};
show('map', { set: await rate(DOCUMENTS, inMemory) });
const embeddedStore = EmbeddedStore.open({ path: join(folder, 'store.db') });
await measureStore('embedded', embeddedStore);
await embeddedStore.close();
if (MONGODB_URL) {
  const mongo = await MongoStore.open({ url: MONGODB_URL, database: unique, logger });
  await measureStore('mongodb-wire', mongo);
  await mongo.close();
  const client = await MongoClient.connect(MONGODB_URL);
  await client.db(unique).dropDatabase();
  await client.close();
}
await rm(folder, { recursive: true, force: true });
