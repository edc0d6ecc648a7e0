import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { ReadRow } from '../../../../subgraphs/content/connectors/connector.ts';
import { connectorFor } from '../../../../subgraphs/content/connectors/index.ts';

const FILE = {
  platform: 'hotstar',
  snapshotId: 'fixtures-1',
  records: [
    { platformId: '1', version: 7, title: 'RRR (Hindi)', type: 'movie', releaseYear: 2022, offerCountries: ['IN'] },
    { platformId: '2', version: 1, title: 'No type' },
    { platformId: '', version: 1, title: 'No id', type: 'movie' },
  ],
};

async function read(text: string): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  const file = Readable.from([Buffer.from(text)]);
  for await (const row of connectorFor('hotstar', 'hotstar_content.json').read(file)) rows.push(row);
  return rows;
}

test('records come with their own version and snapshot; unusable ones are kept aside', async () => {
  const [good, noType, noId] = await read(JSON.stringify(FILE));
  expect(good).toMatchObject({ kind: 'accepted', row: 1, platformId: '1', version: 7, snapshotId: 'fixtures-1' });
  expect(good).toMatchObject({ record: { title: 'RRR', edition: 'Hindi', offerCountries: ['IN'], genres: [] } });
  expect(noType).toMatchObject({ kind: 'rejected', row: 2, platformId: '2' });
  expect(noType?.kind === 'rejected' && noType.raw.toString()).toBe(JSON.stringify(FILE.records[1]));
  expect(noId).toMatchObject({ kind: 'rejected', row: 3, reason: 'platformId or version is missing' });
});

test.each([
  ['{', /not JSON/],
  ['{"platform":"netflix","records":[]}', /of netflix, not of hotstar/],
  ['{"platform":"hotstar"}', /records/],
])('refuses %p', async (text, message) => {
  await expect(read(text)).rejects.toMatchObject({ name: 'WrongFile', message: expect.stringMatching(message) });
});
