/**
 * A member's way to the server: asymmetric, jittery, with retransmissions that look like spikes, in order, and sometimes gone.
 * research/rooms.md 4.5. All in ms.
 */
import type { Timers } from '../../client/timers.ts';
import type { Random } from './random.ts';

export interface PathTraits {
  readonly delayMs: number;
  /** Mean of an exponential. */
  readonly jitterMs: number;
  /** Chance that a message is late by 150 to 750 ms. */
  readonly spikeChance: number;
  readonly scale: number;
}

export const drawPath = (random: Random, scale: number): PathTraits => ({
  delayMs: random.between(8, 78) * scale,
  jitterMs: random.between(3, 33) * scale,
  spikeChance: 0.01,
  scale,
});

/** One direction. */
class Path {
  readonly #time: Timers;
  readonly #random: Random;
  readonly #traits: PathTraits;
  #lastAt = 0;
  #underWay: (() => void)[] = [];

  constructor(time: Timers, random: Random, traits: PathTraits) {
    this.#time = time;
    this.#random = random;
    this.#traits = traits;
  }

  drawDelayMs(): number {
    const { delayMs, jitterMs, spikeChance, scale } = this.#traits;
    const spikeMs = this.#random.next() < spikeChance ? this.#random.between(150, 750) * scale : 0;
    return delayMs + this.#random.exponential(jitterMs) + spikeMs;
  }

  send(deliver: () => void): void {
    const at = Math.max(this.#lastAt, this.#time.now() + this.drawDelayMs());
    this.#lastAt = at;
    // A busy process may run the later of two timers first: each one delivers the oldest message, whichever it was set for.
    const underWay = this.#underWay;
    underWay.push(deliver);
    this.#time.setTimeout(() => underWay.shift()?.(), Math.max(0, at - this.#time.now()));
  }

  /** A new connection does not wait for the messages of the old one. */
  reset(): void {
    this.#lastAt = 0;
    this.#underWay = [];
  }
}

/** Both directions, and the wire that somebody may cut. Messages under way when it is cut are lost. */
export class SimNetwork {
  readonly #time: Timers;
  readonly #random: Random;
  readonly #up: Path;
  readonly #down: Path;
  #downUntil = 0;
  #isKnownDown = false;
  #epoch = 0;
  readonly #onCut = new Set<() => void>();

  constructor(time: Timers, random: Random, scale: number) {
    this.#time = time;
    this.#random = random;
    this.#up = new Path(time, random, drawPath(random, scale));
    this.#down = new Path(time, random, drawPath(random, scale));
  }

  get isDown(): boolean {
    return this.#time.now() < this.#downUntil;
  }

  get backAt(): number {
    return this.#downUntil;
  }

  up(deliver: () => void): void {
    this.#send(this.#up, deliver);
  }

  down(deliver: () => void): void {
    this.#send(this.#down, deliver);
  }

  /** The time that so many round trips take. */
  drawTripsMs(count: number): number {
    let ms = 0;
    for (let trip = 0; trip < count; trip += 1) ms += this.#up.drawDelayMs() + this.#down.drawDelayMs();
    return ms;
  }

  /** Whether the device itself knows that it has no network: an attempt to connect fails at once, instead of hanging. */
  get isKnownDown(): boolean {
    return this.isDown && this.#isKnownDown;
  }

  /** No message gets through for so long, and the connections of before are dead. */
  cut(forMs: number, isKnown = false): void {
    this.#isKnownDown = isKnown;
    this.#downUntil = this.#time.now() + forMs;
    this.#epoch += 1;
    this.#up.reset();
    this.#down.reset();
    for (const told of [...this.#onCut]) told();
  }

  onCut(run: () => void): void {
    this.#onCut.add(run);
  }

  draw(low: number, high: number): number {
    return this.#random.between(low, high);
  }

  #send(path: Path, deliver: () => void): void {
    if (this.isDown) return;
    const epoch = this.#epoch;
    path.send(() => {
      if (epoch === this.#epoch) deliver();
    });
  }
}
