/**
 * Makes one player follow the room's timeline. To get somewhere it stands still, seeks to where the room will be, and starts at
 * the instant the room is where the seek really landed: neither how long a seek takes nor how inexact it is then matters.
 * While playing, `drift-ladder.ts` says what to do. Knows no network.
 */
import { correctDrift, DRIFT_LIMITS, type DriftLimits, type DriftState, NO_DRIFT } from './drift-ladder.ts';
import { LearnedDelay } from './learned-delay.ts';
import type { Player, PlayerEvent } from './player.ts';
import { instantOf, type MemberState, positionAt, type Timeline } from './timeline.ts';
import { Alarm, type Timers } from './timers.ts';

const TICK_MS = 250;
/** Standing still this close to the room is close enough: the start makes up for it. */
const HOLD_TOLERANCE_MS = 250;
/** Starting later than this, it rather seeks ahead first: catching up by speed would take longer than the seek. */
const LATE_START_MS = 250;
/** Standing still longer than this for the room to come is worse than a seek back. */
const MAX_HOLD_MS = 2_500;
/** A player's event so soon after we told it something is our doing, not its user's. */
const ECHO_MS = 2_000;
/** A start or stop is timed by an alarm; within this of its instant it is due. */
const DUE_MS = 2;

/** What somebody did with the player's own controls. */
export type UserAction = { readonly kind: 'play' | 'pause' } | { readonly kind: 'seek'; readonly positionMs: number };

export interface FollowerOptions {
  readonly player: Player;
  readonly timers: Timers;
  /** Server time; null while it is not known well enough to start by. */
  readonly serverNow: () => number | null;
  readonly limits?: DriftLimits;
  /** Told after the state to report changed. */
  readonly onState?: (state: MemberState) => void;
  readonly onUserAction?: (action: UserAction) => void;
}

/** `standing`: paused where it can be played from. `starting`: play() was called, no frame has moved yet. */
type Phase = 'empty' | 'loading' | 'seeking' | 'standing' | 'starting' | 'playing';

