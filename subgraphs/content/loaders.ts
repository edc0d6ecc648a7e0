/** One set per request: many ids asked for at once are one read of the store. */
import DataLoader from 'dataloader';
import type { PlatformName } from '../../schema/events/content-sync.ts';
import { syncKey } from '../../schema/events/content-sync.ts';
import { type ContentCollections, toWork } from './content-collections.ts';
import type { Work } from './domain/work.ts';

export interface ContentLoaders {
  readonly work: DataLoader<string, Work | null>;
  /** The id of the work that a platform's record is on; null where the platform has none such. */
  readonly workIdOf: DataLoader<
    { readonly platform: PlatformName; readonly platformId: string },
    string | null,
    string
  >;
}

export const createLoaders = ({ works, sources }: ContentCollections): ContentLoaders => ({
  work: new DataLoader(async (ids) => {
    const found = new Map(
      (await works.find({ _id: { $in: [...ids] } }).toArray()).map((work) => [work._id, toWork(work)]),
    );
    return ids.map((id) => found.get(id) ?? null);
  }),
  workIdOf: new DataLoader(
    async (records) => {
      const keys = records.map(({ platform, platformId }) => syncKey(platform, platformId));
      const documents = await sources.find({ _id: { $in: keys }, state: 'live' }).toArray();
      const found = new Map(documents.map(({ _id, workId }) => [_id, workId]));
      return keys.map((key) => found.get(key) ?? null);
    },
    { cacheKeyFn: ({ platform, platformId }) => syncKey(platform, platformId) },
  ),
});
