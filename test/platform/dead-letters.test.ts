import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { z } from 'zod';
import { EmbeddedEventLog } from '../../platform/adapters/embedded-event-log.ts';
import { consumeValidated, isWorthRetrying, type ValidatedEvent } from '../../platform/dead-letters.ts';
import { type LoggedEvent, MAX_EVENT_BYTES, type NewEvent } from '../../platform/ports/event-log.ts';
import { AppError } from '../../schema/errors.ts';
import { eventually } from '../support/eventually.ts';

const schema = z.object({ id: z.string(), size: z.number().int() });
type Thing = z.infer<typeof schema>;
const logger = pino({ level: 'silent' });
const thing = (id: string): NewEvent => ({ key: 'k', value: JSON.stringify({ id, size: 1 }), headers: { ce_id: id } });

let directory: string;
let log: EmbeddedEventLog;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dead-letters-'));
  log = EmbeddedEventLog.open({ path: join(directory, 'events.db') });
});
afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true, force: true });
});

const consume = (handler: (events: readonly ValidatedEvent<Thing>[]) => Promise<void>) =>
  consumeValidated({ log, topic: 'things', group: 'test.things', schema, logger }, handler);

const deadLetters = async (): Promise<LoggedEvent[]> => {
  const letters: LoggedEvent[] = [];
  for await (const event of log.read({ topic: 'things.dlq', partition: 0, fromOffset: 0 })) letters.push(event);
  return letters;
};
const isDone = async (): Promise<boolean> => {
  const [row] = await log.progress('test.things', 'things');
  return row !== undefined && row.end > 0 && row.committed === row.end;
};

test('hands over what is of the shape, and lays the rest aside with its own bytes and the reason', async () => {
  const unreadable: [Buffer | null, RegExp][] = [
    [Buffer.from('{not json'), /JSON/],
    [Buffer.from([0x22, 0xc3, 0x28, 0x22]), /encoded data/], // JSON but for a byte that is not UTF-8
    [Buffer.alloc(0), /JSON/],
    [null, /no value/],
    [Buffer.from('{"id":"x","size":"big"}'), /^size: /],
    [Buffer.from('[]'), /^event: /],
  ];
  await log.publish('things', [
    thing('first'),
    ...unreadable.map(([value], index) => ({ key: `bad-${index}`, value, headers: { ce_id: `bad-${index}` } })),
    thing('last'),
  ]);
  const taken: ValidatedEvent<Thing>[] = [];
  await consume(async (events) => void taken.push(...events));
  await eventually(isDone);
  expect(taken.map(({ event, logged }) => [event, logged.offset])).toEqual([
    [{ id: 'first', size: 1 }, 0],
    [{ id: 'last', size: 1 }, 7],
  ]);
  const letters = await deadLetters();
  expect(letters).toHaveLength(unreadable.length);
  for (const [index, [value, reason]] of unreadable.entries()) {
    expect(letters[index]).toMatchObject({
      key: `bad-${index}`,
      value,
      headers: {
        ce_id: `bad-${index}`,
        dlq_reason: expect.stringMatching(reason),
        dlq_topic: 'things',
        dlq_partition: '0',
        dlq_offset: String(index + 1),
      },
    });
  }
});

test('brings the batch again while what is behind the handler is down, and gives nothing up', async () => {
  await log.publish('things', [thing('a'), { key: 'k', value: 'not json' }, thing('b')]);
  const outages = [
    Object.assign(new Error('down'), { name: 'MongoServerSelectionError' }),
    new AppError('UNAVAILABLE', 'The store is down.'),
    Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
  ];
  const taken: string[][] = [];
  await consume(async (events) => {
    const outage = outages.shift();
    if (outage) throw outage;
    taken.push(events.map(({ event }) => event.id));
  });
  await eventually(isDone);
  expect(outages).toEqual([]);
  expect(taken).toEqual([['a', 'b']]);
  expect((await deadLetters()).map(({ value }) => String(value))).toEqual(['not json']); // once, in spite of the repeats
});

test('finds the event that its handler cannot take, gives only that one up after three tries, and goes on', async () => {
  await log.publish('things', [thing('a'), thing('culprit'), thing('b')]);
  const taken: string[] = [];
  let tries = 0;
  await consume(async (events) => {
    const isAlone = events.length === 1;
    if (events.some(({ event }) => event.id === 'culprit')) {
      if (isAlone) tries += 1;
      throw new AppError('BAD_USER_INPUT', 'It is of no known kind.');
    }
    taken.push(...events.map(({ event }) => event.id));
  });
  await eventually(isDone);
  expect(taken).toEqual(['a', 'b']);
  expect(tries).toBe(3);
  const letters = await deadLetters();
  expect(letters.map(({ headers }) => headers)).toEqual([
    {
      ce_id: 'culprit',
      dlq_reason: expect.stringMatching(/^handler: .*no known kind/),
      dlq_topic: 'things',
      dlq_partition: '0',
      dlq_offset: '1',
    },
  ]);
  await log.publish('things', [thing('c')]);
  await eventually(() => taken.includes('c'));
});

test('an event that does better at the second try is not given up', async () => {
  await log.publish('things', [thing('a')]);
  const failures = [new TypeError('at first'), new TypeError('and again')];
  const taken: string[] = [];
  await consume(async (events) => {
    const failure = failures.shift();
    if (failure) throw failure;
    taken.push(...events.map(({ event }) => event.id));
  });
  await eventually(isDone);
  expect(taken).toEqual(['a']);
  expect(await deadLetters()).toEqual([]);
});

test('an unreadable event as large as the log takes does not block its partition', async () => {
  const value = Buffer.alloc(MAX_EVENT_BYTES - 1, '[');
  await log.publish('things', [{ key: 'k', value }, thing('next')]);
  const taken: string[] = [];
  await consume(async (events) => void taken.push(...events.map(({ event }) => event.id)));
  await eventually(isDone);
  expect(taken).toEqual(['next']);
  const [letter] = await deadLetters();
  expect(letter?.headers).toMatchObject({ dlq_offset: '0', dlq_cut_from_bytes: String(value.length) });
  expect(value.subarray(0, letter?.value?.length)).toEqual(letter?.value);
});

describe('what is worth another try', () => {
  const named = (name: string): Error => Object.assign(new Error('x'), { name });
  test.each([
    new AppError('UNAVAILABLE', ''),
    new AppError('VERSION_CONFLICT', ''),
    named('MongoNetworkError'),
    named('TimeoutError'),
    Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    Object.assign(new Error('busy'), { code: 'ERR_SQLITE_ERROR' }),
    Object.assign(new Error('x'), { hasErrorLabel: (label: string) => label === 'TransientTransactionError' }),
    new Error('wrapped', { cause: named('MongoNetworkError') }),
  ])('%p', (error) => expect(isWorthRetrying(error)).toBe(true));

  test.each([
    new AppError('EVENT_INVALID', ''),
    new TypeError('x is not a function'),
    Object.assign(new Error('duplicate'), { name: 'MongoServerError', code: 11000 }),
    new AppError('BAD_USER_INPUT', '', { cause: named('MongoNetworkError') }),
    'a string',
    undefined,
  ])('not %p', (error) => expect(isWorthRetrying(error)).toBe(false));
});
