/** How many sockets and operations one viewer, and all of them, may have open, and when a socket counts as dead. Nothing is kept of a viewer who has none. */

export interface SocketLimits {
  readonly sockets: number;
  readonly socketsPerViewer: number;
  readonly subscriptions: number;
  /** Over all sockets of a viewer; queries under way on a socket count, too. */
  readonly subscriptionsPerViewer: number;
  /** How often a socket is pinged, and how long it may take to answer: past it the connection is half-open, and ended. */
  readonly pingMs: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  sockets: 20_000,
  socketsPerViewer: 50,
  subscriptions: 100_000,
  subscriptionsPerViewer: 200,
  pingMs: 12_000,
};

interface Held {
  sockets: number;
  subscriptions: number;
}

export class SocketCounts {
  readonly #limits: SocketLimits;
  readonly #held = new Map<string, Held>();
  #subscriptions = 0;

  constructor(limits: SocketLimits) {
    this.#limits = limits;
  }

  /** @returns whether the viewer may have one more socket; if so it is counted until `closed` */
  opened(viewer: string): boolean {
    const held = this.#held.get(viewer) ?? { sockets: 0, subscriptions: 0 };
    if (held.sockets >= this.#limits.socketsPerViewer) return false;
    held.sockets += 1;
    this.#held.set(viewer, held);
    return true;
  }

  closed(viewer: string): void {
    const held = this.#held.get(viewer);
    if (!held) return;
    held.sockets -= 1;
    if (held.sockets === 0 && held.subscriptions === 0) this.#held.delete(viewer);
  }

  /** @returns whether one more operation may begin; if so it is counted until `ended` */
  began(viewer: string): boolean {
    const held = this.#held.get(viewer);
    if (!held || held.subscriptions >= this.#limits.subscriptionsPerViewer) return false;
    if (this.#subscriptions >= this.#limits.subscriptions) return false;
    held.subscriptions += 1;
    this.#subscriptions += 1;
    return true;
  }

  ended(viewer: string): void {
    const held = this.#held.get(viewer);
    if (!held) return;
    held.subscriptions -= 1;
    this.#subscriptions -= 1;
    if (held.sockets === 0 && held.subscriptions === 0) this.#held.delete(viewer);
  }
}
