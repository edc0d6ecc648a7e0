/**
 * Two real snapshots eight months apart through `content_sync`: JustWatch Netflix 2022-07, then 2023-03. What the catalogue should
 * be afterwards is worked out from the files, row by row, without the sync.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ContentChange } from '../../../schema/events/content-change.ts';
import type { SourceRecord } from '../../../schema/events/content-sync.ts';
import { CONTENT_CHANGES } from '../../../schema/events/topics.ts';
import { connectorFor } from '../../../subgraphs/content/connectors/index.ts';
import { contentCollections, type SourceDocument } from '../../../subgraphs/content/content-collections.ts';
import {
  contentOf,
  isSameContent,
  type PlacedRecord,
  type WorkContent,
} from '../../../subgraphs/content/domain/work.ts';
import { type ImportResult, importFiles } from '../../../subgraphs/content/file-import.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { describeReal } from '../../support/real-services.ts';
import { catalogueOf, replayed } from './replay.ts';

const TIMEOUT_MS = 300_000;

interface Told {
  readonly id: string;
  readonly change: ContentChange;
}

const placedRecord = ({ platform, platformId, record, seenAt }: SourceDocument): PlacedRecord[] =>
  record ? [{ platform, platformId, record, seenAt }] : [];

describeReal('a real delta', ['CATALOGUE_DIR'], ({ CATALOGUE_DIR }) => {
  let ports: TestPorts;
  let first: Map<string, SourceRecord>;
  let second: Map<string, SourceRecord>;
  let before: Map<string, SourceDocument>;
  let after: Map<string, SourceDocument>;
  let delta: ImportResult;
  const told: Told[] = [];

  const pathOf = (month: string): string => join(CATALOGUE_DIR, `justwatch_netflix_${month}.csv`);

  async function readFile(month: string): Promise<Map<string, SourceRecord>> {
    const records = new Map<string, SourceRecord>();
    for await (const row of connectorFor('netflix', pathOf(month)).read(createReadStream(pathOf(month)))) {
      if (row.kind === 'accepted') records.set(row.platformId, row.record);
    }
    return records;
  }

  async function liveSources(): Promise<Map<string, SourceDocument>> {
    const found = await contentCollections(ports.store).sources.find({ state: 'live' }).toArray();
    return new Map(found.map((source) => [source.platformId, source]));
  }

  const take = (month: string): Promise<ImportResult> => {
    ports.clock.advance(1_000);
    const feed = { platform: 'netflix', path: pathOf(month) } as const;
    return importFiles(ports, [feed], undefined, undefined, { isSnapshot: true });
  };

  beforeAll(async () => {
    ports = await openTestPorts();
    [first, second] = [await readFile('2022-07'), await readFile('2023-03')];
    await take('2022-07');
    before = await liveSources();
    const tail = await ports.log.tail({ topic: CONTENT_CHANGES.name, from: 'now' }, ({ headers, value }) => {
      told.push({ id: headers['ce_id'] ?? '', change: JSON.parse(String(value)) as ContentChange });
    });
    delta = await take('2023-03');
    after = await liveSources();
    const last = { key: 'the-end', value: JSON.stringify({ kind: 'UPDATED' }), headers: { ce_id: 'the-end' } };
    // One in every partition, so that all before it has been handed over.
    const ends = Array.from({ length: 64 }, (_, i) => ({ ...last, key: `the-end-${i}` }));
    await ports.log.publish(CONTENT_CHANGES.name, ends);
    await eventually(() => told.filter(({ id }) => id === 'the-end').length === ends.length, 30_000);
    await tail.close();
  }, TIMEOUT_MS);
  afterAll(() => ports.close());

  const common = (): string[] => [...first.keys()].filter((id) => second.has(id));
  const changed = (ids: readonly string[]): string[] =>
    ids.filter((id) => JSON.stringify(first.get(id)) !== JSON.stringify(second.get(id)));

  test('the catalogue is the second snapshot exactly', async () => {
    expect(new Set(after.keys())).toEqual(new Set(second.keys()));
    const differing = [...second].filter(
      ([id, record]) => JSON.stringify(after.get(id)?.record) !== JSON.stringify(record),
    );
    expect(differing).toEqual([]);
    const works = await contentCollections(ports.store).works.find({ isRemoved: false }).toArray();
    const offers = works.flatMap((work) => work.offers.map(({ platformId }) => platformId));
    expect(offers).toHaveLength(second.size);
    expect(new Set(offers)).toEqual(new Set(second.keys()));
    const wrong = works.filter((work) => {
      const placed = work.offers.flatMap(({ platform, platformId, lastSeenAt }) => {
        const record = second.get(platformId);
        return record ? [{ platform, platformId, record, seenAt: Date.parse(lastSeenAt) }] : [];
      });
      return !isSameContent(work, contentOf(placed));
    });
    expect(wrong).toEqual([]);
  });

  test('1,070 added, 783 removed, 2,046 changed, as the files differ', () => {
    expect(delta.files).toMatchObject([{ read: 6_137, accepted: 6_137, removed: 782, held: null, problem: null }]);
    const added = [...after.keys()].filter((id) => !before.has(id));
    const removed = [...before.keys()].filter((id) => !after.has(id));
    // One row of 2022-07 has no title, is in quarantine and was never in the catalogue: it cannot be removed from it.
    expect([added.length, removed.length]).toEqual([1_070, 783 - 1]);
    const changedAt = (documents: ReadonlyMap<string, SourceDocument>, id: string) => documents.get(id)?.changedAt;
    const synced = common().filter((id) => changedAt(before, id) !== changedAt(after, id));
    expect(synced.sort()).toEqual(changed(common()).sort());
    expect([common().length, synced.length]).toEqual([5_067, 2_046]);
  });

  test('works that stayed keep their ids, also through renames and corrected external ids', () => {
    const moved = common().filter((id) => before.get(id)?.workId !== after.get(id)?.workId);
    expect(moved).toEqual([]);
    const renamed = common().filter((id) => first.get(id)?.title !== second.get(id)?.title);
    const corrected = common().filter((id) => {
      const [a, b] = [first.get(id)?.imdbId, second.get(id)?.imdbId];
      return a && b && a !== b;
    });
    expect([renamed.length, corrected.length]).toEqual([65, 314]);
  });

  test('a consumer of content_changes sees each change once', () => {
    const changes = told.filter(({ id }) => id !== 'the-end');
    expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length);
    const idsOf = (kind: ContentChange['kind']): string[] =>
      changes.flatMap(({ change }) => (change.kind === kind ? [change.contentId] : [])).sort();
    const [worksBefore, worksAfter] = [before, after].map(
      (documents) => new Set([...documents.values()].map(({ workId }) => workId ?? '')),
    );
    expect(idsOf('ADDED')).toEqual([...(worksAfter ?? [])].filter((id) => !worksBefore?.has(id)).sort());
    expect(idsOf('REMOVED')).toEqual([...(worksBefore ?? [])].filter((id) => !worksAfter?.has(id)).sort());
    // Of the 2,046 those are told whose change a viewer can see: not another imdb id, or another length of an episode.
    const contentsOf = (documents: ReadonlyMap<string, SourceDocument>): Map<string, WorkContent> => {
      const placed = Map.groupBy(documents.values(), ({ workId }) => workId ?? '');
      return new Map([...placed].map(([id, sources]) => [id, contentOf(sources.flatMap(placedRecord))]));
    };
    const [old, now] = [contentsOf(before), contentsOf(after)];
    const visibly = [...now].flatMap(([id, content]) => {
      const was = old.get(id);
      return was && !isSameContent(was, content) ? [id] : [];
    });
    const updated = new Set(idsOf('UPDATED'));
    expect(visibly.filter((id) => !updated.has(id))).toEqual([]);
    // A work of several records may look otherwise for a moment, between two of them.
    const several = (id: string): boolean => (now.get(id)?.offers.length ?? 0) + (old.get(id)?.offers.length ?? 0) > 2;
    expect([...updated].filter((id) => !visibly.includes(id) && !several(id))).toEqual([]);
    expect(visibly.length).toBeGreaterThan(1_400);
    expect(visibly.length).toBeLessThan(2_046);
  });

  test(
    'the topic replayed from the start gives the same catalogue',
    async () => {
      expect(await replayed(ports.log, [2_000, 1, 999, 3_000, 0])).toEqual(await catalogueOf(ports));
    },
    TIMEOUT_MS,
  );
});
