import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { importFiles } from '../../../subgraphs/content/file-import.ts';
import { eventually } from '../../support/eventually.ts';
import { describeReal } from '../../support/real-services.ts';
import { runContent, type WorkPage } from './running-content.ts';

const TIMEOUT_MS = 120_000;
const SEARCH = 'query ($query: String!) { search(query: $query) { edges { node { title offers { platform } } } } }';

describeReal('the real catalogues', ['CATALOGUE_DIR'], ({ CATALOGUE_DIR }) => {
  test(
    'all three are imported, and can be searched',
    async () => {
      const content = await runContent();
      try {
        const { files, worksAfter } = await importFiles(content.ports, [
          { platform: 'netflix', path: join(CATALOGUE_DIR, 'netflix_titles.csv') },
          { platform: 'prime_video', path: join(CATALOGUE_DIR, 'amazon_prime_titles.csv') },
          { platform: 'hotstar', path: join(CATALOGUE_DIR, 'hotstar.csv') },
        ]);
        expect(files.map(({ read, accepted }) => [read, accepted])).toEqual([
          [8_807, 8_804],
          [9_668, 9_666],
          [6_874, 6_874],
        ]);
        // 25,344 records; the pairs labelled by hand say that some 1,000 are works seen before.
        expect(worksAfter).toBeGreaterThan(23_900);
        expect(worksAfter).toBeLessThan(24_800);
        await eventually(async () => {
          const { catalogue } = await content.get<{ catalogue: WorkPage }>('{ catalogue { totalCount } }');
          return catalogue.totalCount === worksAfter;
        }, TIMEOUT_MS);
        const found = async (query: string) => {
          const { search } = await content.get<{ search: WorkPage }>(SEARCH, { query });
          return search.edges.map(({ node }) => [node.title, ...node.offers.map(({ platform }) => platform)])[0];
        };
        expect(await found('fukrey')).toEqual(['Fukrey', 'NETFLIX', 'PRIME_VIDEO', 'HOTSTAR']);
        expect(await found('wall e')).toEqual(['Wall-E', 'HOTSTAR']);
        expect(await found('pink all i know')).toEqual(['P!nk: All I Know So Far', 'PRIME_VIDEO']);
        expect(await found('stranger thngs')).toEqual(['Stranger Things', 'NETFLIX']);
        expect(await found('two states')).toEqual(['2 States', 'NETFLIX', 'HOTSTAR']);
      } finally {
        await content.stop();
      }
    },
    TIMEOUT_MS,
  );
});
