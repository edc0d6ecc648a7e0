/** Whatever platforms send, in whatever batches: replaying the topic comes to the same, and order within a key is all that counts. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ContentSyncEvent, PlatformName } from '../../../schema/events/content-sync.ts';
import type { CatalogueEvent } from '../../../subgraphs/content/decision-event.ts';
import { openTestPorts } from '../../support/ports.ts';
import { link, split } from './folding.ts';
import { type RecordKey, remove, upsert } from './records.ts';
import { replayed } from './replay.ts';
import { publishSync } from './running-content.ts';

const TITLES = ['Stree', 'Chef', 'Roma', 'Okja'];
const PEOPLE = [['Rajkummar Rao', 'Shraddha Kapoor'], ['Jon Favreau', 'Sofia Vergara'], []];

const recordEvent = fc
  .record({
    platform: fc.constantFrom<PlatformName[]>('netflix', 'prime_video', 'hotstar'),
    id: fc.constantFrom('s1', 's2', '80000001'),
    version: fc.integer({ min: 1, max: 30 }),
    isDelete: fc.boolean(),
    title: fc.constantFrom(...TITLES),
    cast: fc.constantFrom(...PEOPLE),
    snapshotId: fc.constantFrom(null, 'a', 'b'),
  })
  .map(({ platform, id, version, isDelete, title, cast, snapshotId }): ContentSyncEvent => {
    const key = `${platform}:${id}` as const;
    return { ...(isDelete ? remove(key, version) : upsert(key, version, { title, cast })), snapshotId };
  });
const key = fc.constantFrom<RecordKey[]>('netflix:s1', 'hotstar:80000001', 'prime_video:s2');
const event = fc.oneof(
  { weight: 8, arbitrary: recordEvent as fc.Arbitrary<CatalogueEvent> },
  { weight: 1, arbitrary: key.map(split) },
  { weight: 1, arbitrary: fc.tuple(key, key).map(([one, other]) => link(one, other)) },
);

test('any events in any batches, with any restarts, make the same catalogue', async () => {
  const sizes = fc
    .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 })
    .filter((all) => all.some(Boolean));
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 25 }), sizes, async (events, batches) => {
      const own = await openTestPorts();
      try {
        await publishSync(own, events);
        const oneByOne = await replayed(own.log, [1]);
        expect(await replayed(own.log, batches)).toEqual(oneByOne);
      } finally {
        await own.close();
      }
    }),
    { numRuns: 10 },
  );
});

test('every live record is an offer of exactly one work, and no work without offers is there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 10, maxLength: 25 }), async (events) => {
      const own = await openTestPorts();
      try {
        await publishSync(own, events);
        const { works, records, redirects } = (await replayed(own.log, [7])) as {
          works: { _id: string; isRemoved: boolean; offers: { platform: string; platformId: string }[] }[];
          records: { _id: string; state: string; workId: string }[];
          redirects: { _id: string; into: string; isUndone: boolean }[];
        };
        const goneInto = new Map(
          redirects.flatMap(({ _id, into, isUndone }) => (isUndone ? [] : [[_id, into] as const])),
        );
        const shownAs = (id: string): string => {
          const next = goneInto.get(id);
          return next === undefined ? id : shownAs(next);
        };
        const offered = works
          .filter(({ isRemoved }) => !isRemoved)
          .flatMap(({ _id, offers }) => offers.map(({ platform, platformId }) => `${platform}:${platformId} ${_id}`));
        const live = records
          .filter(({ state }) => state === 'live')
          .map(({ _id, workId }) => `${_id} ${shownAs(workId)}`);
        expect(offered.sort()).toEqual(live.sort());
      } finally {
        await own.close();
      }
    }),
    { numRuns: 10 },
  );
});
