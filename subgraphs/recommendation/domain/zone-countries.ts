/** In which country it is the time of a zone, by the runtime's own data: where a viewer is, as far as anything tells. Pure. */

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const MAX_REMEMBERED = 1_000;

let countriesByZone: ReadonlyMap<string, readonly string[]> | undefined;
const remembered = new Map<string, readonly string[]>();

/**
 * ISO 3166-1 alpha-2; empty for an offset, and for a zone of no country such as UTC. Cost: some 200 ms at the first call.
 * @throws RangeError for a name that is no zone
 */
export function countriesOf(zone: string): readonly string[] {
  let countries = remembered.get(zone);
  if (countries === undefined) {
    countriesByZone ??= readZones();
    countries = countriesByZone.get(canonical(zone)) ?? [];
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(zone, countries);
  }
  return countries;
}

const canonical = (zone: string): string =>
  new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;

/** Of ECMA-402 (Intl Locale Info), which the compiler's library does not have yet. */
type LocaleWithZones = Intl.Locale & { getTimeZones(): readonly string[] | undefined };

function readZones(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
    const locale = new Intl.Locale(`und-${code}`) as LocaleWithZones;
    for (const zone of locale.getTimeZones() ?? []) {
      const name = canonical(zone);
      found.set(name, [...(found.get(name) ?? []), code]);
    }
  }
  return found;
}
