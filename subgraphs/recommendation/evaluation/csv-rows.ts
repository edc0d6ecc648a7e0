/** Rows of a CSV file by the names of its first line. Says what is wrong with a file by its name and line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

export type Row = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the file, where it cannot be read, is no CSV, or has not all the columns that it must have */
export async function readRows(directory: string, name: string, mustHave: readonly string[]): Promise<Row[]> {
  const text = await readFile(join(directory, name), 'utf8');
  let header: readonly string[] = [];
  const columns = (names: string[]): string[] => {
    header = names;
    return names;
  };
  const options = { columns, bom: true, trim: true, relax_column_count: true, relax_quotes: true };
  let rows: Row[];
  try {
    rows = parse(text, options);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}.`, { cause: error });
  }
  const missing = mustHave.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new Error(`${name}: no column ${missing.join(', ')}; its first line is ${JSON.stringify(header.join(','))}.`);
  }
  return rows;
}

/** @throws Error naming the place of a row that does not have the value */
export function required(row: Row, column: string, where: string): string {
  const value = row[column];
  if (value === undefined || value === '') throw new Error(`${where}: no ${column}.`);
  return value;
}
