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
import { AppError } from '../../schema/errors.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import type { RecommendationChange } from '../../schema/events/recommendation-change.ts';
import { RECOMMENDATION_CHANGES } from '../../schema/events/topics.ts';
import type { Catalogue } from './domain/catalogue.ts';
import type { Interaction } from './domain/interaction.ts';
import { learn } from './domain/profile.ts';
import { newDocument, type Origin, type ProfileDocument, type Profiles } from './profiles.ts';

const MAX_CONFLICTS = 8;

type Seen = Interaction & Origin;

export class Learner {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #profiles: Profiles;
  readonly #catalogue: Catalogue;

  constructor(log: EventLog, clock: Clock, profiles: Profiles, catalogue: Catalogue) {
    this.#log = log;
    this.#clock = clock;
    this.#profiles = profiles;
    this.#catalogue = catalogue;
  }

  /** A batch of one partition, in order. @throws when the store or the log does not answer: the batch comes again */
  async learn(batch: readonly ValidatedEvent<Interaction>[]): Promise<void> {
    if (batch.length === 0) return;
    const seen = batch.map(({ logged: { partition, offset }, event }) => ({ ...event, partition, offset }));
    const origins = await this.#profiles.claim(seen);
    const isFirst = ({ id, partition, offset }: Seen): boolean => {
      const origin = origins.get(id);
      return origin === undefined || (origin.partition === partition && origin.offset === offset);
    };
    const byUser = Map.groupBy(seen.filter(isFirst), ({ userId }) => userId);
    const learned = await this.#fold(byUser);
    await this.#announce(learned);
  }

  /** Answers every user's profile as it now stands. Conflicts are resolved by reading again. */
  async #fold(byUser: ReadonlyMap<string, readonly Seen[]>): Promise<ProfileDocument[]> {
    if (byUser.size === 0) return [];
    for (let attempt = 1; ; attempt += 1) {
      const stored = await this.#profiles.findByIds([...byUser.keys()]);
      const profiles = [...byUser].map(([userId, interactions]) => {
        const profile = stored.get(userId) ?? newDocument(userId);
        return { profile, changed: this.#foldInto(profile, interactions) };
      });
      try {
        await this.#profiles.save(profiles.filter(({ changed }) => changed).map(({ profile }) => profile));
        return profiles.map(({ profile }) => profile);
      } catch (error) {
        const isConflict = error instanceof AppError && error.code === 'VERSION_CONFLICT';
        if (!isConflict || attempt === MAX_CONFLICTS) throw error;
      }
    }
  }

  /** Whether there was anything to learn. */
  #foldInto(profile: ProfileDocument, interactions: readonly Seen[]): boolean {
    let changed = false;
    for (const interaction of interactions) {
      const { partition, offset } = interaction;
      if (offset < (profile.folded[partition] ?? 0)) continue;
      const work = this.#catalogue.find(interaction.contentId);
      learn(profile, interaction, work?.genres ?? interaction.genres, work !== undefined);
      profile.folded[partition] = offset + 1;
      changed = true;
    }
    if (changed) profile.version += 1;
    return changed;
  }

  /** Says once per user that their list would look different now. */
  async #announce(profiles: readonly ProfileDocument[]): Promise<void> {
    if (profiles.length > 0) await announce(this.#log, this.#clock, profiles);
  }
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
