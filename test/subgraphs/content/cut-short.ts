/** Ports of a process that dies at one of its writes: a bulk of writes may be half done then, all later ones fail. */
import type { EventLog } from '../../../platform/ports/event-log.ts';
import type { BulkWrite, Collection, Store, StoredDocument } from '../../../platform/ports/store.ts';
import type { TestPorts } from '../../support/ports.ts';

const WRITES = new Set<PropertyKey>(['replaceOne', 'insertOne', 'updateOne', 'deleteOne', 'deleteMany']);

export interface CutPorts {
  readonly ports: TestPorts;
  /** False: it did not come to that write. */
  readonly hasDied: () => boolean;
}

/** `diesAt`: the number of the write, from 1. */
export function cutShort(real: TestPorts, diesAt: number): CutPorts {
  let writes = 0;
  const isDead = (): boolean => writes >= diesAt;
  const countOne = (): void => {
    writes += 1;
    if (isDead()) throw new Error('cut short');
  };
  const log: EventLog = Object.assign(Object.create(real.log) as EventLog, {
    publish: async (...args: Parameters<EventLog['publish']>) => {
      countOne();
      return real.log.publish(...args);
    },
  });
  const store: Store = {
    ping: () => real.store.ping(),
    close: () => real.store.close(),
    collection<T extends StoredDocument>(name: string): Collection<T> {
      const collection = real.store.collection<T>(name);
      return new Proxy(collection, {
        get(target, property) {
          if (property === 'bulkWrite') {
            return async (all: readonly BulkWrite<T>[], options: { readonly ordered: boolean }) => {
              for (const one of all) {
                countOne();
                await target.bulkWrite([one], options);
              }
            };
          }
          if (WRITES.has(property)) countOne();
          const value = Reflect.get(target, property);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
  return { ports: { ...real, log, store }, hasDied: isDead };
}
