/**
 * `node test/bench/room.ts`: room commands a second, in one room and across rooms, stored and published each, beside the
 * simplest alternative: the same rules folded in memory, which a crash forgets. Embedded adapters; with KAFKA_BROKERS or
 * MONGODB_URL those. Bounded: about a minute. CPU per command is this process's own, so it says something on a busy machine too.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { ANONYMOUS, type Identity } from '../../platform/identity.ts';
import type { RoomContext } from '../../subgraphs/room/context.ts';
import { sendMessage } from '../../subgraphs/room/domain/chat.ts';
import { applyEvent } from '../../subgraphs/room/domain/fold.ts';
import { draftRoom } from '../../subgraphs/room/domain/membership.ts';
import { pause, play, seek } from '../../subgraphs/room/domain/playback.ts';
import type { Room } from '../../subgraphs/room/domain/room.ts';
import { ROOM_LIMITS } from '../../subgraphs/room/room-limits.ts';
import { createRoomSubgraph } from '../../subgraphs/room/subgraph.ts';
import { machine } from './machine.ts';

const RUN_MS = 5_000;
const RUNS = 3;
const IN_FLIGHT = 32;
const ROOMS = 50;
const FREE = { attempts: 1_000_000, windowMs: 1, maxKeys: 10_000 };
const UNLIMITED = {
  ...ROOM_LIMITS,
  memberPlayback: FREE,
  roomPlayback: FREE,
  chat: { burst: 1_000_000, refillMs: 0.001, maxKeys: 10_000 },
};
const SETTINGS = { name: 'Bench', contentId: 'movie_1', controlPolicy: null, waitPolicy: null, displayName: null };
const identity: Identity = { ...ANONYMOUS, userId: 'u1' };

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of this process, on all its threads. */
  readonly cpuMs: number;
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
const show = (value: number): string => (value < 10 ? value.toFixed(2) : String(Math.round(value)));

/** Runs `act` for 5 s, `lanes` at a time. */
async function measure(lanes: number, act: (lane: number, index: number) => Promise<void>): Promise<Figures> {
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const lane = async (_: unknown, number: number): Promise<void> => {
    for (let index = 0; performance.now() - started < RUN_MS; index += 1) {
      const begun = performance.now();
      await act(number, index);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = (performance.now() - started) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  latencies.sort((a, b) => a - b);
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  const cpuMs = (cpu.user + cpu.system) / 1_000 / latencies.length;
  return { perSecond: latencies.length / seconds, p50, p99, cpuMs };
}

async function report(
  name: string,
  lanes: number,
  act: (lane: number, index: number) => Promise<void>,
): Promise<number> {
  const runs: Figures[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await measure(lanes, act));
  runs.sort((a, b) => a.perSecond - b.perSecond);
  const [worst, median, best] = runs as [Figures, Figures, Figures];
  console.log(
    `${name.padEnd(44)} ${show(median.perSecond).padStart(8)} commands/s (${show(worst.perSecond)}–${show(best.perSecond)}), ` +
      `p50 ${show(median.p50)} ms, p99 ${show(median.p99)} ms, CPU ${median.cpuMs.toFixed(3)} ms each`,
  );
  return median.perSecond;
}

/** One of the mix: of ten, six messages, two seeks, a play, a pause. */
function command({ rooms }: RoomContext, roomId: string, id: string, index: number) {
  const base = { roomId, commandId: id, expectedRevision: null };
  switch (index % 10) {
    case 0:
      return rooms.play(identity, base);
    case 4:
    case 5:
      return rooms.seek(identity, { ...base, positionMs: index, deltaMs: null, force: true });
    case 9:
      return rooms.pause(identity, base);
    default:
      return rooms.sendMessage(identity, { roomId, commandId: id, text: 'What a scene!' });
  }
}

/** The same mix, decided and folded by the same rules, and forgotten by the next crash. */
function inMemory(): (lane: number, index: number) => Promise<void> {
  const { data, type } = {
    type: 'room.room.created' as const,
    data: { ...draftRoom({ ...SETTINGS, actorId: 'u1' }, Date.now()), code: 'ABCDEFGH' },
  };
  const first = { roomId: 'r', revision: 1, actorId: 'u1', commandId: null, at: Date.now(), type, data };
  let room: Room = applyEvent(null, first);
  const who = { actorId: 'u1', expectedRevision: null };
  return async (_lane, index) => {
    const moment = { now: Date.now(), delaysMs: [] };
    const kind = index % 10;
    const decision =
      kind === 0
        ? play(room, who, moment)
        : kind === 9
          ? pause(room, who, moment)
          : kind === 4 || kind === 5
            ? seek(room, { ...who, positionMs: index, deltaMs: null, force: true }, moment)
            : sendMessage(room, { actorId: 'u1', text: 'What a scene!' });
    if (decision.outcome !== 'APPLIED') return;
    const event = { roomId: 'r', revision: room.revision + 1, actorId: 'u1', commandId: null, at: moment.now };
    room = applyEvent(room, { ...event, ...decision.change });
  };
}

const directory = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;
const unique = `bench_room_${Date.now()}`;
const config = loadConfig({
  DATA_DIR: directory,
  LOG_LEVEL: 'error',
  ...(KAFKA_BROKERS && { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX: `${unique}.` }),
  ...(MONGODB_URL && { MONGODB_URL: `${MONGODB_URL}/${unique}` }),
});
const ports = await openPorts(config, 'bench');
const subgraph = createRoomSubgraph(ports, UNLIMITED);
await subgraph.start();
try {
  const context = subgraph.createContext(identity) as RoomContext;
  const roomIds: string[] = [];
  for (let index = 0; index < ROOMS; index += 1) {
    const { room } = await context.rooms.create(identity, { ...SETTINGS, commandId: `room ${index}` });
    if (room === null) throw new Error('no room was made');
    roomIds.push(room.id);
  }
  let sent = 0;
  const act = (of: (lane: number, index: number) => string) => async (lane: number, index: number) => {
    sent += 1;
    const { outcome } = await command(context, of(lane, index), `c${sent}`, index);
    if (outcome !== 'APPLIED' && outcome !== 'NOOP') throw new Error(`a command ended ${outcome}`);
  };
  const one = roomIds[0] ?? '';
  console.log(`machine    ${machine()}`);
  console.log(`adapters   ${KAFKA_BROKERS ? 'Kafka' : 'embedded log'}, ${MONGODB_URL ? 'MongoDB' : 'embedded store'}`);
  console.log(
    `each       median (worst–best) of ${RUNS} runs of ${RUN_MS / 1_000} s; six of ten commands are messages`,
  );
  const memory = await report('in memory only, one room, one at a time', 1, inMemory());
  await report(
    'one room, one at a time',
    1,
    act(() => one),
  );
  await report(
    `one room, ${IN_FLIGHT} at a time`,
    IN_FLIGHT,
    act(() => one),
  );
  const across = act((lane, index) => roomIds[(lane + index * IN_FLIGHT) % ROOMS] ?? one);
  const many = await report(`${ROOMS} rooms, ${IN_FLIGHT} at a time`, IN_FLIGHT, across);
  console.log(`ratio      what survives a crash costs ${Math.round(memory / many)} × the rules alone`);
} finally {
  await subgraph.stop();
  await ports.close();
  await rm(directory, { recursive: true, force: true });
}
