/**
 * Commands over the shared timeline, and which of two that cross wins: pause always does, play yields to a fresh pause,
 * an absolute seek yields to what its sender has not seen. Pure. Positions: ms from the start; instants: ms since the epoch.
 */
import { AppError } from '../../../schema/errors.ts';
import type { PlaybackState } from '../../../schema/events/room.ts';
import { applied, asMember, type Change, conflict, type Decision, forbidden, type Moment, noop } from './decision.ts';
import { mayControl } from './permissions.ts';
import type { QueueItem, Room } from './room.ts';
import { checkContentId } from './text.ts';
import { checkPosition, MAX_POSITION_MS, pauseLeadMs, positionAt, startLeadMs } from './timeline.ts';
import { durationOf, membersLoading, membersThatMustLoad, newContentWaitMs, startWaitMs } from './waiting.ts';

/** A play that crosses somebody else's pause within this time was meant for the state before it. */
const FRESH_PAUSE_MS = 700;
/** How far ahead new content starts where the room waits for nobody. */
const NEW_CONTENT_LEAD_MS = 1_500;
/** And after a seek: most players find their place within a second. */
const SEEK_LEAD_MS = 1_000;
const RATE = { low: 0.25, high: 4 };
const NOT_YOURS = 'The room’s control policy does not let you do this.';
const SEEN_TOO_LITTLE = 'Somebody else changed playback first.';
const NO_CONTENT = 'The room has no content yet.';

/** `expectedRevision`: the Playback.revision that the sender saw; null: not told. */
export interface PlaybackCommand {
  readonly actorId: string;
  readonly expectedRevision: number | null;
}

/** The timeline of a room that begins, in its first event. */
export function initialPlayback(contentId: string | null, at: number): PlaybackState {
  const status = contentId === null ? 'IDLE' : 'PAUSED';
  const id = contentId === null ? null : checkContentId(contentId);
  return {
    revision: 1,
    status,
    contentId: id,
    positionMs: 0,
    effectiveAt: at,
    rate: 1,
    waitingFor: [],
    waitUntil: null,
  };
}

/** The next timeline. Its revision is the one that the room will have. */
export function nextPlayback(room: Room, change: Partial<PlaybackState>): PlaybackState {
  const { actorId: _actor, at: _at, ...current } = room.playback;
  return { ...current, waitingFor: [], waitUntil: null, ...change, revision: room.revision + 1 };
}

/** Playing, or about to. */
const isGoing = ({ status }: PlaybackState): boolean => status === 'PLAYING' || status === 'WAITING';

/** Standing at its position until these members are ready. */
const waiting = (waitingFor: readonly string[], now: number, waitMs: number): Partial<PlaybackState> => ({
  status: 'WAITING',
  waitingFor,
  waitUntil: now + waitMs,
});

/** Null: the sender did not say what it saw. @throws AppError REVISION_FROM_THE_FUTURE */
function sawCurrent(room: Room, expectedRevision: number | null): boolean | null {
  if (expectedRevision === null) return null;
  if (expectedRevision > room.revision) {
    throw new AppError('REVISION_FROM_THE_FUTURE', `The room is at ${room.revision}, not ${expectedRevision}.`);
  }
  return expectedRevision >= room.playback.revision;
}

const isStale = (room: Room, { actorId, expectedRevision }: PlaybackCommand): boolean =>
  sawCurrent(room, expectedRevision) === false && room.playback.actorId !== actorId;

const justPausedByAnother = ({ lastPause }: Room, actorId: string, now: number): boolean =>
  lastPause !== null && lastPause.actorId !== actorId && now - lastPause.at < FRESH_PAUSE_MS;

