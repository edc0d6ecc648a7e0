/** What every event log keeps, whichever adapter it is. Run against each by the tests beside this file. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type EventLog,
  type LoggedEvent,
  MAX_EVENT_BYTES,
  type NewEvent,
  type Reader,
} from '../../../platform/ports/event-log.ts';
import { eventually } from '../../support/eventually.ts';
import { type LogAddress, openLog } from './helper-tasks.ts';
import { endHelpers, startHelper } from './helpers.ts';

const PARTITIONS = 4;
/** Keys that fall into all four partitions. */
const KEYS = Array.from({ length: 12 }, (_, index) => `user-${index}`);

export interface ContractSetup {
  /** Called once, before all. */
  address(): Promise<LogAddress>;
  /** After all, when every log is closed. */
  cleanUp(): Promise<void>;
  /** How long a dead consumer's partitions may stay with it. */
  readonly takeoverMs: number;
}

const text = ({ value }: LoggedEvent): string => value?.toString() ?? 'null';
const numbered = (count: number, from = 0): NewEvent[] =>
  Array.from({ length: count }, (_, index) => ({ key: KEYS[index % KEYS.length] as string, value: `${from + index}` }));
const allOf = (count: number, from = 0): string[] => numbered(count, from).map(({ value }) => String(value));
const sorted = (values: Iterable<string>): string[] => [...values].sort((a, b) => Number(a) - Number(b));

