/** What requests of one process see of what another writes, and what they are spared. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEventLog } from '../../../platform/adapters/open.ts';
import { loadConfig } from '../../../platform/config.ts';
import type { EventLog, TailReader } from '../../../platform/ports/event-log.ts';
import { CachedProfiles } from '../../../subgraphs/recommendation/cached-profiles.ts';
import { announce } from '../../../subgraphs/recommendation/learner.ts';
import {
  newDocument,
  openProfiles,
  type ProfileDocument,
  type Profiles,
} from '../../../subgraphs/recommendation/profiles.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { describeReal } from '../../support/real-services.ts';

let ports: TestPorts;
let stored: Profiles;
let reads: number;
let tail: TailReader | undefined;

beforeEach(async () => {
  ports = await openTestPorts();
  reads = 0;
  const profiles = openProfiles(ports.store);
  stored = { ...profiles, findByIds: (ids) => profiles.findByIds(ids).finally(() => (reads += 1)) };
});
afterEach(async () => {
  await tail?.close();
  tail = undefined;
  await ports.close();
});

const written = (userId: string, version: number): ProfileDocument => ({
  ...newDocument(userId),
  version,
  interactionCount: version,
});

/** Another process writes, then tells of it. */
async function writeElsewhere(log: EventLog, version: number, userId = 'ada'): Promise<void> {
  await openProfiles(ports.store).save([written(userId, version)]);
  await announce(log, ports.clock, [written(userId, version)]);
}

const countOf = async (cached: CachedProfiles, userId = 'ada'): Promise<number | undefined> =>
  (await cached.findByIds([userId])).get(userId)?.interactionCount;

test('a profile is read once, until another process tells that it has changed', async () => {
  const cached = new CachedProfiles(stored);
  tail = await cached.follow(ports.log);
  await writeElsewhere(ports.log, 1);
  await eventually(async () => (await countOf(cached)) === 1);
  await writeElsewhere(ports.log, 1, 'bob');
  await eventually(async () => (await countOf(cached, 'bob')) === 1);
  reads = 0;
  for (let i = 0; i < 5; i += 1) expect(await countOf(cached)).toBe(1);
  expect(reads).toBeLessThanOrEqual(1); // one more where the announcement came after the read
  await writeElsewhere(ports.log, 2);
  await eventually(async () => (await countOf(cached)) === 2);
});

const favouritesOf = async (cached: CachedProfiles): Promise<readonly string[] | undefined> =>
  (await cached.findByIds(['ada'])).get('ada')?.favourites;

test('what this process writes is seen by its next request', async () => {
  const cached = new CachedProfiles(stored);
  tail = await cached.follow(ports.log);
  for (const genre of ['comedy', 'drama', 'crime']) {
    await cached.setFavourites('ada', [genre]);
    expect(await favouritesOf(cached)).toEqual([genre]);
  }
});

test('a profile that changed while it was read is not kept', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow: Profiles = {
    ...stored,
    findByIds: async (ids) => {
      const found = await stored.findByIds(ids);
      await held;
      return found;
    },
  };
  const cached = new CachedProfiles(slow);
  tail = await cached.follow(ports.log);
  await cached.setFavourites('ada', ['comedy']);
  const old = favouritesOf(cached);
  await eventually(() => reads === 1);
  await cached.setFavourites('ada', ['drama']);
  release();
  expect(await old).toEqual(['comedy']);
  expect(await favouritesOf(cached)).toEqual(['drama']);
});

test('nothing is kept while changes are not followed', async () => {
  const cached = new CachedProfiles(stored);
  await openProfiles(ports.store).save([written('ada', 1)]);
  expect([await countOf(cached), await countOf(cached)]).toEqual([1, 1]);
  expect([reads, cached.sizeBytes]).toEqual([2, 0]);
});

test('memory stays bounded, and the store answers for whoever made room', async () => {
  const cached = new CachedProfiles(stored);
  tail = await cached.follow(ports.log);
  const users = Array.from({ length: 12_000 }, (_, i) => `user-${i}`);
  for (let at = 0; at < users.length; at += 500) {
    const some = users.slice(at, at + 500);
    await stored.save(some.map((userId) => written(userId, 1)));
    expect((await cached.findByIds(some)).size).toBe(500);
  }
  expect(cached.sizeBytes).toBeLessThanOrEqual(48 * 1024 * 1024);
  reads = 0;
  expect(await countOf(cached, 'user-11999')).toBe(1);
  expect(reads).toBe(0);
  expect(await countOf(cached, 'user-0')).toBe(1);
  expect(reads).toBe(1);
});

describeReal('cached profiles on Kafka', ['KAFKA_BROKERS'], ({ KAFKA_BROKERS }) => {
  test('a change is told from one process to another', async () => {
    const config = loadConfig({
      KAFKA_BROKERS,
      KAFKA_TOPIC_PREFIX: `cache${process.pid}x${Date.now()}.`,
      LOG_LEVEL: 'silent',
    });
    const logs: EventLog[] = [];
    for (let i = 0; i < 2; i += 1) logs.push(await openEventLog(config, 'recommendation', ports.logger));
    const [here, elsewhere] = logs as [EventLog, EventLog];
    const cached = new CachedProfiles(stored);
    const following = await cached.follow(here);
    try {
      for (let version = 1; version <= 3; version += 1) {
        await writeElsewhere(elsewhere, version);
        await eventually(async () => (await countOf(cached)) === version);
      }
      reads = 0;
      expect(await countOf(cached)).toBe(3);
    } finally {
      await following.close();
      for (const log of logs) await log.close();
    }
  }, 60_000);
});
