/** What became of a feed's rows, in numbers a person can act on: reasons with the first row numbers. Bounded. */
import type { AcceptedRow, RejectedRow } from './connectors/connector.ts';

const FIRST_ROWS = 5;
const MOST_REASONS = 50;
const OTHER = 'other reasons';

export interface SomeRows {
  readonly rows: number;
  readonly firstRows: readonly number[];
}

export interface RowCounts {
  readonly read: number;
  readonly accepted: number;
  readonly quarantined: readonly (SomeRows & { readonly reason: string })[];
  /** Rows with the id of an earlier row of the feed, whose values they replaced. */
  readonly repeated: SomeRows;
}

export class RowReport {
  readonly unreadableIds = new Set<string>();
  readonly #mostIds: number;
  readonly #ids = new Set<string>();
  readonly #reasons = new Map<string, { rows: number; firstRows: number[] }>();
  readonly #repeated: { rows: number; firstRows: number[] } = { rows: 0, firstRows: [] };
  #accepted = 0;
  #rejected = 0;
  #isCut = false;

  constructor(mostIds: number) {
    this.#mostIds = mostIds;
  }

  get read(): number {
    return this.#accepted + this.#rejected;
  }

  /** The feed ends in the middle of a row. */
  get isCut(): boolean {
    return this.#isCut;
  }

  accepted({ row, platformId }: AcceptedRow): void {
    this.#accepted += 1;
    if (this.#ids.has(platformId)) note(this.#repeated, row);
    else if (this.#ids.size < this.#mostIds) this.#ids.add(platformId);
  }

  rejected({ row, reason, platformId, isCut }: RejectedRow): void {
    this.#rejected += 1;
    this.#isCut = isCut;
    if (platformId !== null && this.unreadableIds.size < this.#mostIds) this.unreadableIds.add(platformId);
    const known = this.#reasons.has(reason) || this.#reasons.size < MOST_REASONS ? reason : OTHER;
    const rows = this.#reasons.get(known) ?? { rows: 0, firstRows: [] };
    this.#reasons.set(known, rows);
    note(rows, row);
  }

  counts(): RowCounts {
    const quarantined = [...this.#reasons].map(([reason, rest]) => ({ reason, ...rest }));
    return { read: this.read, accepted: this.#accepted, quarantined, repeated: this.#repeated };
  }
}

function note(rows: { rows: number; firstRows: number[] }, row: number): void {
  rows.rows += 1;
  if (rows.firstRows.length < FIRST_ROWS) rows.firstRows.push(row);
}
