import { expect, test } from '@jest/globals';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { CoOccurrence } from '../../../../subgraphs/recommendation/domain/co-occurrence.ts';
import { buildTitleIndex } from '../../../../subgraphs/recommendation/domain/title-index.ts';
import { Vocabulary } from '../../../../subgraphs/recommendation/domain/vocabulary.ts';
import { anInteraction, someWorks } from '../works.ts';

const catalogue = new Catalogue();
for (const work of someWorks(['comedy', 'crime'], 4)) catalogue.put(work);
const index = buildTitleIndex(catalogue.works(), new Vocabulary());

function scoresFrom(counts: CoOccurrence, contentId: string): Map<string, number> {
  const scores = new Float32Array(index.size);
  counts.addNeighbours(contentId, 1, counts.rowsIn(index, catalogue), scores);
  return new Map(index.works.map(({ id }, row) => [id, scores[row] as number]));
}

const watched = (counts: CoOccurrence, userId: string, ...ids: string[]): void => {
  for (const contentId of ids) counts.fold(anInteraction({ userId, contentId }));
};

test('titles that the same people watch are neighbours, the more people the nearer', () => {
  const counts = new CoOccurrence();
  for (const user of ['a', 'b', 'c']) watched(counts, user, 'comedy-0', 'crime-1');
  watched(counts, 'd', 'comedy-0', 'crime-2');
  const found = scoresFrom(counts, 'comedy-0');
  expect(found.get('crime-1')).toBeGreaterThan(found.get('crime-2') as number);
  expect(found.get('crime-2')).toBeGreaterThan(0);
  expect(found.get('comedy-3')).toBe(0);
});

test('a repeat by the same person, and what was left at once, counts nothing', () => {
  const counts = new CoOccurrence();
  watched(counts, 'a', 'comedy-0', 'crime-1');
  const before = scoresFrom(counts, 'comedy-0');
  watched(counts, 'a', 'comedy-0', 'crime-1', 'comedy-0');
  counts.fold(anInteraction({ userId: 'a', contentId: 'crime-3', progress: 0.05 }));
  expect(scoresFrom(counts, 'comedy-0')).toEqual(before);
});

test('one person watching ten thousand titles pairs each with no more than the few before it', () => {
  const counts = new CoOccurrence();
  for (let i = 0; i < 10_000; i += 1) counts.fold(anInteraction({ contentId: `t${i}` }));
  watched(counts, 'ada', 'comedy-0');
  expect(counts.size).toBe(10_001);
  expect([...scoresFrom(counts, 't1').values()].every((score) => score === 0)).toBe(true);
});

test('of a title with as many neighbours as it may have the least counted makes room for a new one', () => {
  const counts = new CoOccurrence();
  watched(counts, 'first', 'comedy-1', 'comedy-0');
  for (const user of ['a', 'b']) watched(counts, user, 'crime-1', 'comedy-0');
  for (let i = 0; i < 94; i += 1) watched(counts, `u${i}`, `t${i}`, 'comedy-0');
  expect(scoresFrom(counts, 'comedy-0').get('comedy-1')).toBeGreaterThan(0);
  watched(counts, 'last', 'crime-2', 'comedy-0');
  const found = scoresFrom(counts, 'comedy-0');
  expect(found.get('crime-2')).toBeGreaterThan(0);
  expect(found.get('crime-1')).toBeGreaterThan(found.get('crime-2') as number);
  expect(found.get('comedy-1')).toBe(0);
});
