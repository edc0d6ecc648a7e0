/** Resolver types from the SDL: `npm run codegen`. The only place where generated code learns a subgraph's own types. */
import type { CodegenConfig } from '@graphql-codegen/cli';

interface Types {
  readonly context: string;
  /** GraphQL type to the domain type that its resolvers get as parent. */
  readonly mappers?: Readonly<Record<string, string>>;
}

const SUBGRAPHS: Readonly<Record<string, Types>> = {
  content: {
    context: '../../subgraphs/content/context.ts#ContentContext',
    mappers: {
      Content: '../../subgraphs/content/domain/work.ts#Work',
      Offer: '../../subgraphs/content/domain/work.ts#WorkOffer',
    },
  },
  recommendation: {
    context: '../../subgraphs/recommendation/context.ts#RecommendationContext',
    mappers: {
      Content: '../../subgraphs/recommendation/context.ts#EntityRef',
      User: '../../subgraphs/recommendation/context.ts#EntityRef',
      Room: '../../subgraphs/recommendation/context.ts#RoomRef',
      Genre: 'string',
      Recommendation: '../../subgraphs/recommendation/domain/ranking.ts#RankedTitle',
      Reason: '../../subgraphs/recommendation/domain/reasons.ts#Reason as ReasonModel',
      HomeRow: '../../subgraphs/recommendation/domain/home.ts#HomeRow as HomeRowModel',
      WindowPreference: '../../subgraphs/recommendation/domain/preference.ts#WindowTaste',
      GenrePreference: '../../subgraphs/recommendation/domain/preference.ts#GenrePreference as GenrePreferenceModel',
      UserSummary: '../../subgraphs/recommendation/domain/summary.ts#Summary',
      WatchProgress: '../../subgraphs/recommendation/domain/profile.ts#TouchedTitle',
      SimilarContent: '../../subgraphs/recommendation/domain/similar.ts#SimilarTitle',
      GroupRecommendation: '../../subgraphs/recommendation/domain/group.ts#GroupTitle',
    },
  },
  room: {
    context: '../../subgraphs/room/context.ts#RoomContext',
    mappers: {
      Room: '../../subgraphs/room/domain/room.ts#Room as RoomState',
      Member: '../../subgraphs/room/resolvers.ts#MemberOfRoom',
      Playback: '../../subgraphs/room/domain/room.ts#Playback as PlaybackState',
      QueueItem: '../../subgraphs/room/domain/room.ts#QueueItem as QueueItemState',
      User: '../../subgraphs/room/resolvers.ts#UserRef',
    },
  },
};

const config: CodegenConfig = {
  generates: Object.fromEntries(
    Object.entries(SUBGRAPHS).map(([name, { context, mappers }]) => [
      `schema/generated/${name}.ts`,
      {
        schema: `schema/${name}.graphql`,
        plugins: ['typescript', 'typescript-resolvers'],
        config: {
          federation: true,
          contextType: context,
          mappers: mappers ?? {},
          enumsAsTypes: true,
          useTypeImports: true,
          strictScalars: true,
          scalars: { ID: 'string', DateTime: 'string', EventJSON: 'unknown', _FieldSet: 'string' },
        },
      },
    ]),
  ),
};

export default config;
