/**
 * `content_changes`: what syncing the platforms changed, once per work. Key: work id. Compacted: the last event of every
 * work, read from the start, is the catalogue; that is how other subgraphs know titles without asking content.
 */
import type { PlatformName } from './content-sync.ts';

/**
 * One way to watch a work. Windows open and close without an event: whoever shows a title compares them with the time.
 * The optional fields are missing in events from before they were told.
 */
export interface OfferSummary {
  readonly platform: PlatformName;
  readonly platformId: string;
  /** ISO 3166-1 alpha-2; empty: the platform does not say. */
  readonly countries?: readonly string[];
  /** RFC 3339; null: already for long. */
  readonly availableFrom?: string | null;
  /** RFC 3339, the moment itself not included; null: no end is known. */
  readonly availableUntil?: string | null;
}

/** What other subgraphs may know of a work. */
export interface WorkSummary {
  readonly id: string;
  readonly type: 'MOVIE' | 'SERIES';
  readonly title: string;
  readonly description: string | null;
  readonly releaseYear: number | null;
  readonly runtimeMinutes: number | null;
  /** Canonical genre ids, most telling first. */
  readonly genres: readonly string[];
  readonly moodTags: readonly string[];
  readonly cast: readonly string[];
  readonly directors: readonly string[];
  /** Null: unrated, locked whenever a parental limit is set. */
  readonly minAge: number | null;
  readonly offers: readonly OfferSummary[];
  /** When a platform last added it, ms since the epoch; null where no platform says. */
  readonly addedAt: number | null;
}

export interface ContentChange {
  readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED';
  readonly contentId: string;
  /** GraphQL spelling: NETFLIX, PRIME_VIDEO, HOTSTAR. */
  readonly platforms: readonly string[];
  readonly genres: readonly string[];
  /** Ms since the epoch. */
  readonly at: number;
  /** Null when REMOVED. */
  readonly work: WorkSummary | null;
  /** Of a REMOVED one that turned out to be another work: which. It may be removed in turn. */
  readonly mergedInto?: string;
}
