/**
 * How a command becomes an event: load, decide, append, save, publish; and again from the start where another process was
 * first. Holds no rule of rooms and no user's rights beyond membership.
 */
import type { Ports } from '../../platform/subgraph.ts';
import { AppError } from '../../schema/errors.ts';
import type { RoomEvent } from '../../schema/events/room.ts';
import { type Change, type Decision, type Moment, NO_SUCH_ROOM } from './domain/decision.ts';
import { applyEvent } from './domain/fold.ts';
import { delaysOf } from './domain/presence.ts';
import { memberOf, type Room } from './domain/room.ts';
import { tick } from './domain/tick.ts';
import type { PresenceBoard } from './presence-board.ts';
import type { RoomDirectory } from './room-directory.ts';
import type { RoomJournal } from './room-journal.ts';
import type { Quota, RoomLimiters } from './room-limits.ts';
import { Turns } from './turns.ts';

/** Processes that serve one room at once lose to each other at most about this often in a row. */
const MAX_ATTEMPTS = 20;
const MAX_WAITING_PER_ROOM = 500;

export interface CommandResult {
  readonly outcome: 'APPLIED' | 'NOOP' | 'DUPLICATE' | 'CONFLICT' | 'FORBIDDEN' | 'RATE_LIMITED';
  /** 0 where the actor is in no such room. */
  readonly revision: number;
  readonly message: string | null;
  /** Null for who is not, or no longer, in it. */
  readonly room: Room | null;
}

export interface RoomCommand {
  readonly roomId: string;
  readonly actorId: string;
  /** Null: not numbered by a client; its rule is idempotent by itself. */
  readonly commandId: string | null;
  /** Whether those who are not members may give it: joining. */
  readonly open?: boolean;
  /** What it counts against; absent: nothing. */
  readonly quota?: Quota | undefined;
  /** Whether the rule asks what the members' players reported. */
  readonly needsPresence?: boolean | undefined;
  /** A rule of `domain/`; may be asked again on a later state. */
  decide(room: Room, moment: Moment): Decision;
}

export const REFUSED: CommandResult = { outcome: 'FORBIDDEN', revision: 0, message: NO_SUCH_ROOM, room: null };

const rateLimited = (room: Room): CommandResult => ({
  outcome: 'RATE_LIMITED',
  revision: room.revision,
  message: 'Too many at once; try again in a few seconds.',
  room,
});

export class RoomCommands {
  readonly #journal: RoomJournal;
  readonly #directory: RoomDirectory;
  readonly #presence: PresenceBoard;
  readonly #limits: RoomLimiters;
  readonly #ports: Pick<Ports, 'clock' | 'logger'>;
  #listeningSince = 0;
  readonly #turns = new Turns(MAX_WAITING_PER_ROOM);

  constructor(
    journal: RoomJournal,
    directory: RoomDirectory,
    presence: PresenceBoard,
    limits: RoomLimiters,
    ports: Pick<Ports, 'clock' | 'logger'>,
  ) {
    this.#journal = journal;
    this.#directory = directory;
    this.#presence = presence;
    this.#limits = limits;
    this.#ports = ports;
  }

