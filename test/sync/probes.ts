/** Single questions to the library: how long until a newcomer is in step, and until somebody is back after 30 s without a network. */
import { joinRoom } from '../../client/join-room.ts';
import { addMember, type OurMember, type OurRoom, ourPolicy } from './our-policy.ts';
import type { MemberSetup } from './policy.ts';
import { Random } from './random.ts';
import { furnish } from './scenario.ts';
import type { SimPlayer } from './sim-player.ts';
import { SimTransport } from './sim-transport.ts';
import { ROOM_CODE } from './virtual-room.ts';
import { VirtualTime } from './virtual-time.ts';

const MEMBERS = 5;
const IN_STEP_MS = 250;
const STAYS_MS = 3_000;
const LOOK_EVERY_MS = 20;
const GIVE_UP_MS = 30_000;

interface Playing {
  readonly time: VirtualTime;
  readonly room: OurRoom;
  readonly random: Random;
  readonly members: readonly (MemberSetup & { readonly member: OurMember })[];
}

/** A room that has played for a while. Nobody stalls: a pause has one cause only. */
async function openPlaying(seed: number): Promise<Playing> {
  const random = new Random(seed);
  const time = new VirtualTime(Date.UTC(2026, 0, 1));
  const room = ourPolicy.open(time, random.fork(), 'u0');
  const members = Array.from({ length: MEMBERS }, (_, index) => {
    const setup = furnish(time, random, `u${index}`);
    return { ...setup, member: room.add(setup) };
  });
  const run = (forMs: number) => time.runUntil(time.now() + forMs);
  await run(10_000);
  members[0]?.member.play();
  await run(random.between(20_000, 40_000));
  return { time, room, random, members };
}

const close = ({ members }: Playing): void => {
  for (const { member } of members) member.stop();
};

/** Ms from now until the player is where the room is, and has stayed there. */
async function untilInStep({ time, room }: Playing, player: SimPlayer): Promise<number> {
  const from = time.now();
  let since: number | null = null;
  while (time.now() - from < GIVE_UP_MS) {
    const offMs = Math.abs(player.truePositionMs - room.server.positionAt(time.now()));
    const inStep = offMs <= IN_STEP_MS && player.isMoving;
    since = inStep ? (since ?? time.now()) : null;
    if (since !== null && time.now() - since >= STAYS_MS) return since - from;
    await time.runUntil(time.now() + LOOK_EVERY_MS);
  }
  return Number.POSITIVE_INFINITY;
}

/** Somebody taps "join" in a room that plays. `pauses`: changes of the timeline that it caused for the others. */
export async function probeHotJoin(seed: number): Promise<{ inStepMs: number; pauses: number }> {
  const playing = await openPlaying(seed);
  const { time, room, random } = playing;
  const before = room.server.room.playback.revision;
  const setup = furnish(time, random, 'late');
  const transport = new SimTransport(time, setup.network, room.server, 'late');
  let joiner: OurMember | undefined;
  void joinRoom(transport, ROOM_CODE).then(() => {
    joiner = addMember(setup, transport);
  });
  const inStepMs = await untilInStep(playing, setup.player);
  const pauses = room.server.events.filter(({ revision, data }) => revision > before && 'playback' in data).length;
  joiner?.stop();
  close(playing);
  return { inStepMs, pauses };
}

/** The owner puts something else on and starts it; one of the others gets it only after `loadsMs`. How long the room waits, ms. */
export async function probeNewContent(seed: number, loadsMs: number): Promise<number> {
  const playing = await openPlaying(seed);
  const { time, room, members } = playing;
  const [owner, slow] = [members[0], members[3]];
  if (owner === undefined || slow === undefined) throw new Error('the room is too small');
  const before = room.waits.length;
  slow.player.stall(loadsMs);
  void owner.member.client.setContent('other');
  await time.runUntil(time.now() + 1_000);
  owner.member.play();
  await time.runUntil(time.now() + 30_000);
  const waits = room.waits.slice(before);
  close(playing);
  return waits.reduce((sum, { from, to }) => sum + to - from, 0);
}

export interface Return {
  /** Until every event that was missed is there. */
  readonly caughtUpMs: number;
  /** Until the player is in step again. */
  readonly inStepMs: number;
  readonly lost: number;
  readonly outOfOrder: number;
}

export interface Absence {
  /** The device says when the network is back. */
  readonly told: boolean;
  /** Without a network, connecting fails at once; else it hangs. */
  readonly known?: boolean;
}

/** A member has no network for 30 s, in which the others chat, pause, play and seek. */
export async function probeReturn(seed: number, { told, known = false }: Absence): Promise<Return> {
  const playing = await openPlaying(seed);
  const { time, room, random, members } = playing;
  const [owner, away] = [members[0], members[3]];
  if (owner === undefined || away === undefined) throw new Error('the room is too small');
  away.network.cut(30_000, known);
  const at = (inMs: number, run: () => void) => void time.setTimeout(run, inMs);
  at(random.between(1_000, 5_000), () => owner.member.say('one'));
  at(random.between(6_000, 9_000), () => owner.member.pause());
  at(random.between(12_000, 14_000), () => owner.member.play());
  at(random.between(16_000, 20_000), () => owner.member.seek(random.between(600_000, 900_000)));
  at(random.between(25_000, 29_000), () => owner.member.say('two'));
  await time.runUntil(time.now() + 30_000);
  const backAt = time.now();
  if (told) away.member.client.networkIsBack();
  let caughtUpMs = Number.POSITIVE_INFINITY;
  const look = (): void => {
    if (away.member.client.lastRevision === room.lastRevision) caughtUpMs = time.now() - backAt;
    else at(5, look);
  };
  look();
  const inStepMs = await untilInStep(playing, away.player);
  const { revisions } = away.member;
  const first = revisions[0] ?? 0;
  const outOfOrder = revisions.filter((revision, index) => revision !== first + index).length;
  close(playing);
  return { caughtUpMs, inStepMs, lost: room.lastRevision - first + 1 - new Set(revisions).size, outOfOrder };
}
