/** What producers must not do, and what becomes of it: refused or taken as documented, counted, nothing else disturbed. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LoggedEvent, NewEvent } from '../../../platform/ports/event-log.ts';
import { deadLettersOf, USER_EVENTS } from '../../../schema/events/topics.ts';
import type { Profile } from '../../../subgraphs/recommendation/domain/profile.ts';
import { learnedEvents, refusedEvents, repeatedEvents } from '../../../subgraphs/recommendation/learning-metrics.ts';
import { openProfiles } from '../../../subgraphs/recommendation/profiles.ts';
import { createRecommendationSubgraph } from '../../../subgraphs/recommendation/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { added, someWorks } from './works.ts';

let ports: TestPorts;
let stop: () => Promise<void>;

beforeEach(async () => {
  ports = await openTestPorts();
  await ports.log.publish('content_changes', someWorks(['comedy', 'crime'], 6).map(added));
  const subgraph = createRecommendationSubgraph(ports);
  await subgraph.start();
  stop = () => subgraph.stop();
  for (const counter of [learnedEvents, refusedEvents, repeatedEvents]) counter.reset();
});
afterEach(async () => {
  await stop();
  await ports.close();
});

/** The public shape, as the design shows it. */
const event = (given: Record<string, unknown> = {}): Record<string, unknown> => ({
  user_id: 'ada',
  event_type: 'watch',
  content_id: 'p-0-comedy',
  content_platform: 'netflix',
  context_data: { title: 'comedy number 0', genres: ['comedy'], mood_tags: ['funny'] },
  timestamp: '2026-06-24T08:30:00Z',
  watchProgress: 0.85,
  ...given,
});

const toEvent = (value: unknown): NewEvent => ({
  key: 'ada',
  value: typeof value === 'string' || value === null ? value : JSON.stringify(value),
});

async function deadLetters(): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  const { length } = await ports.log.progress('anyone', deadLettersOf(USER_EVENTS.name));
  for (let partition = 0; partition < length; partition += 1) {
    const letters = ports.log.read({ topic: deadLettersOf(USER_EVENTS.name), partition, fromOffset: 0 });
    for await (const letter of letters) found.push(letter);
  }
  return found;
}

/** Resolves with the profile when all that was published is learned or put aside. */
async function publish(...values: unknown[]): Promise<Profile | undefined> {
  for (let at = 0; at < values.length; at += 2_000) {
    await ports.log.publish(USER_EVENTS.name, values.slice(at, at + 2_000).map(toEvent));
  }
  await eventually(async () => {
    const progress = await ports.log.progress('recommendation.learn', USER_EVENTS.name);
    return progress.every(({ committed, end }) => committed >= end);
  }, 100_000);
  return (await openProfiles(ports.store).findByIds(['ada'])).get('ada');
}

const countOf = async (counter: typeof learnedEvents): Promise<number> =>
  (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);

test.each([
  ['watchProgress of 7', event({ watchProgress: 7 }), 'watchProgress'],
  ['watchProgress below 0', event({ watchProgress: -0.1 }), 'watchProgress'],
  ['watchProgress NaN', JSON.stringify(event()).replace('0.85', 'NaN'), 'json'],
  ['watchProgress "85%"', event({ watchProgress: '85%' }), 'watchProgress'],
  ['a time in 1970', event({ timestamp: '1970-01-01T00:00:00Z' }), 'timestamp'],
  ['a time in 2099', event({ timestamp: '2099-01-01T00:00:00Z' }), 'timestamp'],
  ['no time', event({ timestamp: 'yesterday' }), 'timestamp'],
  ['a day that does not exist', event({ timestamp: '2026-02-30T10:00:00Z' }), 'timestamp'],
  ['null', 'null', 'event'],
  ['a tombstone', null, 'empty'],
  ['a list', '[]', 'event'],
  ['no JSON', '{"user_id":', 'json'],
  ['a title of nearly 1 MB', event({ context_data: { title: 'x'.repeat(990_000) } }), 'context_data'],
  ['a user id with control characters', event({ user_id: 'a\u0000da\u001b[2J' }), 'user_id'],
  ['a user id that is an object', event({ user_id: { $ne: null } }), 'user_id'],
  ['an unknown type', event({ event_type: 'explode' }), 'event_type'],
  ['a position before the start', event({ position_ms: -1 }), 'position_ms'],
])('refuses %s: it is put aside with the reason, counted, and the next is learned', async (_, bad, reason) => {
  const profile = await publish(bad, event());
  expect(profile).toMatchObject({ interactionCount: 1 });
  const letters = await deadLetters();
  expect(letters).toHaveLength(1);
  const sent = toEvent(bad).value;
  expect(letters[0]?.value?.toString() ?? null).toBe(sent);
  expect(letters[0]?.headers).toMatchObject({ dlq_reason: expect.any(String), dlq_topic: USER_EVENTS.name });
  expect((await refusedEvents.get()).values).toMatchObject([{ labels: { reason }, value: 1 }]);
  expect(await countOf(learnedEvents)).toBe(1);
});

