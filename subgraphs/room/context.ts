/** What every resolver of this subgraph gets. */
import type { Identity } from '../../platform/identity.ts';

export interface RoomContext {
  readonly identity: Identity;
}
