/** From platforms' genre labels to one vocabulary; the table is schema/data/genres.json. Pure. */
import table from '../../../schema/data/genres.json' with { type: 'json' };
import type { PlatformName } from '../../../schema/events/content-sync.ts';
import { fold } from './text.ts';

interface Meaning {
  readonly genres: readonly string[];
  readonly facets: readonly string[];
}

const NAMES = new Map(table.genres.map(({ id, name }) => [id, name]));
const RARITY = new Map(table.genres.map(({ id }, rank) => [id, rank]));
const BY_PLATFORM = new Map<string, Meaning>(table.labels.map((row) => [`${row.platform}:${fold(row.label)}`, row]));
/** What a label means on any platform, where the platform itself is not known to use it. */
const BY_LABEL = new Map<string, Meaning>([
  ...table.genres.map(({ id, name }): [string, Meaning] => [fold(name), { genres: [id], facets: [] }]),
  ...table.genres.map(({ id }): [string, Meaning] => [fold(id), { genres: [id], facets: [] }]),
  ...table.labels.map((row): [string, Meaning] => [fold(row.label), row]),
]);

/** Labels with a comma inside, which a plain split would tear apart. */
export const LABELS_WITH_COMMA: readonly string[] = table.labels
  .map(({ label }) => label)
  .filter((it) => it.includes(','));

/** The name to show; an unknown id is its own name. */
export const genreName = (id: string): string => NAMES.get(id) ?? id;

/** What one platform's label means; nothing for a label nobody has mapped. */
export function meaningOf(platform: PlatformName, label: string): Meaning {
  const folded = fold(label);
  return BY_PLATFORM.get(`${platform}:${folded}`) ?? BY_LABEL.get(folded) ?? { genres: [], facets: [] };
}

/** Whether the table has this very label of this platform; it may mean no genre. */
export const isMapped = (platform: PlatformName, label: string): boolean =>
  BY_PLATFORM.has(`${platform}:${fold(label)}`);

/** Canonical genres of all labels together: what more platforms say comes first, among equals the rarer genre. */
export function canonicalGenres(
  labels: readonly { readonly platform: PlatformName; readonly label: string }[],
): string[] {
  const saidBy = new Map<string, Set<PlatformName>>();
  for (const { platform, label } of labels) {
    for (const genre of meaningOf(platform, label).genres) {
      const platforms = saidBy.get(genre);
      if (platforms) platforms.add(platform);
      else saidBy.set(genre, new Set([platform]));
    }
  }
  const rank = (genre: string): number => RARITY.get(genre) ?? RARITY.size;
  return [...saidBy].sort(([a, byA], [b, byB]) => byB.size - byA.size || rank(a) - rank(b)).map(([genre]) => genre);
}
