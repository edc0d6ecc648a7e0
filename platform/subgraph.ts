/** What every subgraph gives: a schema, a context per request, and a life. How it is reached is not its business. */
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Identity } from './identity.ts';
import type { Clock } from './ports/clock.ts';
import type { EventLog } from './ports/event-log.ts';
import type { Store } from './ports/store.ts';

/** All that a subgraph stands on; `main.ts` chooses the adapters. */
export interface Ports {
  readonly log: EventLog;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** One per request: loaders in it must never outlive the request or cross users. */
  createContext(identity: Identity): object;
  /** Prepares indexes and consumers; resolves when queries can be answered. */
  start(): Promise<void>;
  /** Ends consumers; the ports are closed by whoever made them. Idempotent. */
  stop(): Promise<void>;
}
