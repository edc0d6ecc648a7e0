/** What a connector is: one platform's rows in, source records or rejections out. It knows no log and no store. */
import { type SourceRecord, sourceRecord } from '../../../schema/events/content-sync.ts';

/** A row that became a record. */
export interface AcceptedRow {
  readonly kind: 'accepted';
  /** Counted from 1 without the header line. */
  readonly row: number;
  readonly platformId: string;
  /** Null: the file has none; whoever reads it gives the time of reading. */
  readonly version: number | null;
  readonly snapshotId: string | null;
  readonly record: SourceRecord;
}

/** A row that cannot be used. It is kept as it is, never bent into shape. */
export interface RejectedRow {
  readonly kind: 'rejected';
  readonly row: number;
  readonly reason: string;
  /** The bytes of the row as they came; of a very long one the beginning. */
  readonly raw: Buffer;
  /** As far as it can be read: the platform still has that title, whatever else the row says. */
  readonly platformId: string | null;
  /** The file ends in the middle of this row: there may have been more. */
  readonly isCut: boolean;
}

export type ReadRow = AcceptedRow | RejectedRow;

export interface Connector {
  /** Reads at the caller's pace, in constant memory. @throws WrongFile, and whatever ends the source before its time */
  read(file: AsyncIterable<Uint8Array>): AsyncIterable<ReadRow>;
}

/** This is no file of its platform; the message says what is needed. */
export class WrongFile extends Error {
  override readonly name = 'WrongFile';
}

/** Why a row cannot be used; thrown while a row is read, never beyond its connector. */
export class UnusableRow extends Error {
  override readonly name = 'UnusableRow';
}

/** Checks a record against its published shape and fills in what was left out. @throws UnusableRow naming the field */
export function checkedRecord(fields: unknown): SourceRecord {
  const checked = sourceRecord.safeParse(fields);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new UnusableRow(`${String(issue?.path[0] ?? 'record')}: ${issue?.message ?? 'not of its published shape'}`);
}
