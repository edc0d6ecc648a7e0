/** Reasons are true: of the largest term of the score, and of a time of day only on evidence. Over many invented viewers. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { Popularity } from '../../../../subgraphs/recommendation/domain/popularity.ts';
import { isTimePreference } from '../../../../subgraphs/recommendation/domain/preference.ts';
import { emptyProfile, learn, type Profile } from '../../../../subgraphs/recommendation/domain/profile.ts';
import { NO_FILTER, recommend } from '../../../../subgraphs/recommendation/domain/ranking.ts';
import type { Evidence } from '../../../../subgraphs/recommendation/domain/reasons.ts';
import { scoreTitles } from '../../../../subgraphs/recommendation/domain/scoring.ts';
import { Snapshots } from '../../../../subgraphs/recommendation/domain/snapshot.ts';
import { viewerOf } from '../../../../subgraphs/recommendation/domain/viewer.ts';
import { WINDOWS } from '../../../../subgraphs/recommendation/domain/windows.ts';
import { anInteraction, NOW, someWorks } from '../works.ts';

const GENRES = ['comedy', 'crime', 'drama', 'horror'];
const HOURS = [8, 14, 19, 23];
const HOUR_MS = 3_600_000;
const PLATFORMS = ['netflix', 'prime_video', 'hotstar'];

const catalogue = new Catalogue();
for (const work of someWorks(GENRES, 12)) catalogue.put(work);
const popularity = new Popularity();
for (let user = 0; user < 40; user += 1) {
  const contentId = `horror-${user % 4}`;
  popularity.add(anInteraction({ userId: `u${user}`, contentId, at: NOW - (user % 24) * HOUR_MS }), ['horror'], 'UTC');
}
const { index, popularity: rows, crowd, openOffers } = new Snapshots(catalogue, popularity).at(NOW);

/** Plays as [part of the day, genre, title, platform]; the first ones longest ago. */
const plays = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(11), fc.nat(2)), { maxLength: 60 });

function evidenceOf(told: readonly (readonly [number, number, number, number])[], window: number): Evidence {
  const profile: Profile = emptyProfile();
  for (const [i, [part, genre, title, platform]] of told.entries()) {
    const at = NOW - 9.5 * HOUR_MS + (i - told.length) * 24 * HOUR_MS + (HOURS[part] as number) * HOUR_MS;
    const contentId = `${GENRES[genre]}-${title}`;
    const played = anInteraction({ contentId, at, platform: PLATFORMS[platform] ?? null });
    learn(profile, played, [GENRES[genre] as string], true);
  }
  const find = (id: string) => catalogue.find(id);
  const viewer = viewerOf(profile, WINDOWS[window] ?? 'MORNING', crowd, index, find, openOffers.bitsIn(null));
  return { index, popularity: rows, viewer, scores: scoreTitles(index, rows, viewer) };
}

/** What each part of the score may say; popularity where it has nothing of its own to say. */
const SAYINGS = [
  ['TIME_WINDOW', 'TASTE', 'POPULAR'],
  ['SIMILAR_TITLE', 'TASTE', 'POPULAR'],
  ['OTHER_PLATFORM', 'POPULAR'],
];

test('the first reason is one of the largest term that has anything to say', () => {
  fc.assert(
    fc.property(plays, fc.nat(3), (told, window) => {
      for (const { parts, reasons } of recommend(evidenceOf(told, window), NO_FILTER, 20)) {
        const terms = [parts.temporal, parts.semantic, parts.discovery].map(
          (part, i) => part * (parts.weights[i] ?? 0),
        );
        const order = [0, 1, 2].sort((a, b) => (terms[b] as number) - (terms[a] as number));
        const kind = reasons[0]?.kind ?? '';
        if (kind === 'EXPLORE') continue; // none has
        const speaking = order.find((part) => SAYINGS[part]?.includes(kind)) as number;
        const silent = order.slice(0, order.indexOf(speaking));
        // A larger term may be silent only where no reason of its own stands further down either.
        for (const part of silent) {
          const own = SAYINGS[part]?.filter((saying) => !SAYINGS[speaking]?.includes(saying)) ?? [];
          expect(reasons.filter((reason) => own.includes(reason.kind))).toEqual([]);
        }
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});

test('a reason of the time of day is carried by evidence, whoever the viewer is', () => {
  let said = 0;
  const check = (evidence: Evidence): void => {
    for (const { reasons, temporalBoost } of recommend(evidence, NO_FILTER, 48)) {
      for (const { kind, genre } of reasons) {
        if (kind !== 'TIME_WINDOW') continue;
        said += 1;
        expect(isTimePreference(evidence.viewer.windowTaste, genre ?? '')).toBe(true);
        expect(evidence.viewer.windowTaste.plays).toBeGreaterThanOrEqual(5);
        expect(temporalBoost).toBeGreaterThan(1);
      }
    }
  };
  fc.assert(
    fc.property(plays, fc.nat(3), (told, window) => check(evidenceOf(told, window))),
    { numRuns: 60, seed: 6 },
  );
  check(
    evidenceOf(
      Array.from({ length: 60 }, (_, i) => [i % 4, i % 4, i % 6, 0] as const),
      0,
    ),
  );
  expect(said).toBeGreaterThan(0); // somebody has habits
});

test('who has watched nothing is told nothing of themselves', () => {
  const kinds = recommend(evidenceOf([], 0), NO_FILTER, 48).flatMap(({ reasons }) => reasons.map(({ kind }) => kind));
  expect(new Set(kinds)).toEqual(new Set(['POPULAR', 'EXPLORE']));
});
