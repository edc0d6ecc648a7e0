/** What every resolver of this subgraph gets, and what stands for entities in its answers. */
import type { Identity } from '../../platform/identity.ts';
import type { Loaders } from './loaders.ts';
import type { RecommendationService } from './recommendation-service.ts';

export interface RecommendationContext {
  readonly identity: Identity;
  readonly service: RecommendationService;
  readonly loaders: Loaders;
}

export interface EntityRef {
  readonly id: string;
}

/** A room as the gateway names it: `memberIds` comes along because `suggestions` requires it. */
export interface RoomRef extends EntityRef {
  readonly memberIds?: readonly string[];
}
