/**
 * Keeps rooms from growing for ever: once a day each room loses its old events and the members who never reported; one that has
 * been empty for a day is removed whole. Asks the store what is due, so it needs no memory of its own; several processes share
 * the work. Times: ms.
 */
import type { Logger } from 'pino';
import type { Ports } from '../../platform/subgraph.ts';
import type { PresenceBoard } from './presence-board.ts';
import type { RoomCommands } from './room-commands.ts';
import type { RoomDirectory } from './room-directory.ts';
import type { RoomJournal } from './room-journal.ts';
import { type DueRoom, LOOK_EVERY_MS, type RoomStates } from './room-states.ts';

const SWEEP_EVERY_MS = 60_000;
/** What a late reader, or a repeated command, may still ask for. */
const EVENTS_KEPT = 1_000;
const EVENTS_KEPT_FOR_MS = LOOK_EVERY_MS;
/** A tick makes at most 20 changes; a room has at most 1,000 members. */
const MAX_TICKS = 60;

export interface KeeperParts {
  readonly states: RoomStates;
  readonly journal: RoomJournal;
  readonly directory: RoomDirectory;
  readonly presence: PresenceBoard;
  readonly commands: RoomCommands;
}

export class RoomKeeper {
  readonly #parts: KeeperParts;
  readonly #clock: Ports['clock'];
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: KeeperParts, { clock, logger }: Pick<Ports, 'clock' | 'logger'>) {
    this.#parts = parts;
    this.#clock = clock;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running = this.#running
        .then(() => this.sweep())
        .catch((error) => {
          this.#logger.warn({ err: error }, 'rooms could not be kept small; the next sweep tries again');
        });
    }, SWEEP_EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Looks after the rooms that are due, 100 at most. */
  async sweep(): Promise<void> {
    for (const due of await this.#parts.states.takeDue(this.#clock.now())) {
      try {
        await this.#look(due);
      } catch (error) {
        this.#logger.warn({ err: error, roomId: due.roomId }, 'a room could not be looked after; tomorrow again');
      }
    }
  }

  async #look({ roomId, savedAt }: DueRoom): Promise<void> {
    const { journal, commands } = this.#parts;
    const now = this.#clock.now();
    let room = await commands.tick(roomId);
    for (let ticks = 1, before = -1; room !== null && room.revision !== before && ticks < MAX_TICKS; ticks += 1) {
      before = room.revision;
      room = await commands.tick(roomId);
    }
    if (room === null) return;
    if (room.members.length === 0 && now - savedAt >= LOOK_EVERY_MS) await this.#remove(roomId, room.code);
    else await journal.trim(roomId, room.revision - EVENTS_KEPT, now - EVENTS_KEPT_FOR_MS);
  }

  /** The way in first: who still finds it makes a later revision, and the room stays. */
  async #remove(roomId: string, code: string): Promise<void> {
    const { journal, directory, presence } = this.#parts;
    await directory.releaseCode(code);
    if (!(await journal.remove(roomId))) return;
    await Promise.all([directory.removeRoom(roomId), presence.forgetRoom(roomId)]);
    this.#logger.info({ roomId }, 'a room that was empty for a day is removed');
  }
}
