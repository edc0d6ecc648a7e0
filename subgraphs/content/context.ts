/** What every resolver of this subgraph gets. */
import type { Identity } from '../../platform/identity.ts';
import type { ContentService } from './content-service.ts';
import type { ContentLoaders } from './loaders.ts';

export interface ContentContext {
  readonly identity: Identity;
  readonly content: ContentService;
  readonly loaders: ContentLoaders;
}