test.each([
  ['unknown content', event({ content_id: 'movie_123' }), { id: 'netflix:movie_123', title: 'comedy number 0' }],
  ['an unknown platform', event({ content_platform: 'Tele 5' }), { id: 'tele_5:p-0-comedy', platform: 'tele_5' }],
  ['a platform by another name', event({ content_platform: 'prime', content_id: 'p-1-comedy' }), { id: 'comedy-1' }],
  ['no genres', event({ context_data: { title: 'comedy number 0' } }), { id: 'comedy-0' }],
  ['no context', event({ context_data: undefined }), { id: 'comedy-0' }],
  [
    'null for what is not known',
    event({ watchProgress: null, context_data: null, event_id: null }),
    { progress: null },
  ],
  ['a time without a zone, as UTC', event({ timestamp: '2026-06-24T08:30:00' }), { at: Date.UTC(2026, 5, 24, 8, 30) }],
  [
    'a clock that runs ahead, as now',
    event({ timestamp: '2026-06-24T20:00:00Z' }),
    { at: Date.UTC(2026, 5, 24, 9, 30) },
  ],
  ['the 30th of a month', event({ timestamp: '2026-05-30T10:00:00Z' }), { at: Date.UTC(2026, 4, 30, 10) }],
  ['watch_progress', event({ event_type: 'watch_progress' }), { watched: true, progress: 0.85 }],
  ['watch_end', event({ event_type: 'watch_end' }), { watched: true, progress: 0.85 }],
  ['fields nobody knows', event({ spoiler: { deep: [1] } }), { id: 'comedy-0' }],
])('takes %s', async (_, given, title) => {
  const profile = await publish(given);
  expect(profile).toMatchObject({ interactionCount: 1, titles: [title] });
  expect(await deadLetters()).toHaveLength(0);
});

test.each([
  ['time_zone', event({ time_zone: 'Australia/Sydney' }), 'Australia/Sydney'],
  ['timezone', event({ timezone: 'Australia/Sydney' }), 'Australia/Sydney'],
  ['an offset', event({ timestamp: '2026-06-24T14:00:00+05:30' }), '+05:30'],
  ['a zone that is none', event({ time_zone: 'Mars/Olympus' }), null],
])('knows the local time by %s', async (_, given, zone) => {
  expect(await publish(given)).toMatchObject({ zone });
});

test('an event over 1,000,000 bytes does not get onto the log', async () => {
  const huge = event({ context_data: { title: 'x'.repeat(1_000_000) } });
  await expect(publish(huge)).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
  expect(await publish(event())).toMatchObject({ interactionCount: 1 });
});

test('the same event 1,000 times counts once, with and without an id of its own', async () => {
  const copies = Array.from({ length: 1_000 }, () => event());
  const named = Array.from({ length: 1_000 }, () => event({ event_id: 'e-1', content_id: 'p-1-crime' }));
  expect(await publish(...copies, ...named)).toMatchObject({ interactionCount: 2, distinctContentCount: 2 });
  expect(await countOf(learnedEvents)).toBe(2);
  expect(await countOf(repeatedEvents)).toBe(1_998);
  expect(await ports.store.collection('user_interactions').countDocuments({})).toBe(2);
});

test('two users may give their events the same id', async () => {
  await publish(event({ event_id: 'e-1' }), event({ event_id: 'e-1', user_id: 'bob' }));
  const found = await openProfiles(ports.store).findByIds(['ada', 'bob']);
  expect([...found.values()].map(({ interactionCount }) => interactionCount)).toEqual([1, 1]);
});

test('one user with 100,000 events has a profile of bounded size, and another is served', async () => {
  const start = Date.UTC(2026, 0, 1);
  const events = Array.from({ length: 100_000 }, (_, i) =>
    event({ content_id: `c${i % 5_000}`, timestamp: new Date(start + i * 60_000).toISOString() }),
  );
  const profile = await publish(...events, event({ user_id: 'bob' }));
  expect(profile).toMatchObject({ interactionCount: 100_000 });
  expect(profile?.titles).toHaveLength(1_000);
  expect(JSON.stringify(profile).length).toBeLessThan(400_000);
  expect((await openProfiles(ports.store).findByIds(['bob'])).get('bob')?.interactionCount).toBe(1);
}, 150_000);
