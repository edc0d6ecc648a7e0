/** Use cases that change rooms, for a viewer. Who may act at all is decided here; what their role allows, in `domain/`. */
import type { Identity } from '../../platform/identity.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { AppError } from '../../schema/errors.ts';
import { sendMessage } from './domain/chat.ts';
import type { Decision, Moment } from './domain/decision.ts';
import { parseCode } from './domain/invite-code.ts';
import { displayNameOf, draftRoom, join, leave, type NewRoom } from './domain/membership.ts';
import { type ModerationCommand, moderate, type UpdateCommand, updateRoom } from './domain/moderation.ts';
import { mayModerate } from './domain/permissions.ts';
import * as playback from './domain/playback.ts';
import { checkReport, isWorthTelling, noted, type Report } from './domain/presence.ts';
import { type QueueCommand, updateQueue } from './domain/queue.ts';
import { memberOf, type Playback, type Room } from './domain/room.ts';
import { roomIdOf } from './domain/room-id.ts';
import { checkEmoji, cleanText } from './domain/text.ts';
import { mayMakeDue } from './domain/waiting.ts';
import type { PresenceBoard } from './presence-board.ts';
import { requireMember, requireUser } from './room-access.ts';
import { type CommandResult, REFUSED, type RoomCommand, type RoomCommands } from './room-commands.ts';
import type { RoomDirectory } from './room-directory.ts';
import type { RoomJournal } from './room-journal.ts';
import type { RoomLimiters } from './room-limits.ts';
import type { RoomPulses } from './room-pulses.ts';
import type { RoomStates } from './room-states.ts';

/** A command as the viewer gave it: the actor is the viewer's, never an argument. */
export type Given<C> = Omit<C, 'actorId'> & { readonly roomId: string; readonly commandId: string };

export interface RoomParts {
  readonly states: RoomStates;
  readonly journal: RoomJournal;
  readonly directory: RoomDirectory;
  readonly presence: PresenceBoard;
  readonly pulses: RoomPulses;
  readonly limits: RoomLimiters;
  readonly commands: RoomCommands;
}

/** Playback is limited, and scheduled by what the members' players report. */
const PLAYBACK = { quota: 'PLAYBACK', needsPresence: true } as const;

export class RoomService {
  readonly #parts: RoomParts;
  readonly #clock: Ports['clock'];

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
    if (!this.#parts.limits.joins.take(actorId, this.#clock.now())) return { ...REFUSED, outcome: 'RATE_LIMITED' };
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
    return this.#run(identity, given, playback.play, PLAYBACK);
  }

  pause(identity: Identity, given: Given<playback.PlaybackCommand>): Promise<CommandResult> {
    return this.#run(identity, given, playback.pause, PLAYBACK);
  }

  seek(identity: Identity, given: Given<playback.SeekCommand>): Promise<CommandResult> {
    return this.#run(identity, given, playback.seek, PLAYBACK);
  }

  setPlaybackRate(
    identity: Identity,
    given: Given<playback.PlaybackCommand & { rate: number }>,
  ): Promise<CommandResult> {
    return this.#run(identity, given, playback.setPlaybackRate, PLAYBACK);
  }

  setContent(identity: Identity, given: Given<playback.SetContentCommand>): Promise<CommandResult> {
    return this.#run(identity, given, playback.setContent, PLAYBACK);
  }

  updateQueue(identity: Identity, given: Given<QueueCommand>): Promise<CommandResult> {
    return this.#run(identity, given, updateQueue, given.action === 'NEXT' ? PLAYBACK : {});
  }

  updateRoom(identity: Identity, given: Given<UpdateCommand>): Promise<CommandResult> {
    return this.#run(identity, given, updateRoom);
  }

  sendMessage(identity: Identity, given: Given<{ actorId: string; text: string }>): Promise<CommandResult> {
    return this.#run(identity, given, sendMessage, { quota: 'CHAT' });
  }

  async moderate(identity: Identity, given: Given<Omit<ModerationCommand, 'newCode'>>): Promise<CommandResult> {
    if (given.action !== 'ROTATE_CODE') return this.#run(identity, { ...given, newCode: null }, moderate);
    return this.#rotateCode(identity, given);
  }

  async #rotateCode(identity: Identity, given: Given<Omit<ModerationCommand, 'newCode'>>): Promise<CommandResult> {
    const { directory, states } = this.#parts;
    const room = await states.find(given.roomId);
    const member = room === null ? undefined : memberOf(room, requireUser(identity));
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

  /** Shows an emoji to the room; false: the member is muted. @throws AppError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, TOO_MANY */
  async react(identity: Identity, roomId: string, rawEmoji: string): Promise<boolean> {
    const userId = requireUser(identity);
    const emoji = checkEmoji(rawEmoji);
    const room = await this.#requireMemberOf(roomId, userId);
    if (memberOf(room, userId)?.muted) return false;
    const { limits, pulses } = this.#parts;
    if (!limits.reactions.take(JSON.stringify([roomId, userId]), this.#clock.now())) {
      throw new AppError('TOO_MANY', 'At most 10 reactions a second.');
    }
    pulses.react(roomId, emoji);
    return true;
  }

  /**
   * Notes a player's heartbeat and answers with the truth: where it ends the room's wait or tells of the content's end, with that.
   * @throws AppError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, POSITION_OUT_OF_RANGE, REVISION_FROM_THE_FUTURE
   */
  async reportPlayback(identity: Identity, { roomId, ...given }: Report & { roomId: string }): Promise<Playback> {
    const userId = requireUser(identity);
    const report = checkReport(given);
    const { presence, pulses, commands } = this.#parts;
    const [room, before] = await Promise.all([this.#requireMemberOf(roomId, userId), presence.findOne(roomId, userId)]);
    const now = this.#clock.now();
    const after = noted(before, userId, report, room, now);
    await presence.note(roomId, after, now);
    const { state, skewMs } = after;
    if (isWorthTelling(before, after)) pulses.tell(roomId, { userId, state, skewMs });
    if (!mayMakeDue(room, after, now)) return room.playback;
    return (await commands.tick(roomId))?.playback ?? room.playback;
  }

  async #requireMemberOf(roomId: string, userId: string): Promise<Room> {
    return requireMember(await this.#parts.states.find(roomId), userId);
  }

  async #run<C>(
    identity: Identity,
    given: Given<C>,
    rule: (room: Room, command: C, moment: Moment) => Decision,
    options: Pick<RoomCommand, 'quota' | 'needsPresence'> = {},
  ): Promise<CommandResult> {
    const actorId = requireUser(identity);
    const commandId = cleanText('commandId', given.commandId);
    const command = { ...given, actorId } as C;
    const decide = (room: Room, moment: Moment): Decision => rule(room, command, moment);
    return this.#parts.commands.run({ roomId: given.roomId, actorId, commandId, decide, ...options });
  }
}
