/**
 * What graphql-ws takes for one WebSocket: while it connects it is a race of several, then the one that won. Has of a WebSocket
 * what graphql-ws uses.
 */
import { ConnectRace } from './connect-race.ts';
import type { Timers } from './timers.ts';

/** What a browser's WebSocket and the `ws` package's have in common. */
export interface RawSocket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** `ws` only: without waiting for the other side, which may be gone. */
  terminate?(): void;
}
export type RawSocketClass = new (url: string, protocols?: string | string[]) => RawSocket;

export interface RacingOptions {
  readonly timers: Timers;
  readonly random: () => number;
  /** See `ConnectRace`. */
  readonly overlaps: boolean;
  /** Told of each socket made. */
  readonly onMade: (socket: { terminate(): void }) => void;
}

/** Errors that say that this device has no network: they cost nobody else anything, so it goes on trying. */
const NO_NETWORK = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

const hasNoNetwork = (event: { readonly error?: { readonly code?: string } }): boolean =>
  NO_NETWORK.has(event.error?.code ?? '');

/** Ends a socket at once, and hears no more of it. */
function giveUp(socket: RawSocket): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.onerror = () => undefined; // `ws` tells that it was ended before it was open; unheard, that would be a crash
  if (socket.terminate) socket.terminate();
  else socket.close();
}

const STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;
type Told = (event: never) => void;

/** A class to give to graphql-ws. */
export function racingSocket(Base: RawSocketClass, { timers, random, overlaps, onMade }: RacingOptions) {
  return class RacingSocket {
    static readonly CONNECTING = STATES.CONNECTING;
    static readonly OPEN = STATES.OPEN;
    static readonly CLOSING = STATES.CLOSING;
    static readonly CLOSED = STATES.CLOSED;
    onopen: (() => void) | null = null;
    onmessage: Told | null = null;
    onerror: Told | null = null;
    onclose: Told | null = null;
    readonly race: ConnectRace<RawSocket>;
    winner: RawSocket | null = null;
    isOver = false;

    constructor(url: string, protocols?: string | string[]) {
      onMade(this);
      this.race = new ConnectRace<RawSocket>({
        timers,
        random,
        overlaps,
        dial: (end) => {
          const socket = new Base(url, protocols);
          socket.onopen = () => end.open(socket);
          socket.onerror = (event) => (hasNoNetwork(event) ? end.vanish() : end.refuse(event));
          socket.onclose = (event) => end.refuse(event);
          return () => giveUp(socket);
        },
        onOpen: (socket) => this.takeOver(socket),
        onRefused: (error) => {
          this.isOver = true;
          this.onerror?.(error as never);
        },
      });
    }

    get readyState(): number {
      return this.winner?.readyState ?? (this.isOver ? STATES.CLOSED : STATES.CONNECTING);
    }

    send(data: string): void {
      this.winner?.send(data);
    }

    close(code?: number, reason?: string): void {
      if (this.winner) this.winner.close(code, reason);
      else this.terminate();
    }

    terminate(): void {
      this.isOver = true;
      this.race.stop();
      if (this.winner) giveUp(this.winner);
    }

    takeOver(socket: RawSocket): void {
      this.winner = socket;
      socket.onmessage = (event) => this.onmessage?.(event);
      socket.onerror = (event) => this.onerror?.(event);
      socket.onclose = (event) => this.onclose?.(event);
      this.onopen?.();
    }
  };
}
