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
import { nextTurn } from '../../platform/turns.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { CoveredOffsets } from './covered-offsets.ts';
import { Delayed } from './delayed.ts';
import type { Catalogue } from './domain/catalogue.ts';
import type { Interaction } from './domain/interaction.ts';
import { readInteraction } from './user-events.ts';

/** How often it is asked how far the learners are, and until when. */
const POLL_MS = 250;
const MAX_WAIT_MS = 15_000;
/** What the tail brings waits so long for the learner of this process to have read it: longer than a batch waits for its turn. */
const LEARNED_FIRST_MS = 1_000;

/** Plays counted between which requests are served. */
const SLICE = 200;

/** Where plays are counted. */
export interface Counted {
  add(interaction: Interaction, genres: readonly string[], zone: string): void;
}

export class PopularityView {
  readonly #counted: Counted;
  readonly #catalogue: Catalogue;
  readonly #clock: Clock;
  readonly #covered = new CoveredOffsets();

  constructor(counted: Counted, catalogue: Catalogue, clock: Clock) {
    this.#counted = counted;
    this.#catalogue = catalogue;
    this.#clock = clock;
  }

  /**
   * Follows the topic from when the group has learned all that is in it, or after `MAX_WAIT_MS`: a backlog is read once, by the
   * learner. Closing the reader ends either.
   */
  followAfter(group: string, log: EventLog, logger: Logger): Reader {
    const ending = new AbortController();
    const following = this.#followAfter(group, log, ending.signal).catch((error) => {
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

  async #followAfter(group: string, log: EventLog, signal: AbortSignal): Promise<TailReader | undefined> {
    const isBehind = async (): Promise<boolean> => {
      const progress = await log.progress(group, USER_EVENTS.name);
      return progress.some(({ committed, end }) => committed < end);
    };
    const deadline = performance.now() + MAX_WAIT_MS;
    while (performance.now() < deadline && (await isBehind().catch(() => true))) {
      await pause(POLL_MS, undefined, { signal });
    }
    if (signal.aborted) return undefined;
    const delayed = new Delayed<LoggedEvent>(LEARNED_FIRST_MS, (event) => this.#pass(event));
    const tail = await log.tail({ topic: USER_EVENTS.name, from: 'start' }, (event) => delayed.add(event));
    const close = async (): Promise<void> => {
      await tail.close();
      delayed.close();
    };
    return { caughtUp: tail.caughtUp, close };
  }

  /** Follows the topic from its start, at once. */
  follow(log: EventLog): Promise<TailReader> {
    return log.tail({ topic: USER_EVENTS.name, from: 'start' }, (event) => this.#pass(event));
  }

  /** Learns a batch of one partition, then counts of it what the tail has not been at. @throws what `learn` throws */
  async countAfter(batch: readonly ValidatedEvent<Interaction>[], learn: () => Promise<void>): Promise<void> {
    await learn();
    const first = batch[0]?.logged;
    const last = batch.at(-1)?.logged;
    if (first === undefined || last === undefined) return;
    const from = this.#covered.cover(first.partition, first.offset, last.offset);
    for (const [i, { event, logged }] of batch.entries()) {
      if (i % SLICE === 0) await nextTurn();
      if (logged.offset >= from) this.#add(event);
    }
  }

  #pass(event: LoggedEvent): void {
    if (!this.#covered.pass(event.partition, event.offset)) this.#read(event);
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
