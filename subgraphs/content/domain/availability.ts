/** Which offers can be watched now, where. Pure. Times: ms since the epoch. */
import { PLATFORMS, type PlatformName } from '../../../schema/events/content-sync.ts';
import type { Work, WorkOffer } from './work.ts';

/** The part of an offer that decides; small, to be held in memory for every offer. */
export interface Availability {
  readonly platform: PlatformName;
  /** Empty: the platform does not say, so it does not narrow. */
  readonly countries: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Wanted {
  /** Null: any. */
  readonly platforms: ReadonlySet<PlatformName> | null;
  /** ISO 3166-1 alpha-2 in capitals; null: anywhere. */
  readonly country: string | null;
}

export const availabilityOf = ({ platform, countries, availableFrom, availableUntil }: WorkOffer): Availability => ({
  platform,
  countries,
  fromMs: availableFrom === null ? Number.NEGATIVE_INFINITY : Date.parse(availableFrom),
  untilMs: availableUntil === null ? Number.POSITIVE_INFINITY : Date.parse(availableUntil),
});

/** The first moment of the window counts, the last does not. */
function isAvailable(offer: Availability, { platforms, country }: Wanted, now: number): boolean {
  return (
    now >= offer.fromMs &&
    now < offer.untilMs &&
    (platforms === null || platforms.has(offer.platform)) &&
    (country === null || offer.countries.length === 0 || offer.countries.includes(country))
  );
}

/** Whether an offer depends on neither time nor country. */
export const isAlways = ({ countries, fromMs, untilMs }: Availability): boolean =>
  countries.length === 0 && fromMs === Number.NEGATIVE_INFINITY && untilMs === Number.POSITIVE_INFINITY;

/** The others. */
export const conditionsOf = (offers: readonly Availability[]): readonly Availability[] => {
  const found = offers.filter((offer) => !isAlways(offer));
  return found.length === 0 ? NONE : found;
};
const NONE: readonly Availability[] = [];

/** Platforms as a set, a bit each. */
export function platformSet(platforms: Iterable<PlatformName>): number {
  let set = 0;
  for (const platform of platforms) set |= 1 << PLATFORMS.indexOf(platform);
  return set;
}
export const ALL_PLATFORMS = platformSet(PLATFORMS);

/** The platforms of those offers that can be watched. */
export function platformsIn(offers: readonly Availability[], country: string | null, now: number): number {
  const anyPlatform = { platforms: null, country };
  return platformSet(offers.filter((offer) => isAvailable(offer, anyPlatform, now)).map(({ platform }) => platform));
}

/** A removed work has none. */
export function currentOffers(work: Work, wanted: Wanted, now: number): WorkOffer[] {
  return work.isRemoved ? [] : work.offers.filter((offer) => isAvailable(availabilityOf(offer), wanted, now));
}
