/** Every topic, with what it is keyed by and how long it keeps events. The order of a key's events is all that is promised. */

const DAY_MS = 86_400_000;

interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs?: number;
}

/** Key: user id. Value: an interaction in the public shape (interaction.ts). */
export const USER_EVENTS = { name: 'user_events', partitions: 8, cleanup: 'delete', retentionMs: 90 * DAY_MS } as const;
/** Key: `platform:platformId`. One partition: records are placed one after another, so that a work is never made twice. */
export const CONTENT_SYNC = {
  name: 'content_sync',
  partitions: 1,
  cleanup: 'delete',
  retentionMs: 30 * DAY_MS,
} as const;
/** Key: room id. Value: a room event (room.ts). */
export const SOCIAL_ROOMS = {
  name: 'social_rooms',
  partitions: 8,
  cleanup: 'delete',
  retentionMs: 7 * DAY_MS,
} as const;
/** Key: room id. Reactions and presence: worth nothing a minute later. */
export const ROOM_PULSE = { name: 'room_pulse', partitions: 8, cleanup: 'delete', retentionMs: 3_600_000 } as const;
/** Key: room id. Value: a member's sockets have closed (RoomDeparture). */
export const ROOM_DEPARTURES = {
  name: 'room_departures',
  partitions: 4,
  cleanup: 'delete',
  retentionMs: 3_600_000,
} as const;
/** Key: work id. Compacted: read from the start, it is the catalogue (content-change.ts). */
export const CONTENT_CHANGES = { name: 'content_changes', partitions: 4, cleanup: 'compact' } as const;
/** Key: user id. Value: that this user's list would look different now (recommendation-change.ts). */
export const RECOMMENDATION_CHANGES = {
  name: 'recommendation_changes',
  partitions: 8,
  cleanup: 'delete',
  retentionMs: DAY_MS,
} as const;

/** Where a topic's unreadable events go: the original bytes, headers saying why and from where. */
export const deadLettersOf = (topic: string): string => `${topic}.dlq`;

const deadLetters = (topic: Topic): Topic => ({
  name: deadLettersOf(topic.name),
  partitions: 1,
  cleanup: 'delete',
  retentionMs: 30 * DAY_MS,
});

const LIVE = [
  USER_EVENTS,
  CONTENT_SYNC,
  SOCIAL_ROOMS,
  ROOM_PULSE,
  ROOM_DEPARTURES,
  CONTENT_CHANGES,
  RECOMMENDATION_CHANGES,
];
export const ALL_TOPICS: readonly Topic[] = [...LIVE, ...[USER_EVENTS, CONTENT_SYNC].map(deadLetters)];
