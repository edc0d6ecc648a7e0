import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PLATFORMS } from '../../../schema/events/content-sync.ts';
import { connectorFor } from '../../../subgraphs/content/connectors/index.ts';
import { countryCode } from '../../../subgraphs/content/domain/countries.ts';
import { isMapped } from '../../../subgraphs/content/domain/genres.ts';
import { isKnownLabel } from '../../../subgraphs/content/domain/maturity.ts';
import { describeReal } from '../../support/real-services.ts';

const FILES = { netflix: 'netflix_titles.csv', prime_video: 'amazon_prime_titles.csv', hotstar: 'hotstar.csv' };

describeReal('the vocabulary of the real catalogues', ['CATALOGUE_DIR'], ({ CATALOGUE_DIR }) => {
  test.each(PLATFORMS)('every genre, age label and country of %s has a meaning', async (platform) => {
    const unknown = new Set<string>();
    const seen = new Set<string>();
    for await (const row of connectorFor(platform, '').read(createReadStream(join(CATALOGUE_DIR, FILES[platform])))) {
      if (row.kind !== 'accepted') continue;
      const { genres, maturityLabel, countries } = row.record;
      for (const label of genres) seen.add(label);
      for (const label of genres) if (!isMapped(platform, label)) unknown.add(`genre ${label}`);
      if (maturityLabel && !isKnownLabel(maturityLabel)) unknown.add(`age ${maturityLabel}`);
      for (const name of countries) if (!countryCode(name)) unknown.add(`country ${name}`);
    }
    expect([...unknown]).toEqual([]);
    expect(seen.size).toBeGreaterThan(25);
  });
});
