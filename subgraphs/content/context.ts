/** What every resolver of this subgraph gets. */
import type { Identity } from '../../platform/identity.ts';

export interface ContentContext {
  readonly identity: Identity;
}
