import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Partitioners } from 'kafkajs';
import { EmbeddedEventLog } from '../../../platform/adapters/embedded-event-log.ts';
import { COMPACTION_LAG_MS, cleanUp } from '../../../platform/adapters/embedded-event-log-cleanup.ts';
import { murmur2, partitionOf } from '../../../platform/adapters/embedded-event-log-partitioner.ts';
import { EventTables } from '../../../platform/adapters/embedded-event-log-tables.ts';
import { eventually } from '../../support/eventually.ts';
import { describeContract } from './contract.ts';
import { endHelpers, startHelper } from './helpers.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'event-log-'));
});
afterAll(async () => {
  await endHelpers();
  await rm(directory, { recursive: true, force: true });
});

describeContract('the embedded event log', {
  address: async () => ({ kind: 'embedded', path: join(directory, 'contract', 'events.db') }),
  cleanUp: async () => undefined,
  takeoverMs: 3_000,
});

describe('the embedded event log alone', () => {
  test('loses nothing it acknowledged to a publisher that is killed, and opens again', async () => {
    const path = join(directory, 'killed.db');
    const log = { kind: 'embedded', path } as const;
    const publisher = startHelper({ log, topic: 't', role: { do: 'publish' } });
    await eventually(() => publisher.acknowledged.length > 200);
    await publisher.kill();
    const reopened = EmbeddedEventLog.open({ path });
    const stored = new Set<string>();
    for await (const { value } of reopened.read({ topic: 't', partition: 0, fromOffset: 0 })) stored.add(String(value));
    await reopened.close();
    expect(publisher.acknowledged.filter((value) => !stored.has(String(value)))).toEqual([]);
  });

  test('wakes a tail of one process for events of another', async () => {
    const path = join(directory, 'two.db');
    const log = EmbeddedEventLog.open({ path });
    const other = EmbeddedEventLog.open({ path });
    const seen: string[] = [];
    await log.tail({ topic: 't', from: 'now' }, ({ value }) => seen.push(String(value)));
    await other.publish('t', [{ key: 'a', value: 'hello' }]);
    await eventually(() => seen.length > 0);
    await Promise.all([log.close(), other.close()]);
    expect(seen).toEqual(['hello']);
  });

  test('refuses the commit of a member whose claim another has taken', async () => {
    const path = join(directory, 'fence.db');
    const log = EmbeddedEventLog.open({ path });
    await log.publish('t', [{ key: 'a', value: '1' }]);
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    let calls = 0;
    await log.consume({ topic: 't', group: 'g' }, async () => {
      calls += 1;
      begun.resolve();
      await goOn.promise;
    });
    await begun.promise;
    const thief = new DatabaseSync(path, { timeout: 5_000 });
    thief.exec("UPDATE positions SET owner = 'thief', epoch = epoch + 1");
    goOn.resolve();
    await eventually(() => calls === 2); // the thief is no living member, so the claim comes back
    await eventually(async () => (await log.progress('g', 't'))[0]?.committed === 1);
    await log.close();
    expect(thief.prepare('SELECT owner, committed FROM positions').get()).toEqual({ owner: null, committed: 1 });
    thief.close();
  });

  test('places keys where Kafka does', () => {
    // The vectors of Kafka's own UtilsTest.testMurmur2.
    expect(murmur2(Buffer.from('21'))).toBe(-973932308);
    expect(murmur2(Buffer.from('foobar'))).toBe(-790332482);
    expect(murmur2(Buffer.from('a-little-bit-long-string'))).toBe(-985981536);
    expect(murmur2(Buffer.from('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'))).toBe(-58897971);
    const partitionMetadata = Array.from({ length: 8 }, (_, partitionId) => ({ partitionId, leader: 1 }) as never);
    const ofKafka = Partitioners.DefaultPartitioner();
    for (let index = 0; index < 500; index += 1) {
      const key = `${'é'.repeat(index % 4)}key-${index}`;
      const message = { key, value: null };
      expect(partitionOf(key, 8)).toBe(ofKafka({ topic: 't', partitionMetadata, message }));
    }
  });

  test('refuses a file that is not its own', () => {
    const path = join(directory, 'foreign.db');
    const foreign = new DatabaseSync(path);
    foreign.exec('PRAGMA user_version = 77');
    foreign.close();
    expect(() => EmbeddedEventLog.open({ path })).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  });
});

describe('cleanup', () => {
  const openTables = (name: string): EventTables => new EventTables(join(directory, name));
  const values = (tables: EventTables, topic: string): string[] =>
    (tables.topic(topic)?.partitions ?? []).flatMap((row) =>
      tables.page(topic, row, 0, 1_000).events.map(({ value }) => String(value)),
    );
  const event = (key: string, value: string) => ({ key, value });

  test('removes what is older than the retention, and offsets go on', () => {
    const tables = openTables('retention.db');
    tables.write(() => tables.createTopic({ name: 't', partitions: 1, cleanup: 'delete', retentionMs: 1_000 }));
    const topic = tables.ensureTopic('t');
    tables.append(topic, [event('a', '1'), event('b', '2')], 10_000);
    tables.append(topic, [event('a', '3')], 10_900);
    expect(cleanUp(tables, 11_000)).toBe(0);
    expect(cleanUp(tables, 11_001)).toBe(2);
    expect(values(tables, 't')).toEqual(['3']);
    expect(cleanUp(tables, 20_000)).toBe(1);
    tables.append(topic, [event('a', '4')], 20_000);
    expect(tables.start(topic.partitions[0] as never)).toBe(3);
    tables.close();
  });

  test('compacts to the last of each key, not before readers had time to see the others', () => {
    const tables = openTables('compaction.db');
    tables.write(() => tables.createTopic({ name: 't', partitions: 1, cleanup: 'compact' }));
    const topic = tables.ensureTopic('t');
    tables.append(topic, [event('a', '1'), event('b', '2'), event('a', '3')], 10_000);
    expect(cleanUp(tables, 10_000 + COMPACTION_LAG_MS)).toBe(0);
    expect(cleanUp(tables, 10_001 + COMPACTION_LAG_MS)).toBe(1);
    expect(values(tables, 't')).toEqual(['2', '3']);
    expect(cleanUp(tables, Number.MAX_SAFE_INTEGER)).toBe(0);
    tables.close();
  });

  test('works in pieces', () => {
    const tables = openTables('pieces.db');
    tables.write(() => tables.createTopic({ name: 't', partitions: 1, cleanup: 'delete', retentionMs: 1 }));
    const many = Array.from({ length: 4_500 }, (_, index) => event('a', String(index)));
    tables.append(tables.ensureTopic('t'), many, 1);
    expect([1, 2, 3, 4].map(() => cleanUp(tables, 1_000))).toEqual([2_000, 2_000, 500, 0]);
    tables.close();
  });
});
