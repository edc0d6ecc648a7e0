/** GraphQL to the service and back; platforms are lower case inside and upper case outside. */
import type { PlatformName } from '../../schema/events/content-sync.ts';
import type { ContentFilter, Monetization, Platform, Resolvers } from '../../schema/generated/content.ts';
import type { Page } from './catalogue-view.ts';
import type { FilterInput } from './content-service.ts';
import type { ContentContext } from './context.ts';
import { deepLinkOf } from './domain/deep-links.ts';
import { genreName } from './domain/genres.ts';
import { bandOf } from './domain/maturity.ts';
import type { Work } from './domain/work.ts';
import type { ContentLoaders } from './loaders.ts';

export const resolvers: Resolvers = {
  Query: {
    content: (_, { id }, { loaders }) => loaders.work.load(id),
    contentByPlatformId: async (_, { platform, platformId }, { loaders }) => {
      const id = await loaders.workIdOf.load({ platform: inner(platform), platformId });
      return id === null ? null : loaders.work.load(id);
    },
    catalogue: (_, { filter, sort, first, after }, context) =>
      connection(context.content.catalogue(filterInput(filter), sort, first, after ?? null), context),
    search: async (_, { query, filter, first, after }, context) => {
      const page = context.content.search(query, filterInput(filter), first, after ?? null);
      return {
        ...(await connection(page, context)),
        facets: page.facets.map(({ name, values }) => ({ name, values: [...values] })),
      };
    },
    suggest: async (_, { prefix, first }, { content, loaders }) =>
      withWorks(content.suggest(prefix, first), loaders, ({ text }, work) => ({ text, content: work })),
    catalogueStatus: async (_, __, { content }) =>
      (await content.status()).map((status) => ({
        ...status,
        platform: outer(status.platform),
        lastSnapshotAt: rfc3339(status.lastSnapshotAt),
        lastChangeAt: rfc3339(status.lastChangeAt),
        held: status.held && { at: new Date(status.held.at).toISOString(), reason: status.held.reason },
      })),
  },
  Content: {
    __resolveReference: ({ id }, { loaders }) => loaders.work.load(id),
    genres: ({ genres }) => genres.map((id) => ({ id, name: genreName(id) })),
    moodTags: ({ moods }) => moods.map(({ tag }) => tag),
    cast: (work, { first }, { content }) => [...content.castOf(work, first)],
    maturity: ({ minAge, maturityLabels }) => ({
      band: bandOf(minAge),
      minAge,
      labels: maturityLabels.map(({ platform, label }) => ({ platform: outer(platform), label })),
    }),
    offers: (work, { platforms, country }, { content }) =>
      content.offersOf(work, platforms?.map(inner) ?? null, country ?? null),
    updatedAt: ({ updatedAt }) => new Date(updatedAt).toISOString(),
  },
  Offer: {
    platform: ({ platform }) => outer(platform),
    monetization: ({ monetization }) => monetization.toUpperCase() as Monetization,
    availableFrom: ({ availableFrom }) => inUtc(availableFrom),
    availableUntil: ({ availableUntil }) => inUtc(availableUntil),
    deepLink: ({ platform, platformId, title }) => deepLinkOf(platform, platformId, title),
  },
};

const inner = (platform: Platform): PlatformName => platform.toLowerCase() as PlatformName;
const outer = (platform: PlatformName): Platform => platform.toUpperCase() as Platform;
const rfc3339 = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const inUtc = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());

const filterInput = (filter: ContentFilter | null | undefined): FilterInput | null =>
  filter ? { ...filter, platforms: filter.platforms?.map(inner) } : null;

async function connection<E>({ edges, hasNextPage, totalCount }: Page<E>, { loaders }: ContentContext) {
  return {
    edges: await withWorks(edges, loaders, (edge, node) => ({ ...edge, node })),
    pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount,
  };
}

/** The rows whose work is still there: one may have gone since the list was made. */
async function withWorks<R extends { readonly id: string }, T>(
  rows: readonly R[],
  loaders: ContentLoaders,
  join: (row: R, work: Work) => T,
): Promise<T[]> {
  const works = await Promise.all(rows.map(({ id }) => loaders.work.load(id)));
  return rows.flatMap((row, at) => {
    const work = works[at];
    return work ? [join(row, work)] : [];
  });
}
