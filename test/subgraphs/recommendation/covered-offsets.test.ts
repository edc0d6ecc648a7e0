/** Two readers over one partition, in any interleaving: every event is counted, and none twice. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CoveredOffsets } from '../../../subgraphs/recommendation/covered-offsets.ts';

const EVENTS = 40;
/** The tail passes so many events, or the learner takes a batch from somewhere. */
const step = fc.oneof(
  fc.record({ passes: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ from: fc.nat(EVENTS - 1), size: fc.integer({ min: 1, max: 15 }) }),
);

test('each event is counted once, whoever comes first', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const covered = new CoveredOffsets();
      const counts = new Array<number>(EVENTS).fill(0);
      const count = (offset: number): void => {
        counts[offset] = (counts[offset] as number) + 1;
      };
      let next = 0;
      const pass = (): void => {
        if (!covered.pass(0, next)) count(next);
        next += 1;
      };
      for (const taken of steps) {
        if ('passes' in taken) {
          for (let i = 0; i < taken.passes && next < EVENTS; i += 1) pass();
          continue;
        }
        const last = Math.min(EVENTS, taken.from + taken.size) - 1;
        const from = covered.cover(0, taken.from, last);
        for (let offset = taken.from; offset <= last; offset += 1) if (offset >= from) count(offset);
      }
      while (next < EVENTS) pass();
      expect(counts).toEqual(new Array<number>(EVENTS).fill(1));
    }),
  );
});

test('a backlog that the learner read is not read again', () => {
  const covered = new CoveredOffsets();
  expect(covered.cover(0, 0, 99)).toBe(0);
  expect(covered.cover(0, 100, 199)).toBe(100);
  const read = Array.from({ length: 250 }, (_, offset) => offset).filter((offset) => !covered.pass(0, offset));
  expect(read).toEqual(Array.from({ length: 50 }, (_, i) => 200 + i));
});
