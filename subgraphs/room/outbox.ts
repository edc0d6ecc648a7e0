/** Finishes what a crash interrupted: states not saved, events not published. Runs at the start and every few seconds. */
import type { Logger } from 'pino';
import type { Ports } from '../../platform/subgraph.ts';
import type { RoomJournal } from './room-journal.ts';

const EVERY_MS = 2_000;
/** Younger events are being published by those who stored them. */
const GRACE_MS = 2_000;
/** Sweeps before anybody is served: at most this many times a batch; the rest follows in the background. */
const FIRST_PASSES = 100;

export class Outbox {
  readonly #journal: RoomJournal;
  readonly #clock: Ports['clock'];
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(journal: RoomJournal, { clock, logger }: Pick<Ports, 'clock' | 'logger'>) {
    this.#journal = journal;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Sweeps what is there, however young, then goes on in the background. @throws where the store does not answer */
  async start(): Promise<void> {
    for (let pass = 0; pass < FIRST_PASSES; pass += 1) if ((await this.sweep(0)) === 0) break;
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#sweepQuietly());
    }, EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Heals the rooms of the 500 oldest events that are older than `graceMs`; returns how many rooms it healed. */
  async sweep(graceMs = GRACE_MS): Promise<number> {
    const roomIds = await this.#journal.findUnpublished(this.#clock.now() - graceMs);
    let healed = 0;
    for (const roomId of roomIds) if (await this.#heal(roomId)) healed += 1;
    return healed;
  }

  /** One room that cannot be healed must not keep the others from it. */
  async #heal(roomId: string): Promise<boolean> {
    try {
      const room = await this.#journal.load(roomId);
      if (room === null) return false;
      await this.#journal.settle(room);
      return true;
    } catch (error) {
      this.#logger.error({ err: error, roomId }, 'a room could not be healed; the next sweep tries again');
      return false;
    }
  }

  async #sweepQuietly(): Promise<void> {
    try {
      const healed = await this.sweep();
      if (healed > 0) this.#logger.info({ rooms: healed }, 'published what was left in the outbox');
    } catch (error) {
      this.#logger.warn({ err: error }, 'outbox sweep failed; the next one tries again');
    }
  }
}
