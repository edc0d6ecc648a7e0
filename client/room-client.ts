/**
 * A member of a room: follows its stream, keeps its clock, steers a player, sends commands and heartbeats. The one object that
 * a TV app holds. What it tells the app: events, state of the connection, its own commands' echoes.
 */
import { ClockSync } from './clock-sync.ts';
import type { DriftLimits } from './drift-ladder.ts';
import { Heartbeat } from './heartbeat.ts';
import { type CommandName, commandOperation, LEAVE_ROOM, REPORT_PLAYBACK, SERVER_TIME } from './operations.ts';
import { PlaybackFollower, type UserAction } from './playback-follower.ts';
import type { Player } from './player.ts';
import { type RoomEvent, readTimeline } from './room-events.ts';
import { RoomStream, type StreamStatus } from './room-stream.ts';
import { type MemberState, positionAt, type Timeline } from './timeline.ts';
import { systemTimers, type Timers } from './timers.ts';
import { ConnectionLostError, type Data, type RoomTransport, type Variables } from './transport.ts';
import { withTimeout } from './with-timeout.ts';

const REPORT_WITHIN_MS = 4_000;
const CLOCK_WITHIN_MS = 2_000;
const COMMAND_WITHIN_MS = 4_000;
/** A command that got no answer is sent again under its id, which the server carries out once, until this much later. */
const COMMAND_GIVE_UP_MS = 15_000;
const COMMAND_AGAIN_MS = 500;
/** Own commands whose echo may still come. */
const MAX_PENDING = 100;

export interface RoomClientOptions {
  readonly transport: RoomTransport;
  readonly roomId: string;
  /** Absent: a companion device that shows no film. */
  readonly player?: Player;
  readonly timers?: Timers;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly limits?: DriftLimits;
  /** False: the user has no platform that shows the content, so that nobody waits for this member. Asked at each report. */
  readonly isEntitled?: () => boolean;
  /** `isOwn`: the echo of a command of this client. */
  readonly onEvent?: (event: RoomEvent, isOwn: boolean) => void;
  readonly onStatus?: (status: StreamStatus, error: Error | null) => void;
  /** A control that its user pressed on the player itself was refused by the room, or got no answer. */
  readonly onRefused?: (action: UserAction, reason: CommandResult | Error) => void;
}

export interface CommandResult {
  readonly outcome: 'APPLIED' | 'NOOP' | 'DUPLICATE' | 'CONFLICT' | 'FORBIDDEN' | 'RATE_LIMITED';
  readonly revision: number;
  readonly message: string | null;
}

export class RoomClient {
  readonly #options: RoomClientOptions;
  readonly #timers: Timers;
  readonly #clock: ClockSync;
  readonly #stream: RoomStream;
  readonly #follower: PlaybackFollower | null;
  readonly #reports: Heartbeat;
  readonly #own = new Set<string>();
  #timeline: Timeline | null = null;
  #running = false;

