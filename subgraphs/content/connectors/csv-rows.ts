/** A platform's CSV file: which of its known forms it has, by the header line, and what each row means. */
import { type Connector, checkedRecord, type ReadRow, UnusableRow, WrongFile } from './connector.ts';
import { type ParsedRow, parseCsv } from './csv-parser.ts';

const MAX_ID_LENGTH = 200;
const OTHER_DELIMITERS: readonly (readonly [string, string])[] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
];

/** By column, in lower case; white space around a cell is not part of it. */
export type Cells = Readonly<Record<string, string>>;

export interface RowMeaning {
  readonly platformId: string;
  /** Fields of a SourceRecord, not yet checked. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** One form of file: a new platform is one of these. */
export interface CsvFormat {
  /** All must be there, in any order; others are passed over. */
  readonly columns: readonly string[];
  /** Which of them is the platform's id. */
  readonly idColumn: string;
  /** @throws UnusableRow with the reason */
  meaningOf(cells: Cells): RowMeaning;
}

/** Reads files of any of these forms; the first is the one that messages ask for. */
export const csvConnector = (...formats: readonly [CsvFormat, ...CsvFormat[]]): Connector => ({
  async *read(file) {
    let header: Header | null = null;
    let row = 0;
    for await (const parsed of parseCsv(file)) {
      if (header === null) {
        header = headerOf(parsed, formats);
      } else {
        row += 1;
        yield readRow(row, header, parsed);
      }
    }
    if (header === null) throw new WrongFile('The file is empty; a CSV file with a header line is needed.');
  },
});

interface Header {
  readonly names: readonly string[];
  readonly format: CsvFormat;
}

function headerOf({ cells, raw }: ParsedRow, formats: readonly [CsvFormat, ...CsvFormat[]]): Header {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const missingIn = ({ columns }: CsvFormat): string[] => columns.filter((column) => !names.includes(column));
  const format = formats.find((known) => missingIn(known).length === 0);
  if (format) return { names, format };
  const [first] = formats;
  const missing = missingIn(first);
  const isUtf16 = raw.includes(0) && raw.length > 1;
  const delimiter = OTHER_DELIMITERS.find(
    ([sign]) => raw.toString('latin1').split(sign).length >= first.columns.length,
  );
  const hint = isUtf16
    ? ' It looks like UTF-16: save it as UTF-8.'
    : delimiter
      ? ` Its cells are separated by ${delimiter[1]}: save it with commas.`
      : '';
  throw new WrongFile(
    `The first line lacks ${missing.length === first.columns.length ? 'all columns' : `the columns ${missing.join(', ')}`};` +
      `${hint} This platform's file is comma-separated and has: ${first.columns.join(', ')}.`,
  );
}

function readRow(row: number, { names, format }: Header, { cells, raw, damage, isCut }: ParsedRow): ReadRow {
  try {
    if (damage !== null) throw new UnusableRow(damage);
    const { platformId, record } = format.meaningOf(
      Object.fromEntries(names.map((name, i) => [name, (cells[i] ?? '').trim()])),
    );
    if (platformId === '') throw new UnusableRow('no id');
    if (platformId.length > MAX_ID_LENGTH) throw new UnusableRow('an id longer than 200 characters');
    return { kind: 'accepted', row, platformId, version: null, snapshotId: null, record: checkedRecord(record) };
  } catch (error) {
    if (!(error instanceof UnusableRow)) throw error;
    const id = cells[names.indexOf(format.idColumn)]?.trim() ?? '';
    const platformId = id === '' || id.length > MAX_ID_LENGTH ? null : id;
    return { kind: 'rejected', row, reason: error.message, raw: Buffer.from(raw), platformId, isCut };
  }
}
