/**
 * How far a stated probability of a genre may follow a user's own plays, and those of one part of the day: learned from the
 * population, because it is not the same for people who tweet ratings as for those who watch television by the clock. Of some users
 * every play is forecast before it is counted, by experts that differ in what they trust (prequential validation: Dawid 1984); an
 * expert counts as much as its forecasts were good. A genre is forecast for itself, alone or among others of the title. Pure.
 *   own:    (n_ug + b P(g)) / (n_u + b), with the long or the short memory
 *   window: (n_uwg + a expected) / (n_uw + a), where `expected` is the mean of the above, bent as everybody's plays are at that time
 * Favourites say more of a user than the many genres they just have not come across, so the experts are weighted apart for genres
 * that the plays have more of than the prior says, and for the others. Where the two meet every expert says the same.
 */
import { trustOf } from './experts.ts';
import { MEMORIES } from './habits.ts';
import { WINDOWS } from './windows.ts';

/** b: plays' worth of trust in the crowd, for one user. */
export const CROWD_STRENGTHS = [3, 10, 30, 100, 300] as const;
/** a: plays' worth of trust in the user's average, for one window; the last is as good as no window. */
export const WINDOW_STRENGTHS = [3, 8, 20, 60, 200, 1_000] as const;

/** How much each expert counts, which sums to 1: for genres that the plays have no more of than the prior, and for those with more. */
export type TrustBySide = readonly [less: readonly number[], more: readonly number[]];

/** The place in a TrustBySide: by the long memory of the user's plays, so that both memories are weighted for the same side. */
export const sideOf = (count: number, plays: number, prior: number): 0 | 1 => (count > plays * prior ? 1 : 0);

export interface GenreTrust {
  /** In the order of MEMORIES, and in each by CROWD_STRENGTHS. */
  readonly own: TrustBySide;
  /** By WINDOW_STRENGTHS. */
  readonly window: TrustBySide;
}

/** A few hundred users tell: those heard of first. About 3 kB of memory each. */
const MAX_WITNESSES = 500;
/** Genres heard of first. */
const MAX_GENRES = 64;
/** Before so many plays there is no crowd to forecast from. */
const MIN_PLAYS = 50;
/** Plays of the witnesses after which what was learned counts half. */
const TRIAL_DECAY = 0.5 ** (1 / 3_000);
/**
 * A trial takes as long as learning a play: after each so many plays of witnesses trials are one play further apart, up to a limit,
 * and each stands for the plays passed over.
 */
const PLAYS_PER_STEP = 4_000;
const MAX_STEP = 8;
/** Plays' worth of trust that a time of day is like the others. */
const EVEN_PLAYS = 50;
/** No forecast is surer than that. */
const [LEAST, MOST] = [0.002, 0.98];
const DECAYS = MEMORIES.map((plays) => 0.5 ** (1 / plays));

const within = (probability: number): number => Math.min(MOST, Math.max(LEAST, probability));

/** Decayed plays by genre: of the day by memory, of each window with the long one. */
interface Counted {
  readonly plays: Float64Array;
  readonly genres: readonly Float64Array[];
}

const DAYS = MEMORIES.length;
const emptyCounts = (): Counted => ({
  plays: new Float64Array(DAYS + WINDOWS.length),
  genres: Array.from({ length: DAYS + WINDOWS.length }, () => new Float64Array(MAX_GENRES)),
});

/** Sums of logarithms, by expert and side. */
type Logs = readonly [Float64Array, Float64Array];
const twice = (experts: number): Logs => [new Float64Array(experts), new Float64Array(experts)];
const bySide = ([less, more]: Logs): TrustBySide => [trustOf(less), trustOf(more)];
const LEAST_PRODUCT = 1e-200;

export class TrustLearner {
  readonly #numbers = new Map<string, number>();
  readonly #witnesses = new Map<string, Counted>();
  /** Of all witnesses; not decayed. */
  readonly #crowd = emptyCounts();
  readonly #own = twice(DAYS * CROWD_STRENGTHS.length);
  readonly #window = twice(WINDOW_STRENGTHS.length);
  /** By genre, for the play at hand. */
  readonly #present = new Uint8Array(MAX_GENRES);
  readonly #side = new Uint8Array(MAX_GENRES);
  readonly #usual = new Float64Array(MAX_GENRES);
  readonly #forecast = new Float64Array(MAX_GENRES);
  readonly #expected = new Float64Array(MAX_GENRES);

