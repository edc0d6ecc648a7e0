/**
 * Counts in memory what everybody watches, from a tail of `user_events`: each process reads the topic once from its start (90
 * days of it), so it needs no store and agrees with the others. Requests do not wait for it: popularity grows as it catches up.
 * What this process has read to learn from is counted then, and passed over by the tail: no event is parsed twice.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ValidatedEvent } from '../../platform/dead-letters.ts';
import type { Clock } from '../../platform/ports/clock.ts';
import type { EventLog, LoggedEvent, Reader, TailReader } from '../../platform/ports/event-log.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { CoveredOffsets } from './covered-offsets.ts';
import type { Catalogue } from './domain/catalogue.ts';
import type { Interaction } from './domain/interaction.ts';
import { readInteraction } from './user-events.ts';

/** Without a batch for this long the learner has caught up. */
const IDLE_MS = 250;
const MAX_WAIT_MS = 15_000;

/** Where plays are counted. */
export interface Counted {
  add(interaction: Interaction, genres: readonly string[], zone: string): void;
}

export class PopularityView {
  readonly #counted: Counted;
  readonly #catalogue: Catalogue;
  readonly #clock: Clock;
  readonly #covered = new CoveredOffsets();
  #batches = 0;
  #inHand = 0;

  constructor(counted: Counted, catalogue: Catalogue, clock: Clock) {
    this.#counted = counted;
    this.#catalogue = catalogue;
    this.#clock = clock;
  }

  /**
   * Follows the topic from when nothing was learned for a moment, or has been for `MAX_WAIT_MS`: a backlog is read once, by the
   * learner. Closing the reader ends either.
   */
  followWhenIdle(log: EventLog, logger: Logger): Reader {
    const ending = new AbortController();
    const following = this.#followWhenIdle(log, ending.signal).catch((error) => {
      if (!ending.signal.aborted) logger.error({ err: error }, 'popularity is not followed');
      return undefined;
    });
    return {
      close: async () => {
        ending.abort();
        await (await following)?.close();
      },
    };
  }

  async #followWhenIdle(log: EventLog, signal: AbortSignal): Promise<TailReader | undefined> {
    for (let waitedMs = 0; waitedMs < MAX_WAIT_MS; waitedMs += IDLE_MS) {
      const before = this.#batches;
      await pause(IDLE_MS, undefined, { signal });
      if (this.#inHand === 0 && this.#batches === before) break;
    }
    return signal.aborted ? undefined : this.follow(log);
  }

  /** Follows the topic from its start, at once. */
  follow(log: EventLog): Promise<TailReader> {
    return log.tail({ topic: USER_EVENTS.name, from: 'start' }, (event) => {
      if (!this.#covered.pass(event.partition, event.offset)) this.#read(event);
    });
  }

  /** Learns a batch of one partition, then counts of it what the tail has not been at. @throws what `learn` throws */
  async countAfter(batch: readonly ValidatedEvent<Interaction>[], learn: () => Promise<void>): Promise<void> {
    this.#batches += 1;
    this.#inHand += 1;
    try {
      await learn();
    } finally {
      this.#inHand -= 1;
    }
    const first = batch[0]?.logged;
    const last = batch.at(-1)?.logged;
    if (first === undefined || last === undefined) return;
    const from = this.#covered.cover(first.partition, first.offset, last.offset);
    for (const { event, logged } of batch) if (logged.offset >= from) this.#add(event);
  }

  #read(event: LoggedEvent): void {
    try {
      this.#add(readInteraction(JSON.parse(String(event.value)), this.#catalogue, this.#clock.now()));
    } catch {
      // Bad events are the learner's business: it puts them aside with the reason.
    }
  }

  #add(interaction: Interaction): void {
    const genres = this.#catalogue.find(interaction.contentId)?.genres ?? interaction.genres;
    this.#counted.add(interaction, genres, interaction.zone ?? 'UTC');
  }
}
