/**
 * The room's server in virtual time: the real rules of `subgraphs/room/domain`, with a store and a log that take a few
 * milliseconds. Answers what the client library asks, in the API's shapes.
 */
import type { Timers } from '../../client/timers.ts';
import { type Data, RequestError, type Variables } from '../../client/transport.ts';
import type { PlaybackState, RoomEvent } from '../../schema/events/room.ts';
import { sendMessage } from '../../subgraphs/room/domain/chat.ts';
import type { Change, Decision, Moment } from '../../subgraphs/room/domain/decision.ts';
import { applyEvent } from '../../subgraphs/room/domain/fold.ts';
import { draftRoom, join } from '../../subgraphs/room/domain/membership.ts';
import * as playback from '../../subgraphs/room/domain/playback.ts';
import { delaysOf, noted, type Presence, type Report } from '../../subgraphs/room/domain/presence.ts';
import type { Room } from '../../subgraphs/room/domain/room.ts';
import { TICK_MS, tick } from '../../subgraphs/room/domain/tick.ts';
import { positionAt } from '../../subgraphs/room/domain/timeline.ts';
import { mayMakeDue } from '../../subgraphs/room/domain/waiting.ts';
import type { Random } from './random.ts';
import type { ServerEnd } from './sim-transport.ts';

/** From a request's arrival to its effect being stored, and from there to the sockets. */
const STORE_MS = [2, 10] as const;
const PUBLISH_MS = [3, 20] as const;
export const ROOM_CODE = 'ABCDEFGH';

type Push = (data: Data | RequestError) => void;

export class VirtualRoom implements ServerEnd {
  readonly #time: Timers;
  readonly #random: Random;
  readonly #events: RoomEvent[] = [];
  readonly #presences = new Map<string, Presence>();
  readonly #made = new Map<string, number>();
  readonly #subscribers = new Set<{ push: Push; sent: number }>();
  readonly #waits: { from: number; to: number }[] = [];
  #room: Room;
  #publishedAt = 0;

  constructor(time: Timers, random: Random, ownerId: string, contentId: string) {
    this.#time = time;
    this.#random = random;
    const now = time.now();
    const draft = draftRoom(
      { actorId: ownerId, name: 'Sim', contentId, controlPolicy: null, waitPolicy: null, displayName: null },
      now,
    );
    const created = this.#toEvent({ type: 'room.room.created', data: { ...draft, code: ROOM_CODE } }, ownerId, null, 0);
    this.#room = applyEvent(null, created);
    this.#events.push(created);
    this.#tickLater();
  }

  get room(): Room {
    return this.#room;
  }

  get events(): readonly RoomEvent[] {
    return this.#events;
  }

  /** When the room stood still for members who were not ready. */
  get waits(): readonly { readonly from: number; readonly to: number }[] {
    return this.#waits;
  }