export class PlaybackFollower {
  readonly #options: FollowerOptions;
  readonly #limits: DriftLimits;
  readonly #due: Alarm;
  readonly #ticks: Alarm;
  readonly #playDelay = new LearnedDelay(150, 1_000);
  readonly #seekDelay = new LearnedDelay(500, 5_000);
  readonly #loadDelay = new LearnedDelay(1_200, 10_000);
  #timeline: Timeline | null = null;
  #phase: Phase = 'empty';
  #contentId: string | null = null;
  #inAd = false;
  #stalled = false;
  #drift: DriftState = NO_DRIFT;
  #rate = 1;
  #orderedAt = 0;
  #causedUntil = Number.NEGATIVE_INFINITY;
  /** Its user just did something that the room has not answered yet. */
  #deferUntil = Number.NEGATIVE_INFINITY;
  #ended = false;
  #told: MemberState | null = null;
  #seekCount = 0;
  readonly #stopListening: () => void;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? DRIFT_LIMITS;
    this.#due = new Alarm(options.timers);
    this.#ticks = new Alarm(options.timers);
    this.#stopListening = options.player.listen((event) => this.#heard(event));
  }

  /** Follows this timeline from now on, unless a later one is known. */
  follow(timeline: Timeline): void {
    if (this.#timeline !== null && timeline.revision <= this.#timeline.revision) return;
    this.#timeline = timeline;
    this.#drift = NO_DRIFT; // a new command may seek at once
    this.#deferUntil = Number.NEGATIVE_INFINITY;
    this.#ended = false;
    this.align();
  }

  stop(): void {
    this.#due.clear();
    this.#ticks.clear();
    this.#stopListening();
  }

  get timeline(): Timeline | null {
    return this.#timeline;
  }

  /** Seeks asked of the player so far, for whatever reason. */
  get seekCount(): number {
    return this.#seekCount;
  }

  get state(): MemberState {
    if (this.#timeline === null) return 'JOINING';
    if (this.#inAd) return 'AD';
    if (this.#stalled || this.#phase === 'loading' || this.#phase === 'seeking') return 'BUFFERING';
    return this.#phase === 'playing' ? 'PLAYING' : 'READY';
  }

  /** Does what the timeline asks for now. Also to be called when the server's time became known. */
  align(): void {
    this.#due.clear();
    const deferMs = this.#deferUntil - this.#options.timers.now();
    if (deferMs > 0) {
      this.#due.set(deferMs, () => this.align());
      this.#tell();
      return;
    }
    const now = this.#options.serverNow();
    if (this.#timeline !== null && now !== null && !this.#inAd) {
      const { contentId } = this.#timeline;
      if (contentId !== null && contentId !== this.#contentId) this.#load(this.#timeline, contentId, now);
      else if (this.#timeline.status === 'PLAYING') this.#keepUp(this.#timeline, now);
      else this.#standStill(this.#timeline, now);
    }
    this.#tell();
  }

  #load(timeline: Timeline, contentId: string, now: number): void {
    this.#contentId = contentId;
    this.#phase = 'loading';
    this.#stalled = false;
    this.#order();
    this.#options.player.load(contentId, this.#aheadOf(timeline, now, this.#loadDelay));
  }

  #standStill(timeline: Timeline, now: number): void {
    if (this.#phase === 'playing' || this.#phase === 'starting') {
      const waitMs = timeline.effectiveAt - now;
      if (waitMs > DUE_MS && this.#phase === 'playing') {
        this.#due.set(waitMs, () => this.align());
        return;
      }
      const starved = this.#stalled;
      this.#pause();
      // Landing says that there is data again; standing still would not.
      if (starved) this.#seek(timeline.positionMs);
    }
    if (this.#phase !== 'standing') return;
    const { positionMs, durationMs } = this.#options.player;
    const place = Math.min(timeline.positionMs, durationMs ?? Number.POSITIVE_INFINITY); // another cut may be longer
    if (Math.abs(positionMs - place) > HOLD_TOLERANCE_MS) this.#seek(place);
  }

  #keepUp(timeline: Timeline, now: number): void {
    if (this.#phase === 'standing' && !this.#ended) this.#start(timeline, now);
    else if (this.#phase === 'playing' && !this.#stalled) this.#correct(timeline, now);
  }

  /** From standing: at the instant the room is where the player is; from elsewhere if that is too far off. */
  #start(timeline: Timeline, now: number): void {
    const startAt = instantOf(timeline, this.#options.player.positionMs);
    const lateMs = now + this.#playDelay.typicalMs - startAt;
    const holdMs = startAt - Math.max(now, timeline.effectiveAt);
    if (lateMs * timeline.rate > LATE_START_MS || holdMs > MAX_HOLD_MS) {
      this.#seek(this.#aheadOf(timeline, now));
    } else if (lateMs < -DUE_MS) {
      this.#due.set(-lateMs, () => this.align());
    } else {
      this.#setRate(timeline.rate);
      this.#phase = 'starting';
      this.#order();
      this.#options.player.play();
    }
  }

  #correct(timeline: Timeline, now: number): void {
    const { player, timers } = this.#options;
    // Backwards from a start that is still ahead, too: a change of rate must not stop who is in step.
    const roomMs = timeline.positionMs + (now - timeline.effectiveAt) * timeline.rate;
    const measured = { driftMs: player.positionMs - roomMs, at: timers.now(), inAd: this.#inAd };
    const { state, seek } = correctDrift(this.#drift, measured, this.#limits);
    this.#drift = state;
    if (seek) this.#seek(this.#aheadOf(timeline, now));
    else {
      this.#setRate(timeline.rate * state.factor);
      this.#ticks.set(TICK_MS, () => this.align());
    }
  }

  /** Where the room will be when a seek begun now has landed and play() has taken effect. */
  #aheadOf(timeline: Timeline, now: number, delay = this.#seekDelay): number {
    return positionAt(timeline, now + delay.safeMs + this.#playDelay.typicalMs);
  }

  #seek(positionMs: number): void {
    if (this.#phase === 'playing' || this.#phase === 'starting') this.#pause();
    this.#phase = 'seeking';
    this.#seekCount += 1;
    this.#order();
    this.#options.player.seek(positionMs);
  }

  #pause(): void {
    this.#ticks.clear();
    this.#phase = 'standing';
    this.#stalled = false;
    this.#order();
    this.#options.player.pause();
  }

  #setRate(rate: number): void {
    // Not for a thousandth, except to be done with correcting: some players hiccup at every change.
    const worthwhile = Math.abs(rate - this.#rate) >= 0.001 || rate === this.#timeline?.rate;
    if (rate === this.#rate || !worthwhile) return;
    this.#rate = rate;
    this.#options.player.setPlaybackRate(rate);
  }

  #order(): void {
    this.#orderedAt = this.#options.timers.now();
    this.#causedUntil = this.#orderedAt + ECHO_MS;
  }

  #heard(event: PlayerEvent): void {
    const now = this.#options.timers.now();
    const tookMs = now - this.#orderedAt;
    switch (event) {
      case 'canplay':
        if (this.#phase !== 'loading') break;
        this.#loadDelay.learn(tookMs);
        this.#phase = 'standing';
        break;
      case 'seeked':
        if (this.#phase === 'seeking') {
          this.#seekDelay.learn(tookMs);
          this.#phase = 'standing';
        } else this.#userDid({ kind: 'seek', positionMs: this.#options.player.positionMs }, now);
        break;
      case 'playing':
        if (this.#phase === 'starting') {
          this.#playDelay.learn(tookMs);
          this.#phase = 'playing';
        } else if (this.#phase === 'standing') this.#userDid({ kind: 'play' }, now);
        this.#stalled = false;
        this.#drift = { ...this.#drift, driftMs: null };
        break;
      case 'pause':
        if (this.#phase === 'playing') this.#userDid({ kind: 'pause' }, now);
        break;
      case 'waiting':
        if (this.#phase === 'starting') this.#phase = 'playing';
        this.#stalled = this.#phase === 'playing';
        this.#ticks.clear();
        break;
      case 'adstart':
        this.#inAd = true;
        this.#ticks.clear();
        break;
      case 'adend':
        this.#inAd = false;
        this.#drift = NO_DRIFT;
        break;
      case 'ended':
        this.#ticks.clear();
        this.#phase = 'standing';
        this.#ended = true;
        break;
    }
    this.align();
  }

  #userDid(action: UserAction, now: number): void {
    if (now < this.#causedUntil || this.#inAd) return;
    // The player really is in that state now; the room's answer to the command says what becomes of it.
    if (action.kind === 'play') this.#phase = 'playing';
    if (action.kind === 'pause') this.#phase = 'standing';
    this.#deferUntil = now + ECHO_MS;
    this.#ticks.clear();
    this.#options.onUserAction?.(action);
  }

  #tell(): void {
    const { state } = this;
    if (state === this.#told) return;
    this.#told = state;
    this.#options.onState?.(state);
  }
}
