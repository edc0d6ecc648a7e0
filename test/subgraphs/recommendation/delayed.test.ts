/** What waits for its time, keeps its order, and is never lost. */
import { expect, test } from '@jest/globals';
import { Delayed } from '../../../subgraphs/recommendation/delayed.ts';
import { eventually } from '../../support/eventually.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('items are handed on in their order when it is time, not before', async () => {
  const seen: number[] = [];
  const delayed = new Delayed<number>(30, (item) => seen.push(item));
  for (const i of numbers(1_000)) delayed.add(i);
  expect(seen).toEqual([]);
  await eventually(() => seen.length === 1_000);
  delayed.close();
  expect(seen).toEqual(numbers(1_000));
});

test('too many are handed on early, and the rest at the end', () => {
  const seen: number[] = [];
  const delayed = new Delayed<number>(60_000, (item) => seen.push(item));
  for (const i of numbers(30_000)) delayed.add(i);
  expect(seen.length).toBeGreaterThanOrEqual(10_000);
  expect(seen.length).toBeLessThan(30_000);
  delayed.close();
  expect(seen).toEqual(numbers(30_000));
});
