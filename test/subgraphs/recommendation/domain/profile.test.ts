import { expect, test } from '@jest/globals';
import { emptyProfile, learn, type Profile, unfinished } from '../../../../subgraphs/recommendation/domain/profile.ts';
import { anInteraction, NOW } from '../works.ts';

const HOUR_MS = 3_600_000;

/** What is left of a genre, over all windows. */
const creditOf = (profile: Profile, genre: string): number =>
  profile.windows.reduce((sum, cell) => sum + (cell.genres[genre] ?? 0), 0) / profile.scale;

function learned(...interactions: Parameters<typeof anInteraction>[0][]): Profile {
  const profile = emptyProfile();
  for (const given of interactions) {
    learn(profile, anInteraction(given), given?.genres?.length ? given.genres : ['comedy'], true);
  }
  return profile;
}

test('a play below a tenth says nothing of taste', () => {
  const profile = learned({ progress: 0.09 });
  expect(creditOf(profile, 'comedy')).toBe(0);
  expect(profile.windows[0].plays).toBe(0);
  expect(profile.interactionCount).toBe(1);
});

test('credit falls with the place of the genre', () => {
  const profile = learned({ genres: ['comedy', 'drama', 'crime'] });
  const [first, second, third] = ['comedy', 'drama', 'crime'].map((genre) => creditOf(profile, genre)) as number[];
  expect((second as number) / (first as number)).toBeCloseTo(1 / 2);
  expect((third as number) / (first as number)).toBeCloseTo(1 / 3);
});

test('more of the same play on the same day is one play, with the higher progress', () => {
  const twice = learned({ progress: 0.3 }, { progress: 0.8, at: NOW + HOUR_MS });
  const once = learned({ progress: 0.8 });
  expect(creditOf(twice, 'comedy')).toBeCloseTo(creditOf(once, 'comedy'), 1);
  expect(twice.windows[0]).toMatchObject({ plays: 1 });
  expect(twice.windows[0].progressSum).toBeCloseTo(0.8);
});

test('ninety later plays halve a play', () => {
  const later = Array.from({ length: 90 }, (_, i) => ({
    contentId: `t${i}`,
    at: NOW + (i + 1) * HOUR_MS,
    genres: ['crime'],
  }));
  expect(creditOf(learned({}, ...later), 'comedy')).toBeCloseTo(0.5, 2);
});

test('a late event counts as it would have in time, and does not move the resume position back', () => {
  const first = { contentId: 'a', at: NOW, genres: ['drama'], progress: 0.5, positionMs: 500, durationMs: 1_000 };
  const last = { contentId: 'b', at: NOW + HOUR_MS };
  const inTime = learned(first, last);
  const late = learned(last, first);
  expect(creditOf(late, 'drama')).toBeCloseTo(creditOf(inTime, 'drama'), 1);
  expect(late.lastAt).toBe(NOW + HOUR_MS);
  const old = learned(
    { progress: 0.8, positionMs: 800, at: NOW },
    { progress: 0.2, positionMs: 200, at: NOW - HOUR_MS },
  );
  expect(unfinished(old, String)).toMatchObject([{ id: 'comedy-0', progress: 0.8, positionMs: 800 }]);
});

test('the window is local: by the event, else by the last zone, else UTC', () => {
  const played = (zones: (string | null)[]) =>
    learned(...zones.map((zone, i) => ({ contentId: `t${i}`, zone, at: NOW + i }))).windows.map((cell) => cell.plays);
  expect(played([null])).toEqual([1, 0, 0, 0]);
  expect(played(['Asia/Kolkata'])).toEqual([0, 1, 0, 0]);
  expect(played(['America/Los_Angeles', null])).toEqual([0, 0, 0, 2]);
});

test('finished and unwanted titles are not to be resumed', () => {
  const profile = learned(
    { contentId: 'half', progress: 0.5, at: NOW },
    { contentId: 'done', progress: 0.97, at: NOW },
    { contentId: 'bad', progress: 0.5, at: NOW },
    { contentId: 'bad', type: 'dislike', progress: null, at: NOW + 1 },
  );
  expect(unfinished(profile, String).map(({ id }) => id)).toEqual(['half']);
});

test('a hundred thousand events leave a profile of bounded size', () => {
  const profile = emptyProfile();
  for (let i = 0; i < 100_000; i += 1) {
    const genres = [`g${i % 500}`];
    learn(profile, anInteraction({ contentId: `t${i % 5_000}`, at: NOW + i, platform: `p${i % 50}` }), genres, true);
  }
  expect(profile.titles).toHaveLength(1_000);
  expect(Object.keys(profile.windows[0].genres).length).toBeLessThanOrEqual(48);
  expect(Object.keys(profile.platformGenres).length).toBeLessThanOrEqual(8);
  expect(Number.isFinite(creditOf(profile, 'g1'))).toBe(true);
});
