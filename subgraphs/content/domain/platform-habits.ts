/** How each platform fills in its records, as seen on works that several have. Pure. */
import type { Habits } from './matching.ts';

const HOTSTAR = 'hotstar';
const HABITS = new Map<string, Habits>();

/** Of the platform in a record's key, `platform:platformId`. */
export function habitsOf(key: string): Habits {
  const platform = key.slice(0, key.indexOf(':'));
  const known = HABITS.get(platform);
  if (known) return known;
  const isHotstar = platform === HOTSTAR;
  const habits = { platform, runsShort: isHotstar, datesFirstSeason: isHotstar };
  HABITS.set(platform, habits);
  return habits;
}
