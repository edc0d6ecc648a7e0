/** What a person did with a title, and what it says of their taste. Pure. Times: ms since the epoch. */
import type { InteractionEvent } from '../../../schema/events/interaction.ts';

export interface Interaction {
  /** The same for every copy of the event, and for no event of another user. */
  readonly id: string;
  readonly userId: string;
  readonly type: InteractionEvent['event_type'];
  /** A work's id, or `platform:platformId` while no such work is known. */
  readonly contentId: string;
  /** Lower case; null where the event does not say. */
  readonly platform: string | null;
  readonly at: number;
  /** IANA name or offset; null where the event does not say. */
  readonly zone: string | null;
  /** Part watched, 0..1; null where the event does not say. */
  readonly progress: number | null;
  readonly positionMs: number | null;
  readonly durationMs: number | null;
  /** What the event tells of a title that is not in the catalogue; else null and none. */
  readonly title: string | null;
  readonly genres: readonly string[];
}

/** Earlier than any event of a streaming platform. */
export const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** Clocks of devices run ahead; more than this is a fault. Within it an event counts as now. */
const MAX_AHEAD_MS = 86_400_000;

/** Why a time cannot be one of an interaction, or null. */
export function timeFault(at: number, now: number): string | null {
  if (Number.isNaN(at)) return 'The time is no date.';
  if (at < EARLIEST_MS) return 'The time lies before the year 2000.';
  return at > now + MAX_AHEAD_MS ? 'The time lies more than a day in the future.' : null;
}

/** RFC 3339; without an offset it is UTC. */
export const parseTime = (timestamp: string): number =>
  Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(timestamp) ? timestamp : `${timestamp}Z`);

/** From here on a play says something of taste, and the title counts as watched. */
const WATCHED_FROM = 0.1;
const SKIPPED_BELOW = 0.02;
/** A play whose length nobody told counts as half. */
const UNKNOWN_PROGRESS = 0.5;

const played = (progress: number): number => (progress < WATCHED_FROM ? 0 : 0.3 + 0.7 * progress);

/** What an interaction says of taste: -1 (not wanted) .. 1 (wanted). */
export function signalOf({ type, progress }: Pick<Interaction, 'type' | 'progress'>): number {
  switch (type) {
    case 'watch':
      return played(progress ?? UNKNOWN_PROGRESS);
    case 'pause':
      return played(progress ?? 0);
    case 'complete':
      return 1;
    case 'skip':
      return progress === null || progress < SKIPPED_BELOW ? -0.1 : played(progress);
    case 'like':
      return 1;
    case 'dislike':
      return -0.7;
    case 'dismiss':
      return -0.3;
    case 'add_to_list':
      return 0.4;
    case 'search_click':
      return 0.15;
  }
}

/** Whether it is a play of the title that counts as watching it. */
export const isPlay = ({ type, progress }: Pick<Interaction, 'type' | 'progress'>): boolean =>
  (type === 'watch' && (progress ?? UNKNOWN_PROGRESS) >= WATCHED_FROM) ||
  type === 'complete' ||
  ((type === 'pause' || type === 'skip') && (progress ?? 0) >= WATCHED_FROM);
