/**
 * Profiles and interactions in the store. A profile carries up to which offset of each partition it has learned, in the same
 * document, so that what was learned and how far it got are never apart.
 */
import type { ValidatedEvent } from '../../platform/dead-letters.ts';
import type { BulkWrite, Collection, Store } from '../../platform/ports/store.ts';
import { isDuplicateKey } from '../../platform/ports/store.ts';
import { nextTurn } from '../../platform/turns.ts';
import { AppError } from '../../schema/errors.ts';
import type { Interaction } from './domain/interaction.ts';
import { emptyProfile, type Profile } from './domain/profile.ts';
import { pack, type StoredState, unpack } from './profile-codec.ts';

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

/** What is null is left out; title and genres are there only for a title that was not in the catalogue. */
export interface InteractionDocument extends Partial<Omit<Interaction, 'id'>>, Origin {
  _id: string;
  readonly userId: string;
  readonly at: number;
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
  /** Stores interactions that are new. Answers those that had been seen before, by id: where that was. */
  claim(interactions: readonly ValidatedEvent<Interaction>[]): Promise<Map<string, Origin>>;
  /** Of one user, in no order. Cost: linear in the user's interactions. */
  interactionsOf(userId: string): AsyncIterable<InteractionDocument>;
}

export const newDocument = (userId: string): ProfileDocument => ({
  _id: userId,
  version: 0,
  folded: {},
  ...emptyProfile(),
});

export function openProfiles(store: Store): Profiles {
  const profiles = store.collection<StoredProfile>('user_profiles');
  const interactions = store.collection<InteractionDocument>('user_interactions');
  return {
    findByIds: async (userIds) => {
      const found = await profiles.find({ _id: { $in: [...userIds] } }).toArray();
      return new Map(found.map((stored) => [stored._id, toDocument(stored)]));
    },
    save: (changed) => inSlices(PROFILES_SLICE, changed, (slice) => saveAll(profiles, slice)),
    setFavourites: async (userId, favourites) => {
      const { _id, version, favourites: _, ...rest } = toStored(newDocument(userId));
      const update = { $set: { favourites }, $inc: { version: 1 }, $setOnInsert: rest };
      const saved = await profiles.findOneAndUpdate({ _id: userId }, update, { upsert: true, returnDocument: 'after' });
      if (saved === null) throw new AppError('UNAVAILABLE', 'The profile was not saved.');
      return toDocument(saved);
    },
    claim: async (found) => {
      const seen = new Map<string, Origin>();
      await inSlices(INTERACTIONS_SLICE, found, async (slice) => {
        for (const [id, origin] of await claimAll(interactions, slice)) seen.set(id, origin);
      });
      return seen;
    },
    // Ids begin with the user's; the second condition tells `a` from `a:b`.
    interactionsOf: (userId) => interactions.find({ _id: { $gte: `${userId}:`, $lt: `${userId};` }, userId }),
  };
}

interface StoredProfile extends StoredState, Pick<ProfileDocument, '_id' | 'version' | 'folded'> {}

const toStored = ({ _id, version, folded, ...profile }: ProfileDocument): StoredProfile => ({
  _id,
  version,
  folded,
  ...pack(profile),
});

const toDocument = (stored: StoredProfile): ProfileDocument => ({
  _id: stored._id,
  version: stored.version,
  folded: stored.folded,
  ...unpack(stored),
});

/** Documents written at a time, in a few ms: whoever else writes, and all partitions, take turns. */
const PROFILES_SLICE = 100;
const INTERACTIONS_SLICE = 500;

/** All slices are tried. @throws the first failure */
async function inSlices<T>(
  size: number,
  items: readonly T[],
  write: (slice: readonly T[]) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (let at = 0; at < items.length; at += size) {
    await nextTurn();
    await write(items.slice(at, at + size)).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * The filter names the version that was read. Where it is another by now nothing matches, the upsert tries to insert, and the
 * `_id` that exists refuses it: compare-and-set for old and new profiles alike, in one round trip.
 */
async function saveAll(profiles: Collection<StoredProfile>, changed: readonly ProfileDocument[]): Promise<void> {
  const writes = changed.map((profile): BulkWrite<StoredProfile> => {
    const { _id, ...replacement } = toStored(profile);
    if (profile.version === 1) return { insertOne: { document: { _id, ...replacement } } };
    return { replaceOne: { filter: { _id, version: profile.version - 1 }, replacement, upsert: true } };
  });
  try {
    await profiles.bulkWrite(writes, { ordered: false });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new AppError('VERSION_CONFLICT', 'A profile was written by another process.', { cause: error });
  }
}

async function claimAll(
  interactions: Collection<InteractionDocument>,
  found: readonly ValidatedEvent<Interaction>[],
): Promise<Map<string, Origin>> {
  const writes = found.map((seen) => ({ insertOne: { document: toInteractionDocument(seen) } }));
  try {
    await interactions.bulkWrite(writes, { ordered: false });
    return new Map();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const refused = refusedBy(error).map((index) => found[index]?.event.id ?? '');
    const ids = [...new Set(refused)];
    const stored = await interactions.find({ _id: { $in: ids } }).toArray();
    // The bulk may have failed for more than repeats: what is not there was not stored.
    if (ids.length === 0 || stored.length < ids.length) throw error;
    return new Map(stored.map(({ _id, partition, offset }) => [_id, { partition, offset }]));
  }
}

/** Of one shape for all, which is what makes them quick to write; the store leaves out what is undefined. */
const toInteractionDocument = ({ event: interaction, logged }: ValidatedEvent<Interaction>): InteractionDocument => ({
  _id: interaction.id,
  userId: interaction.userId,
  type: interaction.type,
  contentId: interaction.contentId,
  platform: interaction.platform ?? undefined,
  at: interaction.at,
  zone: interaction.zone ?? undefined,
  progress: interaction.progress ?? undefined,
  positionMs: interaction.positionMs ?? undefined,
  durationMs: interaction.durationMs ?? undefined,
  title: interaction.title ?? undefined,
  genres: interaction.genres.length > 0 ? interaction.genres : undefined,
  partition: logged.partition,
  offset: logged.offset,
});

/** Places in the list of a bulk's writes that were refused. */
function refusedBy(error: unknown): number[] {
  const { writeErrors = [] } = error as { writeErrors?: readonly { index: number }[] | { index: number } };
  return [writeErrors].flat().map(({ index }) => index);
}
