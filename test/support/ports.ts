/** Embedded ports in a folder of their own, for tests of services and subgraphs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { EmbeddedEventLog } from '../../platform/adapters/embedded-event-log.ts';
import { EmbeddedStore } from '../../platform/adapters/embedded-store.ts';
import type { Clock } from '../../platform/ports/clock.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { ALL_TOPICS } from '../../schema/events/topics.ts';

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
  #now: number;
  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface TestPorts extends Ports {
  readonly clock: FakeClock;
  close(): Promise<void>;
}

/** All topics exist; `now` starts at 2026-06-24T09:30:00Z. */
export async function openTestPorts(): Promise<TestPorts> {
  const directory = await mkdtemp(join(tmpdir(), 'firetv-'));
  const log = EmbeddedEventLog.open({ path: join(directory, 'events.db') });
  const store = EmbeddedStore.open({ path: join(directory, 'store.db') });
  await log.createTopics(ALL_TOPICS);
  return {
    log,
    store,
    clock: new FakeClock(Date.UTC(2026, 5, 24, 9, 30)),
    logger: pino({ level: 'silent' }),
    async close() {
      await log.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