/** Starts, scheduled a little ahead, or as soon as those are ready whom the room waits for; over, it starts again. @throws AppError REVISION_FROM_THE_FUTURE */
export function play(room: Room, command: PlaybackCommand, moment: Moment): Decision {
  const { now, delaysMs } = moment;
  return asMember(room, command.actorId, (member) => {
    const { playback } = room;
    const saw = sawCurrent(room, command.expectedRevision);
    if (!mayControl(room, member, 'PLAY_PAUSE')) return forbidden(NOT_YOURS);
    if (playback.contentId === null) return conflict(NO_CONTENT);
    if (isGoing(playback)) return noop(playback.status === 'PLAYING' ? 'It is playing.' : 'It is about to play.');
    if (playback.status === 'ENDED') return applied(startAgain(room, moment));
    if (saw !== true && justPausedByAnother(room, command.actorId, now)) {
      return conflict('Somebody else has just paused.');
    }
    const loading = membersLoading(room, moment);
    const start: Partial<PlaybackState> =
      loading.length === 0
        ? { status: 'PLAYING', effectiveAt: Math.max(now + startLeadMs(delaysMs), playback.effectiveAt) }
        : { ...waiting(loading, now, startWaitMs(room)), effectiveAt: Math.max(now, playback.effectiveAt) };
    return applied({ type: 'room.playback.played', data: { playback: nextPlayback(room, start) } });
  });
}

/** Content that is over plays from its start, as a media element does. */
const startAgain = (room: Room, moment: Moment): Change => ({
  type: 'room.playback.seeked',
  data: { playback: nextPlayback(room, { ...startWhenLoaded(room, moment, false), positionMs: 0 }) },
});

/** Stops at the position the room will have a little ahead, so that nobody must seek back. */
export function pause(room: Room, command: PlaybackCommand, { now, delaysMs }: Moment): Decision {
  return asMember(room, command.actorId, (member) => {
    sawCurrent(room, command.expectedRevision);
    if (!mayControl(room, member, 'PLAY_PAUSE')) return forbidden(NOT_YOURS);
    if (!isGoing(room.playback)) return noop('It is not playing.');
    const stands = room.playback.status === 'WAITING';
    const effectiveAt = stands ? Math.max(now, room.playback.effectiveAt) : now + pauseLeadMs(delaysMs);
    const positionMs = positionAt(room.playback, effectiveAt);
    return applied({
      type: 'room.playback.paused',
      data: { playback: nextPlayback(room, { status: 'PAUSED', effectiveAt, positionMs }) },
    });
  });
}

export interface SeekCommand extends PlaybackCommand {
  readonly positionMs: number | null;
  readonly deltaMs: number | null;
  readonly force: boolean;
}

/** Where the command leads from `fromMs`. @throws AppError BAD_USER_INPUT, POSITION_OUT_OF_RANGE */
function seekTarget({ positionMs, deltaMs }: SeekCommand, fromMs: number, durationMs: number): number {
  if (positionMs !== null && deltaMs === null) return checkPosition(positionMs, durationMs);
  if (deltaMs === null || positionMs !== null) {
    throw new AppError('BAD_USER_INPUT', 'Give exactly one of positionMs and deltaMs.');
  }
  checkPosition(Math.abs(deltaMs));
  return Math.min(durationMs, Math.max(0, fromMs + deltaMs));
}

/** Moves, and keeps playing, when the others have loaded, or paused. A relative seek is never stale: it means "from wherever we are". @throws as `seekTarget` */
export function seek(room: Room, command: SeekCommand, moment: Moment): Decision {
  const { now } = moment;
  return asMember(room, command.actorId, (member) => {
    const fromMs = positionAt(room.playback, now);
    const positionMs = seekTarget(command, fromMs, durationOf(room, moment) ?? MAX_POSITION_MS);
    const stale = isStale(room, command);
    if (!mayControl(room, member, 'OTHER')) return forbidden(NOT_YOURS);
    if (room.playback.contentId === null) return conflict(NO_CONTENT);
    if (stale && command.deltaMs === null && !command.force) return conflict(SEEN_TOO_LITTLE);
    const start = isGoing(room.playback)
      ? startWhenLoaded(room, moment, false)
      : { status: 'PAUSED' as const, effectiveAt: now };
    return applied({
      type: 'room.playback.seeked',
      data: { playback: nextPlayback(room, { ...start, positionMs }) },
    });
  });
}

