import { expect, test } from '@jest/globals';
import { CLAIM_LEVEL } from '../../../../subgraphs/recommendation/domain/timely-genres.ts';
import { expectedHabit, USERS } from '../habit-users.ts';

const GENRES = ['comedy', 'drama', 'crime', 'horror'];
const WINDOWS = 4;

/** The least count that `chance` per trial exceeds in at most one of a hundred series. */
function mostByChance(trials: number, chance: number): number {
  let probability = (1 - chance) ** trials;
  let sum = probability;
  let count = 0;
  while (sum < 0.99) {
    count += 1;
    probability *= ((trials - count + 1) / count) * (chance / (1 - chance));
    sum += probability;
  }
  return count;
}

test('who watches another genre at each time of day is found to have habits', () => {
  const strong = expectedHabit((window) => GENRES[window] ?? 'comedy');
  expect(strong.habit).toBeGreaterThan(0.95);
  expect(strong.claims).toBeGreaterThan(0.9);
});

test('of flat users no more are found to have habits than the level of the claim lets pass by chance', () => {
  const flat = expectedHabit((_, random) => GENRES[Math.floor(random * GENRES.length)] ?? 'comedy');
  // A user passes if one of the genres does in one of the windows: at most the sum of their chances (Boole).
  const chance = CLAIM_LEVEL * GENRES.length * WINDOWS;
  expect(flat.claims * USERS).toBeLessThanOrEqual(mostByChance(USERS, chance));
  expect(mostByChance(USERS, chance)).toBeLessThan(USERS / 3); // the bound says something
});

test('after a change of taste the latest plays lead', () => {
  const changed = expectedHabit((_, __, play) => (play < 100 ? 'comedy' : 'horror'), 125);
  expect(changed.favourite).toBe('horror');
});
