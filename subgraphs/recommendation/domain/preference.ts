/**
 * What a user likes in a part of the day, as probabilities that a few plays cannot bend far. Pure.
 *   P(g|u)   = (n_ug + b P(g) + favourites) / (n_u + b + favourites)
 *   prior    = P(g|u) (P(g|w) / P(g))^.5, normalised
 *   P(g|u,w) = (n_uwg + a prior) / (n_uw + a)
 * each a mean over the experts of habits.ts (a, and how fast n decays), as probable as each is for this user.
 * n: decayed credits by the place of the genre. lift: P(g|u,w) / P(g|u). Bounds: lower 10 % of the posterior Beta, in normal
 * approximation. `probability` is that the next title has the genre at all, by the same formulas on counts of presence, where
 * a and b are what genre-trust.ts has learned from the population.
 */
import { type Pull, pullOf } from './experts.ts';
import { CROWD_STRENGTHS, type GenreTrust, sideOf, WINDOW_STRENGTHS } from './genre-trust.ts';
import { expertsOf, MEMORIES, STRENGTHS } from './habits.ts';
import type { Cell, Counts, Profile } from './profile.ts';
import { MIN_PLAYS_FOR_CLAIM, timelyGenres } from './timely-genres.ts';
import { WINDOWS, type Window } from './windows.ts';

/** What everybody watches. */
export interface Crowd {
  /** Genres there are. */
  readonly genres: readonly string[];
  /** P(g): over all hours. Greater than zero for every one of `genres`. */
  share(genre: string): number;
  /** P(g|w) */
  windowShare(window: Window, genre: string): number;
  /** Part of the plays whose title has the genre, at any place. */
  presence(genre: string): number;
  /** How far a stated probability follows a user's own plays. */
  readonly trust: GenreTrust;
}

/** Plays' worth of trust in the crowd, for one user. */
const CROWD_PRIOR = 5;
/** Plays that naming a favourite is worth. */
const FAVOURITE_PLAYS = 2;
const RECENT_DECAY = 0.5 ** (1 / MEMORIES[1]);
/** Normal quantile of 10 %. */
export const Z10 = 1.2816;
/** What a genre nobody in the crowd watches counts as. */
const LEAST_SHARE = 1e-4;
/** A time of day is spoken of only where forecasts that use it were so much more often the better ones. */
const MIN_HABIT = 0.8;
/** Experts up to this strength of prior use the time of day. */
const HABIT_STRENGTH = 20;

export interface GenrePreference {
  readonly genre: string;
  /** 0..1: part of the credit; sums to 1 over genres. */
  readonly share: number;
  /** 0..1: that the next title is of the genre, alone or among others. */
  readonly probability: number;
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
  /** 0..1: how probable it is that the time of day changes what the user watches. */
  readonly habit: number;
  /** Genres of which the user's plays in it have more than their plays at other times, surely enough. */
  readonly timely: ReadonlySet<string>;
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
  /** How probable each expert of habits.ts is for the user. */
  readonly experts: readonly number[];
  /** Shares by memory. */
  readonly shares: readonly ReadonlyMap<string, number>[];
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);

const best = (preferences: GenrePreference[]): GenrePreference[] =>
  preferences.sort((a, b) => b.share - a.share || (a.genre < b.genre ? -1 : 1));

/** `weight`: how many plays' worth the estimate rests on, prior included. */
function preference(genre: string, share: number, probability: number, base: number, weight: number): GenrePreference {
  const atLeast = Math.max(0, share - Z10 * Math.sqrt((share * (1 - share)) / (weight + 1)));
  return {
    genre,
    share,
    probability,
    lift: share / base,
    liftAtLeast: atLeast / base,
    confidence: share > 0 ? atLeast / share : 0,
  };
}

const addUp = (counts: Counts, more: Counts, scale: number): void => {
  for (const [genre, count] of Object.entries(more)) counts[genre] = (counts[genre] ?? 0) + count / scale;
};

