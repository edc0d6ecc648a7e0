/**
 * `npm run bench:recommendation`: how fast interactions are learned, a page of recommendations while they come in, and profiles
 * of many users in the store; each line names the path it covers, and has the simplest alternative beside it. With KAFKA_BROKERS
 * and MONGODB_URL those, too. EVENTS, USERS and PROFILES change the sizes. Not a test: the machine decides.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kafka } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { InProcessDataSource } from '../../gateway/data-sources.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { type OpenPorts, openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { createTokenVerifier } from '../../platform/tokens.ts';
import type { WorkSummary } from '../../schema/events/content-change.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import { interactionEvent } from '../../schema/events/interaction.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { Catalogue } from '../../subgraphs/recommendation/domain/catalogue.ts';
import { Popularity } from '../../subgraphs/recommendation/domain/popularity.ts';
import { learn } from '../../subgraphs/recommendation/domain/profile.ts';
import { Snapshots } from '../../subgraphs/recommendation/domain/snapshot.ts';
import { newDocument, openProfiles, type ProfileDocument } from '../../subgraphs/recommendation/profiles.ts';
import { createRecommendationSubgraph } from '../../subgraphs/recommendation/subgraph.ts';
import { readInteraction } from '../../subgraphs/recommendation/user-events.ts';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { machine } from './machine.ts';
import { events, random, take, work } from './recommendation-events.ts';

const number = (name: string, fallback: number): number => Number(process.env[name] || fallback);
const EVENTS = number('EVENTS', 100_000);
const USERS = number('USERS', 2_000);
const PROFILES = number('PROFILES', 100_000);
const WORKS = 25_000;
/** While learning is measured: few, so that starting up is no large part of it. */
const LEARNED_WORKS = 2_500;
const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;
const unique = `benchrec${Date.now()}`;

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const MiB = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
const say = (path: string, figure: string): void => console.log(`${path.padEnd(66)} ${figure}`);

interface Took {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function timed(run: () => unknown): Promise<Took> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1_000, cpuSeconds: (user + system) / 1e6 };
}

const rate = (count: number, { seconds, cpuSeconds }: Took): string =>
  `${whole(count / seconds)} events/s, ${((cpuSeconds / count) * 1e6).toFixed(1)} µs of CPU each, CPU ${Math.round((100 * cpuSeconds) / seconds)} %`;

