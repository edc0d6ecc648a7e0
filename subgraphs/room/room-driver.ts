/**
 * Lets time pass in rooms: ends waits, begins them for those who stall, shows who is away, removes who is gone. Asks the store
 * every 250 ms what is due, so it needs no memory of its own and goes on after a restart; several processes share the work,
 * and where two do the same the store lets one event in. Which changes, domain/tick.ts says.
 */
import type { Logger } from 'pino';
import type { Ports } from '../../platform/subgraph.ts';
import { awayShownAt, stateAt } from './domain/presence.ts';
import { memberOf, type Room } from './domain/room.ts';
import { TICK_MS } from './domain/tick.ts';
import { MAX_START_LEAD_MS } from './domain/timeline.ts';
import type { DuePresence, PresenceBoard } from './presence-board.ts';
import type { RoomCommands } from './room-commands.ts';
import type { RoomPulses } from './room-pulses.ts';
import type { RoomStates } from './room-states.ts';

export interface DriverParts {
  readonly states: RoomStates;
  readonly presence: PresenceBoard;
  readonly pulses: RoomPulses;
  readonly commands: RoomCommands;
}

export class RoomDriver {
  readonly #parts: DriverParts;
  readonly #clock: Ports['clock'];
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: DriverParts, { clock, logger }: Pick<Ports, 'clock' | 'logger'>) {
    this.#parts = parts;
    this.#clock = clock;
    this.#logger = logger;
  }

  start(): void {
    this.#stopped = false;
    this.#parts.commands.listenFrom(this.#clock.now());
    this.#again();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #again(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#sweepQuietly().finally(() => {
        if (!this.#stopped) this.#again();
      });
    }, TICK_MS);
    this.#timer.unref();
  }

  async #sweepQuietly(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.#logger.warn({ err: error }, 'rooms could not be swept; the next sweep tries again');
    }
  }

  /** Does what is due now, for 500 members and 500 waiting rooms at most. */
  async sweep(): Promise<void> {
    const now = this.#clock.now();
    const { states, presence } = this.#parts;
    const waiting = await states.findWaiting(now + MAX_START_LEAD_MS + TICK_MS);
    const byRoom = new Map<string, DuePresence[]>(waiting.map((roomId) => [roomId, []]));
    for (const due of await presence.takeDue(now)) {
      const others = byRoom.get(due.roomId) ?? [];
      byRoom.set(due.roomId, [...others, due]);
    }
    for (const [roomId, due] of byRoom) await this.#look(roomId, due);
  }

  /** One room that cannot be driven must not hold up the others. */
  async #look(roomId: string, due: readonly DuePresence[]): Promise<void> {
    try {
      const room = await this.#parts.commands.tick(roomId);
      for (const each of due) await this.#settle(room, each);
    } catch (error) {
      this.#logger.warn({ err: error, roomId }, 'a room could not be driven; the next sweep tries again');
    }
  }

  async #settle(room: Room | null, due: DuePresence): Promise<void> {
    const { roomId, presence } = due;
    const now = this.#clock.now();
    const member = room === null ? undefined : memberOf(room, presence.userId);
    if (member === undefined) {
      await this.#parts.presence.forget(roomId, presence.userId);
      return;
    }
    if (now >= awayShownAt(presence)) {
      const state = stateAt(presence, member.joinedAt, now);
      this.#parts.pulses.tell(roomId, { userId: presence.userId, state, skewMs: null });
    }
    await this.#parts.presence.giveBack(due, now);
  }
}
