/**
 * CSV in, rows out: one pass, constant memory, a broken row rejected with its own bytes. Quoting as RFC 4180; a stray quote
 * inside a cell is kept as it is, so that damage shows as a wrong number of cells and not as a wrong file.
 */
import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { checkedRecord, type ReadRow, UnusableRow, WrongFile } from './connector.ts';

/** A row longer than this is taken for a broken file: the longest real one has 8 kB. */
const MAX_ROW_BYTES = 1_000_000;

export type Cells = Readonly<Record<string, string>>;

export interface RowMeaning {
  readonly platformId: string;
  /** Fields of a SourceRecord, not yet checked. */
  readonly record: Readonly<Record<string, unknown>>;
}

interface ParsedRow {
  readonly record: readonly string[];
  readonly raw: string;
}

/**
 * Reads a file whose first line names at least `columns`, and gives every row its meaning.
 * @throws WrongFile where the first line does not, or a row is longer than 1 MB
 */
export async function* csvRows(
  file: Readable,
  columns: readonly string[],
  meaningOf: (cells: Cells) => RowMeaning,
): AsyncIterable<ReadRow> {
  let header: readonly string[] | null = null;
  let row = 0;
  let unfinished: string | null = null;
  const parser = parse({
    bom: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    skip_records_with_error: true,
    on_skip(error, raw) {
      if (error?.code === 'CSV_QUOTE_NOT_CLOSED') unfinished = String(raw ?? '');
      else parser.destroy(error);
      return undefined;
    },
  });
  file.on('error', (error) => parser.destroy(error));
  file.pipe(parser);
  try {
    for await (const { record: cells, raw } of parser as AsyncIterable<ParsedRow>) {
      if (header === null) {
        header = checkedHeader(cells, columns);
      } else {
        row += 1;
        yield readRow(row, header, cells, raw, meaningOf);
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const text = `After row ${row} this is not CSV that can be read: ${error.message}`;
    throw new WrongFile(text, { cause: error });
  } finally {
    file.unpipe(parser);
    file.destroy();
  }
  if (header === null) throw new WrongFile('The file is empty; a CSV file with a header line is needed.');
  if (unfinished !== null) {
    yield { kind: 'rejected', row: row + 1, reason: 'the file ends inside a quoted cell', raw: unfinished };
  }
}

function checkedHeader(cells: readonly string[], columns: readonly string[]): readonly string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length === 0) return names;
  throw new WrongFile(
    `The first line lacks ${missing.length === columns.length ? 'all columns' : `the columns ${missing.join(', ')}`}; ` +
      `this platform's file is comma-separated and has: ${columns.join(', ')}.`,
  );
}

function readRow(
  row: number,
  header: readonly string[],
  cells: readonly string[],
  raw: string,
  meaningOf: (cells: Cells) => RowMeaning,
): ReadRow {
  try {
    if (cells.length !== header.length) throw new UnusableRow(`${cells.length} cells instead of ${header.length}`);
    if (raw.includes('\0')) throw new UnusableRow('NUL bytes');
    const { platformId, record } = meaningOf(
      Object.fromEntries(header.map((name, i) => [name, (cells[i] ?? '').trim()])),
    );
    if (platformId === '') throw new UnusableRow('no id');
    return { kind: 'accepted', row, platformId, version: null, snapshotId: null, record: checkedRecord(record) };
  } catch (error) {
    if (error instanceof UnusableRow) return { kind: 'rejected', row, reason: error.message, raw };
    throw error;
  }
}
