/**
 * What a user likes in a part of the day, as probabilities that a few plays cannot bend far. Pure.
 *   P(g|u)   = (n_ug + b P(g) + favourites) / (n_u + b + favourites)
 *   prior    = P(g|u) (P(g|w) / P(g))^.5, normalised
 *   P(g|u,w) = (n_uwg + a prior) / (n_uw + a)
 * n: decayed credits. lift: P(g|u,w) / P(g|u). Bounds: lower 10 % of the posterior Beta, in normal approximation.
 */
import type { Counts, Profile } from './profile.ts';
import { WINDOWS, type Window } from './windows.ts';

/** What everybody watches. */
export interface Crowd {
  /** Genres there are. */
  readonly genres: readonly string[];
  /** P(g): over all hours. Greater than zero for every one of `genres`. */
  share(genre: string): number;
  /** P(g|w) */
  windowShare(window: Window, genre: string): number;
}

/** Plays' worth of trust in the user's own average, for one window. */
const WINDOW_PRIOR = 10;
/** Plays' worth of trust in the crowd, for one user. */
const CROWD_PRIOR = 5;
/** Plays that naming a favourite is worth. */
const FAVOURITE_PLAYS = 2;
/** Normal quantile of 10 %. */
const Z10 = 1.2816;
/** Fewer plays in a window carry no claim about it. */
export const MIN_PLAYS_FOR_CLAIM = 5;
/** What a genre nobody in the crowd watches counts as. */
const LEAST_SHARE = 1e-4;

export interface GenrePreference {
  readonly genre: string;
  /** 0..1 */
  readonly share: number;
  readonly lift: number;
  /** Lower 10 % bound of `lift`. */
  readonly liftAtLeast: number;
  /** 0..1: lower 10 % bound of `share` over `share`. */
  readonly confidence: number;
}

export interface WindowTaste {
  readonly window: Window;
  /** Titles watched in it; not decayed. */
  readonly plays: number;
  readonly avgEngagement: number;
  /** Every known genre. */
  readonly genres: ReadonlyMap<string, GenrePreference>;
  /** The genres of the user's plays in it, best first. */
  readonly preferred: readonly GenrePreference[];
}

/** The user's average over the day. `lift` is over the crowd. */
export interface Taste {
  /** Decayed plays' worth of evidence, favourites included. */
  readonly evidence: number;
  readonly genres: ReadonlyMap<string, GenrePreference>;
  /** The genres the user watched or named, best first. */
  readonly favourites: readonly GenrePreference[];
  /** The genres the user said to like. */
  readonly named: readonly string[];
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);

const best = (preferences: GenrePreference[]): GenrePreference[] =>
  preferences.sort((a, b) => b.share - a.share || (a.genre < b.genre ? -1 : 1));

/** `weight`: how many plays' worth the estimate rests on, prior included. */
function preference(genre: string, share: number, base: number, weight: number): GenrePreference {
  const atLeast = Math.max(0, share - Z10 * Math.sqrt((share * (1 - share)) / (weight + 1)));
  return {
    genre,
    share,
    lift: share / base,
    liftAtLeast: atLeast / base,
    confidence: share > 0 ? atLeast / share : 0,
  };
}

/** The user's genres over the whole day. */
export function tasteOf(profile: Profile, crowd: Crowd): Taste {
  const counts: Counts = {};
  for (const cell of profile.windows) {
    for (const [genre, count] of Object.entries(cell.genres)) {
      counts[genre] = (counts[genre] ?? 0) + count / profile.scale;
    }
  }
  for (const genre of profile.favourites) counts[genre] = (counts[genre] ?? 0) + FAVOURITE_PLAYS;
  const evidence = sum(Object.values(counts));
  const genres = new Map<string, GenrePreference>();
  for (const genre of new Set([...crowd.genres, ...Object.keys(counts)])) {
    const base = Math.max(LEAST_SHARE, crowd.share(genre));
    const share = ((counts[genre] ?? 0) + CROWD_PRIOR * base) / (evidence + CROWD_PRIOR);
    genres.set(genre, preference(genre, share, base, evidence + CROWD_PRIOR));
  }
  const favourites = best(Object.keys(counts).map((genre) => genres.get(genre) as GenrePreference));
  return { evidence, genres, favourites, named: profile.favourites };
}

/** The user's genres in one part of the day. */
export function windowTasteOf(profile: Profile, taste: Taste, window: Window, crowd: Crowd): WindowTaste {
  const cell = profile.windows[WINDOWS.indexOf(window) as 0 | 1 | 2 | 3];
  const priors = new Map<string, number>();
  for (const [genre, { share }] of taste.genres) {
    const usual = Math.max(LEAST_SHARE, crowd.share(genre));
    const here = Math.max(LEAST_SHARE, crowd.windowShare(window, genre));
    priors.set(genre, share * Math.sqrt(here / usual));
  }
  const total = sum(priors.values()) || 1;
  const count = sum(Object.values(cell.genres)) / profile.scale;
  const genres = new Map<string, GenrePreference>();
  for (const [genre, prior] of priors) {
    const own = (cell.genres[genre] ?? 0) / profile.scale;
    const share = (own + (WINDOW_PRIOR * prior) / total) / (count + WINDOW_PRIOR);
    genres.set(genre, preference(genre, share, taste.genres.get(genre)?.share ?? LEAST_SHARE, count + WINDOW_PRIOR));
  }
  return {
    window,
    plays: cell.plays,
    avgEngagement: cell.plays > 0 ? Math.min(1, cell.progressSum / cell.plays) : 0,
    genres,
    preferred: best(Object.keys(cell.genres).flatMap((genre) => genres.get(genre) ?? [])),
  };
}

/** Whether the evidence carries saying that the user likes the genre more at this time than otherwise. */
export const isTimePreference = (taste: WindowTaste, genre: string): boolean =>
  taste.plays >= MIN_PLAYS_FOR_CLAIM && (taste.genres.get(genre)?.liftAtLeast ?? 0) > 1;

/** Whether the user said to like the genre, or the evidence carries saying that they often watch it. */
export function isTaste(taste: Taste, genre: string): boolean {
  if (taste.named.includes(genre)) return true;
  const found = taste.favourites.slice(0, 5).find((favourite) => favourite.genre === genre);
  return found !== undefined && taste.evidence >= 2 && found.liftAtLeast > 1;
}
