import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { overGenres } from '../../../../subgraphs/recommendation/domain/item-score.ts';
import { Popularity } from '../../../../subgraphs/recommendation/domain/popularity.ts';
import { emptyProfile, learn } from '../../../../subgraphs/recommendation/domain/profile.ts';
import { NO_FILTER, offeredBy } from '../../../../subgraphs/recommendation/domain/ranking.ts';
import { scoreTitles } from '../../../../subgraphs/recommendation/domain/scoring.ts';
import { Snapshots } from '../../../../subgraphs/recommendation/domain/snapshot.ts';
import { GENRE_SLOTS } from '../../../../subgraphs/recommendation/domain/title-index.ts';
import { viewerOf } from '../../../../subgraphs/recommendation/domain/viewer.ts';
import { anInteraction, aWork, NOW } from '../works.ts';

const GENRES = ['comedy', 'crime', 'drama', 'horror', 'music'];
/** The genres of each title, and what one viewer did with some of them. */
const HOUSEHOLD = fc.record({
  genres: fc.array(fc.uniqueArray(fc.constantFrom(...GENRES), { maxLength: 4 }), { minLength: 1, maxLength: 30 }),
  plays: fc.array(
    fc.record({ title: fc.nat(29), type: fc.constantFrom('watch', 'dislike', 'like'), hour: fc.nat(23) }),
    { maxLength: 20 },
  ),
});

interface Household {
  readonly genres: readonly string[][];
  readonly plays: readonly {
    readonly title: number;
    readonly type: 'watch' | 'dislike' | 'like';
    readonly hour: number;
  }[];
}

function household({ genres, plays }: Household) {
  const catalogue = new Catalogue();
  for (const [i, own] of genres.entries()) catalogue.put(aWork(`work-${i}`, { genres: own }));
  const [profile, everybody] = [emptyProfile(), new Popularity()];
  for (const { title, type, hour } of plays) {
    const work = catalogue.find(`work-${title % genres.length}`);
    const interaction = anInteraction({ contentId: work?.id ?? '', type, at: NOW - hour * 3_600_000 });
    learn(profile, interaction, work?.genres ?? [], true);
    everybody.add(interaction, work?.genres ?? [], 'UTC');
  }
  const snapshot = new Snapshots(catalogue, everybody).at(NOW);
  const { index, crowd, openOffers } = snapshot;
  const viewer = viewerOf(profile, 'EVENING', crowd, index, (id) => catalogue.find(id), openOffers.bitsIn(null));
  return { ...snapshot, viewer };
}

test('what is summed over the genres once per mix is what every title with it has', () => {
  fc.assert(
    fc.property(HOUSEHOLD, (given) => {
      const { index, popularity } = household(given);
      const worthOf = (genre: string): number => 1 + GENRES.indexOf(genre);
      const sums = overGenres(index, popularity, worthOf);
      for (let row = 0; row < index.size; row += 1) {
        let own = 0;
        for (let slot = row * GENRE_SLOTS; slot < (row + 1) * GENRE_SLOTS; slot += 1) {
          const genre = index.genres[index.rowGenres[slot] as number];
          if (genre !== undefined) own += (popularity.genreCredits[slot] as number) * worthOf(genre);
        }
        expect(sums[index.mixOf[row] as number]).toBe(own);
      }
    }),
    { numRuns: 50 },
  );
});

test('parts are scaled over exactly what may be offered: each reaches 1 there, unless all are alike', () => {
  fc.assert(
    fc.property(HOUSEHOLD, fc.boolean(), (given, includeWatched) => {
      const { index, popularity, viewer } = household(given);
      const { temporal, semantic, discovery } = scoreTitles(index, popularity, viewer, { includeWatched });
      const offered = [...index.works.keys()].filter(offeredBy(index, { ...NO_FILTER, includeWatched }, viewer));
      for (const row of offered) {
        expect(viewer.unwanted.has(row)).toBe(false);
        if (!includeWatched) expect(viewer.watched.has(row)).toBe(false);
      }
      for (const part of [temporal, semantic, discovery]) {
        expect([0, 1]).toContain(Math.max(0, ...offered.map((row) => part[row] as number)));
      }
    }),
    { numRuns: 50 },
  );
});