  constructor(options: RoomClientOptions) {
    const { transport, roomId, player, timers = systemTimers, random = Math.random, limits } = options;
    this.#options = options;
    this.#timers = timers;
    this.#reports = new Heartbeat(timers, () => this.#report());
    this.#clock = new ClockSync({ request: (t0) => this.#askTime(t0), timers, onChange: () => this.#clockChanged() });
    this.#stream = new RoomStream({
      transport,
      timers,
      random,
      roomId,
      onEvent: (event) => this.#take(event),
      onStatus: (status, error) => this.#statusChanged(status, error),
    });
    this.#follower =
      player === undefined
        ? null
        : new PlaybackFollower({
            player,
            timers,
            limits,
            serverNow: () => (this.#clock.isReady ? this.#clock.now() : null),
            onState: () => void this.#reports.now(),
            onUserAction: (action) => void this.#pass(action),
          });
  }

  /** Connects and follows. The user must be a member already: see `joinRoom`. */
  start(): void {
    this.#running = true;
    this.#stream.start();
    this.#clock.start();
    this.#reports.start();
  }

  /** Stops following; the user stays a member. The transport is whose who made it. */
  stop(): void {
    this.#running = false;
    this.#reports.stop();
    this.#clock.stop();
    this.#stream.stop();
    this.#follower?.stop();
  }

  /** To be called when the device says that the network is back, or that it woke up. */
  networkIsBack(): void {
    this.#stream.reconnectNow();
  }

  /** The shared timeline as last heard; null before the first snapshot. */
  get timeline(): Timeline | null {
    return this.#timeline;
  }

  get state(): MemberState {
    return this.#follower?.state ?? 'READY';
  }

  get clock(): Pick<ClockSync, 'now' | 'estimate' | 'oneWayMs' | 'isReady'> {
    return this.#clock;
  }

  get lastRevision(): number | null {
    return this.#stream.lastRevision;
  }

  get holes(): number {
    return this.#stream.holes;
  }

  /** Seeks asked of the player so far. */
  get seekCount(): number {
    return this.#follower?.seekCount ?? 0;
  }

  /** Where the room is now; null before the first snapshot. */
  get roomPositionMs(): number | null {
    return this.#timeline && positionAt(this.#timeline, this.#clock.now());
  }

  play = (): Promise<CommandResult> => this.#command('play', {}, true);
  pause = (): Promise<CommandResult> => this.#command('pause', {}, true);
  seek = (positionMs: number, force = false): Promise<CommandResult> =>
    this.#command('seek', { positionMs, force }, true);
  /** From wherever the room is: never a conflict. */
  seekBy = (deltaMs: number): Promise<CommandResult> => this.#command('seek', { deltaMs }, true);
  setPlaybackRate = (rate: number): Promise<CommandResult> => this.#command('setPlaybackRate', { rate }, true);
  setContent = (contentId: string, positionMs?: number): Promise<CommandResult> =>
    this.#command('setContent', { contentId, positionMs }, true);
  updateQueue = (input: Variables): Promise<CommandResult> => this.#command('updateQueue', input, false);
  sendMessage = (text: string): Promise<CommandResult> => this.#command('sendMessage', { text }, false);

  /** Leaves the room and stops. */
  async leave(): Promise<void> {
    await this.#request(LEAVE_ROOM, { roomId: this.#options.roomId }, COMMAND_WITHIN_MS);
    this.stop();
  }

  /** @throws RequestError; ConnectionLostError after 15 s without an answer: it may or may not have been carried out */
  async #command(name: CommandName, input: Variables, onTimeline: boolean): Promise<CommandResult> {
    const commandId = crypto.randomUUID();
    this.#expect(commandId);
    const expectedRevision = onTimeline ? this.#timeline?.revision : undefined;
    const { roomId } = this.#options;
    const operation = commandOperation(name);
    const giveUpAt = this.#timers.now() + COMMAND_GIVE_UP_MS;
    for (;;) {
      try {
        const variables = { input: { roomId, commandId, expectedRevision, ...input } };
        const data = await this.#request(operation, variables, COMMAND_WITHIN_MS);
        return data[name] as CommandResult;
      } catch (error) {
        const again = error instanceof ConnectionLostError && this.#running && this.#timers.now() < giveUpAt;
        if (!again) throw error;
        await new Promise<void>((resolve) => void this.#timers.setTimeout(resolve, COMMAND_AGAIN_MS));
      }
    }
  }

  #expect(commandId: string): void {
    if (this.#own.size >= MAX_PENDING) this.#own.delete(this.#own.values().next().value as string);
    this.#own.add(commandId);
  }

  async #pass(action: UserAction): Promise<void> {
    const { onRefused } = this.#options;
    try {
      const result = await (action.kind === 'seek' ? this.seek(action.positionMs) : this[action.kind]());
      if (result.outcome === 'CONFLICT' || result.outcome === 'FORBIDDEN') onRefused?.(action, result);
    } catch (error) {
      onRefused?.(action, error as Error);
    }
  }

  #take(event: RoomEvent): void {
    if (event.timeline !== null) this.#follow(event.timeline);
    const isOwn = typeof event.commandId === 'string' && this.#own.delete(event.commandId);
    this.#options.onEvent?.(event, isOwn);
  }

  #follow(timeline: Timeline): void {
    if (this.#timeline !== null && timeline.revision <= this.#timeline.revision) return;
    this.#timeline = timeline;
    this.#follower?.follow(timeline);
    void this.#reports.now(); // "ready" counts only for the timeline that it is about
  }

  #statusChanged(status: StreamStatus, error: Error | null): void {
    if (status === 'connecting') this.#clock.burst(); // another path, maybe another device clock
    if (status === 'ended') this.stop();
    this.#options.onStatus?.(status, error);
  }

  #clockChanged(): void {
    this.#follower?.align();
  }

  async #askTime(t0: number): Promise<{ t1: number; t2: number }> {
    const data = await this.#request(SERVER_TIME, { t0 }, CLOCK_WITHIN_MS);
    return data['serverTime'] as { t1: number; t2: number };
  }

  async #report(): Promise<void> {
    const { roomId, player, isEntitled = () => true } = this.#options;
    if (this.#timeline === null || player === undefined || !this.#clock.isReady) return;
    const input = {
      roomId,
      playbackRevision: this.#timeline.revision,
      state: this.state,
      positionMs: Math.max(0, player.positionMs),
      at: this.#clock.now(),
      oneWayMs: Math.min(10_000, this.#clock.oneWayMs ?? 0),
      durationMs: player.durationMs ?? undefined,
      entitled: isEntitled(),
    };
    try {
      const data = await this.#request(REPORT_PLAYBACK, { input }, REPORT_WITHIN_MS);
      const { playback } = data['reportPlayback'] as { playback: Parameters<typeof readTimeline>[0] };
      if (this.#running) this.#follow(readTimeline(playback)); // the truth, where an event is late
    } catch {
      // The next report says it again; a dead connection is the stream's to notice.
    }
  }

  #request(operation: Parameters<RoomTransport['request']>[0], variables: Variables, timeoutMs: number): Promise<Data> {
    const { transport } = this.#options;
    return withTimeout((signal) => transport.request(operation, variables, signal), timeoutMs, this.#timers);
  }
}
