/**
 * OpenTogetherTube's way (dyc3/opentogethertube, server/room.ts, client/src/views/Room.vue): the server owns play, pause and
 * position; a client stamps what it hears with its own clock on receipt, looks every 250 ms, and seeks when more than 1 s off.
 */
import type { Timers } from '../../client/timers.ts';
import type { MemberSetup, Policy, SimMember } from './policy.ts';

const DEBOUNCE_MS = 50;
const LOOK_EVERY_MS = 250;
const SEEK_ABOVE_MS = 1_000;

interface Sync {
  readonly isPlaying: boolean;
  readonly positionMs: number;
}

class OttRoom {
  readonly #time: Timers;
  readonly #members: ((sync: Sync) => void)[] = [];
  #state: Sync = { isPlaying: false, positionMs: 0 };
  #at: number;
  #pending: unknown;
  readonly waits = [];
  readonly lastRevision = 0;

  constructor(time: Timers) {
    this.#time = time;
    this.#at = time.now();
  }

  positionAt(now: number): number {
    return this.#state.positionMs + (this.#state.isPlaying ? now - this.#at : 0);
  }

  add({ network, player, timers }: MemberSetup): SimMember {
    player.load('movie', 0);
    let heard: (Sync & { at: number }) | null = null;
    this.#members.push((sync) =>
      network.down(() => {
        heard = { ...sync, at: timers.now() };
        if (sync.isPlaying) player.play();
        else player.pause();
      }),
    );
    const look = (): void => {
      timers.setTimeout(look, LOOK_EVERY_MS);
      if (heard === null) return;
      const expectedMs = heard.positionMs + (heard.isPlaying ? timers.now() - heard.at : 0);
      if (Math.abs(expectedMs - player.positionMs) > SEEK_ABOVE_MS) player.seek(expectedMs);
    };
    look();
    const ask = (change: (positionMs: number) => Sync): void => network.up(() => this.#set(change));
    return {
      play: () => ask((positionMs) => ({ isPlaying: true, positionMs })),
      pause: () => ask((positionMs) => ({ isPlaying: false, positionMs })),
      seek: (positionMs) => ask(() => ({ isPlaying: this.#state.isPlaying, positionMs })),
      say: () => undefined,
      stop: () => undefined,
      serverNow: () => null,
      revisions: [],
      fingerprint: '',
    };
  }

  #set(change: (positionMs: number) => Sync): void {
    const now = this.#time.now();
    this.#state = change(this.positionAt(now));
    this.#at = now;
    this.#time.clearTimeout(this.#pending);
    this.#pending = this.#time.setTimeout(() => {
      const sync = { ...this.#state, positionMs: this.positionAt(this.#time.now()) };
      for (const tell of this.#members) tell(sync);
    }, DEBOUNCE_MS);
  }
}

export const openTogetherTube: Policy = { name: 'OpenTogetherTube', open: (time) => new OttRoom(time) };
