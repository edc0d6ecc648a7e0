/** What waits for its turn, and what does not. */
import { expect, test } from '@jest/globals';
import { BatchPace } from '../../../subgraphs/recommendation/batch-pace.ts';

test('a small batch right after another waits for its turn; a large one and another partition do not', async () => {
  const pace = new BatchPace();
  const order: string[] = [];
  const note = (name: string) => async () => void order.push(name);
  await pace.run(0, 1, note('first'));
  const small = pace.run(0, 1, note('small'));
  await Promise.all([pace.run(0, 5_000, note('large')), pace.run(1, 1, note('elsewhere'))]);
  expect(order).toEqual(['first', 'large', 'elsewhere']);
  await small;
  expect(order.at(-1)).toBe('small');
});

test('a failure is passed on, and the next has its turn', async () => {
  const pace = new BatchPace();
  await expect(pace.run(0, 1, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  let ran = false;
  await pace.run(0, 1, async () => {
    ran = true;
  });
  expect(ran).toBe(true);
});
