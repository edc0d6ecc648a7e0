/**
 * What counts as an interaction on `user_events`: the public shape, and values that can be true. What is plainly right is told
 * by a few comparisons; the schema looks at all else, and words the refusal.
 */
import { hash } from 'node:crypto';
import { AppError } from '../../schema/errors.ts';
import { INTERACTION_WORDS, type InteractionEvent, interactionEvent } from '../../schema/events/interaction.ts';
import type { Catalogue } from './domain/catalogue.ts';
import { labelId } from './domain/genres.ts';
import { type Interaction, parseTime, timeFault } from './domain/interaction.ts';
import { isZone, offsetZone } from './domain/windows.ts';

/** Producers' names of platforms that we name otherwise. */
const PLATFORM_ALIASES: ReadonlyMap<string, string> = new Map([
  ['prime', 'prime_video'],
  ['amazon', 'prime_video'],
  ['amazon_prime', 'prime_video'],
  ['amazon_prime_video', 'prime_video'],
  ['disney_hotstar', 'hotstar'],
  ['jiohotstar', 'hotstar'],
]);

/** 132 bits, as base64url. */
const DIGEST_CHARACTERS = 22;
/** Labels are few; a bound against invented ones. */
const MAX_LABELS = 10_000;
const labels = new Map<string, string>();

/**
 * Reads an event's JSON; its title by the catalogue, if it is there. A field that is null counts as not given.
 * @throws ZodError for another shape; AppError EVENT_INVALID for a control character in the user's id or an impossible time
 */
export function readInteraction(json: unknown, catalogue: Catalogue, now: number): Interaction {
  const event = isPlain(json) ? json : interactionEvent.parse(withoutNulls(json));
  const { user_id: userId, watchProgress, position_ms: positionMs = null, duration_ms: durationMs = null } = event;
  if (/\p{Cc}/u.test(userId)) throw new AppError('EVENT_INVALID', 'user_id: it has a control character.');
  const time = parseTime(event.timestamp);
  const fault = timeFault(time, now);
  if (fault !== null) throw new AppError('EVENT_INVALID', `timestamp: ${fault}`);
  const type = INTERACTION_WORDS.get(event.event_type) as Interaction['type'];
  const platform = platformOf(event.content_platform);
  const zone = event.time_zone ?? event.timezone;
  const contentId = catalogue.resolve(event.content_id, platform ?? undefined);
  const told = catalogue.find(contentId) === undefined ? event.context_data : undefined;
  const fromPosition = positionMs !== null && durationMs !== null ? Math.min(1, positionMs / durationMs) : null;
  return {
    id: idOf(event, type),
    userId,
    type,
    contentId,
    platform,
    at: Math.min(time, now),
    zone: zone !== undefined && isZone(zone) ? zone : offsetZone(event.timestamp),
    progress: type === 'complete' ? 1 : (watchProgress ?? fromPosition),
    positionMs,
    durationMs,
    title: told?.title ?? null,
    genres: (told?.genres ?? []).map(label).filter((genre) => genre !== ''),
  };
}

/**
 * The same for every copy of an event, and for no other: a digest of the producer's id where it gives one, else of all that
 * makes the event what it is. The user's id comes first, so that one user's interactions lie together in the store.
 */
function idOf(event: InteractionEvent, type: Interaction['type']): string {
  const { content_id, content_platform, timestamp, watchProgress, position_ms } = event;
  const identity = event.event_id
    ? `id\n${event.user_id}\n${event.event_id}`
    : JSON.stringify([event.user_id, type, content_id, content_platform, timestamp, watchProgress, position_ms]);
  return `${event.user_id}:${hash('sha256', identity, 'base64url').slice(0, DIGEST_CHARACTERS)}`;
}

function label(text: string): string {
  let id = labels.get(text);
  if (id === undefined) {
    id = labelId(text);
    if (labels.size >= MAX_LABELS) labels.clear();
    labels.set(text, id);
  }
  return id;
}

function platformOf(name: string | undefined): string | null {
  const id = label(name ?? '');
  return PLATFORM_ALIASES.get(id) ?? (id || null);
}

/** No zone but Z or an offset, and a day that every month has: whatever else a calendar allows is left to the schema. */
const PLAIN_TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const isText = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= max;
const isTextOrNone = (value: unknown, max: number): boolean =>
  value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= max);
const isTexts = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.length <= 50 && value.every((item) => isText(item, 500)));
const isCount = (value: unknown, least: number): boolean =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= least);

/** True only for what the schema accepts as it stands; false says nothing. */
function isPlain(json: unknown): json is InteractionEvent {
  if (typeof json !== 'object' || json === null) return false;
  const event = json as Partial<Record<keyof InteractionEvent, unknown>>;
  const { watchProgress: part, context_data: told } = event;
  return (
    isText(event.user_id, 200) &&
    isText(event.content_id, 200) &&
    INTERACTION_WORDS.has(event.event_type) &&
    typeof event.timestamp === 'string' &&
    PLAIN_TIME.test(event.timestamp) &&
    isTextOrNone(event.event_id, 200) &&
    isTextOrNone(event.content_platform, 50) &&
    isTextOrNone(event.time_zone, 64) &&
    isTextOrNone(event.timezone, 64) &&
    (part === undefined || (typeof part === 'number' && part >= 0 && part <= 1)) &&
    isCount(event.position_ms, 0) &&
    isCount(event.duration_ms, 1) &&
    (told === undefined || isPlainContext(told))
  );
}

function isPlainContext(told: unknown): boolean {
  if (typeof told !== 'object' || told === null || Array.isArray(told)) return false;
  const { title, genres, mood_tags: moods } = told as Record<string, unknown>;
  return isTextOrNone(title, 500) && isTexts(genres) && isTexts(moods);
}

function withoutNulls(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const given = Object.entries(json).filter(([, value]) => value !== null);
  return Object.fromEntries(
    given.map(([field, value]) => [field, field === 'context_data' ? withoutNulls(value) : value]),
  );
}
