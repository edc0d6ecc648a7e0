/** `content_sync`: what a platform says of one of its titles. Key: `platform:platformId`. */
import { z } from 'zod';

/** Lower case with underscore, on topics, in documents and in files; upper case in GraphQL. */
export const PLATFORMS = ['netflix', 'prime_video', 'hotstar'] as const;
export type PlatformName = (typeof PLATFORMS)[number];

const names = z.array(z.string().min(1).max(300)).max(500);

/** A title as its platform tells it: labels are the platform's own, not yet canonical. */
export const sourceRecord = z.object({
  title: z.string().min(1).max(500),
  type: z.enum(['movie', 'series']),
  alternativeTitles: names.default([]),
  description: z.string().max(10_000).nullable().default(null),
  /** IMDb's id as this source gives it; it may be corrected later, so it is evidence and no key. */
  imdbId: z
    .string()
    .regex(/^tt\d{5,10}$/)
    .nullable()
    .default(null),
  /** Of a series, the year this platform gives: first or latest season. */
  releaseYear: z.number().int().min(1870).max(2100).nullable().default(null),
  /** Of a series, of one episode. */
  runtimeMinutes: z.number().int().min(1).max(2_000).nullable().default(null),
  seasonCount: z.number().int().min(1).max(200).nullable().default(null),
  /** The platform's genre labels. */
  genres: names.default([]),
  cast: names.default([]),
  directors: names.default([]),
  /** Country names or codes, as the platform writes them. */
  countries: names.default([]),
  /** The platform's own age label. */
  maturityLabel: z.string().max(50).nullable().default(null),
  edition: z.string().max(100).nullable().default(null),
  monetization: z.enum(['subscription', 'free', 'rent', 'buy']).default('subscription'),
  /** Where it can be watched, ISO 3166-1 alpha-2. */
  offerCountries: z.array(z.string().length(2)).max(250).default([]),
  availableFrom: z.iso.datetime({ offset: true }).nullable().default(null),
  availableUntil: z.iso.datetime({ offset: true }).nullable().default(null),
  /** When the platform added it, RFC 3339. */
  addedAt: z.iso.datetime({ offset: true }).nullable().default(null),
});
export type SourceRecord = z.infer<typeof sourceRecord>;

const head = {
  platform: z.enum(PLATFORMS),
  platformId: z.string().min(1).max(200),
  /** Integer; of two events for one record the higher wins, an equal or lower one is ignored. */
  version: z.number().int().nonnegative(),
  /** The full snapshot this came with, or null. */
  snapshotId: z.string().max(200).nullable().default(null),
};

export const contentSyncEvent = z.discriminatedUnion('op', [
  z.object({ ...head, op: z.literal('upsert'), record: sourceRecord }),
  z.object({ ...head, op: z.literal('delete'), record: z.null().default(null) }),
]);
export type ContentSyncEvent = z.infer<typeof contentSyncEvent>;

export const syncKey = (platform: PlatformName, platformId: string): string => `${platform}:${platformId}`;
