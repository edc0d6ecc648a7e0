/**
 * Profiles that requests asked for lately, so that a page costs no read of the store. What somebody learned is forgotten here when
 * `recommendation_changes` tells of it: a request sees it as soon as an app that subscribes does.
 * Profiles handed out are shared: to be read only. Bounded, by bytes.
 */
import type { EventLog, TailReader } from '../../platform/ports/event-log.ts';
import { RECOMMENDATION_CHANGES } from '../../schema/events/topics.ts';
import { sizeBytesOf } from './profile-cache.ts';
import type { ProfileDocument, Profiles } from './profiles.ts';

const MAX_BYTES = 48 * 1024 * 1024;
/** Nothing older is handed out, should the log have gone silent. */
const MAX_AGE_MS = 30_000;

interface Kept {
  readonly profile: ProfileDocument;
  readonly readAt: number;
}

export class CachedProfiles {
  readonly #stored: Profiles;
  /** Asked for longest ago first. */
  readonly #kept = new Map<string, Kept>();
  /** Of each read under way, whose profiles it may still keep. */
  readonly #reading = new Set<Set<string>>();
  #sizeBytes = 0;
  #follows = false;

  constructor(stored: Profiles) {
    this.#stored = stored;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Keeps nothing before this resolves, nor after the reader was closed. */
  async follow(log: EventLog): Promise<TailReader> {
    const tail = await log.tail({ topic: RECOMMENDATION_CHANGES.name, from: 'now' }, ({ key }) => {
      if (key !== null) this.#forget(key);
    });
    this.#follows = true;
    const close = (): Promise<void> => {
      this.#follows = false;
      return tail.close();
    };
    return { caughtUp: tail.caughtUp, close };
  }

  /** As the store's; for readers only. */
  async findByIds(userIds: readonly string[]): Promise<Map<string, ProfileDocument>> {
    const found = new Map<string, ProfileDocument>();
    const missing = new Set<string>();
    for (const userId of userIds) {
      const profile = this.#fresh(userId);
      if (profile === undefined) missing.add(userId);
      else found.set(userId, profile);
    }
    if (missing.size === 0) return found;
    const keepable = new Set(missing);
    this.#reading.add(keepable);
    try {
      for (const [userId, profile] of await this.#stored.findByIds([...missing])) {
        found.set(userId, profile);
        if (this.#follows && keepable.has(userId)) this.#keep(profile);
      }
    } finally {
      this.#reading.delete(keepable);
    }
    return found;
  }

  /** As the store's; seen here at once. */
  async setFavourites(userId: string, genres: readonly string[]): Promise<ProfileDocument> {
    const saved = await this.#stored.setFavourites(userId, genres);
    this.#forget(userId);
    return saved;
  }

  #fresh(userId: string): ProfileDocument | undefined {
    const kept = this.#kept.get(userId);
    if (kept === undefined) return undefined;
    if (!this.#follows || performance.now() - kept.readAt > MAX_AGE_MS) {
      this.#forget(userId);
      return undefined;
    }
    this.#kept.delete(userId);
    this.#kept.set(userId, kept);
    return kept.profile;
  }

  #keep(profile: ProfileDocument): void {
    this.#remove(profile._id);
    this.#kept.set(profile._id, { profile, readAt: performance.now() });
    this.#sizeBytes += sizeBytesOf(profile);
    for (const userId of this.#kept.keys()) {
      if (this.#sizeBytes <= MAX_BYTES) return;
      this.#remove(userId);
    }
  }

  #forget(userId: string): void {
    for (const keepable of this.#reading) keepable.delete(userId);
    this.#remove(userId);
  }

  #remove(userId: string): void {
    const kept = this.#kept.get(userId);
    if (kept === undefined) return;
    this.#kept.delete(userId);
    this.#sizeBytes -= sizeBytesOf(kept.profile);
  }
}
