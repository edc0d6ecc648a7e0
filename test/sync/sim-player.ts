/**
 * A player as players are (research/rooms.md 4.5): starts late, seeks slowly and not exactly, runs at not quite its rate, stalls,
 * and knows its position to about 10 ms. All delays in ms.
 */
import type { Player, PlayerEvent } from '../../client/player.ts';
import type { Timers } from '../../client/timers.ts';
import type { Random } from './random.ts';

export interface PlayerTraits {
  readonly playLatencyMs: number;
  readonly seekCostMs: number;
  /** Share by which both vary from one time to the next. */
  readonly variation: number;
  readonly landingErrorMs: number;
  readonly ratePpm: number;
  readonly readNoiseMs: number;
}

export const drawTraits = (random: Random): PlayerTraits => ({
  playLatencyMs: random.between(60, 220),
  seekCostMs: random.between(250, 850),
  variation: 0.2,
  landingErrorMs: 25,
  ratePpm: random.between(-60, 60),
  readNoiseMs: 10,
});

export class SimPlayer implements Player {
  readonly #time: Timers;
  readonly #random: Random;
  readonly #traits: PlayerTraits;
  readonly #listeners = new Set<(event: PlayerEvent) => void>();
  readonly durationMs = 2 * 3_600_000;
  #position = 0;
  #since: number;
  #rate = 1;
  #wantsPlay = false;
  #isMoving = false;
  #isSeeking = false;
  #stalledUntil = 0;
  #pending: unknown;
  #seekCount = 0;
  #lastStallEndedAt = Number.NEGATIVE_INFINITY;

  constructor(time: Timers, random: Random, traits: PlayerTraits) {
    this.#time = time;
    this.#random = random;
    this.#traits = traits;
    this.#since = time.now();
  }

  get truePositionMs(): number {
    const speed = this.#rate * (1 + this.#traits.ratePpm / 1e6);
    return this.#position + (this.#isMoving ? (this.#time.now() - this.#since) * speed : 0);
  }

  get positionMs(): number {
    return this.truePositionMs + this.#random.normal(0, this.#traits.readNoiseMs);
  }

  /** Frames move. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  get isPaused(): boolean {
    return !this.#wantsPlay;
  }

  get rate(): number {
    return this.#rate;
  }

  get seekCount(): number {
    return this.#seekCount;
  }

  /** When its last stall was over; the future while it lasts. */
  get lastStallEndedAt(): number {
    return this.#lastStallEndedAt;
  }

  /** How long it will still have no data. */
  get stallLeftMs(): number {
    return Math.max(0, this.#stalledUntil - this.#time.now());
  }

  load(_contentId: string, positionMs: number): void {
    this.#wantsPlay = false;
    this.#jump(positionMs, this.#random.between(600, 2_000), 'canplay');
  }

  play(): void {
    if (this.#wantsPlay) return;
    this.#wantsPlay = true;
    if (!this.#isSeeking) this.#startAfter(this.#vary(this.#traits.playLatencyMs));
  }

  pause(): void {
    if (!this.#wantsPlay) return;
    this.#wantsPlay = false;
    this.#freeze();
    if (!this.#isSeeking) this.#cancel();
    this.#time.setTimeout(() => this.#emit('pause'), 0);
  }

  seek(positionMs: number): void {
    this.#seekCount += 1;
    this.#jump(positionMs, this.#vary(this.#traits.seekCostMs), 'seeked');
  }

  setPlaybackRate(rate: number): void {
    this.#position = this.truePositionMs;
    this.#since = this.#time.now();
    this.#rate = rate;
  }

  listen(listener: (event: PlayerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The network of the film, not of the room: no data for so long. Only a playing player notices. */
  stall(forMs: number): void {
    if (!this.#isMoving) return;
    this.#stalledUntil = this.#time.now() + forMs;
    this.#lastStallEndedAt = this.#stalledUntil;
    this.#freeze();
    this.#emit('waiting');
    if (this.#wantsPlay && !this.#isSeeking) this.#startAfter(0);
  }

  #jump(positionMs: number, costMs: number, done: 'canplay' | 'seeked'): void {
    this.#freeze();
    this.#cancel();
    this.#isSeeking = true;
    this.#position = positionMs; // what a media element says while it seeks
    this.#pending = this.#time.setTimeout(
      () => {
        this.#isSeeking = false;
        const { landingErrorMs } = this.#traits;
        this.#position = Math.max(0, positionMs + this.#random.between(-landingErrorMs, landingErrorMs));
        this.#emit(done);
        if (this.#wantsPlay && !this.#isMoving && !this.#isSeeking) this.#startAfter(0);
      },
      Math.max(costMs, this.stallLeftMs),
    );
  }

  #startAfter(delayMs: number): void {
    this.#cancel();
    this.#pending = this.#time.setTimeout(
      () => {
        if (!this.#wantsPlay) return;
        this.#since = this.#time.now();
        this.#isMoving = true;
        this.#emit('playing');
      },
      Math.max(delayMs, this.stallLeftMs),
    );
  }

  #freeze(): void {
    this.#position = this.truePositionMs;
    this.#isMoving = false;
  }

  #cancel(): void {
    this.#time.clearTimeout(this.#pending);
    this.#pending = undefined;
  }

  #vary(ms: number): number {
    const { variation } = this.#traits;
    return ms * this.#random.between(1 - variation, 1 + variation);
  }

  #emit(event: PlayerEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
