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

test('two batches are at work at once, the others follow in the order of coming', async () => {
  const pace = new BatchPace();
  const begun: number[] = [];
  const done = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const all = done.map(({ promise }, partition) =>
    pace.run(partition, 5_000, () => {
      begun.push(partition);
      return promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  for (const [i, { resolve, reject }] of done.entries()) {
    if (i === 1)
      reject(new Error('down')); // a failure makes room, too
    else resolve();
    await all[i]?.catch(() => undefined);
    expect(begun).toHaveLength(Math.min(5, i + 3));
  }
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  await expect(Promise.all(all)).rejects.toThrow('down');
});