  /** Carries a command out. @throws AppError VERSION_CONFLICT, TOO_MANY, and what `decide` throws */
  run(command: RoomCommand): Promise<CommandResult> {
    return this.#turns.take(command.roomId, async () => {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const result = await this.#attempt(command, attempt === 0);
        if (result !== null) return result;
      }
      throw new AppError('VERSION_CONFLICT', 'The room is changing too fast; send the command again.');
    });
  }

  /** Silence before this instant is nobody's fault: no member could be heard. */
  listenFrom(at: number): void {
    this.#listeningSince = at;
  }

  /** Carries out what time alone has made due, at most 20 changes; the room after it. Null: no such room. */
  tick(roomId: string): Promise<Room | null> {
    return this.#turns.take(roomId, async () => {
      for (let attempt = 0; ; attempt += 1) {
        const room = await this.#journal.load(roomId);
        if (room === null || attempt === MAX_ATTEMPTS) return room;
        const moment = await this.#momentOf(roomId, this.#now());
        const change = tick(room, { ...moment, listeningSince: this.#listeningSince });
        if (change === null) return room;
        await this.#append(room, toEvent(room, roomId, change, null, null, moment.now));
      }
    });
  }

  /** Writes a room's first event; null: the room exists. */
  begin(roomId: string, actorId: string, commandId: string, change: Change): Promise<Room | null> {
    return this.#turns.take(roomId, () =>
      this.#append(null, toEvent(null, roomId, change, actorId, commandId, this.#now())),
    );
  }

  /** Null: another one was first. */
  async #attempt(command: RoomCommand, isFirst: boolean): Promise<CommandResult | null> {
    const { roomId, actorId, commandId, open, quota, needsPresence, decide } = command;
    const [room, made] = await Promise.all([
      this.#journal.load(roomId),
      commandId === null ? null : this.#journal.findCommand(roomId, actorId, commandId),
    ]);
    const isMember = room !== null && memberOf(room, actorId) !== undefined;
    if (room === null || !(isMember || open)) return REFUSED;
    const visible = isMember ? room : null;
    if (made !== null) {
      // The two reads went side by side: the room may be the one before the command.
      const whole = room.revision >= made ? room : ((await this.#journal.load(roomId)) ?? room);
      return this.#duplicate(whole, actorId, made);
    }

    const now = this.#now();
    const counts = isFirst && quota !== undefined;
    if (counts && !this.#limits.takeForMember(quota, roomId, actorId, now)) return rateLimited(room);
    const decision = decide(room, needsPresence ? await this.#momentOf(roomId, now) : { now, delaysMs: [] });
    if (decision.outcome !== 'APPLIED') {
      return { ...decision, revision: visible?.revision ?? 0, room: visible };
    }
    if (counts && !this.#limits.takeForRoom(quota, roomId, now)) return rateLimited(room);
    const next = await this.#append(room, toEvent(room, roomId, decision.change, actorId, commandId, now));
    if (next === null) return null;
    const stays = memberOf(next, actorId) !== undefined;
    return { outcome: 'APPLIED', revision: next.revision, message: null, room: stays ? next : null };
  }

  /** Answers a command that made `revision` before. */
  async repeat(roomId: string, actorId: string, revision: number): Promise<CommandResult> {
    const room = await this.#journal.load(roomId);
    return room === null ? REFUSED : this.#duplicate(room, actorId, revision);
  }

  /** The first may have died half way: what it stored is saved and published before anybody is told that it is done. */
  async #duplicate(room: Room, actorId: string, revision: number): Promise<CommandResult> {
    await this.#journal.settle(room);
    const isMember = memberOf(room, actorId) !== undefined;
    return { outcome: 'DUPLICATE', revision, message: null, room: isMember ? room : null };
  }

  /** The room with the event in it: stored, saved, published. Null: its place was taken. */
  async #append(room: Room | null, event: RoomEvent): Promise<Room | null> {
    const next = applyEvent(room, event);
    await this.#noteArrival(event);
    if (!(await this.#journal.append(event))) return null;
    await this.#journal.save(next);
    try {
      await this.#journal.publishNext(event);
    } catch (error) {
      // It is stored, so it has happened; the outbox publishes it as soon as the log answers.
      this.#ports.logger.warn({ err: error, roomId: next.id, revision: next.revision }, 'event not published yet');
    }
    await this.#noteDeparture(room, event);
    return next;
  }

  async #noteArrival({ roomId, revision, at, type, data }: RoomEvent): Promise<void> {
    if (type === 'room.room.created') await this.#directory.addMember(roomId, data.ownerId, revision, at);
    if (type === 'room.member.changed' && data.change === 'JOINED') {
      await this.#directory.addMember(roomId, data.userId, revision, at);
    }
  }

  async #noteDeparture(room: Room | null, { roomId, type, data }: RoomEvent): Promise<void> {
    if (room === null || type !== 'room.member.changed') return;
    const member = memberOf(room, data.userId);
    if (member === undefined || !['LEFT', 'KICKED', 'BANNED'].includes(data.change)) return;
    await this.#directory.removeMember(roomId, data.userId, member.joinedRevision);
    await this.#presence.forget(roomId, data.userId);
  }

  async #momentOf(roomId: string, now: number): Promise<Moment> {
    const presences = (await this.#presence.find([roomId])).get(roomId) ?? [];
    return { now, delaysMs: delaysOf(presences, now), presences };
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

function toEvent(
  room: Room | null,
  roomId: string,
  change: Change,
  actorId: string | null,
  commandId: string | null,
  at: number,
): RoomEvent {
  return { roomId, revision: (room?.revision ?? 0) + 1, actorId, commandId, at, ...change };
}
