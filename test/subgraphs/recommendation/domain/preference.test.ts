import { expect, test } from '@jest/globals';
import { isTimePreference, tasteOf, windowTasteOf } from '../../../../subgraphs/recommendation/domain/preference.ts';
import { emptyProfile, learn } from '../../../../subgraphs/recommendation/domain/profile.ts';
import { EVEN_CROWD as crowd, GENRES } from '../habit-users.ts';
import { anInteraction, NOW } from '../works.ts';

const HOUR_MS = 3_600_000;

/** One play per entry, each of another title: the hour of the day and the genre. */
function profileOf(plays: readonly (readonly [number, string])[]) {
  const profile = emptyProfile();
  for (const [i, [hour, genre]] of plays.entries()) {
    const at = NOW - 9.5 * HOUR_MS + i * 24 * HOUR_MS + hour * HOUR_MS;
    learn(profile, anInteraction({ contentId: `t${i}`, at }), [genre], true);
  }
  return profile;
}

const repeated = <T>(times: number, entries: readonly T[]): T[] => Array.from({ length: times }, () => entries).flat();

test('without plays everything is as with everybody, and nothing is preferred', () => {
  const profile = emptyProfile();
  const taste = tasteOf(profile, crowd);
  const morning = windowTasteOf(profile, taste, 'MORNING', crowd);
  expect(morning.preferred).toEqual([]);
  expect(morning.avgEngagement).toBe(0);
  for (const genre of GENRES) {
    expect(morning.genres.get(genre)?.share).toBeCloseTo(0.2);
    expect(morning.genres.get(genre)?.lift).toBeCloseTo(1);
  }
});

test('shares are probabilities: they sum to 1', () => {
  const profile = profileOf(
    repeated(4, [
      [8, 'comedy'],
      [20, 'crime'],
      [23, 'horror'],
    ] as const),
  );
  const taste = tasteOf(profile, crowd);
  const sum = [...windowTasteOf(profile, taste, 'NIGHT', crowd).genres.values()].reduce((a, { share }) => a + share, 0);
  expect(sum).toBeCloseTo(1);
});

test('five plays of everything invent no preference for a time of day', () => {
  const profile = profileOf([
    [8, 'comedy'],
    [9, 'comedy'],
    [8, 'comedy'],
    [9, 'crime'],
    [20, 'crime'],
  ]);
  const taste = tasteOf(profile, crowd);
  for (const window of ['MORNING', 'EVENING'] as const) {
    const here = windowTasteOf(profile, taste, window, crowd);
    expect(GENRES.filter((genre) => isTimePreference(here, genre))).toEqual([]);
  }
});

test('who watches one genre all day has a taste and no time preference', () => {
  const profile = profileOf(
    repeated(10, [
      [8, 'comedy'],
      [14, 'comedy'],
      [19, 'comedy'],
      [23, 'comedy'],
    ] as const),
  );
  const taste = tasteOf(profile, crowd);
  expect(taste.favourites[0]?.genre).toBe('comedy');
  expect(isTimePreference(windowTasteOf(profile, taste, 'MORNING', crowd), 'comedy')).toBe(false);
});

test('comedy over breakfast and crime at night are found, with more certainty the more there is', () => {
  const few = profileOf(
    repeated(6, [
      [8, 'comedy'],
      [23, 'crime'],
    ] as const),
  );
  const many = profileOf(
    repeated(30, [
      [8, 'comedy'],
      [23, 'crime'],
    ] as const),
  );
  const [some, much] = [few, many].map((profile) => windowTasteOf(profile, tasteOf(profile, crowd), 'MORNING', crowd));
  expect(much?.preferred[0]?.genre).toBe('comedy');
  expect(isTimePreference(much!, 'comedy')).toBe(true);
  expect(isTimePreference(much!, 'crime')).toBe(false);
  expect(much?.preferred[0]?.confidence).toBeGreaterThan(some?.preferred[0]?.confidence ?? 1);
  expect(much?.preferred[0]?.lift).toBeGreaterThan(1.3);
});

test('favourites count before anything was watched, and plays overrule them', () => {
  const cold = { ...emptyProfile(), favourites: ['music'] };
  expect(tasteOf(cold, crowd).favourites.map(({ genre }) => genre)).toEqual(['music']);
  const warm = { ...profileOf(repeated(10, [[8, 'crime']] as const)), favourites: ['music'] };
  expect(tasteOf(warm, crowd).favourites[0]?.genre).toBe('crime');
});
