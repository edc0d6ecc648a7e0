/** `user_events`: what a person did with a title, in the shape that outside producers already send. Key: user id. */
import { z } from 'zod';

/** Stored lower case. */
export const INTERACTION_TYPES = [
  'watch',
  'pause',
  'complete',
  'skip',
  'like',
  'dislike',
  'dismiss',
  'add_to_list',
  'search_click',
] as const;

/** Other producers' words, as seen on `user_events`. */
export const INTERACTION_WORDS: ReadonlyMap<unknown, (typeof INTERACTION_TYPES)[number]> = new Map([
  ...INTERACTION_TYPES.map((type) => [type, type] as const),
  ['view', 'watch'],
  ['watch_start', 'watch'],
  ['watch_progress', 'watch'],
  ['watch_end', 'watch'],
]);

const text = z.string().max(500);

/** Accepts the public shape as it stands; unknown fields are ignored, unusable ones make the event invalid. */
export const interactionEvent = z.object({
  /** Absent: repeats are recognised by a digest of the event. */
  event_id: z.string().min(1).max(200).optional(),
  user_id: z.string().min(1).max(200),
  event_type: z.preprocess((word) => INTERACTION_WORDS.get(word) ?? word, z.enum(INTERACTION_TYPES)),
  /** A work's id, or the platform's own id of it. */
  content_id: z.string().min(1).max(200),
  content_platform: z.string().max(50).optional(),
  context_data: z
    .object({
      title: text.optional(),
      genres: z.array(text).max(50).optional(),
      mood_tags: z.array(text).max(50).optional(),
    })
    .optional(),
  /** RFC 3339; without an offset it is read as UTC. */
  timestamp: z.iso.datetime({ offset: true, local: true }),
  /** IANA name, such as Asia/Kolkata. */
  time_zone: z.string().max(64).optional(),
  /** The same, as some producers spell it. */
  timezone: z.string().max(64).optional(),
  /** Part watched, 0..1. */
  watchProgress: z.number().min(0).max(1).optional(),
  position_ms: z.number().int().nonnegative().optional(),
  duration_ms: z.number().int().positive().optional(),
});

export type InteractionEvent = z.infer<typeof interactionEvent>;
