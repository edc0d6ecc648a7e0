import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildTitleIndex, cosine } from '../../../../subgraphs/recommendation/domain/title-index.ts';
import { diverse, topRows } from '../../../../subgraphs/recommendation/domain/top-rows.ts';
import { Vocabulary } from '../../../../subgraphs/recommendation/domain/vocabulary.ts';
import { someWorks } from '../works.ts';

/** Few different scores, so that many are equal; some rows have none. */
const SCORES = fc.array(fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1 }), fc.constant(NaN)), {
  maxLength: 300,
});

test('the best rows are those of sorting all by score, then by row', () => {
  fc.assert(
    fc.property(SCORES, fc.nat(40), fc.integer({ min: 1, max: 5 }), (scores, k, every) => {
      const passes = (row: number): boolean => row % every === 0;
      const sorted = [...scores.keys()]
        .filter((row) => passes(row) && !Number.isNaN(scores[row]))
        .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
      expect(topRows(scores.length, k, (row) => scores[row] as number, passes)).toEqual(sorted.slice(0, k));
    }),
  );
});

test('whether a row passes is asked only of those good enough', () => {
  const asked: number[] = [];
  const passes = (row: number): boolean => asked.push(row) > 0;
  topRows(10_000, 10, (row) => 1 / (row + 1), passes);
  expect(asked.length).toBeLessThan(100);
});

test('of rows that are alike the better ones are chosen, and then what is unlike them', () => {
  const works = someWorks(['comedy', 'crime', 'drama'], 5);
  const index = buildTitleIndex(works, new Vocabulary());
  const rows = [...index.works.keys()];
  const chosen = diverse(index, rows, 3, (row) => 1 - row / 1_000);
  expect(chosen[0]).toBe(0);
  for (const [i, a] of chosen.entries()) {
    for (const b of chosen.slice(i + 1)) expect(cosine(index, a, b)).toBeLessThan(cosine(index, 0, 1));
  }
});
