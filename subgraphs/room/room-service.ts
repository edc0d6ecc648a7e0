/** Use cases that change rooms, for a viewer. Who may act at all is decided here; what their role allows, in `domain/`. */
import type { Identity } from '../../platform/identity.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { AttemptLimiter } from './attempt-limiter.ts';
import { sendMessage } from './domain/chat.ts';
import type { Decision, Moment } from './domain/decision.ts';
import { parseCode } from './domain/invite-code.ts';
import { displayNameOf, draftRoom, join, leave, type NewRoom } from './domain/membership.ts';
import { type ModerationCommand, moderate, type UpdateCommand, updateRoom } from './domain/moderation.ts';
import { mayModerate } from './domain/permissions.ts';
import * as playback from './domain/playback.ts';
import { checkReport, type Report, skewOf } from './domain/presence.ts';
import { type QueueCommand, updateQueue } from './domain/queue.ts';
import { memberOf, type Playback, type Room } from './domain/room.ts';
import { roomIdOf } from './domain/room-id.ts';
import { checkEmoji, cleanText } from './domain/text.ts';
import type { PresenceBoard } from './presence-board.ts';
import { requireMember, requireUser } from './room-access.ts';
import { type CommandResult, REFUSED, type RoomCommands } from './room-commands.ts';
import type { RoomDirectory } from './room-directory.ts';
import type { RoomJournal } from './room-journal.ts';

const JOIN_LIMIT = { attempts: 10, windowMs: 60_000, maxKeys: 10_000 };

/** A command as the viewer gave it: the actor is the viewer's, never an argument. */
export type Given<C> = Omit<C, 'actorId'> & { readonly roomId: string; readonly commandId: string };

export interface RoomParts {
  readonly journal: RoomJournal;
  readonly directory: RoomDirectory;
  readonly presence: PresenceBoard;
  readonly commands: RoomCommands;
}

export class RoomService {
  readonly #parts: RoomParts;
  readonly #clock: Ports['clock'];
  readonly #joins = new AttemptLimiter(JOIN_LIMIT);

  constructor(parts: RoomParts, clock: Ports['clock']) {
    this.#parts = parts;
    this.#clock = clock;
  }

