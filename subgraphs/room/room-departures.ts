/**
 * Hears from gateways whose sockets have closed, and notes it as if the player had said so: nobody waits for that member any more,
 * and the room hears of it unless a report shows that the member is there, on this device or another.
 */
import type { Logger } from 'pino';
import type { LoggedEvent, Reader } from '../../platform/ports/event-log.ts';
import type { Ports } from '../../platform/subgraph.ts';
import type { RoomDeparture } from '../../schema/events/room.ts';
import { ROOM_DEPARTURES } from '../../schema/events/topics.ts';
import type { PresenceBoard } from './presence-board.ts';

const GROUP = 'room.departures';

export class RoomDepartures {
  readonly #presence: PresenceBoard;
  readonly #log: Ports['log'];
  readonly #logger: Logger;
  #reader: Reader | undefined;

  constructor(presence: PresenceBoard, { log, logger }: Pick<Ports, 'log' | 'logger'>) {
    this.#presence = presence;
    this.#log = log;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    this.#reader = await this.#log.consume({ topic: ROOM_DEPARTURES.name, group: GROUP }, async (batch) => {
      for (const message of batch) await this.#note(message);
    });
  }

  async stop(): Promise<void> {
    await this.#reader?.close();
    this.#reader = undefined;
  }

  async #note({ key, value }: LoggedEvent): Promise<void> {
    const departure = read(value);
    if (key === null || departure === null) {
      this.#logger.warn({ topic: ROOM_DEPARTURES.name }, 'a departure that cannot be read is passed over');
      return;
    }
    await this.#presence.depart(key, departure.userId, departure.at);
  }
}

function read(value: Buffer | null): RoomDeparture | null {
  try {
    const { userId, at } = JSON.parse(String(value)) as Partial<RoomDeparture>;
    return typeof userId === 'string' && typeof at === 'number' ? { userId, at } : null;
  } catch {
    return null;
  }
}