/** Counts of a cell by memory, at their present worth. */
const recalled = (profile: Profile, cell: Cell): [Counts, number][] => [
  [cell.genres, profile.scale],
  [cell.recent ?? cell.genres, cell.recent === undefined ? profile.scale : (profile.recentScale ?? 1)],
];

/** The user's genres over the whole day. */
export function tasteOf(profile: Profile, crowd: Crowd): Taste {
  const counts: Counts[] = MEMORIES.map(() => ({}));
  for (const cell of profile.windows) {
    for (const [m, [own, scale]] of recalled(profile, cell).entries()) addUp(counts[m] as Counts, own, scale);
  }
  for (const named of profile.favourites) {
    for (const each of counts) each[named] = (each[named] ?? 0) + FAVOURITE_PLAYS;
  }
  const [steady = {}] = counts;
  const evidence = sum(Object.values(steady));
  const experts = expertsOf(profile.trials ?? []);
  const known = [...new Set([...crowd.genres, ...Object.keys(steady)])];
  const shares = counts.map((own) => {
    const total = sum(Object.values(own)) + CROWD_PRIOR;
    const shareOf = (genre: string): number =>
      ((own[genre] ?? 0) + CROWD_PRIOR * Math.max(LEAST_SHARE, crowd.share(genre))) / total;
    return new Map(known.map((genre) => [genre, shareOf(genre)]));
  });
  const probabilityOf = presenceOf(profile, crowd);
  const genres = new Map<string, GenrePreference>();
  for (const genre of known) {
    const share = shares.reduce((all, of, m) => all + trustIn(experts, m) * (of.get(genre) ?? 0), 0);
    const base = Math.max(LEAST_SHARE, crowd.share(genre));
    genres.set(genre, preference(genre, share, probabilityOf(genre), base, evidence + CROWD_PRIOR));
  }
  const favourites = best(Object.keys(steady).map((genre) => genres.get(genre) as GenrePreference));
  return { evidence, genres, favourites, named: profile.favourites, experts, shares };
}

/** How probable a genre is to be among those of the user's next title, at any time of day. */
function presenceOf(profile: Profile, crowd: Crowd): (genre: string) => number {
  const [steady, recent]: [Counts, Counts] = [{}, {}];
  for (const { presence = {} } of profile.windows) addUp(steady, presence, profile.scale);
  let [recentPlays, worth] = [0, 1];
  for (const { genres, gained } of (profile.latest ?? []).toReversed()) {
    recentPlays += gained * worth;
    for (const genre of genres) recent[genre] = (recent[genre] ?? 0) + gained * worth;
    worth *= RECENT_DECAY;
  }
  for (const genre of profile.favourites) {
    for (const own of [steady, recent]) own[genre] = (own[genre] ?? 0) + FAVOURITE_PLAYS;
  }
  const named = FAVOURITE_PLAYS * profile.favourites.length;
  const plays = named + sum(profile.windows.map(({ weight = 0 }) => weight)) / profile.scale;
  const strengths = CROWD_STRENGTHS.length;
  const pulls = crowd.trust.own.map((trust) => [
    pullOf(trust.slice(0, strengths), CROWD_STRENGTHS, plays),
    pullOf(trust.slice(strengths), CROWD_STRENGTHS, named + recentPlays),
  ]);
  return (genre) => {
    const usual = crowd.presence(genre);
    const [long, short] = pulls[sideOf(steady[genre] ?? 0, plays, usual)] as [Pull, Pull];
    const own = (steady[genre] ?? 0) * long.perPlay + (recent[genre] ?? 0) * short.perPlay;
    return Math.min(1, own + usual * (long.ofPrior + short.ofPrior));
  };
}

/** Of all experts those with the memory, by STRENGTHS. */
const expertsWith = (experts: readonly number[], memory: number): number[] =>
  experts.slice(memory * STRENGTHS.length, (memory + 1) * STRENGTHS.length);

const trustIn = (experts: readonly number[], memory: number): number => sum(expertsWith(experts, memory));

