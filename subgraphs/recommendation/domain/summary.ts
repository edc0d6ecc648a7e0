/** What is known of a user, in short. Pure. Times: ms since the epoch. */
import { type Crowd, type GenrePreference, tasteOf } from './preference.ts';
import type { Profile } from './profile.ts';
import { WINDOWS, type Window } from './windows.ts';

export interface Summary {
  readonly interactionCount: number;
  readonly distinctContentCount: number;
  readonly favouriteGenres: readonly GenrePreference[];
  readonly platforms: readonly { readonly platform: string; readonly share: number }[];
  readonly mostActiveWindow: Window | null;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

const MAX_GENRES = 10;

export function summaryOf(profile: Profile, crowd: Crowd): Summary {
  const total = Object.values(profile.platforms).reduce((a, b) => a + b, 0);
  const plays = profile.windows.map((cell) => cell.plays);
  const most = Math.max(...plays);
  return {
    interactionCount: profile.interactionCount,
    distinctContentCount: profile.distinctContentCount,
    favouriteGenres: tasteOf(profile, crowd).favourites.slice(0, MAX_GENRES),
    platforms: Object.entries(profile.platforms)
      .map(([platform, count]) => ({ platform, share: count / total }))
      .sort((a, b) => b.share - a.share || (a.platform < b.platform ? -1 : 1)),
    mostActiveWindow: most > 0 ? (WINDOWS[plays.indexOf(most)] ?? null) : null,
    firstAt: profile.firstAt,
    lastAt: profile.lastAt,
  };
}
