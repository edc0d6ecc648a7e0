/** A short evening over real sockets: starts the server, watches with simulated players, samples their true positions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, startProcess } from '../support/processes.ts';
import { SAMPLE_EVERY_MS, SpreadSamples } from './metrics.ts';
import { RealRoom } from './real-room.ts';

export interface RealResult {
  readonly all: readonly number[];
  readonly converged: readonly number[];
  readonly seeks: number;
  readonly holes: number;
  readonly lost: number;
}

/** A play, then a pause and play, and a seek, a third of the time apart. */
export async function runReal(size: number, durationMs: number, seed = 1): Promise<RealResult> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), 'firetv-sync-')), await freePort()];
  const server = startProcess(['node', 'gateway/main.ts'], { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' });
  try {
    await server.saw('Fire TV backend is up.', 60_000);
    const room = await RealRoom.open(new Api(`http://127.0.0.1:${port}/graphql`), seed, 'u0');
    for (let index = 0; index < size; index += 1) await room.add(`u${index}`);
    try {
      return await watch(room, durationMs);
    } finally {
      await room.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function watch(room: RealRoom, durationMs: number): Promise<RealResult> {
  const { members } = room;
  const [first, second] = [members[0], members[1]];
  if (first === undefined || second === undefined) throw new Error('a room of at least two');
  await eventually(() => members.every(({ client }) => client.state === 'READY'), 30_000);
  const spread = new SpreadSamples();
  let commandAt = performance.now();
  const sampler = setInterval(() => {
    const seen = members.map(({ player }) => ({
      truePositionMs: player.truePositionMs,
      isMoving: player.isMoving,
      lastStallEndedAt: Number.NEGATIVE_INFINITY,
      networkSince: Number.NEGATIVE_INFINITY,
    }));
    spread.sample(seen, performance.now(), commandAt);
  }, SAMPLE_EVERY_MS);
  const thirdMs = durationMs / 3;
  await first.client.play();
  await sleep(thirdMs);
  await second.client.pause();
  await sleep(2_000);
  commandAt = performance.now();
  await second.client.play();
  await sleep(thirdMs);
  commandAt = performance.now();
  await first.client.seek(1_200_000);
  await sleep(thirdMs);
  clearInterval(sampler);
  const last = Math.max(...members.map(({ client }) => client.lastRevision ?? 0));
  const lost = members.map(({ events }) => last - (events[0]?.revision ?? 0) + 1 - events.length);
  return {
    ...spread,
    seeks: members.reduce((sum, { player }) => sum + player.seekCount, 0),
    holes: members.reduce((sum, { client }) => sum + client.holes, 0),
    lost: lost.reduce((sum, each) => sum + each, 0),
  };
}
