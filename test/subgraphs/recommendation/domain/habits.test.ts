import { expect, test } from '@jest/globals';
import { expectedHabit } from '../habit-users.ts';

test('who watches another genre at each time of day is found to have habits, a flat user is not', () => {
  const strong = expectedHabit((window) => ['comedy', 'drama', 'crime', 'horror'][window] ?? 'comedy');
  const flat = expectedHabit((_, random) => ['comedy', 'drama', 'crime', 'horror'][Math.floor(random * 4)] ?? 'comedy');
  expect(strong.habit).toBeGreaterThan(0.95);
  expect(strong.claims).toBeGreaterThan(0.9);
  expect(flat.claims).toBeLessThanOrEqual(0.1);
});

test('after a change of taste the latest plays lead', () => {
  const changed = expectedHabit((_, __, play) => (play < 100 ? 'comedy' : 'horror'), 125);
  expect(changed.favourite).toBe('horror');
});