  get trust(): GenreTrust {
    return { own: bySide(this.#own), window: bySide(this.#window) };
  }

  /** Learns from a play of a title with these genres. `window`: its place in WINDOWS; `signal`: what the play says, above 0. */
  fold(userId: string, genres: readonly string[], window: number, signal: number): void {
    const witness = this.#witnessOf(userId);
    if (witness === undefined || genres.length === 0) return;
    const numbers: number[] = [];
    for (const genre of genres) {
      const number = this.#numberOf(genre);
      if (number !== undefined) numbers.push(number);
    }
    const plays = this.#crowd.plays[0] as number;
    if (plays >= MIN_PLAYS && plays % this.#step === 0) {
      for (const number of numbers) this.#present[number] = 1;
      this.#tryAll(witness, window);
      for (const number of numbers) this.#present[number] = 0;
    }
    for (let of = 0; of < witness.plays.length; of += 1) {
      const decay = DECAYS[of] ?? (DECAYS[0] as number);
      const counts = witness.genres[of] as Float64Array;
      witness.plays[of] = (witness.plays[of] as number) * decay;
      for (let genre = 0; genre < this.#numbers.size; genre += 1) counts[genre] = (counts[genre] as number) * decay;
    }
    count(witness, numbers, window, signal);
    count(this.#crowd, numbers, window, 1);
  }

  /** Plays that a trial stands for. */
  get #step(): number {
    return Math.min(MAX_STEP, 1 + Math.floor((this.#crowd.plays[0] as number) / PLAYS_PER_STEP));
  }

  #tryAll(witness: Counted, window: number): void {
    const own = bySide(this.#own);
    const size = this.#numbers.size;
    for (let genre = 0; genre < size; genre += 1) {
      this.#usual[genre] = within(this.#crowdShare(0, genre, 0, 0));
      this.#expected[genre] = 0;
    }
    this.#takeSides(witness, 0);
    for (let expert = 0; expert < DAYS * CROWD_STRENGTHS.length; expert += 1) {
      const memory = Math.floor(expert / CROWD_STRENGTHS.length);
      this.#try(this.#own, expert, witness, memory, CROWD_STRENGTHS[expert % CROWD_STRENGTHS.length] as number);
      for (let genre = 0; genre < size; genre += 1) {
        const part = own[this.#side[genre] as 0 | 1][expert] as number;
        this.#expected[genre] = (this.#expected[genre] as number) + part * (this.#forecast[genre] as number);
      }
    }
    const at = DAYS + window;
    for (let genre = 0; genre < size; genre += 1) {
      const usual = this.#usual[genre] as number;
      const bend = Math.sqrt(this.#crowdShare(at, genre, EVEN_PLAYS, usual) / usual);
      this.#usual[genre] = Math.min(1, (this.#expected[genre] as number) * bend);
    }
    this.#takeSides(witness, at);
    for (const [expert, strength] of WINDOW_STRENGTHS.entries()) this.#try(this.#window, expert, witness, at, strength);
  }

  #takeSides({ plays, genres }: Counted, of: number): void {
    for (let genre = 0; genre < this.#numbers.size; genre += 1) {
      this.#side[genre] = sideOf(genres[of]?.[genre] as number, plays[of] as number, this.#usual[genre] as number);
    }
  }

  /** Forecasts every genre, its prior being what is usual, and scores that for its side. */
  #try(logs: Logs, expert: number, { plays, genres }: Counted, of: number, strength: number): void {
    const counts = genres[of] as Float64Array;
    const [usual, forecasts, sides, present] = [this.#usual, this.#forecast, this.#side, this.#present];
    const perPlay = 1 / ((plays[of] as number) + strength);
    const scored: [number, number] = [0, 0];
    const products: [number, number] = [1, 1]; // of many genres, for one logarithm, as long as a number can hold it
    for (let genre = 0; genre < this.#numbers.size; genre += 1) {
      const forecast = within(((counts[genre] as number) + strength * (usual[genre] as number)) * perPlay);
      forecasts[genre] = forecast;
      const side = sides[genre] as 0 | 1;
      products[side] *= present[genre] === 1 ? forecast : 1 - forecast;
      if (products[side] > LEAST_PRODUCT) continue;
      scored[side] += Math.log(products[side]);
      products[side] = 1;
    }
    const decay = TRIAL_DECAY ** this.#step;
    for (const side of [0, 1] as const) {
      const log = scored[side] + Math.log(products[side]);
      logs[side][expert] = (logs[side][expert] as number) * decay + this.#step * log;
    }
  }

  #crowdShare(of: number, genre: number, evenPlays: number, even: number): number {
    const { plays, genres } = this.#crowd;
    return ((genres[of]?.[genre] as number) + evenPlays * even) / ((plays[of] as number) + evenPlays);
  }

  #witnessOf(userId: string): Counted | undefined {
    const known = this.#witnesses.get(userId);
    if (known !== undefined || this.#witnesses.size >= MAX_WITNESSES) return known;
    const witness = emptyCounts();
    this.#witnesses.set(userId, witness);
    return witness;
  }

  #numberOf(genre: string): number | undefined {
    const known = this.#numbers.get(genre);
    if (known !== undefined || this.#numbers.size >= MAX_GENRES) return known;
    this.#numbers.set(genre, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

function count({ plays, genres }: Counted, numbers: readonly number[], window: number, amount: number): void {
  for (let of = 0; of < plays.length; of += 1) {
    if (of >= DAYS && of !== DAYS + window) continue;
    plays[of] = (plays[of] as number) + amount;
    const counts = genres[of] as Float64Array;
    for (const number of numbers) counts[number] = (counts[number] as number) + amount;
  }
}
