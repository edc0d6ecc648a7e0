/** What single cells of platform files mean. Each throws UnusableRow for a value that cannot stand in its column. Pure. */
import { splitEdition } from '../domain/editions.ts';
import { UnusableRow } from './connector.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const EARLIEST_YEAR = 1870;
const LATEST_YEAR = 2100;

export const orNull = (cell: string | undefined): string | null => cell || null;

/** A title and the edition its suffix names. @throws UnusableRow where it is empty or its bytes are damaged */
export function titleCell(cell: string | undefined): { title: string; edition: string | null } {
  if (!cell) throw new UnusableRow('no title');
  if (cell.includes('\uFFFD')) throw new UnusableRow('damaged characters in the title');
  if (cell.includes('\\"')) throw new UnusableRow('damaged quotes in the title');
  return splitEdition(cell);
}

/** Free text. One dump (Netflix, 2021-01) writes a quotation mark inside a quoted cell as `\"\"`, which no CSV reader undoes. */
export function textCell(cell: string | undefined): string | null {
  if (!cell?.includes('\\"')) return orNull(cell);
  const inner = /^"(.*)"$/s.exec(cell)?.[1] ?? cell;
  const text = inner.replaceAll(/["\\]*\\"["\\]*/g, '"');
  return text.split('"').length % 2 === 0 ? text.replace(/"$/, '') : text;
}

export function yearCell(cell: string | undefined): number | null {
  if (!cell) return null;
  const year = /^\d{1,6}$/.test(cell) ? Number(cell) : Number.NaN;
  if (!(year >= EARLIEST_YEAR && year <= LATEST_YEAR)) throw new UnusableRow('impossible year');
  return year;
}

export function ratingCell(cell: string | undefined): string | null {
  if (/^\d+ (?:min|Seasons?)$/i.test(cell ?? '')) throw new UnusableRow('duration in the rating column');
  return orNull(cell);
}

/** "93 min" or "2 Seasons"; 0 of either is not known. */
export function durationCell(cell: string | undefined): { runtimeMinutes: number | null; seasonCount: number | null } {
  if (!cell) return { runtimeMinutes: null, seasonCount: null };
  const [, count, unit] = /^(\d+) (min|Seasons?)$/i.exec(cell) ?? [];
  if (!unit) throw new UnusableRow('duration is neither minutes nor seasons');
  const value = Number(count) || null;
  return unit.toLowerCase() === 'min'
    ? { runtimeMinutes: value, seasonCount: null }
    : { runtimeMinutes: null, seasonCount: value };
}

/** A whole number above 0, or null where the cell is empty or 0. */
export function countCell(cell: string | undefined, column: string): number | null {
  if (!cell) return null;
  const value = Number(cell);
  if (!Number.isInteger(value) || value < 0) throw new UnusableRow(`${column} is not a whole number`);
  return value || null;
}

/** "September 25, 2021" as the midnight in UTC that begins that day. */
export function dateCell(cell: string | undefined): string | null {
  if (!cell) return null;
  const [, month = '', day, year] = /^(\w+) (\d{1,2}), (\d{4})$/.exec(cell) ?? [];
  const at = Date.UTC(Number(year), MONTHS.indexOf(month), Number(day));
  if (!MONTHS.includes(month) || Number.isNaN(at)) throw new UnusableRow('date_added is not a date');
  return new Date(at).toISOString();
}

/** A list in one cell; labels that hold a comma themselves are named by `unsplit`. Each entry once. */
export function listCell(cell: string | undefined, unsplit: readonly string[] = []): string[] {
  let rest = cell ?? '';
  const whole = unsplit.filter((label) => rest.includes(label));
  for (const label of whole) rest = rest.replace(label, '');
  return [...new Set([...whole, ...rest.split(',').map((part) => part.trim())])].filter((part) => part !== '');
}
