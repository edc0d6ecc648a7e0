/** Numbers for titles as events name them, and the row of each in an index. Bounded. Pure. */
import type { Catalogue } from './catalogue.ts';
import type { TitleIndex } from './title-index.ts';

const MAX_TITLES = 200_000;

export class TitleNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #ids: string[] = [];
  #index: TitleIndex | null = null;
  #rows = new Int32Array();

  get size(): number {
    return this.#ids.length;
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** Numbers rise from 0 in the order of asking; -1 when there are too many titles. */
  intern(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    if (this.size >= MAX_TITLES) return -1;
    this.#numbers.set(id, this.size);
    this.#ids.push(id);
    return this.size - 1;
  }

  /** The row of every title, by number; -1 where the index has none. Cost: linear in titles that are new since the last time. */
  rowsIn(index: TitleIndex, catalogue: Catalogue): Int32Array {
    const known = index === this.#index ? this.#rows : new Int32Array();
    if (index === this.#index && known.length === this.size) return known;
    const rows = new Int32Array(this.size);
    rows.set(known);
    for (let number = known.length; number < rows.length; number += 1) {
      const id = this.#ids[number] as string;
      rows[number] = index.rowOf.get(id) ?? index.rowOf.get(catalogue.find(id)?.id ?? '') ?? -1;
    }
    this.#index = index;
    this.#rows = rows;
    return rows;
  }
}
