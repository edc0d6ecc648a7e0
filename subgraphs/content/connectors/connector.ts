/** What a connector is: one platform's rows in, source records or rejections out. It knows no log and no store. */
import type { Readable } from 'node:stream';
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
  /** The bytes of the row as they came. */
  readonly raw: string;
}

export type ReadRow = AcceptedRow | RejectedRow;

export interface Connector {
  /** Reads at the caller's pace, in constant memory. @throws WrongFile */
  read(file: Readable): AsyncIterable<ReadRow>;
}

/** This is no file of its platform, or cannot be read on; the message says what is needed. */
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
