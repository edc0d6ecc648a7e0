/**
 * Which offsets of each partition were handled, where two readers go over the same log: one from the start to the end (it
 * `pass`es each offset), one that `cover`s stretches ahead of it. Bounded: only the latest stretch of a partition is kept.
 */
interface Coverage {
  /** Next offset that the reader from the start has not passed. */
  passed: number;
  /** The stretch covered: from, and one past the last. */
  from: number;
  to: number;
}

export class CoveredOffsets {
  readonly #partitions = new Map<number, Coverage>();

  /** Whether the offset is covered already. */
  pass(partition: number, offset: number): boolean {
    const coverage = this.#of(partition);
    coverage.passed = Math.max(coverage.passed, offset + 1);
    return offset >= coverage.from && offset < coverage.to;
  }

  /** All events from `first` to `last` were read: answers the first offset of them that nobody has handled; Infinity: none. */
  cover(partition: number, first: number, last: number): number {
    const coverage = this.#of(partition);
    const end = last + 1;
    const from = Math.max(first, coverage.passed);
    if (from >= end) return Number.POSITIVE_INFINITY;
    const isFresh = coverage.to <= coverage.passed;
    if (isFresh) {
      coverage.from = from;
      coverage.to = end;
      return from;
    }
    // Only what joins on is taken: between two stretches the tail would have to be told apart.
    if (first > coverage.to || from < coverage.from) return Number.POSITIVE_INFINITY;
    const next = Math.max(from, coverage.to);
    coverage.to = Math.max(coverage.to, end);
    return next < end ? next : Number.POSITIVE_INFINITY;
  }

  #of(partition: number): Coverage {
    let coverage = this.#partitions.get(partition);
    if (coverage === undefined) {
      coverage = { passed: 0, from: 0, to: 0 };
      this.#partitions.set(partition, coverage);
    }
    return coverage;
  }
}
