import { expect, test } from '@jest/globals';
import { AttemptLimiter } from '../../../subgraphs/room/attempt-limiter.ts';
import { BurstLimiter } from '../../../subgraphs/room/room-limits.ts';
import { Turns } from '../../../subgraphs/room/turns.ts';

test('attempts count within a sliding window; one too many does not prolong it', () => {
  const limiter = new AttemptLimiter({ attempts: 2, windowMs: 100, maxKeys: 10 });
  const taken = [0, 50, 60, 99, 100, 140, 150].map((now) => limiter.take('u', now));
  expect(taken).toEqual([true, true, false, false, true, false, true]);
});

test('of more users than it remembers, the one that tried longest ago is forgotten', () => {
  const limiter = new AttemptLimiter({ attempts: 1, windowMs: 1_000, maxKeys: 2 });
  for (const key of ['a', 'b', 'c']) limiter.take(key, 0);
  expect(limiter.take('c', 1)).toBe(false);
  expect(limiter.take('b', 1)).toBe(false);
  expect(limiter.take('a', 1)).toBe(true);
});

test('turns of one key follow each other, also after a failure; other keys do not wait', async () => {
  const turns = new Turns(10);
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.take('a', async () => {
    await gate.promise;
    seen.push('a1');
    throw new Error('a1 failed');
  });
  const second = turns.take('a', async () => void seen.push('a2'));
  await turns.take('b', async () => void seen.push('b1'));
  gate.resolve();
  await expect(first).rejects.toThrow('a1 failed');
  await second;
  expect(seen).toEqual(['b1', 'a1', 'a2']);
});

test('a line that is full refuses, and takes again when it is shorter', async () => {
  const turns = new Turns(1);
  const gate = Promise.withResolvers<void>();
  const first = turns.take('a', () => gate.promise);
  await expect(turns.take('a', async () => 1)).rejects.toMatchObject({ code: 'TOO_MANY' });
  gate.resolve();
  await first;
  expect(await turns.take('a', async () => 1)).toBe(1);
});

test('a burst empties the bucket, time fills it, no further than it holds; a clock that steps back takes nothing', () => {
  const limiter = new BurstLimiter({ burst: 2, refillMs: 100, maxKeys: 10 });
  const taken = [0, 0, 0, 99, 100, 100, 50, 10_000, 10_000, 10_000].map((now) => limiter.take('u', now));
  expect(taken).toEqual([true, true, false, false, true, false, false, true, true, false]);
});

test('of more buckets than it remembers, the one used longest ago is forgotten', () => {
  const limiter = new BurstLimiter({ burst: 1, refillMs: 1_000, maxKeys: 2 });
  for (const key of ['a', 'b', 'c']) limiter.take(key, 0);
  expect(['c', 'b', 'a'].map((key) => limiter.take(key, 1))).toEqual([false, false, true]);
});
