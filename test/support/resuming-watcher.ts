/** A viewer of a room who never gives up: reconnects after whatever happens, and resumes after the last revision seen. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.ts';

const EVENTS = `subscription ($roomId: ID!, $afterRevision: Int) {
  roomEvents(roomId: $roomId, afterRevision: $afterRevision) { __typename revision actorId ... on MessagePosted { text } }
}`;
const RETRY_MS = 100;

interface SeenEvent {
  readonly __typename: string;
  readonly revision: number;
  readonly text?: string;
}

export class ResumingWatcher {
  /** All that came after the first snapshot, as it came. */
  readonly events: SeenEvent[] = [];
  /** How often a stream broke. */
  breaks = 0;
  readonly #api: Api;
  readonly #userId: string;
  readonly #roomId: string;
  readonly #started = Promise.withResolvers<void>();
  #last: number | null = null;
  #stopped = false;
  #work: Promise<void> | undefined;

  constructor(api: Api, userId: string, roomId: string) {
    this.#api = api;
    this.#userId = userId;
    this.#roomId = roomId;
  }

  get last(): number {
    return this.#last ?? 0;
  }

  /** Resolves when the first snapshot is there. */
  start(): Promise<void> {
    this.#work = this.#watch();
    return this.#started.promise;
  }

  /** Close the Api as well: it holds the sockets. */
  stop(): void {
    this.#stopped = true;
  }

  get stopped(): Promise<void> | undefined {
    return this.#work;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      try {
        const stream = await this.#api.watch(this.#userId, EVENTS, { roomId: this.#roomId, afterRevision: this.#last });
        while (!this.#stopped) this.#take((await stream.next()).data.roomEvents);
      } catch {
        this.breaks += 1;
        if (!this.#stopped) await pause(RETRY_MS);
      }
    }
  }

  #take(event: SeenEvent): void {
    if (this.#last !== null) this.events.push(event);
    this.#last = event.revision;
    this.#started.resolve();
  }
}
