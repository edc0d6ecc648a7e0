/** The hub's small parts, by themselves: the ring's bounds, merging, and turns. */
import { expect, test } from '@jest/globals';
import { type SharedAnswers, SharedSource } from '../../gateway/live-answers.ts';
import { Coalescer, mergeEvents } from '../../gateway/live-coalescer.ts';
import { EventRing, RingBudget } from '../../gateway/live-ring.ts';
import { Turns } from '../../gateway/live-turns.ts';

const fill = (ring: EventRing, from: number, to: number, text = '') => {
  for (let n = from; n <= to; n += 1) ring.push(n, { n, text });
};
const numbersSince = (ring: EventRing, after: number) => ring.since(after)?.map(({ n }) => n) ?? null;

test('a ring keeps 256 events, and says where it no longer reaches', () => {
  const budget = new RingBudget(1e9);
  const ring = new EventRing(budget);
  expect(ring.since(0)).toBeNull();
  fill(ring, 1, 300);
  expect(ring.since(43)).toBeNull();
  expect(numbersSince(ring, 44)?.length).toBe(256);
  expect(numbersSince(ring, 298)).toEqual([299, 300]);
  ring.clear();
  expect([ring.since(299), budget.usedBytes]).toEqual([null, 0]);
});

test('a ring keeps 256 KiB, and all rings together no more than their budget', () => {
  const budget = new RingBudget(300_000);
  const [one, two] = [new EventRing(budget), new EventRing(budget)];
  fill(one, 1, 10, 'x'.repeat(50_000));
  expect(numbersSince(one, 5)).toEqual([6, 7, 8, 9, 10]);
  expect(one.since(4)).toBeNull();
  fill(two, 1, 10, 'x'.repeat(20_000));
  expect(budget.usedBytes).toBeLessThanOrEqual(300_000);
  expect(numbersSince(two, 8)).toEqual([9, 10]);
  fill(two, 11, 11, 'x'.repeat(400_000));
  expect(two.since(10)).toBeNull(); // larger than any ring
});

test('an event that does not follow stands for those between', () => {
  const ring = new EventRing(new RingBudget(1e9));
  fill(ring, 1, 3);
  fill(ring, 9, 10);
  expect(numbersSince(ring, 2)).toBeNull();
  expect(numbersSince(ring, 8)).toEqual([9, 10]);
});

test('merging keeps the latest value, the latest entry per key, and sums', () => {
  const rules = new Map([
    ['members', { by: 'id', sum: [] }],
    ['taps', { by: 'key', sum: ['n'] }],
  ]);
  const earlier = {
    at: 1,
    note: 'a',
    members: [
      { id: 'x', s: 1 },
      { id: 'y', s: 1 },
    ],
    taps: [{ key: 'k', n: 2, by: 'x' }],
  };
  const later = { at: 2, members: [{ id: 'x', s: 9 }], taps: [{ key: 'k', n: 3, by: 'y' }, null, { key: 'l', n: 1 }] };
  expect(mergeEvents(earlier, later, rules)).toEqual({
    at: 2,
    note: 'a',
    members: [
      { id: 'x', s: 9 },
      { id: 'y', s: 1 },
    ],
    taps: [
      { key: 'k', n: 5, by: 'y' },
      { key: 'l', n: 1 },
    ],
  });
  expect(mergeEvents({}, { members: 'none' }, rules)).toEqual({ members: [], taps: [] });
  const many = Array.from({ length: 3_000 }, (_, id) => ({ id }));
  expect((mergeEvents({}, { members: many }, rules)['members'] as unknown[]).length).toBe(1_000);
});

test('the first event passes at once; what is stopped does not come', async () => {
  const seen: unknown[] = [];
  const coalescer = new Coalescer({ windowMs: 1, rules: new Map(), deliver: ({ n }) => void seen.push(n) });
  for (const n of [1, 2, 3]) coalescer.accept({ n });
  expect(seen).toEqual([1]);
  coalescer.stop();
  coalescer.accept({ n: 4 });
  expect(seen).toEqual([1, 4]);
  const merged = Promise.withResolvers<void>();
  const next = new Coalescer({ windowMs: 1, rules: new Map(), deliver: ({ n }) => n === 3 && merged.resolve() });
  for (const n of [1, 2, 3]) next.accept({ n });
  await merged.promise;
  coalescer.stop();
  next.stop();
});

test('many begin over several turns of the event loop, first come first served', async () => {
  const turns = new Turns();
  const group = {};
  let turn = 0;
  const tick = () => {
    turn += 1;
    if (turn < 100) setImmediate(tick);
  };
  setImmediate(tick);
  const begun: number[][] = [];
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      await turns.take(group);
      begun.push([n, turn]);
    }),
  );
  expect(begun.map(([n]) => n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  const perTurn = Object.values(Object.groupBy(begun, ([, at]) => String(at))).map((each) => each?.length);
  expect(Math.max(...perTurn.map(Number))).toBeLessThanOrEqual(16);
  expect(perTurn.length).toBeGreaterThanOrEqual(3);
});

test('groups take turns: what waits in one begins together, and a busy one does not hold up the others', async () => {
  const turns = new Turns();
  const [first, busy, calm] = [{}, {}, {}];
  for (let n = 0; n < 8; n += 1) expect(turns.take(first)).toBeNull();
  const begun: string[] = [];
  const note = async (name: string, group: object) => {
    const shared = await turns.take(group);
    begun.push(name);
    return shared;
  };
  const waiting = [...Array.from({ length: 10 }, () => note('busy', busy)), note('calm', calm)];
  const shared = await Promise.all(waiting);
  expect(begun).toEqual([...Array(8).fill('busy'), 'calm', 'busy', 'busy']);
  expect(new Set(shared.slice(0, 8)).size).toBe(1);
  expect(shared[8]).toBe(shared[10]);
  expect(shared[8]).not.toBe(shared[0]);
});

test('events that begin together ask a question once for each identity, and each gets an answer of its own', async () => {
  const asked: unknown[] = [];
  const source = new SharedSource('rooms', {
    process: async ({ context }) => {
      asked.push(context?.['identity']);
      return { data: { room: { name: 'Film night' } } } as never;
    },
  });
  const shared: SharedAnswers = new Map();
  const identity = (audience: string) => ({ userId: null, scopes: [], audience });
  const ask = (audience: string, answers: SharedAnswers | null = shared) =>
    source.process({
      kind: 'incoming operation',
      request: { query: '{ room { name } }', variables: { id: 'r1' } },
      context: { identity: identity(audience), shared: answers },
    } as never);
  const [one, two, other] = await Promise.all([ask('a'), ask('a'), ask('b')]);
  expect(asked).toEqual([identity('a'), identity('b')]);
  expect([one, two, other]).toEqual(Array(3).fill({ data: { room: { name: 'Film night' } } }));
  expect(one.data?.['room']).not.toBe(two.data?.['room']);
  await Promise.all([ask('a', null), ask('a', null)]);
  expect(asked).toHaveLength(4);
});
