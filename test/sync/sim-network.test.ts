/** The simulated path keeps TCP's promise, whatever the process's timers do. */
import { expect, test } from '@jest/globals';
import { Random } from './random.ts';
import { SimNetwork } from './sim-network.ts';

test('messages arrive in the order they were sent, though their timers fire in the opposite one', () => {
  const due: (() => void)[] = [];
  const timers = { now: () => 0, setTimeout: (run: () => void) => due.push(run), clearTimeout: () => undefined };
  const network = new SimNetwork(timers, new Random(1), 1);
  const arrived: number[] = [];
  for (const index of [1, 2, 3]) network.down(() => arrived.push(index));
  for (const run of due.reverse()) run();
  expect(arrived).toEqual([1, 2, 3]);
});

test('what was under way when the path was cut is lost, and what follows is not held up by it', () => {
  const due: (() => void)[] = [];
  let now = 0;
  const timers = { now: () => now, setTimeout: (run: () => void) => due.push(run), clearTimeout: () => undefined };
  const network = new SimNetwork(timers, new Random(1), 1);
  const arrived: string[] = [];
  network.up(() => arrived.push('lost'));
  network.cut(100);
  now = 101;
  network.up(() => arrived.push('after'));
  due[1]?.();
  expect(arrived).toEqual(['after']);
  due[0]?.();
  expect(arrived).toEqual(['after']);
});
