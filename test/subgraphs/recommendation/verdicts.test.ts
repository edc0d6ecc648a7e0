/** What a user says or does about a title shows in the very next answer: verdicts, and where to resume. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { ANONYMOUS } from '../../../platform/identity.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { createRecommendationSubgraph } from '../../../subgraphs/recommendation/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { added, NOW, someWorks } from './works.ts';

const WORKS = someWorks(['comedy', 'crime', 'drama'], 8);
let ports: TestPorts;
let subgraph: Subgraph;
let recorded: number;

beforeEach(async () => {
  recorded = 0;
  ports = await openTestPorts();
  await ports.log.publish('content_changes', WORKS.map(added));
  subgraph = createRecommendationSubgraph(ports);
  await subgraph.start();
});
afterEach(async () => {
  await subgraph.stop();
  await ports.close();
});

async function ask<T>(source: string, variableValues: Record<string, unknown> = {}): Promise<T> {
  const contextValue = subgraph.createContext({ ...ANONYMOUS, userId: 'ada' });
  const { data, errors } = await graphql({ schema: subgraph.schema, source, variableValues, contextValue });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data)) as T;
}

/** Records, and waits until it is learned. */
async function record(...events: object[]): Promise<void> {
  const { recordInteractions } = await ask<{ recordInteractions: { accepted: number } }>(
    'mutation ($events: [InteractionInput!]!) { recordInteractions(events: $events) { accepted } }',
    { events },
  );
  recorded += recordInteractions.accepted;
  expect(recordInteractions.accepted).toBe(events.length);
  await eventually(async () => {
    const { viewer } = await ask<{ viewer: { summary: { interactionCount: number } } }>(
      '{ viewer { summary { interactionCount } } }',
    );
    return viewer.summary.interactionCount === recorded;
  });
}

interface Page {
  readonly recommendations: { readonly content: { readonly id: string } }[];
  readonly home: { readonly items: { readonly content: { readonly id: string } }[] }[];
}
/** Everything that is offered anywhere, watched titles included. */
async function offered(): Promise<string[]> {
  const { recommendations, home } = await ask<Page>(`{
    recommendations(first: 100, filter: { includeWatched: true }) { content { id } }
    home(perRow: 50, rows: 12, filter: { includeWatched: true }) { items { content { id } } }
  }`);
  return [...recommendations, ...home.flatMap(({ items }) => items)].map(({ content }) => content.id);
}

test.each(['DISLIKE', 'DISMISS'])(
  '%s takes a title out of every list at once, and LIKE brings it back',
  async (type) => {
    await record({ type: 'WATCH', contentId: 'crime-1', watchProgress: 0.5 });
    expect(await offered()).toContain('crime-1');
    await record({ type, contentId: 'crime-1' });
    expect(await offered()).not.toContain('crime-1');
    await record({ type: 'LIKE', contentId: 'crime-1' });
    expect(await offered()).toContain('crime-1');
  },
);

test('a title is resumed where it was left, the latest first, and is gone once finished', async () => {
  const minute = 60_000;
  const when = (minutes: number): string => new Date(NOW - minutes * minute).toISOString();
  const resumed = () =>
    ask<{ viewer: { continueWatching: { content: { id: string }; positionMs: number; progress: number }[] } }>(
      '{ viewer { continueWatching { content { id } positionMs durationMs progress } } }',
    ).then(({ viewer }) => viewer.continueWatching);
  const length = 100 * minute;
  const pause = (contentId: string, positionMs: number, minutes: number) => ({
    type: 'PAUSE',
    contentId,
    positionMs,
    durationMs: length,
    watchProgress: positionMs / length,
    timestamp: when(minutes),
  });
  await record(pause('crime-1', 20 * minute, 30), pause('drama-2', 50 * minute, 20));
  expect(await resumed()).toEqual([
    { content: { id: 'drama-2' }, positionMs: 50 * minute, durationMs: length, progress: 0.5 },
    { content: { id: 'crime-1' }, positionMs: 20 * minute, durationMs: length, progress: 0.2 },
  ]);
  await record(pause('crime-1', 40 * minute, 10));
  expect((await resumed()).map(({ content, positionMs }) => [content.id, positionMs])).toEqual([
    ['crime-1', 40 * minute],
    ['drama-2', 50 * minute],
  ]);
  await record({ type: 'COMPLETE', contentId: 'crime-1', timestamp: when(5) }, pause('drama-2', 96 * minute, 4));
  expect(await resumed()).toEqual([]);
});
