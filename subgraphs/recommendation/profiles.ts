/**
 * Profiles and interactions in the store. A profile carries up to which offset of each partition it has learned, in the same
 * document, so that what was learned and how far it got are never apart.
 */
import type { BulkWrite, Collection, Store } from '../../platform/ports/store.ts';
import { isDuplicateKey } from '../../platform/ports/store.ts';
import { AppError } from '../../schema/errors.ts';
import type { Interaction } from './domain/interaction.ts';
import { emptyProfile, type Profile } from './domain/profile.ts';

export interface ProfileDocument extends Profile {
  /** User id. */
  _id: string;
  /** Grows by one with each write: a writer that read an older one is refused. */
  version: number;
  /** Partition of `user_events` to the next offset to learn from. */
  folded: Record<string, number>;
}

/** Where in `user_events` an interaction was first seen: a copy elsewhere is not learned from. */
export interface Origin {
  readonly partition: number;
  readonly offset: number;
}

export interface InteractionDocument extends Omit<Interaction, 'id'>, Origin {
  _id: string;
}

export interface Profiles {
  /** One read of the store. */
  findByIds(userIds: readonly string[]): Promise<Map<string, ProfileDocument>>;
  /**
   * Writes profiles read before, each `version` one above what was read. The rest is written even where one is refused.
   * @throws AppError VERSION_CONFLICT if somebody else wrote one of them meanwhile
   */
  save(profiles: readonly ProfileDocument[]): Promise<void>;
  setFavourites(userId: string, genres: readonly string[]): Promise<ProfileDocument>;
  /** Stores interactions that are new. Answers those that had been seen elsewhere before, by id. */
  claim(interactions: readonly (Interaction & Origin)[]): Promise<Map<string, Origin>>;
  prepare(): Promise<void>;
}

export const newDocument = (userId: string): ProfileDocument => ({
  _id: userId,
  version: 0,
  folded: {},
  ...emptyProfile(),
});

export function openProfiles(store: Store): Profiles {
  const profiles = store.collection<ProfileDocument>('user_profiles');
  const interactions = store.collection<InteractionDocument>('user_interactions');
  return {
    prepare: async () => {
      await interactions.createIndex({ userId: 1, at: -1 });
    },
    findByIds: async (userIds) => {
      const found = await profiles.find({ _id: { $in: [...userIds] } }).toArray();
      return new Map(found.map((profile) => [profile._id, profile]));
    },
    save: (changed) => saveAll(profiles, changed),
    setFavourites: async (userId, favourites) => {
      const { _id, version, favourites: _, ...rest } = newDocument(userId);
      const update = { $set: { favourites }, $inc: { version: 1 }, $setOnInsert: rest };
      const saved = await profiles.findOneAndUpdate({ _id: userId }, update, { upsert: true, returnDocument: 'after' });
      if (saved === null) throw new AppError('UNAVAILABLE', 'The profile was not saved.');
      return saved;
    },
    claim: (found) => claimAll(interactions, found),
  };
}

/**
 * The filter names the version that was read. Where it is another by now nothing matches, the upsert tries to insert, and the
 * `_id` that exists refuses it: compare-and-set for old and new profiles alike, in one round trip.
 */
async function saveAll(profiles: Collection<ProfileDocument>, changed: readonly ProfileDocument[]): Promise<void> {
  if (changed.length === 0) return;
  const writes: BulkWrite<ProfileDocument>[] = changed.map(({ _id, ...replacement }) => ({
    replaceOne: { filter: { _id, version: replacement.version - 1 }, replacement, upsert: true },
  }));
  try {
    await profiles.bulkWrite(writes, { ordered: false });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new AppError('VERSION_CONFLICT', 'A profile was written by another process.', { cause: error });
  }
}

async function claimAll(
  interactions: Collection<InteractionDocument>,
  found: readonly (Interaction & Origin)[],
): Promise<Map<string, Origin>> {
  if (found.length === 0) return new Map();
  const writes = found.map(({ id, ...interaction }) => ({ insertOne: { document: { _id: id, ...interaction } } }));
  try {
    await interactions.bulkWrite(writes, { ordered: false });
    return new Map();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const ids = [...new Set(found.map(({ id }) => id))];
    const stored = await interactions.find({ _id: { $in: ids } }).toArray();
    // The bulk may have failed for more than repeats: what is not there was not stored.
    if (stored.length < ids.length) throw error;
    return new Map(stored.map(({ _id, partition, offset }) => [_id, { partition, offset }]));
  }
}
