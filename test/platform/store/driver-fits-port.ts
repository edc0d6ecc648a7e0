/** Compiled, never run: the MongoDB driver's collection fits the port for a given document type. */
import type { Collection as DriverCollection } from 'mongodb';
import type { Collection } from '../../../platform/ports/store.ts';

interface Room {
  _id: string;
  revision: number;
  title?: string | null;
  members: { userId: string; role: 'owner' | 'member' }[];
  playback: { status: 'playing' | 'paused'; positionMs: number };
}
export const fitsThePort = (driver: DriverCollection<Room>): Collection<Room> => driver;