const quantiles = (ms: number[]): string => {
  const sorted = ms.sort((a, b) => a - b);
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length}`;
};

async function withPorts<T>(env: Record<string, string>, use: (ports: OpenPorts) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
  const ports = await openPorts(loadConfig({ DATA_DIR: folder, LOG_LEVEL: 'error', ...env }), 'bench');
  try {
    return await use(ports);
  } finally {
    await ports.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function publish(ports: OpenPorts, count: number, titles: number): Promise<void> {
  const stream = events(USERS, titles, count);
  for (let sent = 0; sent < count; sent += 2_000) {
    await ports.log.publish(USER_EVENTS.name, take(stream, Math.min(2_000, count - sent)));
  }
}

const works = Array.from({ length: WORKS }, (_, i) => work(i));

async function publishWorks(ports: OpenPorts, count: number): Promise<void> {
  const about = { source: '/content', type: 'content.work.added', timeMs: Date.now() };
  for (let at = 0; at < count; at += 500) {
    const messages = works.slice(at, at + 500).map((added) =>
      toMessage(about, added.id, {
        kind: 'ADDED',
        contentId: added.id,
        platforms: ['NETFLIX'],
        genres: added.genres,
        at: 0,
        work: added,
      }),
    );
    await ports.log.publish('content_changes', messages);
  }
}

const learnedAll = (ports: OpenPorts): Promise<unknown> =>
  eventually(async () => {
    const progress = await ports.log.progress('recommendation.learn', USER_EVENTS.name);
    return progress.every(({ committed, end }) => committed >= end);
  }, 170_000);

async function learningAlone(): Promise<void> {
  const values = take(events(USERS, WORKS, EVENTS), EVENTS).map(({ value }) => String(value));
  const catalogue = new Catalogue();
  for (const each of works) catalogue.put(each);
  const now = Date.now();
  const profiles = new Map<string, ProfileDocument>();
  const fast = await timed(() => {
    for (const value of values) {
      const interaction = readInteraction(JSON.parse(value), catalogue, now);
      const profile = profiles.get(interaction.userId) ?? newDocument(interaction.userId);
      profiles.set(interaction.userId, profile);
      learn(profile, interaction, catalogue.find(interaction.contentId)?.genres ?? interaction.genres, true);
    }
  });
  say('bytes → checked → identified → profile in memory', rate(EVENTS, fast));
  const schema = await timed(() => {
    for (const value of values) interactionEvent.parse(JSON.parse(value));
  });
  say('  simplest: JSON.parse and the zod schema, nothing learned', rate(EVENTS, schema));
}

async function persisted(path: string, env: Record<string, string>, count: number): Promise<void> {
  await withPorts(env, async (ports) => {
    await publishWorks(ports, LEARNED_WORKS);
    await publish(ports, count, LEARNED_WORKS);
    const subgraph = createRecommendationSubgraph(ports);
    let subgraphReady = 0;
    const took = await timed(async () => {
      const start = performance.now();
      await subgraph.start();
      subgraphReady = (performance.now() - start) / 1_000;
      await learnedAll(ports);
    });
    say(path, rate(count, took));
    say(
      '',
      `(${took.seconds.toFixed(1)} s, of which ${subgraphReady.toFixed(1)} s to start: catalogue of ${whole(LEARNED_WORKS)} works, joining)`,
    );
    await subgraph.stop();
  });
}

async function storingOnly(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
  const database = new DatabaseSync(join(folder, 'plain.db'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE events (id TEXT PRIMARY KEY, value TEXT)',
  );
  const all = take(events(USERS, WORKS, EVENTS), EVENTS);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?)');
  const took = await timed(() => {
    for (let at = 0; at < all.length; at += 2_000) {
      database.exec('BEGIN');
      for (const [i, { key, value }] of all.slice(at, at + 2_000).entries())
        insert.run(`${key}:${at + i}`, String(value));
      database.exec('COMMIT');
    }
  });
  say('  simplest: the bytes into one SQLite table, nothing learned', rate(EVENTS, took));
  database.close();
  await rm(folder, { recursive: true, force: true });
}

async function serving(): Promise<void> {
  await withPorts({}, async (ports) => {
    await publishWorks(ports, WORKS);
    await publish(ports, 20_000, WORKS);
    const subgraph = createRecommendationSubgraph(ports);
    await subgraph.start();
    await learnedAll(ports);
    const logger = pino({ level: 'error' });
    const gateway = await createGateway({
      supergraphSdl: await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'),
      sources: { recommendation: new InProcessDataSource(subgraph, logger) },
      log: ports.log,
      logger,
      verifyToken: createTokenVerifier(loadConfig({}).tokens),
      introspection: true,
      explorer: null,
    });
    const api = new Api(`http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`);
    const next = random(3);
    const page = '{ recommendations(first: 20) { rank score reason confidence content { id } } }';
    const ask = async (query: string, seconds: number): Promise<number[]> => {
      const times: number[] = [];
      const end = performance.now() + seconds * 1_000;
      while (performance.now() < end) {
        const userId = `user-${Math.floor(next() * USERS)}`;
        const start = performance.now();
        const { data, errors } = await api.ask(userId, query);
        times.push(performance.now() - start);
        if (errors || (query === page && data.recommendations.length !== 20)) throw new Error(JSON.stringify(errors));
      }
      return times;
    };
    await ask(page, 2);
    say(`gateway over HTTP, ${whole(WORKS)} works, recommendations(first: 20), at rest`, quantiles(await ask(page, 6)));
    const stream = events(USERS, WORKS, 100_000, 11);
    let sent = 0;
    const started = performance.now();
    const timer = setInterval(() => {
      const due = Math.min(2_000, Math.floor(((performance.now() - started) / 1_000) * 5_000) - sent);
      sent += due;
      void ports.log.publish(USER_EVENTS.name, take(stream, due));
    }, 20);
    const busy = await ask(page, 10);
    const perSecond = sent / ((performance.now() - started) / 1_000);
    say(`  the same while ${whole(perSecond)} events/s come in and are learned`, quantiles(busy));
    say('  simplest: the same gateway and events, { __typename }', quantiles(await ask('{ __typename }', 3)));
    clearInterval(timer);
    await learnedAll(ports);
    await api.close();
    await gateway.stop();
    await subgraph.stop();
  });
}

async function manyProfiles(): Promise<void> {
  await withPorts({}, async (ports) => {
    const catalogue = new Catalogue();
    const stream = events(1, WORKS, 30);
    const plays = take(stream, 30).map(({ value }) =>
      readInteraction(JSON.parse(String(value)), catalogue, Date.now()),
    );
    const template = newDocument('');
    for (const play of plays) learn(template, play, play.genres, true);
    const profiles = openProfiles(ports.store);
    const deadline = performance.now() + 60_000;
    let count = 0;
    const took = await timed(async () => {
      for (; count < PROFILES && performance.now() < deadline; count += 2_000) {
        await profiles.save(
          Array.from({ length: 2_000 }, (_, i) => ({ ...template, _id: `user-${count + i}`, version: 1 })),
        );
      }
    });
    say(`${whole(count)} profiles of ${plays.length} titles each put in`, `${whole(count / took.seconds)} profiles/s`);
    const next = random(5);
    const times: number[] = [];
    for (let i = 0; i < 3_000; i += 1) {
      const userId = `user-${Math.floor(next() * count)}`;
      const start = performance.now();
      if (!(await profiles.findByIds([userId])).has(userId)) throw new Error(`no ${userId}`);
      times.push(performance.now() - start);
    }
    say('  a cold one of them read from the store and made ready', quantiles(times));
    say('  process memory', `${MiB(process.memoryUsage().rss)} resident`);
  });
}

/** What the garbage collector cannot free. */
function heldBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function memory(): Promise<void> {
  if (!('gc' in globalThis)) return say('memory per user and title', 'needs node --expose-gc');
  const catalogue = new Catalogue();
  const plays = take(events(1_000, WORKS, 100_000), 100_000).map(({ value }) => String(value));
  const before = heldBytes();
  const profiles = new Map<string, ProfileDocument>();
  for (const value of plays) {
    const play = readInteraction(JSON.parse(value), catalogue, Date.now());
    const profile = profiles.get(play.userId) ?? newDocument(play.userId);
    profiles.set(play.userId, profile);
    learn(profile, play, play.genres, true);
  }
  const learned = heldBytes() - before;
  const titles = [...profiles.values()].reduce((sum, profile) => sum + profile.titles.length, 0);
  profiles.clear();
  say(
    `a profile in memory, with ${whole(titles / 1_000)} titles touched (of ${whole(plays.length)} plays)`,
    `${whole(learned / 1_000)} bytes`,
  );
  memoryOfTitles();
}

function memoryOfTitles(): void {
  const before = heldBytes();
  const catalogue = new Catalogue();
  for (let i = 0; i < WORKS; i += 1) catalogue.put(JSON.parse(JSON.stringify(work(i))) as WorkSummary);
  const snapshots = new Snapshots(catalogue, new Popularity());
  const { index } = snapshots.at(Date.now());
  const perTitle = (heldBytes() - before) / WORKS;
  say(
    `a title in memory: catalogue, terms and index, of ${whole(index.size)} in ${whole(catalogue.size)}`,
    `${whole(perTitle)} bytes`,
  );
}

console.log(`machine    ${machine()}, load average ${loadavg()[0]?.toFixed(1)} before`);
console.log(`sizes      ${whole(EVENTS)} events of ${whole(USERS)} users over ${whole(WORKS)} works\n`);
await learningAlone();
await persisted('embedded log → profiles and interactions in the embedded store', {}, EVENTS);
await storingOnly();
if (KAFKA_BROKERS) {
  const env = { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX: `${unique}.` };
  await persisted('Kafka → profiles and interactions in the embedded store', env, EVENTS);
  if (MONGODB_URL) {
    const mongo = { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX: `${unique}m.`, MONGODB_URL: `${MONGODB_URL}/${unique}` };
    await persisted('Kafka → the MongoDB-wire server', mongo, Math.min(EVENTS, 20_000));
    const client = await MongoClient.connect(MONGODB_URL);
    await client.db(unique).dropDatabase();
    await client.close();
  }
  const admin = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: 0 }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => topic.startsWith(unique)) });
  await admin.disconnect();
}
await serving();
await manyProfiles();
await memory();
console.log(`\nload average ${loadavg()[0]?.toFixed(1)} after`);
