/** What one request has read, once, and its reads together; authorization is in what they call. One set per request: a cache must never cross users. */
import DataLoader from 'dataloader';
import type { Identity } from '../../platform/identity.ts';
import type { Presence } from './domain/presence.ts';
import type { Room } from './domain/room.ts';
import type { RoomReader } from './room-reader.ts';

export interface RoomLoaders {
  /** Null: not there, or not the viewer's to read. */
  readonly room: DataLoader<string, Room | null>;
  /** By user id: rooms that the user may be in. */
  readonly roomIds: DataLoader<string, readonly string[]>;
  /** By room id and user id; undefined: never reported. */
  readonly presence: DataLoader<{ roomId: string; userId: string }, Presence | undefined, string>;
}

const MAX_BATCH = 500;

export const createLoaders = (reader: RoomReader, identity: Identity): RoomLoaders => ({
  // Gathered by the journal, with those of other requests.
  room: new DataLoader((ids) => Promise.all(ids.map((id) => reader.findReadable(identity, id))), { batch: false }),
  roomIds: new DataLoader(
    async (userIds) => {
      const found = await reader.findRoomIds(userIds);
      return userIds.map((userId) => found.get(userId) ?? []);
    },
    { maxBatchSize: MAX_BATCH },
  ),
  presence: new DataLoader(
    async (keys) => {
      const roomIds = [...new Set(keys.map(({ roomId }) => roomId))];
      const found = new Map<string, Presence>();
      for (const [roomId, presences] of await reader.findPresence(roomIds)) {
        for (const presence of presences) found.set(`${roomId}:${presence.userId}`, presence);
      }
      return keys.map(({ roomId, userId }) => found.get(`${roomId}:${userId}`));
    },
    { cacheKeyFn: ({ roomId, userId }) => `${roomId}:${userId}` },
  ),
});
