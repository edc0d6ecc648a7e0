/**
 * What an operator has decided of two records: that they are one work, or that they are not. It stands above all evidence, for as
 * long as the records are what they were: a row number that is given to another title takes no decision along. Pure.
 */
import { isStableId } from './deep-links.ts';

export type Verdict = 'same' | 'different';

/** A record by its key, `platform:platformId`, and its title as `Features` has it when it was decided. */
export interface DecidedRecord {
  readonly key: string;
  readonly title: string;
}

export interface Decision {
  readonly a: DecidedRecord;
  readonly b: DecidedRecord;
  readonly verdict: Verdict;
}

/** The same for either order of the two. */
export const pairOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

export class Decisions {
  readonly #byPair = new Map<string, Decision>();
  readonly #sameAs = new Map<string, Set<string>>();

  /** Stands in the place of what was decided of the two before. */
  set(decision: Decision): void {
    const { a, b, verdict } = decision;
    this.#byPair.set(pairOf(a.key, b.key), decision);
    for (const [one, other] of [
      [a.key, b.key],
      [b.key, a.key],
    ] as const) {
      const same = this.#sameAs.get(one) ?? new Set();
      if (verdict === 'same') same.add(other);
      else same.delete(other);
      this.#sameAs.set(one, same);
    }
  }

  /** Keys of the records that have been decided to be one work with this one. */
  sameAs(key: string): Iterable<string> {
    return this.#sameAs.get(key) ?? [];
  }

  /** Null: nothing was decided of these two titles. */
  between(a: DecidedRecord, b: DecidedRecord): Verdict | null {
    if (this.#byPair.size === 0) return null;
    const decision = this.#byPair.get(pairOf(a.key, b.key));
    if (!decision) return null;
    const isStill = (record: DecidedRecord): boolean =>
      isStableId(record.key.slice(record.key.indexOf(':') + 1)) ||
      record.title === (record.key === decision.a.key ? decision.a : decision.b).title;
    return isStill(a) && isStill(b) ? decision.verdict : null;
  }
}
