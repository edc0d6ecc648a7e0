/** Translate and delegate. No driver, no environment, no rule of the domain. */
import type { Resolvers } from '../../schema/generated/recommendation.ts';
import { bounded, toFilter, toMoment } from './arguments.ts';
import type { EntityRef } from './context.ts';
import { dateTime, toDateTime } from './date-time.ts';
import { genreName } from './domain/genres.ts';

const content = (id: string): EntityRef & { readonly __typename: 'Content' } => ({ __typename: 'Content', id });
const orNull = (at: number | null): string | null => (at === null ? null : toDateTime(at));

export const resolvers: Resolvers = {
  DateTime: dateTime,
  Query: {
    viewer: (_, __, context) => ({ id: context.service.viewerId(context) }),
    recommendations: (_, { at, timeZone, filter, first }, context) =>
      context.service.recommendations(
        context,
        toMoment(at, timeZone, context.service.now()),
        toFilter(filter),
        bounded('first', first, 100),
      ),
    home: (_, { at, timeZone, filter, rows, perRow }, context) =>
      context.service.home(context, toMoment(at, timeZone, context.service.now()), {
        filter: toFilter(filter),
        rows: bounded('rows', rows, 12),
        perRow: bounded('perRow', perRow, 50),
      }),
  },
  Mutation: {
    recordInteractions: (_, { events }, context) => context.service.recordInteractions(context, events),
    setFavouriteGenres: async (_, { genres }, context) => ({
      id: await context.service.setFavouriteGenres(context, genres),
    }),
  },
  User: {
    __resolveReference: ({ id }) => ({ id }),
    temporalPreferences: ({ id }, _, context) => context.service.temporalPreferences(context, id),
    summary: ({ id }, _, context) => context.service.summary(context, id),
    continueWatching: ({ id }, { first }, context) =>
      context.service.continueWatching(context, id, bounded('first', first, 100)),
  },
  Content: {
    __resolveReference: ({ id }) => ({ id }),
    similar: ({ id }, { first }, { service }) => service.similar(id, bounded('first', first, 100)),
  },
  Room: {
    __resolveReference: (room) => room,
    suggestions: (room, { first }, context) => context.service.suggestions(context, room, bounded('first', first, 100)),
  },
  Recommendation: { content: ({ contentId }) => content(contentId) },
  Reason: { content: ({ contentId }) => (contentId === null ? null : content(contentId)) },
  SimilarContent: { content: ({ contentId }) => content(contentId) },
  GroupRecommendation: { content: ({ contentId }) => content(contentId) },
  Genre: { id: (genre) => genre, name: (genre) => genreName(genre) },
  WindowPreference: {
    preferredGenres: ({ preferred }) => preferred.slice(0, 10),
    contentCount: ({ plays }) => plays,
  },
  UserSummary: { firstSeenAt: ({ firstAt }) => orNull(firstAt), lastSeenAt: ({ lastAt }) => orNull(lastAt) },
  WatchProgress: {
    content: ({ id }) => content(id),
    progress: ({ progress }) => progress ?? 0,
    updatedAt: ({ at }) => toDateTime(at),
  },
};
