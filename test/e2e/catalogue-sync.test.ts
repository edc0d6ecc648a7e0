/**
 * The rules of `content_sync` on a real Kafka and a MongoDB-wire server: versions, tombstones, snapshots, decisions. What the topic
 * holds then, replayed from the start into an empty embedded catalogue, comes to the same works under the same ids.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { type OpenPorts, openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { contentCollections, createContentIndexes } from '../../subgraphs/content/content-collections.ts';
import type { CatalogueEvent } from '../../subgraphs/content/decision-event.ts';
import { importFiles } from '../../subgraphs/content/file-import.ts';
import { ImportRun } from '../../subgraphs/content/import-run.ts';
import { startSync } from '../../subgraphs/content/sync.ts';
import { link, split } from '../subgraphs/content/folding.ts';
import { remove, upsert } from '../subgraphs/content/records.ts';
import { catalogueOf, replayed } from '../subgraphs/content/replay.ts';
import { publishSync } from '../subgraphs/content/running-content.ts';
import { describeReal } from '../support/real-services.ts';

const TIMEOUT_MS = 120_000;
const HEADER = 'show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description';

describeReal('the sync on real services', ['KAFKA_BROKERS', 'MONGODB_URL'], ({ KAFKA_BROKERS, MONGODB_URL }) => {
  const unique = `sync${process.pid}x${Date.now()}`;
  let ports: OpenPorts;
  let folder: string;

  beforeAll(async () => {
    const env = { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX: `${unique}.`, MONGODB_URL: `${MONGODB_URL}/${unique}` };
    ports = await openPorts(loadConfig({ ...env, LOG_LEVEL: 'silent' }), 'test');
    await createContentIndexes(contentCollections(ports.store));
    folder = await mkdtemp(join(tmpdir(), 'sync-'));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await ports?.close();
    await rm(folder, { recursive: true, force: true });
    const client = await MongoClient.connect(MONGODB_URL);
    await client.db(unique).dropDatabase();
    await client.close();
  }, TIMEOUT_MS);

  const folded = (): Promise<void> =>
    new ImportRun(ports, 0, () => undefined, { isSnapshot: false, stopping: undefined }).folded();

  async function sync(...events: readonly CatalogueEvent[]): Promise<void> {
    const reader = await startSync(ports);
    await publishSync(ports, events);
    await folded();
    await reader.close();
  }

  async function snapshot(...titles: readonly string[]): Promise<unknown> {
    const rows = titles.map((title, i) => `8000000${i},Movie,${title},,,,,2018,TV-14,127 min,Horror Movies,Text`);
    const path = join(folder, 'netflix.csv');
    await writeFile(path, [HEADER, ...rows, ''].join('\n'));
    const { files } = await importFiles(ports, [{ platform: 'netflix', path }], undefined, undefined, {
      isSnapshot: true,
    });
    return files[0];
  }

  async function titles(): Promise<string[]> {
    const works = await contentCollections(ports.store).works.find({ isRemoved: false }).toArray();
    return works.map(({ title, offers }) => `${title} ${offers.length}`).sort();
  }

  test(
    'versions, tombstones, snapshots and decisions, and a replay of the topic from its start',
    async () => {
      await sync(upsert('hotstar:1', 5, { title: 'Stree' }), upsert('hotstar:1', 4, { title: 'Older' }));
      await sync(remove('hotstar:1', 7), upsert('hotstar:1', 6, { title: 'Late' }), remove('hotstar:99', 1));
      expect(await titles()).toEqual([]);
      await sync(upsert('hotstar:1', 8, { title: 'Stree', releaseYear: 2018, runtimeMinutes: 127 }));
      expect(await snapshot('Stree', 'Roma', 'Okja', 'Chef', 'Guru')).toMatchObject({ accepted: 5, removed: 0 });
      expect(await titles()).toEqual(['Chef 1', 'Guru 1', 'Okja 1', 'Roma 1', 'Stree 2']);
      expect(await snapshot('Stree', 'Roma', 'Okja', 'Chef')).toMatchObject({ removed: 1, held: null });
      expect(await snapshot('Stree')).toMatchObject({ removed: 0, held: expect.stringContaining('3 of 4') });
      await sync(split('hotstar:1'), link('netflix:80000001', 'netflix:80000002'));
      expect(await titles()).toEqual(['Chef 1', expect.stringMatching(/ 2$/), 'Stree 1', 'Stree 1']);
      expect(await replayed(ports.log, [1, 0, 4])).toEqual(await catalogueOf(ports));
    },
    TIMEOUT_MS,
  );
});
