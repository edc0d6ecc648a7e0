/** Numbers for terms, and every work's terms by number, so that an index is rebuilt without reading the text again. */
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import { type Term, termsOf } from './terms.ts';

/** A work's distinct terms in rising order, and 1 + log of their weight. */
export interface TermBag {
  readonly terms: Uint32Array;
  readonly weights: Float32Array;
}

export class Vocabulary {
  readonly #numbers = new Map<string, number>();
  readonly #terms: Pick<Term, 'key' | 'text'>[] = [];
  readonly #bags = new WeakMap<WorkSummary, TermBag>();

  get size(): number {
    return this.#terms.length;
  }

  numberOf(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  keyOf(term: number): string {
    return this.#terms[term]?.key ?? '';
  }

  textOf(term: number): string {
    return this.#terms[term]?.text ?? '';
  }

  /** Cached for as long as the work itself lives. */
  bagOf(work: WorkSummary): TermBag {
    let bag = this.#bags.get(work);
    if (bag === undefined) {
      bag = this.#read(termsOf(work));
      this.#bags.set(work, bag);
    }
    return bag;
  }

  #read(terms: readonly Term[]): TermBag {
    const sums = new Map<number, number>();
    for (const term of terms) {
      const number = this.#intern(term);
      sums.set(number, (sums.get(number) ?? 0) + term.weight);
    }
    const numbers = Uint32Array.from(sums.keys()).sort();
    return { terms: numbers, weights: Float32Array.from(numbers, (term) => 1 + Math.log(sums.get(term) ?? 1)) };
  }

  #intern({ key, text }: Term): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#terms.length);
    this.#terms.push({ key, text });
    return this.#terms.length - 1;
  }
}
