/** Rates of learning from a backlog: in memory alone, then with everything stored, from each event log into each store. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kafka } from 'kafkajs';
import { MongoClient } from 'mongodb';
import type { ValidatedEvent } from '../../platform/dead-letters.ts';
import { systemClock } from '../../platform/ports/clock.ts';
import type { EventLog, LoggedEvent } from '../../platform/ports/event-log.ts';
import { interactionEvent } from '../../schema/events/interaction.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { Catalogue } from '../../subgraphs/recommendation/domain/catalogue.ts';
import type { Interaction } from '../../subgraphs/recommendation/domain/interaction.ts';
import { Learner } from '../../subgraphs/recommendation/learner.ts';
import { learnedEvents } from '../../subgraphs/recommendation/learning-metrics.ts';
import type { Profiles } from '../../subgraphs/recommendation/profiles.ts';
import { createRecommendationSubgraph } from '../../subgraphs/recommendation/subgraph.ts';
import { readInteraction } from '../../subgraphs/recommendation/user-events.ts';
import { eventually } from '../support/eventually.ts';
import { events, take, work } from './recommendation-events.ts';
import {
  EVENTS,
  learnedAll,
  median,
  publishEvents,
  publishWorks,
  RUNS,
  say,
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
/** What one fetch brings of a partition: about 1 MB. */
const BATCH = 2_400;
const PARTITIONS = USER_EVENTS.partitions;
const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;

async function repeated(run: () => Promise<Took>, runs = RUNS): Promise<Took[]> {
  const all: Took[] = [];
  for (let i = 0; i < runs; i += 1) all.push(await run());
  return all;
}

/** The bytes of events by partition, in batches as a log hands them over. */
function batches(): LoggedEvent[][] {
  const partitions: LoggedEvent[][] = Array.from({ length: PARTITIONS }, () => []);
  for (const { key, value } of take(events(USERS, WORKS, EVENTS), EVENTS)) {
    const partition = Number(key.slice('user-'.length)) % PARTITIONS;
    const logged = partitions[partition] as LoggedEvent[];
    const bytes = Buffer.from(String(value));
    const at = { topic: USER_EVENTS.name, partition, offset: logged.length, timestamp: Date.now() };
    logged.push({ ...at, key, value: bytes, headers: {} });
  }
  const all: LoggedEvent[][] = [];
  for (let from = 0; all.flat().length < EVENTS; from += BATCH) {
    for (const logged of partitions) if (logged.length > from) all.push(logged.slice(from, from + BATCH));
  }
  return all;
}

/** Neither log nor store: what is left is the learning itself. */
async function alone(): Promise<Took> {
  const all = batches();
  const catalogue = new Catalogue();
  for (let i = 0; i < WORKS; i += 1) catalogue.put(work(i));
  const silent = { publish: async () => undefined } as Partial<EventLog> as EventLog;
  const nowhere: Partial<Profiles> = {
    findByIds: async () => new Map(),
    save: async () => undefined,
    claim: async () => new Map(),
  };
  const learner = new Learner(silent, systemClock, nowhere as Profiles, catalogue);
  const now = Date.now();
  const read = (logged: LoggedEvent): ValidatedEvent<Interaction> => ({
    event: readInteraction(JSON.parse(String(logged.value)), catalogue, now),
    logged,
  });
  const took = stopwatch();
  for (const batch of all) await learner.learn(batch.map(read));
  return took();
}

async function schemaOnly(): Promise<Took> {
  const values = take(events(USERS, WORKS, EVENTS), EVENTS).map(({ value }) => String(value));
  const took = stopwatch();
  for (const value of values) interactionEvent.parse(JSON.parse(value));
  return took();
}

let prefixes = 0;
const started: Took[] = [];

/** From the first batch that the log hands over to the last commit; starting up is told apart. */
async function persisted(env: Record<string, string>, count: number): Promise<Took> {
  const unique = { ...env };
  prefixes += 1;
  if (env.KAFKA_BROKERS) unique.KAFKA_TOPIC_PREFIX = `${env.KAFKA_TOPIC_PREFIX}${prefixes}.`;
  if (env.MONGODB_URL) unique.MONGODB_URL = `${env.MONGODB_URL}x${prefixes}`;
  return withFolder((folder) =>
    withPorts({ DATA_DIR: join(folder, 'data'), ...unique }, async (ports) => {
      await publishWorks(ports, FEW_WORKS);
      await publishEvents(ports, count, FEW_WORKS);
      learnedEvents.reset();
      const starting = stopwatch();
      let learning: (() => Took) | undefined;
      const log: EventLog = new Proxy(ports.log, {
        get(target, name) {
          const member = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          if (name !== 'consume') return member.bind(target);
          return (options: never, handler: (batch: unknown) => Promise<void>) =>
            member.call(target, options, (batch: unknown) => {
              if (learning === undefined) started.push(starting());
              learning ??= stopwatch();
              return handler(batch);
            });
        },
      });
      const subgraph = createRecommendationSubgraph({ ...ports, log });
      await subgraph.start();
      await eventually(async () => (await learnedEvents.get()).values[0]?.value === count, 170_000);
      await learnedAll(ports);
      const took = (learning as () => Took)();
      await subgraph.stop();
      return took;
    }),
  );
}

function sayStarted(): void {
  const { seconds } = median(started.splice(0));
  say('', `(after ${seconds.toFixed(1)} s to start: catalogue of ${whole(FEW_WORKS)} works, joining the group)`);
}

async function storingOnly(): Promise<Took> {
  return withFolder(async (folder) => {
    const database = new DatabaseSync(join(folder, 'plain.db'));
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    database.exec('CREATE TABLE events (id TEXT PRIMARY KEY, value TEXT)');
    const all = take(events(USERS, WORKS, EVENTS), EVENTS);
    const insert = database.prepare('INSERT INTO events VALUES (?, ?)');
    const took = stopwatch();
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
  sayRate(
    'Kafka → profiles and interactions in the embedded store',
    EVENTS,
    await repeated(() => persisted(kafka, EVENTS)),
  );
  sayStarted();
  if (MONGODB_URL) {
    const few = Math.min(EVENTS, 20_000);
    const mongo = { ...kafka, MONGODB_URL: `${MONGODB_URL}/${unique}` };
    sayRate(
      `Kafka → the MongoDB-wire server, ${whole(few)} events`,
      few,
      await repeated(() => persisted(mongo, few), 1),
    );
    sayStarted();
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
sayRate('bytes → checked → identified → grouped → profiles in memory', EVENTS, await repeated(alone));
sayRate('  simplest: JSON.parse and the zod schema, nothing learned', EVENTS, await repeated(schemaOnly, 1));
if (KAFKA_BROKERS) await onKafka();
sayRate(
  'embedded log → profiles and interactions in the embedded store',
  EVENTS,
  await repeated(() => persisted({}, EVENTS)),
);
sayStarted();
sayRate('  simplest: the bytes into one SQLite table, nothing learned', EVENTS, await repeated(storingOnly, 1));
