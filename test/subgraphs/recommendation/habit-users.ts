/** Simulated users of a given habit, put through the learning code: what is found of them. Seeded. */
import { TrustLearner } from '../../../subgraphs/recommendation/domain/genre-trust.ts';
import {
  type Crowd,
  isTimePreference,
  tasteOf,
  windowTasteOf,
} from '../../../subgraphs/recommendation/domain/preference.ts';
import { emptyProfile, learn } from '../../../subgraphs/recommendation/domain/profile.ts';
import { WINDOWS } from '../../../subgraphs/recommendation/domain/windows.ts';
import { anInteraction, NOW } from './works.ts';

export const GENRES = ['comedy', 'crime', 'drama', 'horror', 'music'];
/** Everybody watches every genre as much, at all times. */
export const EVEN_CROWD: Crowd = {
  genres: GENRES,
  share: () => 0.2,
  windowShare: () => 0.2,
  presence: () => 0.2,
  trust: new TrustLearner().trust,
};
const HOURS = [8, 14, 19, 23];
const HOUR_MS = 3_600_000;
export const USERS = 50;

/** Means over 50 users of `plays` plays; `genreOf` chooses by window, a random number, and the number of the play. */
export function expectedHabit(genreOf: (window: number, random: number, play: number) => string, plays = 120) {
  let [habit, claims, state] = [0, 0, 1];
  let favourite = '';
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let user = 0; user < USERS; user += 1) {
    const profile = emptyProfile();
    for (let play = 0; play < plays; play += 1) {
      const window = play % 4;
      const at = NOW - 9.5 * HOUR_MS + ((play >> 2) * 24 + (HOURS[window] ?? 8)) * HOUR_MS;
      learn(profile, anInteraction({ contentId: `t${play}`, at }), [genreOf(window, random(), play)], true);
    }
    const taste = tasteOf(profile, EVEN_CROWD);
    const windows = WINDOWS.map((window) => windowTasteOf(profile, taste, window, EVEN_CROWD));
    habit += (windows[0]?.habit ?? 0) / USERS;
    claims += windows.some((here) => GENRES.some((genre) => isTimePreference(here, genre))) ? 1 / USERS : 0;
    favourite = taste.favourites[0]?.genre ?? '';
  }
  return { habit, claims, favourite };
}
