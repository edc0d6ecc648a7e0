/**
 * How much the place of a genre in a title's list says of why the title is watched, learned from what people watch. Catalogues
 * differ: some put the genre that matters first, some list by the alphabet. A mixture of one expert per place, fitted by online
 * expectation maximisation (Cappé and Moulines 2009): the expert of place p says that a user's next title is chosen by its p-th
 * genre, as far as the user watches that genre more than others do. Pure.
 */
import { MAX_GENRES } from './genres.ts';

/** Three numbers need few witnesses: those heard of first. About 1 kB of memory each. */
const MAX_WITNESSES = 500;
/** Of a witness, before their plays say anything. */
const MIN_PLAYS = 5;
/** Plays' worth of trust in the crowd, for one witness. */
const CROWD_PRIOR = 5;
/** Plays' worth of trust in the start, and plays after which what was learned counts half. */
const START_PLAYS = 200;
const HALF_LIFE_PLAYS = 3_000;
const DECAY = 0.5 ** (1 / HALF_LIFE_PLAYS);

/** The credit of genres before anything is known: 1, 1/2, 1/3. */
export const START_PLACES: readonly number[] = Array.from({ length: MAX_GENRES }, (_, place) => 1 / (place + 1));

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

interface Witness {
  plays: number;
  readonly genres: Map<string, number>;
}

export class GenrePlaces {
  readonly #crowd: Witness = { plays: 0, genres: new Map() };
  readonly #witnesses = new Map<string, Witness>();
  #evidence: readonly number[] = START_PLACES.map((start) => (START_PLAYS * start) / sum(START_PLACES));

  /** What each place counts; sums to 1. */
  get weights(): readonly number[] {
    const total = sum(this.#evidence);
    return this.#evidence.map((part) => part / total);
  }

  /** Learns from a play of a title with these genres. */
  fold(userId: string, genres: readonly string[]): void {
    const witness = this.#witnessOf(userId);
    if (witness === undefined || genres.length === 0) return;
    const told = [...new Set(genres)].slice(0, MAX_GENRES);
    const weights = this.weights;
    const worth = told.map((genre, place) => (weights[place] as number) * this.#lift(witness, genre));
    const chosenBy = worth.map((part) => part / sum(worth));
    if (told.length > 1 && witness.plays >= MIN_PLAYS) {
      // Of the places that the title does not have it says nothing: they keep their part.
      const reach = sum(weights.slice(0, told.length));
      this.#evidence = this.#evidence.map(
        (part, place) =>
          part * DECAY + (chosenBy[place] === undefined ? (weights[place] as number) : chosenBy[place] * reach),
      );
    }
    for (const each of [witness, this.#crowd]) {
      each.plays += 1;
      for (const genre of told) each.genres.set(genre, (each.genres.get(genre) ?? 0) + 1 / told.length); // no place preferred
    }
  }

  /** How much more the witness watches the genre than everybody does. */
  #lift({ plays, genres }: Witness, genre: string): number {
    const usual = ((this.#crowd.genres.get(genre) ?? 0) + 1) / (this.#crowd.plays + 1);
    return ((genres.get(genre) ?? 0) / usual + CROWD_PRIOR) / (plays + CROWD_PRIOR);
  }

  #witnessOf(userId: string): Witness | undefined {
    const known = this.#witnesses.get(userId);
    if (known !== undefined || this.#witnesses.size >= MAX_WITNESSES) return known;
    const witness = { plays: 0, genres: new Map() };
    this.#witnesses.set(userId, witness);
    return witness;
  }
}
