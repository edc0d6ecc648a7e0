/**
 * WatchParty's way (howardchung/watchparty, server/room.ts, src/components/App/App.tsx): who presses a key acts at once and the
 * others when they hear of it; every second all tell where they are, and who is more than 0.5 s behind the median plays up to
 * 1.1 times as fast. Nobody slows down and nobody seeks by itself.
 */
import type { Timers } from '../../client/timers.ts';
import type { MemberSetup, Policy, SimMember } from './policy.ts';
import type { SimPlayer } from './sim-player.ts';

const EVERY_MS = 1_000;
const BEHIND_MS = 500;
const MAX_EXTRA_RATE = 0.1;

type Action = (player: SimPlayer) => void;

class WatchPartyRoom {
  readonly #members: { userId: string; act: (action: Action) => void; tell: () => void }[] = [];
  readonly #positions = new Map<string, number>();
  readonly waits = [];
  readonly lastRevision = 0;

  constructor(time: Timers) {
    const broadcast = (): void => {
      for (const { tell } of this.#members) tell();
      time.setTimeout(broadcast, EVERY_MS);
    };
    broadcast();
  }

  positionAt(): null {
    return null;
  }

  add({ userId, network, player, timers }: MemberSetup): SimMember {
    player.load('movie', 0);
    const tell = (): void => {
      const positions = new Map(this.#positions);
      network.down(() => {
        const behindMs = leaderOf([...positions.values()]) - (positions.get(userId) ?? 0);
        const extra = Math.min(MAX_EXTRA_RATE, behindMs / 10_000);
        const rate = positions.has(userId) && behindMs > BEHIND_MS ? 1 + extra : 1;
        if (rate !== player.rate) player.setPlaybackRate(rate);
      });
    };
    this.#members.push({ userId, tell, act: (action) => network.down(() => action(player)) });
    const report = (): void => {
      const { positionMs } = player;
      network.up(() => void this.#positions.set(userId, positionMs));
      timers.setTimeout(report, EVERY_MS);
    };
    report();
    const press = (action: Action): void => {
      action(player);
      network.up(() => {
        for (const member of this.#members) if (member.userId !== userId) member.act(action);
      });
    };
    return {
      play: () => press((each) => each.play()),
      pause: () => press((each) => each.pause()),
      seek: (positionMs) => press((each) => each.seek(positionMs)),
      say: () => undefined,
      stop: () => undefined,
      serverNow: () => null,
      revisions: [],
      fingerprint: '',
    };
  }
}

function leaderOf(positions: readonly number[]): number {
  const sorted = positions.toSorted((a, b) => a - b);
  const at = sorted.length <= 2 ? sorted.length - 1 : Math.floor(sorted.length / 2);
  return sorted[at] ?? 0;
}

export const watchParty: Policy = { name: 'WatchParty', open: (time) => new WatchPartyRoom(time) };
