/**
 * Which titles the same people watch, near each other in time: the neighbours behind an item-to-item score. In memory, learned one
 * interaction at a time, bounded: so many neighbours per title, so many titles, and the latest titles of so many users. Pure.
 */
import type { Catalogue } from './catalogue.ts';
import { type Interaction, isPlay } from './interaction.ts';
import type { TitleIndex } from './title-index.ts';

const MAX_TITLES = 200_000;
/** Past this the least counted neighbour makes room. 12 bytes each. */
const MAX_NEIGHBOURS = 96;
/** A play is paired with so many of the user's titles before it. */
const MAX_RECENT = 12;
/** A pair seen so often counts half of what its cosine says. */
const FEW_TOGETHER = 5;
/** The users heard of longest ago are forgotten: their later plays pair from then on. */
const MAX_USERS = 100_000;

/** Counts of one title: sums over users of the plays paired. */
interface Neighbours {
  /** Plays by distinct users, as far as remembered. */
  plays: number;
  size: number;
  numbers: Int32Array;
  counts: Float32Array;
  /** The first of the least counted, as long as it counts `leastCount`: counts only grow. */
  least: number;
  leastCount: number;
}

export class CoOccurrence {
  readonly #numbers = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #titles: Neighbours[] = [];
  /** User to the numbers of their latest titles, latest last. In the order of when they were last heard of. */
  readonly #recent = new Map<string, number[]>();
  #revision = 0;

  /** Grows with every play that counted. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#titles.length;
  }

  /** Counts a play with the user's titles before it; everything else, and a title among those, is passed over. */
  fold(interaction: Pick<Interaction, 'userId' | 'contentId' | 'type' | 'progress'>): void {
    if (!isPlay(interaction)) return;
    const { userId, contentId } = interaction;
    const number = this.#intern(contentId);
    if (number < 0) return;
    const recent = this.#recent.get(userId) ?? [];
    this.#recent.delete(userId);
    this.#recent.set(userId, recent);
    if (this.#recent.size > MAX_USERS) {
      for (const oldest of this.#recent.keys()) {
        this.#recent.delete(oldest);
        break;
      }
    }
    if (recent.includes(number)) return;
    const own = this.#titles[number] as Neighbours;
    own.plays += 1;
    for (const other of recent) {
      const theirs = this.#titles[other] as Neighbours;
      count(own, other);
      count(theirs, number);
    }
    recent.push(number);
    if (recent.length > MAX_RECENT) recent.shift();
    this.#revision += 1;
  }

  /** Adds, by row, what titles that were watched with this one get from it: cosine of their viewers, times `weight`. */
  addNeighbours(contentId: string, weight: number, rows: Int32Array, into: Float32Array): void {
    const number = this.#numbers.get(contentId);
    const found = number === undefined ? undefined : this.#titles[number];
    if (found === undefined) return;
    for (let i = 0; i < found.size; i += 1) {
      const other = found.numbers[i] as number;
      const row = rows[other] ?? -1;
      if (row < 0) continue;
      const together = found.counts[i] as number;
      const trust = together / (together + FEW_TOGETHER);
      const plays = found.plays * (this.#titles[other] as Neighbours).plays;
      into[row] = (into[row] as number) + (weight * trust * together) / Math.sqrt(plays + 1);
    }
  }

  /** The row of every title known here, by number; -1 where the index has none. `known`: of the first of them. Cost: linear in the others. */
  rowsIn(index: TitleIndex, catalogue: Catalogue, known: Int32Array = new Int32Array()): Int32Array {
    const rows = new Int32Array(this.#ids.length);
    rows.set(known);
    for (let number = known.length; number < rows.length; number += 1) {
      const id = this.#ids[number] as string;
      rows[number] = index.rowOf.get(id) ?? index.rowOf.get(catalogue.find(id)?.id ?? '') ?? -1;
    }
    return rows;
  }

  /** -1 when there are too many titles. */
  #intern(contentId: string): number {
    const known = this.#numbers.get(contentId);
    if (known !== undefined) return known;
    if (this.#titles.length >= MAX_TITLES) return -1;
    this.#numbers.set(contentId, this.#titles.length);
    this.#ids.push(contentId);
    this.#titles.push({
      plays: 0,
      size: 0,
      numbers: new Int32Array(4),
      counts: new Float32Array(4),
      least: 0,
      leastCount: -1,
    });
    return this.#titles.length - 1;
  }
}

function count(title: Neighbours, other: number): void {
  const { numbers, size } = title;
  let at = 0;
  while (at < size && numbers[at] !== other) at += 1;
  if (at === size) {
    at = size < MAX_NEIGHBOURS ? append(title) : leastOf(title);
    title.numbers[at] = other;
    title.counts[at] = 0;
  }
  title.counts[at] = (title.counts[at] as number) + 1;
}

function append(title: Neighbours): number {
  const { size, numbers, counts } = title;
  if (size === numbers.length) {
    title.numbers = new Int32Array(size * 2);
    title.numbers.set(numbers);
    title.counts = new Float32Array(size * 2);
    title.counts.set(counts);
  }
  title.size += 1;
  return size;
}

/** Of a full title. What takes its place counts 1 at first: no more than it did. */
function leastOf(title: Neighbours): number {
  const { counts } = title;
  if (counts[title.least] === title.leastCount) return title.least;
  let least = 0;
  for (let i = 1; i < counts.length; i += 1) if ((counts[i] as number) < (counts[least] as number)) least = i;
  title.least = least;
  title.leastCount = counts[least] as number;
  return least;
}