/** What a window is like before the user's own plays in it: their average, bent a little towards what everybody watches then. */
function priorsOf(shares: ReadonlyMap<string, number>, window: Window, crowd: Crowd): Map<string, number> {
  const priors = new Map<string, number>();
  let total = 0;
  for (const [genre, share] of shares) {
    const prior = share * Math.sqrt(bendOf(genre, window, crowd));
    priors.set(genre, prior);
    total += prior;
  }
  for (const [genre, prior] of priors) priors.set(genre, prior / (total || 1));
  return priors;
}

const bendOf = (genre: string, window: Window, crowd: Crowd): number =>
  Math.max(LEAST_SHARE, crowd.windowShare(window, genre)) / Math.max(LEAST_SHARE, crowd.share(genre));

/** The user's genres in one part of the day. */
export function windowTasteOf(profile: Profile, taste: Taste, window: Window, crowd: Crowd): WindowTaste {
  const cell = profile.windows[WINDOWS.indexOf(window) as 0 | 1 | 2 | 3];
  const views = recalled(profile, cell).map(([own, scale], m) => ({
    own,
    scale,
    priors: priorsOf(taste.shares[m] ?? new Map(), window, crowd),
    pull: pullOf(expertsWith(taste.experts, m), STRENGTHS, sum(Object.values(own)) / scale),
  }));
  const present = (cell.weight ?? 0) / profile.scale;
  const pulls = crowd.trust.window.map((trust) => pullOf(trust, WINDOW_STRENGTHS, present));
  const weight = sum(Object.values(cell.genres)) / profile.scale + meanStrength(taste.experts);
  const genres = new Map<string, GenrePreference>();
  for (const [genre, usual] of taste.genres) {
    let share = 0;
    for (const { own, scale, priors, pull } of views) {
      share += ((own[genre] ?? 0) / scale) * pull.perPlay + (priors.get(genre) ?? 0) * pull.ofPrior;
    }
    const ownPresence = (cell.presence?.[genre] ?? 0) / profile.scale;
    const expected = Math.min(1, usual.probability * Math.sqrt(bendOf(genre, window, crowd)));
    const pull = pulls[sideOf(ownPresence, present, expected)] as Pull;
    const probability = Math.min(1, ownPresence * pull.perPlay + expected * pull.ofPrior);
    genres.set(genre, preference(genre, share, probability, usual.share, weight));
  }
  return {
    window,
    plays: cell.plays,
    avgEngagement: cell.plays > 0 ? Math.min(1, cell.progressSum / cell.plays) : 0,
    habit: sum(taste.experts.filter((_, i) => (STRENGTHS[i % STRENGTHS.length] ?? 0) <= HABIT_STRENGTH)),
    timely: timelyGenres(profile, cell),
    genres,
    preferred: best(Object.keys(cell.genres).flatMap((genre) => genres.get(genre) ?? [])),
  };
}

/** Harmonic, over all experts: as cautious as the weakest of the probable ones. */
const meanStrength = (experts: readonly number[]): number =>
  1 / experts.reduce((all, trust, i) => all + trust / (STRENGTHS[i % STRENGTHS.length] ?? 1), 0);

/** Whether the evidence carries saying that the user likes the genre more at this time than otherwise. */
export const isTimePreference = (taste: WindowTaste, genre: string): boolean =>
  taste.plays >= MIN_PLAYS_FOR_CLAIM &&
  taste.habit >= MIN_HABIT &&
  taste.timely.has(genre) &&
  (taste.genres.get(genre)?.liftAtLeast ?? 0) > 1;

/** Whether the user said to like the genre, or the evidence carries saying that they often watch it. */
export function isTaste(taste: Taste, genre: string): boolean {
  if (taste.named.includes(genre)) return true;
  const found = taste.favourites.slice(0, 5).find((favourite) => favourite.genre === genre);
  return found !== undefined && taste.evidence >= 2 && found.liftAtLeast > 1;
}