export function describeContract(name: string, setup: ContractSetup): void {
  describe(name, () => {
    let address: LogAddress;
    let log: EventLog;
    const others: EventLog[] = [];
    /** As another process would. */
    const openAnother = async (): Promise<EventLog> => {
      const other = await openLog(address);
      others.push(other);
      return other;
    };
    const createTopic = (topic: string): Promise<void> =>
      log.createTopics([{ name: topic, partitions: PARTITIONS, cleanup: 'delete' }]);
    const readAll = async (topic: string, partitions = PARTITIONS): Promise<LoggedEvent[]> => {
      const events: LoggedEvent[] = [];
      for (let partition = 0; partition < partitions; partition += 1) {
        for await (const event of log.read({ topic, partition, fromOffset: 0 })) events.push(event);
      }
      return events;
    };
    const totalLag = async (group: string, topic: string): Promise<number> => {
      const rows = await log.progress(group, topic);
      return rows.reduce((lag, { committed, end }) => lag + end - committed, 0);
    };

    beforeAll(async () => {
      address = await setup.address();
      log = await openLog(address);
    });
    afterAll(async () => {
      await endHelpers();
      await Promise.all([log, ...others].map((opened) => opened?.close()));
      await setup.cleanUp();
    });

    test('keeps the order of each key, all of a key in one partition', async () => {
      await createTopic('order');
      const seen = new Map<string, { values: number[]; partitions: Set<number> }>();
      const reader = await log.consume({ topic: 'order', group: 'g', maxBatch: 7 }, async (batch) => {
        expect(batch.length).toBeLessThanOrEqual(7);
        for (const event of batch) {
          const of = seen.get(event.key ?? '') ?? { values: [], partitions: new Set() };
          of.values.push(Number(text(event)));
          of.partitions.add(event.partition);
          seen.set(event.key ?? '', of);
        }
      });
      const publishes: Promise<void>[] = [];
      for (let from = 0; from < 600; from += 60) publishes.push(log.publish('order', numbered(60, from)));
      await Promise.all(publishes);
      await eventually(() => [...seen.values()].reduce((sum, { values }) => sum + values.length, 0) === 600);
      await reader.close();
      expect([...seen.keys()].sort()).toEqual([...KEYS].sort());
      for (const { values, partitions } of seen.values()) {
        expect(partitions.size).toBe(1);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
      }
    });

    test('reads a partition from an offset to its end', async () => {
      await log.createTopics([{ name: 'reading', partitions: 1, cleanup: 'delete' }]);
      await log.publish('reading', numbered(50));
      const all = await readAll('reading', 1);
      expect(all.map(text)).toEqual(allOf(50));
      const tenth = all[10] as LoggedEvent;
      const rest: LoggedEvent[] = [];
      for await (const event of log.read({ topic: 'reading', partition: 0, fromOffset: tenth.offset }))
        rest.push(event);
      expect(rest).toEqual(all.slice(10));
      for await (const event of log.read({ topic: 'reading', partition: 0, fromOffset: tenth.offset + 40 })) {
        expect(event).toBe('past the end');
      }
      let first: LoggedEvent | undefined;
      for await (const event of log.read({ topic: 'reading', partition: 0, fromOffset: 0 })) {
        first = event;
        break; // a reader may leave early
      }
      expect(first).toEqual(all[0]);
    });

    test('gives a whole event back: key, bytes, headers, time', async () => {
      const before = Date.now();
      const headers = { ce_id: 'ä-1', channel: 'elsewhere', empty: '' };
      await log.publish('whole', [{ key: 'clé', value: Buffer.from([0, 255, 128, 10]), headers }]); // the topic is made by this
      const [event] = await readAll('whole', 1);
      expect(event).toMatchObject({ topic: 'whole', partition: 0, offset: 0, key: 'clé', headers });
      expect(event?.value).toEqual(Buffer.from([0, 255, 128, 10]));
      expect(event?.timestamp).toBeGreaterThanOrEqual(before);
      expect(event?.timestamp).toBeLessThanOrEqual(Date.now());
    });

    test('brings bad, empty and missing values through byte for byte, to each kind of reader', async () => {
      await log.createTopics([{ name: 'bytes', partitions: 1, cleanup: 'compact' }]);
      const values = [Buffer.from([0xc3, 0x28, 0xff]), Buffer.alloc(0), null, Buffer.from('{"not json')];
      await log.publish(
        'bytes',
        values.map((value, index) => ({ key: `k${index}`, value })),
      );
      const consumed: LoggedEvent[] = [];
      const tailed: LoggedEvent[] = [];
      const consumer = await log.consume({ topic: 'bytes', group: 'g' }, async (batch) => void consumed.push(...batch));
      const tail = await log.tail({ topic: 'bytes', from: 'start' }, (event) => tailed.push(event));
      await tail.caughtUp;
      await eventually(() => consumed.length >= 4);
      await Promise.all([consumer.close(), tail.close()]);
      const read = await readAll('bytes', 1);
      for (const events of [consumed, tailed, read]) expect(events.map(({ value }) => value)).toEqual(values);
    });

    test('takes big events and refuses what is too large before it writes anything', async () => {
      await log.createTopics([{ name: 'big', partitions: 1, cleanup: 'delete' }]);
      const big = Buffer.alloc(900_000, 'b');
      await log.publish('big', [
        { key: 'a', value: big },
        { key: 'a', value: big },
        { key: 'a', value: Buffer.alloc(MAX_EVENT_BYTES - 1, 'c') },
      ]);
      const tooLarge = log.publish('big', [
        { key: 'a', value: 'small' },
        { key: 'a', value: Buffer.alloc(1_200_000) },
      ]);
      await expect(tooLarge).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
      const sizes: number[] = [];
      const reader = await log.consume({ topic: 'big', group: 'g' }, async (batch) => {
        sizes.push(...batch.map(({ value }) => value?.length ?? 0));
      });
      await log.publish('big', [{ key: 'a', value: 'end' }]);
      await eventually(() => sizes.includes(3));
      await reader.close();
      expect(sizes).toEqual([900_000, 900_000, MAX_EVENT_BYTES - 1, 3]);
    });

    test('shows everything to each of two groups', async () => {
      await createTopic('groups');
      await log.publish('groups', numbered(40));
      const seen = { one: new Set<string>(), two: new Set<string>() };
      const readers = await Promise.all(
        (['one', 'two'] as const).map((group) =>
          log.consume({ topic: 'groups', group }, async (batch) => {
            for (const event of batch) seen[group].add(text(event));
          }),
        ),
      );
      await log.publish('groups', numbered(40, 40));
      await eventually(() => seen.one.size === 80 && seen.two.size === 80);
      await Promise.all(readers.map((reader) => reader.close()));
      expect(sorted(seen.one)).toEqual(allOf(80));
      expect(sorted(seen.two)).toEqual(allOf(80));
    });

    test('a group goes on where it stood, and tells how far behind it is', async () => {
      await createTopic('progress');
      await log.publish('progress', numbered(30));
      expect(await totalLag('g', 'progress')).toBe(30);
      const first: string[] = [];
      const reader = await log.consume(
        { topic: 'progress', group: 'g' },
        async (batch) => void first.push(...batch.map(text)),
      );
      await eventually(async () => (await totalLag('g', 'progress')) === 0);
      await reader.close();
      await log.publish('progress', numbered(5, 30));
      expect(await totalLag('g', 'progress')).toBe(5);
      const rows = await log.progress('g', 'progress');
      expect(rows.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
      const second: string[] = [];
      const again = await log.consume(
        { topic: 'progress', group: 'g' },
        async (batch) => void second.push(...batch.map(text)),
      );
      await eventually(async () => (await totalLag('g', 'progress')) === 0);
      await again.close();
      expect(sorted(first)).toEqual(allOf(30));
      expect(sorted(second)).toEqual(allOf(5, 30));
    });

    test('calls a handler that rejects again, and lets later events of the partition wait', async () => {
      await log.createTopics([{ name: 'rejects', partitions: 1, cleanup: 'delete' }]);
      await log.publish('rejects', numbered(6));
      const calls: string[][] = [];
      const done: string[] = [];
      const reader = await log.consume({ topic: 'rejects', group: 'g', maxBatch: 2 }, async (batch) => {
        calls.push(batch.map(text));
        if (text(batch[0] as LoggedEvent) === '2' && calls.length < 5) throw new Error('not yet');
        done.push(...batch.map(text));
      });
      await eventually(() => done.length === 6);
      await reader.close();
      expect(done).toEqual(allOf(6));
      expect(calls.map((values) => values[0])).toEqual(['0', '2', '2', '2', '2', '4']);
    });

    test('ends a reader after the batch in hand, which then counts', async () => {
      await log.createTopics([{ name: 'ending', partitions: 1, cleanup: 'delete' }]);
      await log.publish('ending', numbered(2));
      const begun = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      let isDone = false;
      const reader = await log.consume({ topic: 'ending', group: 'g' }, async () => {
        begun.resolve();
        await goOn.promise;
        isDone = true;
      });
      await begun.promise;
      const closing = reader.close().then(() => isDone);
      goOn.resolve();
      expect(await closing).toBe(true);
      expect(await totalLag('g', 'ending')).toBe(0);
    });

    test('tails from the start until caught up and on, and from now exactly; never inside a publish', async () => {
      await createTopic('tails');
      await log.publish('tails', numbered(25));
      const fromStart: string[] = [];
      const fromNow: string[] = [];
      let isPublishing = false;
      const start = await log.tail({ topic: 'tails', from: 'start' }, (event) => {
        expect(isPublishing).toBe(false);
        fromStart.push(text(event));
      });
      await start.caughtUp;
      expect(sorted(fromStart)).toEqual(allOf(25));
      const now = await log.tail({ topic: 'tails', from: 'now' }, (event) => fromNow.push(text(event)));
      await now.caughtUp;
      isPublishing = true;
      const elsewhere = { channel: 'elsewhere' }; // a word that means something to graphql-kafkajs-subscriptions
      const published = log.publish(
        'tails',
        numbered(25, 25).map((event, index) => (index % 2 ? event : { ...event, headers: elsewhere })),
      );
      isPublishing = false;
      await published;
      await eventually(() => fromStart.length >= 50 && fromNow.length >= 25);
      await Promise.all([start.close(), now.close()]);
      await log.publish('tails', numbered(1, 50));
      expect(sorted(fromStart)).toEqual(allOf(50));
      expect(sorted(fromNow)).toEqual(allOf(25, 25));
    });

    test('a tail with much to hand over lets others have their turn', async () => {
      await createTopic('backlog');
      await log.publish('backlog', numbered(2_000));
      let turn = 0;
      let ticking = setImmediate(function tick() {
        turn += 1;
        ticking = setImmediate(tick);
      });
      const perTurn = new Map<number, number>();
      const tail = await log.tail({ topic: 'backlog', from: 'start' }, () => {
        perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
      });
      await tail.caughtUp;
      clearImmediate(ticking);
      await tail.close();
      expect([...perTurn.values()].reduce((sum, events) => sum + events)).toBe(2_000);
      expect(Math.max(...perTurn.values())).toBeLessThanOrEqual(200);
    });

    test('an empty topic is caught up at once', async () => {
      await createTopic('empty');
      const tail = await log.tail({ topic: 'empty', from: 'start' }, () => undefined);
      await expect(tail.caughtUp).resolves.toBeUndefined();
      await tail.close();
    });

    test('shows everything to each of two processes that tail', async () => {
      await createTopic('processes');
      await log.publish('processes', numbered(20));
      const role = { do: 'tail', from: 'start' } as const;
      const helpers = [1, 2].map(() => startHelper({ log: address, topic: 'processes', role }));
      await Promise.all(helpers.map((helper) => helper.heard('caught up')));
      await log.publish('processes', numbered(30, 20));
      for (const { events } of helpers) await eventually(() => events.length >= 50);
      await Promise.all(helpers.map((helper) => helper.close()));
      for (const { events } of helpers) expect(sorted(events.map(({ value }) => String(value)))).toEqual(allOf(50));
    });

    test('keeps all that two processes publish at once', async () => {
      await createTopic('publishers');
      const role = { do: 'publish' } as const;
      const helpers = [1, 2].map(() => startHelper({ log: address, topic: 'publishers', role }));
      await eventually(() => helpers.every(({ acknowledged }) => acknowledged.length > 50), 20_000);
      await Promise.all(helpers.map((helper) => helper.close()));
      const events = await readAll('publishers');
      const acknowledged = helpers.flatMap((helper) => helper.acknowledged.map(String));
      const stored = new Set(events.map(text));
      expect(events.length).toBeGreaterThanOrEqual(acknowledged.length);
      expect(acknowledged.filter((value) => !stored.has(value))).toEqual([]);
      const places = events.map(({ partition, offset }) => `${partition}/${offset}`);
      expect(new Set(places).size).toBe(places.length);
    });

    test('an unknown topic is an empty one', async () => {
      expect(await log.progress('nobody', 'unknown-1')).toEqual([{ partition: 0, committed: 0, end: 0 }]);
      expect(await readAll('unknown-2', 1)).toEqual([]);
      expect(await readAll('unknown-2', 2)).toEqual([]); // nor is there a partition 1
    });

    test('delivers the batch of a killed consumer again to another', async () => {
      await createTopic('crash');
      await log.publish('crash', numbered(40));
      const role = { do: 'consume', group: 'g', hang: true } as const;
      const victim = startHelper({ log: address, topic: 'crash', role });
      await eventually(() => victim.events.length > 0, 20_000);
      await victim.kill();
      const seen = new Set<string>();
      const reader = await log.consume({ topic: 'crash', group: 'g' }, async (batch) => {
        for (const event of batch) seen.add(text(event));
      });
      await eventually(() => seen.size === 40, setup.takeoverMs + 10_000);
      await reader.close();
      expect(sorted(seen)).toEqual(allOf(40));
      for (const { value } of victim.events) expect(seen).toContain(value);
    });

    test('shares partitions with a member that joins, takes them back when it leaves, never both at once', async () => {
      await createTopic('rebalance');
      const atWork = new Map<number, string>();
      const overlaps: string[] = [];
      const seen = new Set<string>();
      const byMember = { a: new Set<string>(), b: new Set<string>() };
      const join = (member: 'a' | 'b', on: EventLog): Promise<Reader> =>
        on.consume({ topic: 'rebalance', group: 'g', maxBatch: 5 }, async (batch) => {
          const { partition } = batch[0] as LoggedEvent;
          const other = atWork.get(partition);
          if (other) overlaps.push(`${partition}: ${other} and ${member}`);
          atWork.set(partition, member);
          await new Promise((resolve) => setTimeout(resolve, 5)); // work that takes a while
          for (const event of batch) {
            seen.add(text(event));
            byMember[member].add(text(event));
          }
          atWork.delete(partition);
        });
      let published = 0;
      const publishUntil = async (isEnough: () => boolean): Promise<void> => {
        await eventually(async () => {
          await log.publish('rebalance', numbered(24, published));
          published += 24;
          return isEnough();
        }, 20_000);
      };
      const a = await join('a', log);
      await publishUntil(() => byMember.a.size > 0);
      const b = await join('b', await openAnother());
      await publishUntil(() => byMember.b.size > 0);
      const beforeA = byMember.a.size;
      await publishUntil(() => byMember.a.size > beforeA); // the first still has some
      await b.close();
      const endOfB = published;
      await publishUntil(() => allOf(KEYS.length, endOfB).every((value) => byMember.a.has(value))); // and now all
      await eventually(() => seen.size === published, 20_000);
      await a.close();
      expect(overlaps).toEqual([]);
      expect(sorted(seen)).toEqual(allOf(published));
    });

    test('keeps at least the last event of each key of a compacted topic', async () => {
      await log.createTopics([{ name: 'compacted', partitions: 2, cleanup: 'compact' }]);
      for (let round = 0; round < 3; round += 1) await log.publish('compacted', numbered(24, round * 24));
      const last = new Map((await readAll('compacted', 2)).map((event) => [event.key, text(event)]));
      expect(sorted(last.values())).toEqual(allOf(12, 60));
    });

    test('creating a topic again changes nothing', async () => {
      await createTopic('again');
      await log.publish('again', numbered(10));
      await (await openAnother()).createTopics([{ name: 'again', partitions: 1, cleanup: 'compact' }]);
      expect(await log.progress('nobody', 'again')).toHaveLength(PARTITIONS);
      expect(await readAll('again')).toHaveLength(10);
    });

    test('closes twice, refuses what comes later, and leaves nothing that keeps a process alive', async () => {
      const other = await openAnother();
      await other.close();
      await other.close();
      await expect(other.publish('closed', [{ key: 'a', value: '1' }])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      const helper = startHelper({ log: address, topic: 'handles', role: { do: 'use-and-close' } });
      expect(await helper.exit()).toBe(0);
    });
  });
}
