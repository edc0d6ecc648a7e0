/**
 * Learns profiles from batches of `user_events`. Every step may be repeated: a crash, a redelivered batch or a second process
 * on the same partition neither loses nor double counts an event.
 *   1. An interaction is stored under its id together with where it was seen; the first place seen is the one learned from.
 *   2. A profile skips offsets that it has learned from, and is written only if nobody else wrote it since it was read.
 *   3. Then the change is announced, then the batch is committed: an announcement may come twice, and never fails to come.
 */

import type { ValidatedEvent } from '../../platform/dead-letters.ts';
import type { Clock } from '../../platform/ports/clock.ts';
import type { EventLog } from '../../platform/ports/event-log.ts';
import { nextTurn } from '../../platform/turns.ts';
import { AppError } from '../../schema/errors.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import type { RecommendationChange } from '../../schema/events/recommendation-change.ts';
import { RECOMMENDATION_CHANGES } from '../../schema/events/topics.ts';
import type { Catalogue } from './domain/catalogue.ts';
import type { Interaction } from './domain/interaction.ts';
import { learn } from './domain/profile.ts';
import { learnedEvents, repeatedEvents } from './learning-metrics.ts';
import { ProfileCache } from './profile-cache.ts';
import { newDocument, type Origin, type ProfileDocument, type Profiles } from './profiles.ts';

const MAX_CONFLICTS = 8;
/** Events between which requests are served. */
const SLICE = 100;

type Seen = ValidatedEvent<Interaction>;

export class Learner {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #profiles: Profiles;
  readonly #catalogue: Catalogue;
  readonly #cache = new ProfileCache();

  constructor(log: EventLog, clock: Clock, profiles: Profiles, catalogue: Catalogue) {
    this.#log = log;
    this.#clock = clock;
    this.#profiles = profiles;
    this.#catalogue = catalogue;
  }

  /** A batch of one partition, in order. @throws when the store or the log does not answer: the batch comes again */
  async learn(batch: readonly ValidatedEvent<Interaction>[]): Promise<void> {
    if (batch.length === 0) return;
    const byUser = Map.groupBy(batch, ({ event }) => event.userId);
    // By user, as they lie in the store: those of a slice then share its pages.
    const origins = await this.#profiles.claim([...byUser.values()].flat());
    if (origins.size > 0) repeatedEvents.inc(dropRepeats(byUser, origins));
    await this.#announce(await this.#fold(byUser));
  }

  /** Answers every user's profile as it now stands. Conflicts are resolved by reading again. */
  async #fold(byUser: ReadonlyMap<string, readonly Seen[]>): Promise<ProfileDocument[]> {
    if (byUser.size === 0) return [];
    for (let attempt = 1; ; attempt += 1) {
      const current = await this.#currentProfiles([...byUser.keys()], attempt > 1);
      const profiles: { readonly profile: ProfileDocument; readonly learned: number }[] = [];
      let unyielded = 0;
      for (const [userId, interactions] of byUser) {
        const profile = current.get(userId) ?? newDocument(userId);
        profiles.push({ profile, learned: this.#foldInto(profile, interactions) });
        unyielded += interactions.length;
        if (unyielded < SLICE) continue;
        unyielded = 0;
        await nextTurn();
      }
      try {
        await this.#profiles.save(profiles.filter(({ learned }) => learned > 0).map(({ profile }) => profile));
        learnedEvents.inc(profiles.reduce((sum, { learned }) => sum + learned, 0));
        for (const { profile } of profiles) if (profile.version > 0) this.#cache.put(profile);
        return profiles.map(({ profile }) => profile);
      } catch (error) {
        const isConflict = error instanceof AppError && error.code === 'VERSION_CONFLICT';
        if (!isConflict || attempt === MAX_CONFLICTS) throw error;
      }
    }
  }

  /** From the cache, the rest from the store; all from the store after a conflict, when the cache may be what is wrong. */
  async #currentProfiles(userIds: readonly string[], distrust: boolean): Promise<Map<string, ProfileDocument>> {
    const missing: string[] = [];
    const found = new Map<string, ProfileDocument>();
    for (const userId of userIds) {
      const cached = this.#cache.take(userId);
      if (cached === undefined || distrust) missing.push(userId);
      else found.set(userId, cached);
    }
    for (let at = 0; at < missing.length; at += SLICE) {
      const stored = await this.#profiles.findByIds(missing.slice(at, at + SLICE));
      for (const [userId, profile] of stored) found.set(userId, profile);
    }
    return found;
  }

  /** How many there were to learn from. */
  #foldInto(profile: ProfileDocument, interactions: readonly Seen[]): number {
    let learned = 0;
    for (const { event: interaction, logged } of interactions) {
      const { partition, offset } = logged;
      if (offset < (profile.folded[partition] ?? 0)) continue;
      const work = this.#catalogue.find(interaction.contentId);
      learn(profile, interaction, work?.genres ?? interaction.genres, work !== undefined);
      profile.folded[partition] = offset + 1;
      learned += 1;
    }
    if (learned > 0) profile.version += 1;
    return learned;
  }

  /** Says once per user that their list would look different now. */
  async #announce(profiles: readonly ProfileDocument[]): Promise<void> {
    if (profiles.length > 0) await announce(this.#log, this.#clock, profiles);
  }
}

/** Leaves only interactions that are new or were first seen where they are now; answers how many others there were. */
function dropRepeats(byUser: Map<string, Seen[]>, origins: ReadonlyMap<string, Origin>): number {
  let dropped = 0;
  for (const [userId, seen] of byUser) {
    const fresh = seen.filter(({ event, logged }) => {
      const origin = origins.get(event.id);
      return origin === undefined || (origin.partition === logged.partition && origin.offset === logged.offset);
    });
    dropped += seen.length - fresh.length;
    if (fresh.length > 0) byUser.set(userId, fresh);
    else byUser.delete(userId);
  }
  return dropped;
}

/** Publishes a change per profile. */
export async function announce(log: EventLog, clock: Clock, profiles: readonly ProfileDocument[]): Promise<void> {
  const timeMs = clock.now();
  const messages = profiles.map(({ _id, interactionCount }) => {
    const change: RecommendationChange = { userId: _id, at: timeMs, interactionCount };
    return toMessage({ source: '/recommendation', type: 'recommendation.list.changed', timeMs }, _id, change);
  });
  await log.publish(RECOMMENDATION_CHANGES.name, messages);
}
