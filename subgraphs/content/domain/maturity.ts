/** From platforms' age labels to an age and India's band; the table is schema/data/maturity.json. Ages in years. Pure. */
import table from '../../../schema/data/maturity.json' with { type: 'json' };

export type MaturityBand = 'U' | 'UA_7' | 'UA_13' | 'UA_16' | 'A' | 'UNRATED';

const AGES = new Map<string, number | null>(
  Object.entries(table.labels).map(([label, age]) => [label.toUpperCase(), age]),
);
const BANDS = table.bands as readonly { readonly band: MaturityBand; readonly upTo: number }[];

/** The youngest age a label allows; null for "not rated" and for a label nobody has mapped. */
export const minAgeOf = (label: string): number | null => AGES.get(label.trim().toUpperCase()) ?? null;

/** Whether the table has the label; it may mean "not rated". */
export const isKnownLabel = (label: string): boolean => AGES.has(label.trim().toUpperCase());

/** The strictest of several labels; null only where none gives an age. */
export function strictestAge(labels: readonly string[]): number | null {
  const ages = labels.map(minAgeOf).filter((age) => age !== null);
  return ages.length > 0 ? Math.max(...ages) : null;
}

/** The band that holds an age, rounded up: 14 is UA_16. */
export function bandOf(minAge: number | null): MaturityBand {
  if (minAge === null) return 'UNRATED';
  return BANDS.find(({ upTo }) => minAge <= upTo)?.band ?? 'A';
}