  /** Where the room is. */
  positionAt(now: number): number {
    return positionAt(this.#room.playback, now);
  }

  join(userId: string): void {
    this.#decide(userId, null, (room) => join(room, { actorId: userId, code: ROOM_CODE, displayName: userId }));
  }

  answer(userId: string, operation: string, variables: Variables, reply: (answer: Data | RequestError) => void): void {
    const t1 = this.#time.now();
    try {
      if (operation === 'ServerTime') reply({ serverTime: { t1, t2: this.#time.now() } });
      else {
        const answer = this.#carryOut(userId, operation, variables);
        this.#time.setTimeout(() => reply(answer), this.#random.between(...STORE_MS));
      }
    } catch (error) {
      const { code = 'INTERNAL_SERVER_ERROR', message } = error as { code?: string; message: string };
      reply(new RequestError(code, message, { cause: error }));
    }
  }

  #carryOut(userId: string, operation: string, variables: Variables): Data {
    if (operation === 'ReportPlayback') return { reportPlayback: { playback: toApi(this.#report(userId, variables)) } };
    if (operation !== 'JoinRoom') return this.#command(userId, operation, variables);
    this.join(userId);
    return { joinRoom: { outcome: 'APPLIED', room: { id: this.#room.id } } };
  }

  subscribe(_userId: string, { afterRevision }: Variables, push: Push): () => void {
    if (typeof afterRevision === 'number' && afterRevision > this.#room.revision) {
      push(new RequestError('REVISION_FROM_THE_FUTURE', 'no'));
      return () => undefined;
    }
    const subscriber = { push, sent: typeof afterRevision === 'number' ? afterRevision : this.#room.revision };
    if (typeof afterRevision !== 'number') push({ roomEvents: this.#snapshot() });
    this.#subscribers.add(subscriber);
    this.#publishTo(subscriber);
    return () => void this.#subscribers.delete(subscriber);
  }

  #snapshot(): Data {
    const { revision, playback: state } = this.#room;
    return { __typename: 'RoomSnapshot', revision, at: this.#time.now(), actorId: null, playback: toApi(state) };
  }

  #report(userId: string, variables: Variables): PlaybackState {
    const report = variables['input'] as Report;
    const after = noted(this.#presences.get(userId) ?? null, userId, report, this.#room, this.#time.now());
    this.#presences.set(userId, after);
    if (mayMakeDue(this.#room, after, this.#time.now())) this.#tick();
    return this.#room.playback;
  }

  #command(userId: string, operation: string, variables: Variables): Data {
    const input = variables['input'] as Record<string, never> & { commandId: string };
    const name = operation[0]?.toLowerCase() + operation.slice(1);
    const rule = RULES[name as keyof typeof RULES];
    const command = { actorId: userId, positionMs: null, deltaMs: null, force: false, ...input };
    const expectedRevision = input['expectedRevision'] ?? null;
    const result = this.#decide(userId, input.commandId, (room, moment) =>
      rule(room, { ...command, expectedRevision } as never, moment),
    );
    return { [name]: result };
  }

  #decide(actorId: string, commandId: string | null, rule: (room: Room, moment: Moment) => Decision): Data {
    const key = `${actorId} ${commandId}`;
    const made = commandId === null ? undefined : this.#made.get(key);
    if (made !== undefined) return { outcome: 'DUPLICATE', revision: made, message: null };
    const decision = rule(this.#room, this.#moment());
    if (decision.outcome !== 'APPLIED') {
      return { outcome: decision.outcome, revision: this.#room.revision, message: decision.message };
    }
    this.#append(decision.change, actorId, commandId);
    this.#made.set(key, this.#room.revision);
    return { outcome: 'APPLIED', revision: this.#room.revision, message: null };
  }

  #moment(): Moment {
    const now = this.#time.now();
    const presences = [...this.#presences.values()];
    return { now, presences, delaysMs: delaysOf(presences, now) };
  }

  #tickLater(): void {
    this.#time.setTimeout(() => {
      this.#tick();
      this.#tickLater();
    }, TICK_MS);
  }

  #tick(): void {
    for (;;) {
      const change = tick(this.#room, this.#moment());
      if (change === null) return;
      this.#append(change, null, null);
    }
  }

  #append(change: Change, actorId: string | null, commandId: string | null): void {
    const was = this.#room.playback;
    const event = this.#toEvent(change, actorId, commandId, this.#room.revision);
    this.#room = applyEvent(this.#room, event);
    this.#events.push(event);
    this.#noteWait(was, this.#room.playback);
    const inMs = Math.max(this.#publishedAt - event.at, this.#random.between(...PUBLISH_MS));
    this.#publishedAt = event.at + inMs; // one partition: in order
    this.#time.setTimeout(() => {
      for (const subscriber of [...this.#subscribers]) this.#publishTo(subscriber, event.revision);
    }, inMs);
  }

  #noteWait(was: PlaybackState, is: PlaybackState): void {
    const open = this.#waits.at(-1);
    if (was.status === 'WAITING' && open !== undefined && open.to === Number.POSITIVE_INFINITY) {
      open.to = is.status === 'PLAYING' ? is.effectiveAt : this.#time.now();
    }
    if (is.status === 'WAITING') this.#waits.push({ from: is.effectiveAt, to: Number.POSITIVE_INFINITY });
  }

  #publishTo(subscriber: { push: Push; sent: number }, upTo = this.#room.revision): void {
    for (const event of this.#events.slice(subscriber.sent, upTo)) subscriber.push({ roomEvents: eventToApi(event) });
    subscriber.sent = Math.max(subscriber.sent, upTo);
  }

  #toEvent(change: Change, actorId: string | null, commandId: string | null, last: number): RoomEvent {
    return { roomId: 'sim', revision: last + 1, actorId, commandId, at: this.#time.now(), ...change };
  }
}

const RULES = {
  play: playback.play,
  pause: playback.pause,
  seek: playback.seek,
  setPlaybackRate: playback.setPlaybackRate,
  setContent: playback.setContent,
  sendMessage,
} as const;

/** As the API shows a timeline. */
const toApi = (state: PlaybackState): Data => {
  const { revision, status, contentId, positionMs, effectiveAt, rate, waitingFor, waitUntil } = state;
  const content = contentId && { id: contentId };
  return { revision, status, positionMs, effectiveAt, rate, waitingFor, waitUntil, content };
};

function eventToApi(event: RoomEvent): Data {
  const { revision, at, actorId, commandId, data } = event;
  const common = { revision, at, actorId };
  if ('playback' in data && event.type !== 'room.room.created') {
    return { __typename: 'PlaybackChanged', ...common, commandId, playback: toApi(data.playback) };
  }
  if (event.type === 'room.member.changed') return { __typename: 'MemberChanged', ...common, ...event.data };
  if (event.type === 'room.message.posted') return { __typename: 'MessagePosted', ...common, ...event.data };
  return { __typename: 'RoomUpdated', ...common };
}
