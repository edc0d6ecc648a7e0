/** Offers with windows and countries, asked through GraphQL while the clock moves and no event comes. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { ANONYMOUS } from '../../../platform/identity.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import type { OfferSummary } from '../../../schema/events/content-change.ts';
import { createRecommendationSubgraph } from '../../../subgraphs/recommendation/subgraph.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { added, aWork, NOW, someWorks } from './works.ts';

const HOUR_MS = 3_600_000;
const at = (hours: number): string => new Date(NOW + hours * HOUR_MS).toISOString();
const offer = (given: Partial<OfferSummary> = {}): OfferSummary => ({
  platform: 'netflix',
  platformId: 'x',
  countries: [],
  availableFrom: null,
  availableUntil: null,
  ...given,
});
const WORKS = [
  ...someWorks(['comedy'], 12),
  aWork('soon', { genres: ['comedy'], offers: [offer({ platformId: 's', availableFrom: at(1) })] }),
  aWork('leaving', { genres: ['comedy'], offers: [offer({ platformId: 'l', availableUntil: at(1) })] }),
  aWork('india', { genres: ['comedy'], offers: [offer({ platformId: 'i', countries: ['IN'] })] }),
  aWork('moving', {
    genres: ['comedy'],
    offers: [
      offer({ platformId: 'm', availableUntil: at(1) }),
      offer({ platform: 'hotstar', platformId: 'm', availableFrom: at(0) }),
    ],
  }),
];

let ports: TestPorts;
let subgraph: Subgraph;
beforeEach(async () => {
  ports = await openTestPorts();
  await ports.log.publish('content_changes', WORKS.map(added));
  subgraph = createRecommendationSubgraph(ports);
  await subgraph.start();
});
afterEach(async () => {
  await subgraph.stop();
  await ports.close();
});

async function ask(source: string, variableValues: Record<string, unknown> = {}) {
  const contextValue = subgraph.createContext({ ...ANONYMOUS, userId: 'ada' });
  const { data, errors } = await graphql({ schema: subgraph.schema, source, variableValues, contextValue });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

async function listed(given = 'first: 100'): Promise<string[]> {
  const { recommendations } = await ask(`{ recommendations(${given}) { content { id } } }`);
  return (recommendations as { content: { id: string } }[]).map(({ content }) => content.id);
}

const SPECIAL = ['india', 'leaving', 'moving', 'soon'];
const special = async (given?: string): Promise<string[]> =>
  (await listed(given)).filter((id) => SPECIAL.includes(id)).sort();

test('windows open and close without an event', async () => {
  expect(await special()).toEqual(['india', 'leaving', 'moving']);
  ports.clock.advance(HOUR_MS - 1);
  expect(await special()).toEqual(['india', 'leaving', 'moving']);
  ports.clock.advance(1_001);
  expect(await special()).toEqual(['india', 'moving', 'soon']);
});

test('a platform filter counts open offers only', async () => {
  const onNetflix = 'first: 100, filter: { platforms: ["netflix"] }';
  expect(await special(onNetflix)).toContain('moving');
  ports.clock.advance(HOUR_MS);
  expect(await special(onNetflix)).not.toContain('moving');
  expect(await special('first: 100, filter: { platforms: ["hotstar"] }')).toEqual(['moving']);
});

test.each([
  ['Asia/Kolkata', true],
  ['America/New_York', false],
  ['UTC', true], // of no country: nobody knows better
])('in %s what is for India is offered: %p', async (zone, isOffered) => {
  expect((await special(`first: 100, timeZone: "${zone}"`)).includes('india')).toBe(isOffered);
});

test('a page is full of what can be watched, in every row and in a room, too', async () => {
  const count = WORKS.length - 2; // `india` and `soon` are not for New York now
  expect(await listed(`first: ${count}, timeZone: "America/New_York"`)).toHaveLength(count);
  const { home } = await ask('{ home(timeZone: "America/New_York", perRow: 50) { items { content { id } } } }');
  const ids = (home as { items: { content: { id: string } }[] }[]).flatMap(({ items }) =>
    items.map(({ content }) => content.id),
  );
  expect(ids.length).toBeGreaterThanOrEqual(count);
  expect(ids.filter((id) => id === 'india' || id === 'soon')).toEqual([]);
  const room = { __typename: 'Room', id: 'r', memberIds: ['ada', 'bob'] };
  const asked = '... on Room { suggestions(first: 100) { content { id } } }';
  const { _entities } = await ask(`query ($of: [_Any!]!) { _entities(representations: $of) { ${asked} } }`, {
    of: [room],
  });
  const [{ suggestions }] = _entities as [{ suggestions: { content: { id: string } }[] }];
  expect(suggestions.map(({ content }) => content.id)).not.toContain('soon');
  expect(suggestions).toHaveLength(WORKS.length - 1);
});

test('similar titles are such as can be watched', async () => {
  const asked = '... on Content { similar(first: 100) { content { id } } }';
  const { _entities } = await ask(`query ($of: [_Any!]!) { _entities(representations: $of) { ${asked} } }`, {
    of: [{ __typename: 'Content', id: 'comedy-0' }],
  });
  const [{ similar }] = _entities as [{ similar: { content: { id: string } }[] }];
  const ids = similar.map(({ content }) => content.id);
  expect(ids).toContain('leaving');
  expect(ids).not.toContain('soon');
});
