/** One set per request: many ids asked for at once are one read of the store. */
import DataLoader from 'dataloader';
import type { PlatformName } from '../../schema/events/content-sync.ts';
import { syncKey } from '../../schema/events/content-sync.ts';
import { type ContentCollections, findByIds, toWork } from './content-collections.ts';
import type { Work } from './domain/work.ts';

export interface ContentLoaders {
  /** By its id, or by that of a work that was merged into it. */
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
    const found = await findByIds(works, ids);
    const winners = await findByIds(works, [...found.values()].map(({ mergedInto }) => mergedInto).filter(isText));
    return ids.map((id) => {
      const work = found.get(id);
      const shown = work?.mergedInto ? winners.get(work.mergedInto) : work;
      return shown ? toWork(shown) : null;
    });
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

const isText = (id: string | null | undefined): id is string => typeof id === 'string';