/** A room that goes on from a place nobody has loaded: it waits for its members; one that waits for nobody gives them a little time. */
function startWhenLoaded(room: Room, moment: Moment, newContent: boolean): Partial<PlaybackState> {
  const { now, delaysMs } = moment;
  const loading = membersThatMustLoad(room, moment, newContent);
  if (loading.length > 0) {
    return { ...waiting(loading, now, newContent ? newContentWaitMs : startWaitMs(room)), effectiveAt: now };
  }
  const loadMs = moment.presences?.length ? SEEK_LEAD_MS : 0; // players that report are players that load
  const leadMs = Math.max(startLeadMs(delaysMs), newContent ? NEW_CONTENT_LEAD_MS : loadMs);
  return { status: 'PLAYING', effectiveAt: now + leadMs };
}

/** Changes the speed without a jump. @throws AppError BAD_USER_INPUT outside [0.25, 4] */
export function setPlaybackRate(
  room: Room,
  command: PlaybackCommand & { readonly rate: number },
  { now }: Moment,
): Decision {
  const { rate } = command;
  if (!(rate >= RATE.low && rate <= RATE.high)) {
    throw new AppError('BAD_USER_INPUT', `A rate is ${RATE.low} to ${RATE.high}, not ${rate}.`);
  }
  return asMember(room, command.actorId, (member) => {
    const stale = isStale(room, command);
    if (!mayControl(room, member, 'OTHER')) return forbidden(NOT_YOURS);
    if (room.playback.rate === rate) return noop('It has this rate.');
    if (stale) return conflict(SEEN_TOO_LITTLE);
    // A start that is still ahead stays where it was scheduled.
    const effectiveAt = Math.max(now, room.playback.effectiveAt);
    const positionMs = positionAt(room.playback, effectiveAt);
    const { waitingFor, waitUntil } = room.playback;
    return applied({
      type: 'room.playback.ratechanged',
      data: { playback: nextPlayback(room, { rate, positionMs, effectiveAt, waitingFor, waitUntil }) },
    });
  });
}

export interface SetContentCommand extends PlaybackCommand {
  readonly contentId: string;
  readonly positionMs: number | null;
  readonly force: boolean;
}

/** Chooses what is watched and stands still at its start, so that nobody misses it while loading. @throws AppError POSITION_OUT_OF_RANGE, BAD_USER_INPUT */
export function setContent(room: Room, command: SetContentCommand, { now }: Moment): Decision {
  const contentId = checkContentId(command.contentId);
  const positionMs = checkPosition(command.positionMs ?? 0);
  return asMember(room, command.actorId, (member) => {
    const stale = isStale(room, command);
    if (!mayControl(room, member, 'OTHER')) return forbidden(NOT_YOURS);
    if (room.playback.contentId === contentId && command.positionMs === null) return noop('It is on already.');
    if (stale && !command.force) return conflict(SEEN_TOO_LITTLE);
    const playback = nextPlayback(room, { status: 'PAUSED', contentId, positionMs, effectiveAt: now });
    return applied({ type: 'room.content.changed', data: { playback } });
  });
}

/** Makes an item of the queue the content; a playing room goes on as soon as its members have loaded it. */
export function nextOfQueue(room: Room, { id, contentId }: QueueItem, moment: Moment): Change {
  const start = isGoing(room.playback)
    ? startWhenLoaded(room, moment, true)
    : { status: 'PAUSED' as const, effectiveAt: moment.now };
  const playback = nextPlayback(room, { ...start, contentId, positionMs: 0 });
  return { type: 'room.content.changed', data: { playback, fromQueueItem: id } };
}
