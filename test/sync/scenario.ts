/**
 * The script of research/rooms.md 4.5: members with wrong clocks and uneven paths watch for half an hour; a pause and resume, or
 * a seek, every 60 to 150 s; each stalls every ten minutes. Seeded: every policy lives through the same evening.
 */
import { type Observed, type RunResult, SAMPLE_EVERY_MS, SpreadSamples } from './metrics.ts';
import type { MemberSetup, Policy, SimMember, SimRoom } from './policy.ts';
import { Random } from './random.ts';
import { SimNetwork } from './sim-network.ts';
import { drawTraits, SimPlayer } from './sim-player.ts';
import { SkewedTimers } from './skewed-timers.ts';
import { VirtualTime } from './virtual-time.ts';

export interface ScenarioOptions {
  readonly policy: Policy;
  readonly seed: number;
  readonly members: number;
  readonly durationMs: number;
  /** Delays, jitter and spikes are multiplied by it. */
  readonly networkScale?: number;
  /** Mean time between a member's stalls; infinite: none. */
  readonly stallEveryMs?: number;
  /** Mean time between a member's losses of its network, for 3 to 20 s; absent: none. */
  readonly cutEveryMs?: number;
}

const START = Date.UTC(2026, 0, 1);
/** Loading and the first clock exchanges are over. */
const FIRST_PLAY_MS = 10_000;
const STALL_EVERY_MS = 600_000;
const FILM_MS = 2 * 3_600_000;

export interface Seat extends MemberSetup {
  readonly timers: SkewedTimers;
  readonly member: SimMember;
}

/** What surrounds a member: a device with a wrong clock, a player, a path. */
export function furnish(
  time: VirtualTime,
  random: Random,
  userId: string,
  scale = 1,
): MemberSetup & Pick<Seat, 'timers'> {
  const network = new SimNetwork(time, random.fork(), scale);
  const player = new SimPlayer(time, random.fork(), drawTraits(random));
  const timers = new SkewedTimers(time, { offsetMs: random.between(-30_000, 30_000), ppm: random.between(-40, 40) });
  return { userId, player, network, timers, random: random.fork() };
}

export async function runScenario(options: ScenarioOptions): Promise<RunResult> {
  const { policy, seed, members, durationMs, networkScale = 1, stallEveryMs = STALL_EVERY_MS, cutEveryMs } = options;
  const random = new Random(seed);
  const time = new VirtualTime(START);
  const room = policy.open(time, random.fork(), 'u0');
  const cast = random.fork();
  const seats: Seat[] = Array.from({ length: members }, (_, index) => {
    const setup = furnish(time, cast, `u${index}`, networkScale);
    return { ...setup, member: room.add(setup) };
  });
  const endAt = START + durationMs;
  const script = new Script(time, room, seats, random.fork(), endAt);
  script.start();
  for (const { player } of seats) {
    const chance = random.fork();
    again(time, chance, stallEveryMs, endAt, () => player.stall(Math.min(15_000, chance.logNormal(1_200, 1))));
  }
  for (const { network } of cutEveryMs === undefined ? [] : seats) {
    const chance = random.fork();
    again(time, chance, cutEveryMs ?? 0, endAt - 60_000, () => network.cut(chance.between(3_000, 20_000)));
  }

  const spread = new SpreadSamples();
  const clock = new ClockSamples();
  const sample = (): void => {
    const now = time.now();
    spread.sample(seats.map(observe), now, script.lastCommandAt);
    if (now - START > FIRST_PLAY_MS) clock.sample(seats, now);
    time.setTimeout(sample, SAMPLE_EVERY_MS);
  };
  time.setTimeout(sample, FIRST_PLAY_MS + 5_000);
  await time.runUntil(endAt);
  const seeks = seats.reduce((sum, { player }) => sum + player.seekCount, 0);
  const order = orderOf(seats, room.lastRevision);
  for (const { member } of seats) member.stop();
  return {
    ...spread,
    seeks,
    waits: room.waits,
    members,
    durationMs,
    ...order,
    agree: new Set(seats.map(({ member }) => member.fingerprint)).size === 1,
    clockErrors: clock.errors,
    clockCovered: clock.covered / Math.max(1, clock.errors.length),
  };
}

