/**
 * Which offers of the titles of an index can be watched now, where: what is not yet or no longer offered, or not in the viewer's
 * country, is not recommended. Pure. A snapshot for a stretch of time; rows are those of the index. Times: ms since the epoch.
 */
import type { OfferSummary } from '../../../schema/events/content-change.ts';
import { platformBit, type TitleIndex } from './title-index.ts';
import { countriesOf } from './zone-countries.ts';

/** Beside the bits of PLATFORMS: an offer can be watched, on whatever platform; also where nothing is known of offers. */
export const WATCHABLE = 0x80;

export interface OpenOffers {
  /** From then on others are open. */
  readonly until: number;
  /** By row: WATCHABLE, and bit i for an open offer on PLATFORMS[i]. `zone`: the viewer's; null: anywhere. */
  bitsIn(zone: string | null): Uint8Array;
}

const opensAt = ({ availableFrom }: OfferSummary): number =>
  availableFrom ? Date.parse(availableFrom) : Number.NEGATIVE_INFINITY;
/** That moment itself is no longer within. */
const closesAt = ({ availableUntil }: OfferSummary): number =>
  availableUntil ? Date.parse(availableUntil) : Number.POSITIVE_INFINITY;

/** Cost: linear in offers; per country, in the rows that have an offer for some countries only. */
export function openOffersAt({ works }: TitleIndex, now: number): OpenOffers {
  const anywhere = new Uint8Array(works.length);
  const local: number[] = [];
  let until = Number.POSITIVE_INFINITY;
  for (const [row, { offers }] of works.entries()) {
    anywhere[row] = bitsOf(offers, now, []);
    if (offers.some(({ countries }) => (countries?.length ?? 0) > 0)) local.push(row);
    for (const offer of offers) {
      for (const change of [opensAt(offer), closesAt(offer)]) if (change > now && change < until) until = change;
    }
  }
  const known = new Map<string, Uint8Array>();
  const bitsIn = (zone: string | null): Uint8Array => {
    const countries = zone === null || local.length === 0 ? [] : countriesOf(zone);
    if (countries.length === 0) return anywhere;
    const key = countries.join();
    let bits = known.get(key);
    if (bits === undefined) {
      bits = anywhere.slice();
      for (const row of local) bits[row] = bitsOf(works[row]?.offers ?? [], now, countries);
      known.set(key, bits);
    }
    return bits;
  };
  return { until, bitsIn };
}

function bitsOf(offers: readonly OfferSummary[], now: number, countries: readonly string[]): number {
  if (offers.length === 0) return WATCHABLE;
  let bits = 0;
  for (const offer of offers) {
    const isHere =
      countries.length === 0 ||
      !offer.countries?.length ||
      offer.countries.some((country) => countries.includes(country));
    if (isHere && now >= opensAt(offer) && now < closesAt(offer)) bits |= WATCHABLE | platformBit(offer.platform);
  }
  return bits;
}
