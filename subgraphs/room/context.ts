/** What every resolver of this subgraph gets. One per request. */
import type { Identity } from '../../platform/identity.ts';
import type { RoomLoaders } from './loaders.ts';
import type { RoomReader } from './room-reader.ts';
import type { RoomService } from './room-service.ts';

export interface RoomContext {
  readonly identity: Identity;
  /** Changes rooms. */
  readonly rooms: RoomService;
  /** Reads them. */
  readonly reader: RoomReader;
  readonly loaders: RoomLoaders;
}
