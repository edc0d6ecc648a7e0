/**
 * A room's events, each once and in order, across lost connections: resumes after the last revision it has; where something is
 * missing all the same, it asks again from there. Ends only when the room will not have this user any more.
 */
import { backOffMs } from './back-off.ts';
import { ROOM_EVENTS } from './operations.ts';
import { type RoomEvent, readTimeline } from './room-events.ts';
import type { Timers } from './timers.ts';
import { Alarm } from './timers.ts';
import { ConnectionLostError, RequestError, type RoomTransport } from './transport.ts';

export type StreamStatus = 'connecting' | 'live' | 'waiting' | 'ended';

export interface RoomStreamOptions {
  readonly transport: RoomTransport;
  readonly timers: Timers;
  readonly random: () => number;
  readonly roomId: string;
  readonly onEvent: (event: RoomEvent) => void;
  readonly onStatus?: (status: StreamStatus, error: Error | null) => void;
}

/** Codes after which asking again is no use. */
const FINAL = new Set(['FORBIDDEN', 'NOT_FOUND', 'UNAUTHENTICATED', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']);
/** Close codes of the protocol after which connecting again is no use. */
const FINAL_CLOSE = new Set([4400, 4401]);
/** The server does not take the token, maybe because its time is over: the next attempt asks for another. */
const REFUSED_CLOSE = 4403;
/** Refused again so soon, that one is no good, either. */
const REFUSED_AGAIN_MS = 10_000;

export class RoomStream {
  readonly #options: RoomStreamOptions;
  readonly #retry: Alarm;
  #unsubscribe: (() => void) | null = null;
  #lastRevision: number | null = null;
  #attempt = 0;
  #lostAt: number | null = null;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #running = false;
  /** The next try needs no waiting. */
  #hurry = false;
  #holes = 0;

  constructor(options: RoomStreamOptions) {
    this.#options = options;
    this.#retry = new Alarm(options.timers);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#subscribe();
  }

  stop(): void {
    this.#running = false;
    this.#retry.clear();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Connects anew at once: the device says that the network is back, or that it woke up. What it has may be dead unnoticed. */
  reconnectNow(): void {
    if (!this.#running) return;
    this.#hurry = true;
    this.#options.transport.drop();
    if (this.#retry.isSet) this.#subscribe();
  }

  get lastRevision(): number | null {
    return this.#lastRevision;
  }

  /** How often something was missing in a stream that should have no holes. */
  get holes(): number {
    return this.#holes;
  }

  #subscribe(): void {
    const { transport, roomId, onStatus } = this.#options;
    this.#retry.clear();
    this.#unsubscribe?.();
    onStatus?.('connecting', null);
    this.#unsubscribe = transport.subscribe(
      ROOM_EVENTS,
      { roomId, afterRevision: this.#lastRevision },
      { next: (data) => this.#take(data['roomEvents'] as RawEvent), end: (error) => this.#lost(error) },
    );
  }

  #take(raw: RawEvent): void {
    const { onEvent, onStatus } = this.#options;
    this.#attempt = 0;
    this.#hurry = false;
    this.#lostAt = null;
    const last = this.#lastRevision;
    const isSnapshot = raw.__typename === 'RoomSnapshot';
    if (last !== null && raw.revision <= last) return; // delivery is at least once
    if (last !== null && !isSnapshot && raw.revision > last + 1) {
      this.#holes += 1;
      this.#subscribe();
      return;
    }
    this.#lastRevision = raw.revision;
    onStatus?.('live', null);
    const { playback, ...event } = raw;
    onEvent({ ...event, timeline: playback ? readTimeline(playback) : null });
  }

  #lost(error: RequestError | ConnectionLostError | null): void {
    const { timers, random, onStatus } = this.#options;
    this.#unsubscribe = null;
    if (!this.#running) return;
    if (isFinal(error) || this.#isRefusedAgain(error)) {
      this.#running = false;
      onStatus?.('ended', error);
      return;
    }
    // The server lost what it had told us: what it has now is the truth.
    if (error instanceof RequestError && error.code === 'REVISION_FROM_THE_FUTURE') this.#lastRevision = null;
    this.#lostAt ??= timers.now();
    onStatus?.('waiting', error);
    const waitMs = this.#hurry ? 0 : backOffMs(this.#attempt, timers.now() - this.#lostAt, random());
    this.#attempt = this.#hurry ? 0 : this.#attempt + 1;
    this.#hurry = false;
    this.#retry.set(waitMs, () => this.#subscribe());
  }

  #isRefusedAgain(error: RequestError | ConnectionLostError | null): boolean {
    if (!(error instanceof ConnectionLostError) || error.closeCode !== REFUSED_CLOSE) return false;
    const [before, now] = [this.#refusedAt, this.#options.timers.now()];
    this.#refusedAt = now;
    return now - before < REFUSED_AGAIN_MS;
  }
}

type RawEvent = Omit<RoomEvent, 'timeline'> & { readonly playback?: Parameters<typeof readTimeline>[0] };

const isFinal = (error: RequestError | ConnectionLostError | null): boolean => {
  if (error === null) return false;
  return error instanceof RequestError ? FINAL.has(error.code) : FINAL_CLOSE.has(error.closeCode ?? 0);
};