  /** Opens a room. @throws AppError UNAUTHENTICATED, BAD_USER_INPUT */
  async create(identity: Identity, input: Omit<NewRoom, 'actorId'> & { commandId: string }): Promise<CommandResult> {
    const actorId = requireUser(identity);
    const commandId = cleanText('commandId', input.commandId);
    const roomId = roomIdOf(actorId, commandId);
    const draft = draftRoom({ ...input, actorId }, this.#clock.now());
    const { journal, directory, commands } = this.#parts;
    if ((await journal.findCommand(roomId, actorId, commandId)) === null) {
      const code = await directory.reserveCode(roomId);
      const room = await commands.begin(roomId, actorId, commandId, {
        type: 'room.room.created',
        data: { ...draft, code },
      });
      if (room !== null) return { outcome: 'APPLIED', revision: room.revision, message: null, room };
      await directory.releaseCode(code);
    }
    return commands.repeat(roomId, actorId, 1);
  }

  /** Enters by code. A wrong code, a locked room and a ban look the same. @throws AppError UNAUTHENTICATED, BAD_USER_INPUT, TOO_MANY */
  async join(identity: Identity, input: { code: string; displayName: string | null }): Promise<CommandResult> {
    const actorId = requireUser(identity);
    if (!this.#joins.take(actorId, this.#clock.now())) return { ...REFUSED, outcome: 'RATE_LIMITED' };
    const displayName = displayNameOf(actorId, input.displayName);
    const code = parseCode(input.code);
    const roomId = code === null ? null : await this.#parts.directory.findRoomIdByCode(code);
    if (code === null || roomId === null) return REFUSED;
    const decide = (room: Room): Decision => join(room, { actorId, code, displayName });
    return this.#parts.commands.run({ roomId, actorId, commandId: null, open: true, decide });
  }

  /** Leaves; leaving where one is not is done already. @throws AppError UNAUTHENTICATED */
  async leave(identity: Identity, roomId: string): Promise<CommandResult> {
    const actorId = requireUser(identity);
    const decide = (room: Room): Decision => leave(room, actorId);
    const result = await this.#parts.commands.run({ roomId, actorId, commandId: null, decide });
    return result.outcome === 'FORBIDDEN' ? { ...result, outcome: 'NOOP' } : result;
  }

  play(identity: Identity, given: Given<playback.PlaybackCommand>): Promise<CommandResult> {
    return this.#run(identity, given, playback.play, { scheduled: true });
  }

  pause(identity: Identity, given: Given<playback.PlaybackCommand>): Promise<CommandResult> {
    return this.#run(identity, given, playback.pause, { scheduled: true });
  }

  seek(identity: Identity, given: Given<playback.SeekCommand>): Promise<CommandResult> {
    return this.#run(identity, given, playback.seek, { scheduled: true });
  }

  setPlaybackRate(
    identity: Identity,
    given: Given<playback.PlaybackCommand & { rate: number }>,
  ): Promise<CommandResult> {
    return this.#run(identity, given, playback.setPlaybackRate);
  }

  setContent(identity: Identity, given: Given<playback.SetContentCommand>): Promise<CommandResult> {
    return this.#run(identity, given, playback.setContent);
  }

  updateQueue(identity: Identity, given: Given<QueueCommand>): Promise<CommandResult> {
    return this.#run(identity, given, updateQueue);
  }

  updateRoom(identity: Identity, given: Given<UpdateCommand>): Promise<CommandResult> {
    return this.#run(identity, given, updateRoom);
  }

  sendMessage(identity: Identity, given: Given<{ actorId: string; text: string }>): Promise<CommandResult> {
    return this.#run(identity, given, sendMessage);
  }

  async moderate(identity: Identity, given: Given<Omit<ModerationCommand, 'newCode'>>): Promise<CommandResult> {
    if (given.action !== 'ROTATE_CODE') return this.#run(identity, { ...given, newCode: null }, moderate);
    return this.#rotateCode(identity, given);
  }

  async #rotateCode(identity: Identity, given: Given<Omit<ModerationCommand, 'newCode'>>): Promise<CommandResult> {
    const { directory, journal } = this.#parts;
    const [room] = await journal.findSaved([given.roomId]);
    const member = room && memberOf(room, requireUser(identity));
    // Nothing is reserved for those whom the rule will refuse.
    if (member === undefined || !mayModerate(member)) return this.#run(identity, { ...given, newCode: null }, moderate);
    const newCode = await directory.reserveCode(given.roomId);
    let oldCode = newCode;
    const result = await this.#run<ModerationCommand>(identity, { ...given, newCode }, (room, command) => {
      oldCode = room.code;
      return moderate(room, command);
    });
    // Not where `run` throws: then nobody knows which of the two codes is the room's, and a void one does no harm.
    await directory.releaseCode(result.outcome === 'APPLIED' ? oldCode : newCode);
    return result;
  }

  /** Shows an emoji to the room; false: the member is muted. @throws AppError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT */
  async react(identity: Identity, roomId: string, rawEmoji: string): Promise<boolean> {
    const userId = requireUser(identity);
    const emoji = checkEmoji(rawEmoji);
    const room = await this.#requireMemberOf(roomId, userId);
    if (memberOf(room, userId)?.muted) return false;
    const at = this.#clock.now();
    await this.#parts.presence.pulse({ roomId, at, reactions: [{ emoji, count: 1 }], members: [] });
    return true;
  }

  /** Notes a player's heartbeat and answers with the truth. @throws AppError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, POSITION_OUT_OF_RANGE */
  async reportPlayback(identity: Identity, { roomId, ...given }: Report & { roomId: string }): Promise<Playback> {
    const userId = requireUser(identity);
    const report = checkReport(given);
    const room = await this.#requireMemberOf(roomId, userId);
    const now = this.#clock.now();
    const { state, oneWayMs } = report;
    await this.#parts.presence.note(roomId, { userId, state, oneWayMs, lastSeenAt: now });
    const member = { userId, state, skewMs: skewOf(room.playback, report, now) };
    await this.#parts.presence.pulse({ roomId, at: now, reactions: [], members: [member] });
    return room.playback;
  }

  async #requireMemberOf(roomId: string, userId: string): Promise<Room> {
    return requireMember((await this.#parts.journal.findSaved([roomId]))[0], userId);
  }

  async #run<C>(
    identity: Identity,
    given: Given<C>,
    rule: (room: Room, command: C, moment: Moment) => Decision,
    options: { readonly scheduled?: boolean } = {},
  ): Promise<CommandResult> {
    const actorId = requireUser(identity);
    const commandId = cleanText('commandId', given.commandId);
    const command = { ...given, actorId } as C;
    const decide = (room: Room, moment: Moment): Decision => rule(room, command, moment);
    return this.#parts.commands.run({ roomId: given.roomId, actorId, commandId, decide, ...options });
  }
}
