/** The real catalogue files, taken in by the command a user types, while the server runs: found by search a moment later. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, startProcess } from '../support/processes.ts';
import { describeReal } from '../support/real-services.ts';

describeReal('importing the real files into a running server', ['CATALOGUE_DIR'], ({ CATALOGUE_DIR }) => {
  test('all 25,349 rows are accounted for, and "brooklyn nine" finds Brooklyn Nine-Nine with its offers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firetv-import-'));
    const port = await freePort();
    const env = { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' };
    const server = startProcess(['node', 'gateway/main.ts'], env);
    try {
      await server.saw('Fire TV backend is up.', 60_000);
      const api = new Api(`http://127.0.0.1:${port}/graphql`);
      const { data: before } = await api.ask(null, '{ catalogueStatus { platform sourceRecords } }');
      const files = { netflix: 'netflix_titles.csv', prime_video: 'amazon_prime_titles.csv', hotstar: 'hotstar.csv' };
      const args = Object.entries(files).flatMap(([platform, file]) => [
        '--platform',
        platform,
        join(CATALOGUE_DIR, file),
      ]);
      const program = startProcess(['node', 'subgraphs/content/import.ts', ...args], env);
      expect({ code: await program.exit, output: program.output() }).toMatchObject({ code: 0 });
      const counts = [...program.output().matchAll(/([\d,]+) rows read, ([\d,]+) accepted, ([\d,]+) quarantined/g)];
      const [read, accepted, quarantined] = [1, 2, 3].map((column) =>
        counts.reduce((sum, row) => sum + Number(row[column]?.replaceAll(',', '')), 0),
      );
      expect(read).toBe(25_349);
      expect((accepted ?? 0) + (quarantined ?? 0)).toBe(25_349);
      expect(quarantined).toBeLessThan(10);

      // The server's own index follows within a moment: another process has folded the records.
      const { data } = await eventually(async () => {
        const answer = await api.ask(
          null,
          '{ search(query: "sankofa", first: 1) { totalCount } catalogue(first: 1) { totalCount } catalogueStatus { platform sourceRecords quarantined } }',
        );
        return answer.data.search.totalCount > 0 && answer.data.catalogue.totalCount > 24_000 ? answer : undefined;
      }, 30_000);
      type Status = { platform: string; sourceRecords: number; quarantined: number };
      const total = (rows: Status[]) => rows.reduce((sum, row) => sum + row.sourceRecords, 0);
      expect(total(data.catalogueStatus)).toBeGreaterThan(total(before.catalogueStatus) + 24_000);
      expect(data.catalogueStatus.reduce((sum: number, row: Status) => sum + row.quarantined, 0)).toBe(quarantined);

      const found = await api.ask(
        null,
        '{ search(query: "brooklyn nine", first: 3) { edges { node { title offers { platform deepLink { fireTv } } } } } }',
      );
      expect(found.data.search.edges[0].node).toMatchObject({
        title: 'Brooklyn Nine-Nine',
        offers: [{ platform: 'NETFLIX' }, { platform: 'PRIME_VIDEO' }],
      });
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});
