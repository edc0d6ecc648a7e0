/** How good answers were: means over the questions. Pure. */

/** Adds up, and answers the mean; 0 of nothing. */
export class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  get value(): number {
    return this.#count > 0 ? this.#sum / this.#count : 0;
  }
}

/** Whether one of the first `k` is among those that were right. */
export const hitAt = (answers: readonly string[], right: readonly string[], k: number): number =>
  answers.slice(0, k).some((answer) => right.includes(answer)) ? 1 : 0;

/** Discounted gain of the one right answer, 0..1 (Järvelin and Kekäläinen 2002). */
export function ndcgAt(answers: readonly string[], right: string, k: number): number {
  const place = answers.slice(0, k).indexOf(right);
  return place < 0 ? 0 : 1 / Math.log2(place + 2);
}

/** Expected calibration error over bins of equal width (Naeini, Cooper and Hauskrecht 2015). */
export class Calibration {
  readonly #bins: { count: number; stated: number; true: number }[];

  constructor(bins = 10) {
    this.#bins = Array.from({ length: bins }, () => ({ count: 0, stated: 0, true: 0 }));
  }

  add(stated: number, isTrue: boolean): void {
    const place = Math.min(this.#bins.length - 1, Math.floor(stated * this.#bins.length));
    const bin = this.#bins[place];
    if (bin === undefined) return;
    bin.count += 1;
    bin.stated += stated;
    bin.true += isTrue ? 1 : 0;
  }

  get error(): number {
    const count = this.#bins.reduce((sum, bin) => sum + bin.count, 0);
    const off = this.#bins.reduce((sum, bin) => sum + Math.abs(bin.stated - bin.true), 0);
    return count > 0 ? off / count : 0;
  }
}
