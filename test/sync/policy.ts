/** What the harness needs of a way to keep a room in step: ours, or one of the reference policies. */
import type { Timers } from '../../client/timers.ts';
import type { Wait } from './metrics.ts';
import type { Random } from './random.ts';
import type { SimNetwork } from './sim-network.ts';
import type { SimPlayer } from './sim-player.ts';

export interface MemberSetup {
  readonly userId: string;
  readonly player: SimPlayer;
  readonly network: SimNetwork;
  /** The member's own clock. */
  readonly timers: Timers;
  readonly random: Random;
}

export interface SimMember {
  play(): void;
  pause(): void;
  seek(positionMs: number): void;
  say(text: string): void;
  stop(): void;
  /** Server time as it believes; null where it keeps none. */
  serverNow(): { readonly now: number; readonly uncertaintyMs: number } | null;
  /** Events it got, by revision, in order; empty where there are none. */
  readonly revisions: readonly number[];
  /** What it ended with, to compare. */
  readonly fingerprint: string;
}

export interface SimRoom {
  add(setup: MemberSetup): SimMember;
  readonly waits: readonly Wait[];
  readonly lastRevision: number;
  /** True room position, for hot join and catch-up; null where the policy has none. */
  positionAt(now: number): number | null;
}

export interface Policy {
  readonly name: string;
  open(time: Timers, random: Random, ownerId: string): SimRoom;
}
