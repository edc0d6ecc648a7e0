/** From country names as platforms write them to ISO 3166-1 alpha-2; the table is schema/data/countries.json. Pure. */
import table from '../../../schema/data/countries.json' with { type: 'json' };
import { fold } from './text.ts';

const CODES = new Map(
  [...Object.entries(table.names), ...Object.entries(table.aliases)].map(([name, code]) => [fold(name), code]),
);
const KNOWN = new Set(CODES.values());

/** The code of a country's name or code; null where it is neither. */
export function countryCode(name: string): string | null {
  const upper = name.trim().toUpperCase();
  return CODES.get(fold(name)) ?? (KNOWN.has(upper) ? upper : null);
}

/** Codes in the order of the names, each once; names that nobody knows are left out. */
export function countryCodes(names: readonly string[]): string[] {
  return [...new Set(names.map(countryCode).filter((code) => code !== null))];
}
