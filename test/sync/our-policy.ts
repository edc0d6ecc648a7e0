/** The client library against the room's rules. */
import { RoomClient } from '../../client/room-client.ts';
import type { Timers } from '../../client/timers.ts';
import type { MemberSetup, Policy, SimMember, SimRoom } from './policy.ts';
import type { Random } from './random.ts';
import { SimTransport } from './sim-transport.ts';
import { VirtualRoom } from './virtual-room.ts';

export interface OurRoom extends SimRoom {
  readonly server: VirtualRoom;
  add(setup: MemberSetup): OurMember;
}

export const ourPolicy = {
  name: 'this library',
  open(time: Timers, random: Random, ownerId: string): OurRoom {
    const server = new VirtualRoom(time, random, ownerId, 'movie');
    return {
      server,
      get waits() {
        const now = time.now();
        return server.waits.map(({ from, to }) => ({ from, to: Math.min(to, Math.max(from, now)) }));
      },
      get lastRevision() {
        return server.room.revision;
      },
      positionAt: (now) => server.positionAt(now),
      add: (setup) => {
        if (setup.userId !== ownerId) server.join(setup.userId);
        return addMember(setup, new SimTransport(time, setup.network, server, setup.userId));
      },
    };
  },
} satisfies Policy;

export interface OurMember extends SimMember {
  readonly client: RoomClient;
  readonly transport: SimTransport;
}

export function addMember({ player, timers, random }: MemberSetup, transport: SimTransport): OurMember {
  const revisions: number[] = [];
  const client = new RoomClient({
    transport,
    roomId: 'sim',
    player,
    timers,
    random: random.next,
    onEvent: ({ revision }) => void revisions.push(revision),
  });
  client.start();
  // A command that finds no server ends in an error for its sender; the room carries on.
  const quietly = (answer: Promise<unknown>): void => void answer.catch(() => undefined);
  return {
    client,
    transport,
    revisions,
    play: () => quietly(client.play()),
    pause: () => quietly(client.pause()),
    seek: (positionMs) => quietly(client.seek(positionMs)),
    say: (text) => quietly(client.sendMessage(text)),
    stop: () => client.stop(),
    serverNow: () => {
      const { estimate } = client.clock;
      return estimate && { now: client.clock.now(), uncertaintyMs: estimate.uncertaintyMs };
    },
    get fingerprint() {
      return JSON.stringify([client.lastRevision, client.timeline]);
    },
  };
}
