import { setImmediate as loopTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { nextTurn } from '../../platform/turns.ts';

test('of many who wait one goes on in each turn of the loop, in the order of asking', async () => {
  const order: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let slice = 1; slice <= 2; slice += 1) {
      await nextTurn();
      order.push(`${name}${slice}`);
    }
  };
  const all = Promise.all(['a', 'b', 'c'].map(work));
  const seen: number[] = [];
  while (order.length < 6) {
    const before = order.length;
    await loopTurn();
    seen.push(order.length - before);
  }
  await all;
  expect(Math.max(...seen)).toBe(1);
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
});
