/** The same members as in virtual time, over real sockets against a running server: wrong clocks, delayed paths, simulated players. */
import WebSocket from 'ws';
import { joinRoom } from '../../client/join-room.ts';
import { RoomClient } from '../../client/room-client.ts';
import type { RoomEvent } from '../../client/room-events.ts';
import type { StreamStatus } from '../../client/room-stream.ts';
import { systemTimers } from '../../client/timers.ts';
import { type RoomTransport, socketTransport } from '../../client/transport.ts';
import type { Api } from '../support/api.ts';
import { DelayProxy } from './delay-proxy.ts';
import { Random } from './random.ts';
import { SimNetwork } from './sim-network.ts';
import { drawTraits, SimPlayer } from './sim-player.ts';
import { SkewedTimers } from './skewed-timers.ts';

export interface RealMember {
  readonly userId: string;
  readonly client: RoomClient;
  readonly player: SimPlayer;
  readonly network: SimNetwork;
  readonly proxy: DelayProxy;
  readonly transport: RoomTransport;
  readonly events: readonly RoomEvent[];
  readonly statuses: readonly StreamStatus[];
}

export class RealRoom {
  readonly #api: Api;
  readonly #random: Random;
  readonly #members: RealMember[] = [];
  readonly roomId: string;
  readonly #code: string;

  private constructor(api: Api, seed: number, room: { id: string; code: string }) {
    this.#api = api;
    this.#random = new Random(seed);
    this.roomId = room.id;
    this.#code = room.code;
  }

  /** A new room of this owner, who is not yet connected. */
  static async open(api: Api, seed: number, ownerId: string): Promise<RealRoom> {
    const search = await api.ask(null, '{ search(query: "brooklyn nine", first: 1) { edges { node { id } } } }');
    const { data, errors } = await api.ask(
      ownerId,
      'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id code } } }',
      { input: { commandId: crypto.randomUUID(), name: 'Sim', contentId: search.data.search.edges[0].node.id } },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return new RealRoom(api, seed, data.createRoom.room);
  }

  /** Joins and follows. `scale` 0: an undelayed path. */
  async add(userId: string, scale = 1): Promise<RealMember> {
    const random = this.#random;
    const network = new SimNetwork(systemTimers, random.fork(), scale);
    const player = new SimPlayer(systemTimers, random.fork(), drawTraits(random));
    const skew = { offsetMs: random.between(-30_000, 30_000), ppm: random.between(-40, 40) };
    const timers = new SkewedTimers(systemTimers, skew);
    const proxy = await DelayProxy.open(network, Number(new URL(this.#api.url).port));
    const transport = socketTransport({
      url: `ws://127.0.0.1:${proxy.port}/graphql`,
      authorization: () => this.#api.token(userId),
      webSocketImpl: WebSocket,
    });
    const events: RoomEvent[] = [];
    const statuses: StreamStatus[] = [];
    const roomId = await joinRoom(transport, this.#code, userId);
    const client = new RoomClient({
      transport,
      roomId,
      player,
      timers,
      random: random.fork().next,
      onEvent: (event) => void events.push(event),
      onStatus: (status) => void statuses.push(status),
    });
    client.start();
    const member = { userId, client, player, network, proxy, transport, events, statuses };
    this.#members.push(member);
    return member;
  }

  get members(): readonly RealMember[] {
    return this.#members;
  }

  /** The largest distance between members whose frames move; null with less than two. */
  get spreadMs(): number | null {
    const positions = this.#members.filter(({ player }) => player.isMoving).map(({ player }) => player.truePositionMs);
    return positions.length < 2 ? null : Math.max(...positions) - Math.min(...positions);
  }

  async close(): Promise<void> {
    for (const { client, transport, proxy } of this.#members) {
      client.stop();
      await transport.close();
      await proxy.close();
    }
  }
}
