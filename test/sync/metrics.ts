/** What a run is judged by. Positions are the true ones, sampled every 250 ms. All in ms but where said. */

export const SAMPLE_EVERY_MS = 250;
/** Converged: so long after the last command … */
const AFTER_COMMAND_MS = 5_000;
/** … and without members who stalled, or had no network, so short a time ago. */
const AFTER_STALL_MS = 10_000;

export interface Observed {
  readonly truePositionMs: number;
  readonly isMoving: boolean;
  readonly lastStallEndedAt: number;
  /** When its network came back; the future while it has none: it cannot know what the others do. */
  readonly networkSince: number;
}

export interface Wait {
  readonly from: number;
  readonly to: number;
}

/** Spread: the largest distance between two members whose frames move. */
export class SpreadSamples {
  readonly all: number[] = [];
  readonly converged: number[] = [];

  sample(members: readonly Observed[], now: number, lastCommandAt: number): void {
    const moving = members.filter(({ isMoving, networkSince }) => isMoving && networkSince <= now);
    this.#add(this.all, moving);
    if (now - lastCommandAt < AFTER_COMMAND_MS) return;
    this.#add(
      this.converged,
      moving.filter((each) => now - Math.max(each.lastStallEndedAt, each.networkSince) >= AFTER_STALL_MS),
    );
  }

  #add(to: number[], members: readonly Observed[]): void {
    if (members.length < 2) return;
    const positions = members.map(({ truePositionMs }) => truePositionMs);
    to.push(Math.max(...positions) - Math.min(...positions));
  }
}

/** The value that a share of all stay within. NaN where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface RunResult {
  readonly all: readonly number[];
  readonly converged: readonly number[];
  readonly seeks: number;
  readonly waits: readonly Wait[];
  readonly members: number;
  readonly durationMs: number;
  /** Events that a member never got, and that it got in another order. */
  readonly lost: number;
  readonly outOfOrder: number;
  /** Whether all members ended with the same revision and timeline. */
  readonly agree: boolean;
  /** Error of members' server clocks at the samples, without sign. */
  readonly clockErrors: readonly number[];
  /** Share of them within the uncertainty that the client told. */
  readonly clockCovered: number;
}

export interface Summary {
  readonly all: readonly [p50: number, p95: number, p99: number];
  readonly converged: readonly [p50: number, p95: number, p99: number];
  readonly seeksPerClientHour: number;
  readonly waitsPerHour: number;
  readonly waitShare: number;
  readonly longestWaitMs: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly agree: boolean;
  readonly clockErrorP95: number;
  readonly clockCovered: number;
}

export function summarize(runs: readonly RunResult[]): Summary {
  const three = (values: readonly number[]): [number, number, number] => [
    percentile(values, 0.5),
    percentile(values, 0.95),
    percentile(values, 0.99),
  ];
  const sum = (of: (run: RunResult) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const hours = sum(({ durationMs }) => durationMs) / 3_600_000;
  const waitMs = runs.flatMap(({ waits }) => waits.map(({ from, to }) => to - from));
  return {
    all: three(runs.flatMap(({ all }) => all)),
    converged: three(runs.flatMap(({ converged }) => converged)),
    seeksPerClientHour: sum(({ seeks, members }) => seeks / members) / hours,
    waitsPerHour: waitMs.length / hours,
    waitShare: waitMs.reduce((total, ms) => total + ms, 0) / (hours * 3_600_000),
    longestWaitMs: Math.max(0, ...waitMs),
    lost: sum(({ lost }) => lost),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    agree: runs.every(({ agree }) => agree),
    clockErrorP95: percentile(
      runs.flatMap(({ clockErrors }) => clockErrors),
      0.95,
    ),
    clockCovered: sum(({ clockCovered }) => clockCovered) / runs.length,
  };
}
