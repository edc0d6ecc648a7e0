/**
 * How a connection is made where the network may swallow every packet: an attempt that nobody answered is not waited for, another
 * begins beside it, and the first that opens is taken. An answer of any kind ends it: a server that refuses is asked again by
 * the back-off of `room-stream.ts`, so a crowd after a restart stays spread out. At most 8 attempts at once. All in ms.
 */
import { Alarm, type Timers } from './timers.ts';

/** An attempt gets no longer than this to open. */
export const ATTEMPT_WITHIN_MS = 3_000;
/** While people still look at the screen; after a minute nobody does. Each time up to a quarter more. */
const SOON = { everyMs: 400, forMs: 60_000 };
/** Where this device has no network at all an attempt costs nothing. */
const VANISHED_EVERY_MS = 200;
const LATER_EVERY_MS = 12_000;

/** `open`: the network answered, and it was yes. `refuse`: it was no. `vanish`: this device has no network at all. */
export interface AttemptEnd<S> {
  open(socket: S): unknown;
  refuse(error: unknown): unknown;
  vanish(): unknown;
}

export interface RaceOptions<S> {
  readonly timers: Timers;
  readonly random: () => number;
  /** False: attempts follow each other. Browsers open one WebSocket to a server at a time (RFC 6455 4.1). */
  readonly overlaps: boolean;
  /** Begins an attempt; its end is never told before this returned. @returns how to give it up */
  dial(end: AttemptEnd<S>): () => void;
  onOpen(socket: S): void;
  onRefused(error: unknown): void;
}

export class ConnectRace<S> {
  readonly #options: RaceOptions<S>;
  readonly #next: Alarm;
  readonly #startedAt: number;
  /** How to give up each attempt under way. */
  readonly #underWay = new Set<() => void>();

  constructor(options: RaceOptions<S>) {
    this.#options = options;
    this.#next = new Alarm(options.timers);
    this.#startedAt = options.timers.now();
    this.#dial();
  }

  /** Gives all attempts up, tells nothing. */
  stop(): void {
    this.#next.clear();
    for (const giveUp of [...this.#underWay]) giveUp();
  }

  #dial(): void {
    const { timers, overlaps, dial } = this.#options;
    const late = new Alarm(timers);
    const abandon = dial({
      open: (socket) => answered() && this.#finish(() => this.#options.onOpen(socket)),
      refuse: (error) => answered() && this.#finish(() => this.#options.onRefused(error)),
      vanish: () => answered() && this.#dialLater(VANISHED_EVERY_MS),
    });
    const giveUp = (): void => {
      if (answered()) abandon();
    };
    /** Ends the attempt; false: it was over. */
    const answered = (): boolean => {
      late.clear();
      return this.#underWay.delete(giveUp);
    };
    this.#underWay.add(giveUp);
    late.set(ATTEMPT_WITHIN_MS, giveUp);
    this.#dialLater(overlaps ? SOON.everyMs : ATTEMPT_WITHIN_MS);
  }

  #dialLater(soonMs: number): void {
    const { timers, random } = this.#options;
    const everyMs = timers.now() - this.#startedAt < SOON.forMs ? soonMs : LATER_EVERY_MS;
    this.#next.set(everyMs * (1 + random() / 4), () => this.#dial());
  }

  #finish(tell: () => void): void {
    this.stop();
    tell();
  }
}
