import { expect, test } from '@jest/globals';
import type { OfferSummary } from '../../../../schema/events/content-change.ts';
import { openOffersAt, WATCHABLE } from '../../../../subgraphs/recommendation/domain/open-offers.ts';
import { buildTitleIndex } from '../../../../subgraphs/recommendation/domain/title-index.ts';
import { Vocabulary } from '../../../../subgraphs/recommendation/domain/vocabulary.ts';
import { countriesOf } from '../../../../subgraphs/recommendation/domain/zone-countries.ts';
import { aWork, NOW } from '../works.ts';

const NETFLIX = 1;
const HOTSTAR = 4;
const at = (ms: number): string => new Date(ms).toISOString();
const offer = (given: Partial<OfferSummary> = {}): OfferSummary => ({ platform: 'netflix', platformId: 'p', ...given });
const opened = (offers: readonly OfferSummary[], now = NOW) =>
  openOffersAt(buildTitleIndex([aWork('a', { offers })], new Vocabulary()), now);

test.each([
  ['no window at all', {}, true],
  ['null, as for an open end', { availableFrom: null, availableUntil: null }, true],
  ['a window that begins this moment', { availableFrom: at(NOW) }, true],
  ['a window that begins later', { availableFrom: at(NOW + 1) }, false],
  ['a window that ends later', { availableUntil: at(NOW + 1) }, true],
  ['a window that ends this moment', { availableUntil: at(NOW) }, false],
  ['a window by another clock', { availableFrom: '2026-06-24T15:00:00+05:30' }, true],
])('an offer with %s', (_, given, isOpen) => {
  expect(opened([offer(given)]).bitsIn(null)[0]).toBe(isOpen ? WATCHABLE | NETFLIX : 0);
});

test('says until when it holds: the next moment at which a window opens or closes', () => {
  const offers = [
    offer({ availableFrom: at(NOW - 5), availableUntil: at(NOW + 900) }),
    offer({ platform: 'hotstar', availableFrom: at(NOW + 300) }),
  ];
  const first = opened(offers);
  expect(first.bitsIn(null)[0]).toBe(WATCHABLE | NETFLIX);
  expect(first.until).toBe(NOW + 300);
  const second = opened(offers, first.until);
  expect(second.bitsIn(null)[0]).toBe(WATCHABLE | NETFLIX | HOTSTAR);
  expect(second.until).toBe(NOW + 900);
  expect(opened(offers, second.until).bitsIn(null)[0]).toBe(WATCHABLE | HOTSTAR);
  expect(opened(offers, NOW + 900).until).toBe(Number.POSITIVE_INFINITY);
});

test('an offer for some countries is open there, and where nobody knows the country', () => {
  const { bitsIn } = opened([offer({ countries: ['IN', 'LK'] }), offer({ platform: 'hotstar', countries: ['US'] })]);
  expect(bitsIn('Asia/Kolkata')[0]).toBe(WATCHABLE | NETFLIX);
  expect(bitsIn('America/New_York')[0]).toBe(WATCHABLE | HOTSTAR);
  expect(bitsIn('Europe/Berlin')[0]).toBe(0);
  for (const unknown of [null, '+05:30', 'UTC']) expect(bitsIn(unknown)[0]).toBe(WATCHABLE | NETFLIX | HOTSTAR);
});

test('a title of which no offer is told passes, on no platform in particular', () => {
  expect(opened([]).bitsIn('Europe/Berlin')[0]).toBe(WATCHABLE);
});

test('a zone tells the country, by either of its names', () => {
  expect(countriesOf('Asia/Kolkata')).toEqual(['IN']);
  expect(countriesOf('Asia/Calcutta')).toEqual(['IN']);
  expect(countriesOf('America/Los_Angeles')).toEqual(['US']);
  expect([countriesOf('UTC'), countriesOf('-08:00')]).toEqual([[], []]);
});
