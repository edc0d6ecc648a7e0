/**
 * How rooms are found: by invite code (`room_codes`), and by member (`room_members`). Both are hints written before the event
 * they speak of: every one may be out of date, so whoever follows it asks the room itself. Therefore no crash needs mending here.
 */
import { randomBytes } from 'node:crypto';
import { type Collection, isDuplicateKey, type Store } from '../../platform/ports/store.ts';
import { AppError } from '../../schema/errors.ts';
import { CODE_BYTES, codeFromBytes } from './domain/invite-code.ts';

interface CodeDocument {
  /** The code: unique among all rooms. */
  _id: string;
  roomId: string;
}

interface MembershipDocument {
  /** `roomId:userId` */
  _id: string;
  roomId: string;
  userId: string;
  /** Revision of the joining. */
  since: number;
  /** When, in ms since the epoch. */
  at: number;
}

const CODE_ATTEMPTS = 5;
const MOST_ROOMS = 200;

export class RoomDirectory {
  readonly #codes: Collection<CodeDocument>;
  readonly #members: Collection<MembershipDocument>;

  constructor(store: Store) {
    this.#codes = store.collection('room_codes');
    this.#members = store.collection('room_members');
  }

  async createIndexes(): Promise<void> {
    await this.#members.createIndex({ userId: 1 });
    await this.#members.createIndex({ roomId: 1 });
  }

  /** A code that no other room has or had at once. @throws AppError UNAVAILABLE: chance failed five times */
  async reserveCode(roomId: string): Promise<string> {
    for (let attempt = 0; attempt < CODE_ATTEMPTS; attempt += 1) {
      const code = codeFromBytes(randomBytes(CODE_BYTES));
      try {
        await this.#codes.insertOne({ _id: code, roomId });
        return code;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    }
    throw new AppError('UNAVAILABLE', 'No invite code could be found.');
  }

  async releaseCode(code: string): Promise<void> {
    await this.#codes.deleteOne({ _id: code });
  }

  /** The room that a code may open. */
  async findRoomIdByCode(code: string): Promise<string | null> {
    return (await this.#codes.findOne({ _id: code }))?.roomId ?? null;
  }

  /** Notes that the user is about to join with revision `since`. */
  async addMember(roomId: string, userId: string, since: number, at: number): Promise<void> {
    const update = { $set: { roomId, userId, since, at } };
    await this.#members.updateOne({ _id: `${roomId}:${userId}` }, update, { upsert: true });
  }

  /** Forgets the membership that began with revision `since`; a later one stays. */
  async removeMember(roomId: string, userId: string, since: number): Promise<void> {
    await this.#members.deleteOne({ _id: `${roomId}:${userId}`, since });
  }

  /** Forgets whoever is still noted as a member of a room that is gone. */
  async removeRoom(roomId: string): Promise<void> {
    await this.#members.deleteMany({ roomId });
  }

  /** Rooms that each of these users may be in, last joined first: one read. */
  async findRoomIds(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const found = await this.#members
      .find({ userId: { $in: [...userIds] } }, { sort: { at: -1 }, limit: MOST_ROOMS * userIds.length })
      .toArray();
    return new Map(
      userIds.map((userId) => {
        const own = found.filter((membership) => membership.userId === userId);
        return [userId, own.slice(0, MOST_ROOMS).map(({ roomId }) => roomId)];
      }),
    );
  }
}
