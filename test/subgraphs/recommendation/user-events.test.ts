/** The quick look at an event and the schema must never disagree: on what is accepted, and on what is read from it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { INTERACTION_WORDS, interactionEvent } from '../../../schema/events/interaction.ts';
import { Catalogue } from '../../../subgraphs/recommendation/domain/catalogue.ts';
import { readInteraction } from '../../../subgraphs/recommendation/user-events.ts';
import { NOW, someWorks } from './works.ts';

const catalogue = new Catalogue();
for (const work of someWorks(['comedy'], 6)) catalogue.put(work);

const strange = fc.oneof(fc.constantFrom(0, -1, 1.5, 7, true, '', '85%', [], {}, [1], { title: 7 }), fc.string());
const or = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: strange });
const label = fc.oneof(fc.constantFrom('comedy', 'Sci-Fi', 'Prime Video', 'prime'), fc.string({ maxLength: 60 }));
const time = fc.oneof(
  fc
    .date({ min: new Date('1999-12-01'), max: new Date('2026-07-01'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc.constantFrom(
    '2026-06-24T08:30:00',
    '2026-06-24T08:30Z',
    '2026-06-24T08:30:00+05:30',
    '2026-06-24T08:30:00+0530',
    '2026-06-24T08:30:00+99:99',
    '2026-02-29T08:30:00Z',
    '2024-02-29T08:30:00Z',
    '2026-06-31T08:30:00Z',
    '2026-06-24T24:00:00Z',
    '2026-06-24T08:30:60Z',
    '2026-06-24 08:30:00Z',
    '2026-06-24',
    '2026-06-24T08:30:00z',
  ),
);

const event = fc.record(
  {
    event_id: or(fc.uuid()),
    user_id: or(fc.constantFrom('ada', 'u'.repeat(200), 'u'.repeat(201), 'a\u0007b')),
    event_type: or(fc.constantFrom(...(INTERACTION_WORDS.keys() as Iterable<string>))),
    content_id: or(fc.constantFrom('comedy-0', 'p-1-comedy', 'movie_123')),
    content_platform: or(label),
    context_data: or(
      fc.record(
        { title: or(fc.string()), genres: or(fc.array(label)), mood_tags: or(fc.array(label)) },
        { requiredKeys: [] },
      ),
    ),
    timestamp: or(time),
    time_zone: or(fc.constantFrom('Asia/Kolkata', 'Mars/Olympus')),
    timezone: or(fc.constantFrom('Europe/Berlin', 'z'.repeat(65))),
    watchProgress: or(fc.double({ min: 0, max: 1, noNaN: true })),
    position_ms: or(fc.nat()),
    duration_ms: or(fc.nat()),
    more: fc.anything(),
  },
  { requiredKeys: ['user_id', 'event_type', 'content_id', 'timestamp'] },
);

const readOrRefuse = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return 'refused';
  }
};

test('an event is read as if the schema had looked at it', () => {
  let accepted = 0;
  fc.assert(
    fc.property(event, (json) => {
      const direct = readOrRefuse(() => readInteraction(json, catalogue, NOW));
      expect(direct).toEqual(readOrRefuse(() => readInteraction(interactionEvent.parse(json), catalogue, NOW)));
      if (direct !== 'refused') accepted += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(accepted).toBeGreaterThan(30); // about one in nine: enough that the comparison is not one of refusals only
});

test('an id is the same for every copy, and another for whatever differs', () => {
  const given = {
    user_id: 'ada',
    event_type: 'watch_progress',
    content_id: 'comedy-0',
    timestamp: '2026-06-24T08:30:00Z',
    watchProgress: 0.5,
  };
  const idOf = (json: object): string => readInteraction(json, catalogue, NOW).id;
  const same = [given, { ...given }, { ...given, event_id: null }, { ...given, event_type: 'watch', extra: 1 }];
  expect(new Set(same.map(idOf)).size).toBe(1);
  const others = [
    given,
    { ...given, user_id: 'bob' },
    { ...given, event_type: 'complete' },
    { ...given, content_id: 'comedy-1' },
    { ...given, content_platform: 'netflix' },
    { ...given, timestamp: '2026-06-24T08:30:01Z' },
    { ...given, watchProgress: 0.6 },
    { ...given, position_ms: 1 },
    { ...given, event_id: 'e-1' },
    { ...given, event_id: 'e-2' },
    { ...given, event_id: 'e-1', user_id: 'bob' },
  ];
  expect(new Set(others.map(idOf)).size).toBe(others.length);
});
