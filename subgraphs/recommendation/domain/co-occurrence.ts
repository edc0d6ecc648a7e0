/**
 * Which titles the same people watch, near each other in time: the neighbours behind an item-to-item score. In memory, learned one
 * interaction at a time, bounded: so many neighbours per title, so many titles, and the latest titles of so many users. Pure.
 */
import type { Catalogue } from './catalogue.ts';
import { type Interaction, isPlay } from './interaction.ts';
import type { TitleIndex } from './title-index.ts';
import { TitleNumbers } from './title-numbers.ts';

/** Past this the least counted neighbour makes room. 8 bytes each, whether there are so many or not. */
const MAX_NEIGHBOURS = 96;
/** A play is paired with so many of the user's titles before it. */
const MAX_RECENT = 12;
/** A pair seen so often counts half of what its cosine says. */
const FEW_TOGETHER = 5;
/** The users heard of longest ago are forgotten: their later plays pair from then on. */
const MAX_USERS = 100_000;

/** Memory comes for so many titles at once: one by one they would be objects that every collection of garbage visits. */
const BLOCK_TITLES = 256;

/** Counts of some titles: sums over users of the plays paired. */
interface Block {
  /** By title: plays by distinct users, as far as remembered. */
  readonly plays: Float64Array;
  /** By title: how many neighbours it has. */
  readonly sizes: Uint8Array;
  /** By title: the first of its least counted neighbours, as long as that counts `leastCounts`: counts only grow. */
  readonly least: Uint8Array;
  readonly leastCounts: Float32Array;
  /** MAX_NEIGHBOURS for each title: their numbers and counts. */
  readonly neighbours: Int32Array;
  readonly counts: Float32Array;
}

const emptyBlock = (): Block => ({
  plays: new Float64Array(BLOCK_TITLES),
  sizes: new Uint8Array(BLOCK_TITLES),
  least: new Uint8Array(BLOCK_TITLES),
  leastCounts: new Float32Array(BLOCK_TITLES).fill(-1),
  neighbours: new Int32Array(BLOCK_TITLES * MAX_NEIGHBOURS),
  counts: new Float32Array(BLOCK_TITLES * MAX_NEIGHBOURS),
});

export class CoOccurrence {
  readonly #numbers = new TitleNumbers();
  /** Of the titles by number. */
  readonly #blocks: Block[] = [];
  /** User to the numbers of their latest titles, latest last. In the order of when they were last heard of. */
  readonly #recent = new Map<string, number[]>();

  get size(): number {
    return this.#numbers.size;
  }

  /** Counts a play with the user's titles before it; everything else, and a title among those, is passed over. */
  fold(interaction: Pick<Interaction, 'userId' | 'contentId' | 'type' | 'progress'>): void {
    if (!isPlay(interaction)) return;
    const { userId, contentId } = interaction;
    const number = this.#numbers.intern(contentId);
    if (number < 0) return;
    if (number === this.#blocks.length * BLOCK_TITLES) this.#blocks.push(emptyBlock());
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
    const own = this.#blockOf(number);
    own.plays[number % BLOCK_TITLES] = this.#playsOf(number) + 1;
    for (const other of recent) {
      count(own, number % BLOCK_TITLES, other);
      count(this.#blockOf(other), other % BLOCK_TITLES, number);
    }
    recent.push(number);
    if (recent.length > MAX_RECENT) recent.shift();
  }

  /** Adds, by row, what titles that were watched with this one get from it: cosine of their viewers, times `weight`. */
  addNeighbours(contentId: string, weight: number, rows: Int32Array, into: Float32Array): void {
    const number = this.#numbers.numberOf(contentId);
    if (number === undefined) return;
    const { neighbours, counts, sizes } = this.#blockOf(number);
    const first = (number % BLOCK_TITLES) * MAX_NEIGHBOURS;
    const end = first + (sizes[number % BLOCK_TITLES] as number);
    for (let place = first; place < end; place += 1) {
      const other = neighbours[place] as number;
      const row = rows[other] ?? -1;
      if (row < 0) continue;
      const together = counts[place] as number;
      const trust = together / (together + FEW_TOGETHER);
      const plays = this.#playsOf(number) * this.#playsOf(other);
      into[row] = (into[row] as number) + (weight * trust * together) / Math.sqrt(plays + 1);
    }
  }

  /** The row of every title known here, by number; -1 where the index has none. */
  rowsIn(index: TitleIndex, catalogue: Catalogue): Int32Array {
    return this.#numbers.rowsIn(index, catalogue);
  }

  #blockOf(number: number): Block {
    return this.#blocks[Math.floor(number / BLOCK_TITLES)] as Block;
  }

  #playsOf(number: number): number {
    return this.#blockOf(number).plays[number % BLOCK_TITLES] as number;
  }
}

/** Another play of both titles. */
function count(block: Block, title: number, other: number): void {
  const { sizes, neighbours, counts } = block;
  const size = sizes[title] as number;
  const first = title * MAX_NEIGHBOURS;
  let place = first;
  while (place < first + size && neighbours[place] !== other) place += 1;
  if (place === first + size) {
    if (size < MAX_NEIGHBOURS) sizes[title] = size + 1;
    else place = first + leastOf(block, title);
    neighbours[place] = other;
    counts[place] = 0;
  }
  counts[place] = (counts[place] as number) + 1;
}

/** Of a title that has all neighbours it may have. What takes the place counts 1 at first: no more than it did. */
function leastOf({ least, leastCounts, counts }: Block, title: number): number {
  const first = title * MAX_NEIGHBOURS;
  const known = least[title] as number;
  if (counts[first + known] === leastCounts[title]) return known;
  let place = 0;
  for (let i = 1; i < MAX_NEIGHBOURS; i += 1) {
    if ((counts[first + i] as number) < (counts[first + place] as number)) place = i;
  }
  least[title] = place;
  leastCounts[title] = counts[first + place] as number;
  return place;
}