const observe = ({ player, network }: Seat): Observed => ({
  truePositionMs: player.truePositionMs,
  isMoving: player.isMoving,
  lastStallEndedAt: player.lastStallEndedAt,
  networkSince: network.backAt,
});

class ClockSamples {
  readonly errors: number[] = [];
  covered = 0;

  sample(seats: readonly Seat[], now: number): void {
    for (const { member } of seats) {
      const believed = member.serverNow();
      if (believed === null) continue;
      const error = Math.abs(believed.now - now);
      this.errors.push(error);
      if (error <= believed.uncertaintyMs) this.covered += 1;
    }
  }
}

/** Every member's stream against 1, 2, 3 … of what it should have got. */
export function orderOf(seats: readonly Seat[], last: number): { lost: number; outOfOrder: number } {
  let [lost, outOfOrder] = [0, 0];
  for (const { member } of seats) {
    const { revisions } = member;
    const first = revisions[0];
    if (first === undefined) continue;
    lost += last - first + 1 - new Set(revisions).size;
    outOfOrder += revisions.filter((revision, index) => index > 0 && revision <= (revisions[index - 1] ?? 0)).length;
  }
  return { lost, outOfOrder };
}

/** Who presses what, when. */
class Script {
  readonly #time: VirtualTime;
  readonly #room: SimRoom;
  readonly #seats: readonly Seat[];
  readonly #random: Random;
  readonly #endAt: number;
  lastCommandAt = START;

  constructor(time: VirtualTime, room: SimRoom, seats: readonly Seat[], random: Random, endAt: number) {
    this.#time = time;
    this.#room = room;
    this.#seats = seats;
    this.#random = random;
    this.#endAt = endAt;
  }

  start(): void {
    this.#do(FIRST_PLAY_MS, (member) => member.play());
    this.#next(FIRST_PLAY_MS);
  }

  #next(afterMs: number): void {
    const inMs = afterMs + this.#random.between(60_000, 150_000);
    const [pauses, pauseMs] = [this.#random.next() < 0.5, this.#random.between(3_000, 10_000)];
    const [byMs, who] = [this.#random.between(-300_000, 600_000), this.#random.next()];
    this.#time.setTimeout(() => this.#next(0), inMs);
    // The last minute is quiet, so that everybody can end with the same.
    if (this.#time.now() + inMs + pauseMs > this.#endAt - 60_000) return;
    if (pauses) {
      this.#do(inMs, (member) => member.pause(), who);
      this.#do(inMs + pauseMs, (member) => member.play(), who);
    } else {
      this.#do(inMs, (member, fromMs) => member.seek(Math.min(FILM_MS, Math.max(0, Math.round(fromMs + byMs)))), who);
    }
  }

  /** In a crowd only the owner may. */
  #do(inMs: number, command: (member: SimMember, fromMs: number) => void, who = 0): void {
    this.#time.setTimeout(() => {
      const seat = this.#seats[this.#seats.length > 8 ? 0 : Math.floor(who * this.#seats.length)] as Seat;
      this.lastCommandAt = this.#time.now();
      const fromMs = this.#room.positionAt(this.#time.now()) ?? seat.player.truePositionMs;
      command(seat.member, fromMs);
    }, inMs);
  }
}

function again(time: VirtualTime, random: Random, everyMs: number, endAt: number, run: () => void): void {
  const inMs = random.exponential(everyMs);
  if (time.now() + inMs >= endAt) return;
  time.setTimeout(() => {
    run();
    again(time, random, everyMs, endAt, run);
  }, inMs);
}
