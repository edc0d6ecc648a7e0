/**
 * `npm run bench:fanout`: rooms of viewers, each with a token and a graphql-ws socket of their own, from separate processes, against
 * the product's one process. Beside it, in the same run, the simplest alternative: every subscriber's events resolved for that
 * subscriber alone. KAFKA_BROKERS and MONGODB_URL choose the real ones. `--rooms 125 --members 8 --seconds 10 --large 1000`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { Api } from '../support/api.ts';
import type { ClientsReport, ClientsRequest, SocketSpec } from './fanout-clients.ts';
import type { ServerFigures, ServerRequest } from './fanout-server.ts';
import { machine } from './machine.ts';

const { values: flags } = parseArgs({
  options: {
    rooms: { type: 'string', default: '125' },
    members: { type: 'string', default: '8' },
    large: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    commands: { type: 'string', default: '60' },
  },
});
const ROOMS = Number(flags.rooms);
const MEMBERS = Number(flags.members);
const LARGE = Number(flags.large);
const SECONDS = Number(flags.seconds);
const COMMANDS_PER_SECOND = Number(flags.commands);
const CLIENT_PROCESSES = 2;

const QUERY = /* GraphQL */ `subscription ($roomId: ID!, $afterRevision: Int) {
  roomEvents(roomId: $roomId, afterRevision: $afterRevision) { __typename revision at room { name } ... on MessagePosted { text } }
}`;

/** A forked program that answers requests by their ids. */
class Worker<Request extends object> {
  readonly ready: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  #nextId = 1;

  constructor(file: string, env: Readonly<Record<string, string>> = {}) {
    const ready = Promise.withResolvers<unknown>();
    this.#answers.set(0, ready);
    this.ready = ready.promise;
    this.#child = fork(new URL(file, import.meta.url), { env: { ...process.env, ...env }, execArgv: ['--expose-gc'] });
    this.#child.on('message', ({ id, answer, failure }: { id: number; answer?: unknown; failure?: string }) => {
      if (failure) this.#answers.get(id)?.reject(new Error(failure));
      else this.#answers.get(id)?.resolve(answer);
      this.#answers.delete(id);
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#answers.values()) reject(new Error(`${file} ended with ${code}`));
    });
  }

  async ask<T = void>(request: Request): Promise<T> {
    const answer = Promise.withResolvers<unknown>();
    const id = this.#nextId++;
    this.#answers.set(id, answer);
    this.#child.send({ id, ...request });
    return (await answer.promise) as T;
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

interface Room {
  readonly id: string;
  readonly users: readonly string[];
  revision: number;
}

const folder = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
const unique = `bench${process.pid}${Date.now()}`;
const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;
const server = new Worker<ServerRequest>('./fanout-server.ts', {
  DATA_DIR: folder,
  LOG_LEVEL: 'warn',
  KAFKA_TOPIC_PREFIX: `${unique}.`,
  ...(MONGODB_URL && { MONGODB_URL: `${MONGODB_URL}/${unique}` }),
});
const clients = Array.from({ length: CLIENT_PROCESSES }, () => new Worker<ClientsRequest>('./fanout-clients.ts'));
const url = `http://127.0.0.1:${await server.ready}/graphql`;
await Promise.all(clients.map((each) => each.ready));
const api = new Api(url);

const figures = () => server.ask<ServerFigures>({ do: 'figures' });
const all = <T = void>(request: ClientsRequest) => Promise.all(clients.map((each) => each.ask<T>(request)));
const revisionsOf = (rooms: readonly Room[]) => rooms.map(({ revision }) => revision);
const quantiles = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return [0.5, 0.95, 0.99].map((q) => (sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN).toFixed(0)).join(' / ');
};
const say = (name: string, value: string) => console.log(`${name.padEnd(34)} ${value}`);

async function inBatches<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items].reverse();
  const worker = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: size }, worker));
}

/** A room with its members; the revision is that after the last join. */
async function makeRoom(name: string, members: number): Promise<Room> {
  const [owner = '', ...others] = Array.from({ length: members }, (_, n) => `${name}-${n}`);
  const made = await api.ask(
    owner,
    'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { outcome room { id code revision } } }',
    { input: { commandId: name, name } },
  );
  if (made.data?.createRoom?.outcome !== 'APPLIED') throw new Error(JSON.stringify(made));
  const { id, code } = made.data.createRoom.room;
  let { revision } = made.data.createRoom.room;
  await inBatches(others, 8, async (user) => {
    const joined = await api.ask(
      user,
      'mutation ($code: String!) { joinRoom(input: { code: $code }) { outcome room { revision } } }',
      { code },
    );
    if (joined.data?.joinRoom.outcome !== 'APPLIED') throw new Error(JSON.stringify(joined));
    revision = Math.max(revision, joined.data.joinRoom.room.revision);
  });
  return { id, users: [owner, ...others], revision };
}

/** `alone`: each with an operation that equals no other, so that it is resolved for that subscriber. @returns sockets per second */
async function connect(rooms: readonly Room[], alone = false): Promise<number> {
  const specs = await Promise.all(
    rooms.flatMap(({ id, users }, room) =>
      users.map(
        async (user): Promise<SocketSpec> => ({
          token: await api.token(user),
          room,
          roomId: id,
          query: alone ? `${QUERY} # ${user}` : QUERY,
        }),
      ),
    ),
  );
  const started = performance.now();
  await Promise.all(
    clients.map((each, part) =>
      each.ask({
        do: 'connect',
        url: url.replace('http', 'ws'),
        specs: specs.filter((_, n) => n % clients.length === part),
      }),
    ),
  );
  return specs.length / ((performance.now() - started) / 1_000);
}

async function report(): Promise<ClientsReport> {
  const parts = await all<ClientsReport>({ do: 'report' });
  const latest = new Map<string, readonly [number, number, number]>();
  for (const entry of parts.flatMap((part) => part.latest)) {
    const key = `${entry[0]}:${entry[1]}`;
    const other = latest.get(key);
    if (!other || other[2] < entry[2]) latest.set(key, entry);
  }
  const sum = (field: 'frames' | 'bytes' | 'faults' | 'closed') =>
    parts.reduce((total, part) => total + part[field], 0);
  return {
    frames: sum('frames'),
    bytes: sum('bytes'),
    faults: sum('faults'),
    closed: sum('closed'),
    latest: [...latest.values()],
    maxCatchUpMs: Math.max(...parts.map((part) => part.maxCatchUpMs)),
  };
}

/** Chat at a steady pace, each message by another member of another room. */
async function chat(rooms: readonly Room[], seconds: number): Promise<number> {
  let sent = 0;
  const started = performance.now();
  const under = new Set<Promise<void>>();
  while (performance.now() - started < seconds * 1_000) {
    const room = rooms[sent % rooms.length] as Room;
    const user = room.users[Math.floor(sent / rooms.length) % room.users.length] as string;
    sent += 1;
    const one = send(room, user).finally(() => under.delete(one));
    under.add(one);
    const due = started + (sent * 1_000) / COMMANDS_PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
  await Promise.all(under);
  return sent;
}

async function send(room: Room, user: string): Promise<void> {
  const { data, errors } = await api.ask(
    user,
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { outcome revision } }',
    { input: { roomId: room.id, commandId: crypto.randomUUID(), text: 'popcorn?' } },
  );
  if (data?.sendMessage?.outcome !== 'APPLIED') throw new Error(JSON.stringify({ data, errors }));
  room.revision = Math.max(room.revision, data.sendMessage.revision);
}

/** Batches straight into the log, the next when all sockets have the one before: what one process can deliver. */
async function flood(rooms: readonly Room[], seconds: number, perRoom: number): Promise<string> {
  await report();
  const before = await figures();
  const started = performance.now();
  let events = 0;
  while (performance.now() - started < seconds * 1_000) {
    await server.ask({
      do: 'publish',
      rooms: rooms.map(({ id, revision }) => ({ roomId: id, revision })),
      perRoom,
      textBytes: 130,
    });
    for (const room of rooms) room.revision += perRoom;
    events += perRoom * rooms.length;
    await all({ do: 'await', revisions: revisionsOf(rooms), timeoutMs: 60_000 });
  }
  const elapsed = (performance.now() - started) / 1_000;
  const after = await figures();
  const { frames, bytes, faults } = await report();
  const fetches = (after.fetches - before.fetches) / events;
  const cpu = (after.cpuMs - before.cpuMs) / 1_000;
  return `${Math.round(frames / elapsed)} deliveries/s (${Math.round(frames / cpu)} per CPU second of the server), ${Math.round(bytes / frames)} B each, ${fetches.toFixed(2)} fetches per event, faults ${faults}, event-loop delay p99 ${after.delayP99Ms.toFixed(0)} ms`;
}

say('machine', machine());
say('adapters', `${KAFKA_BROKERS ? 'Kafka' : 'embedded log'}, ${MONGODB_URL ? 'MongoDB' : 'embedded store'}`);
try {
  const rooms: Room[] = [];
  await inBatches(
    Array.from({ length: ROOMS }, (_, n) => n),
    8,
    async (n) => {
      rooms.push(await makeRoom(`${unique}-${n}`, MEMBERS));
    },
  );
  // Once before, so that what is measured is neither compiled nor planned for the first time.
  await connect(rooms.slice(0, 10));
  await all({ do: 'drop' });

  const empty = await figures();
  const rate = await connect(rooms);
  const idle = await figures();
  const sockets = ROOMS * MEMBERS;
  say('sockets', `${sockets} in ${ROOMS} rooms, a token each; ${Math.round(rate)} connected and subscribed per second`);
  say(
    'memory per idle socket',
    `${((idle.residentBytes - empty.residentBytes) / sockets / 1_024).toFixed(1)} KiB resident, ${((idle.heapBytes - empty.heapBytes) / sockets / 1_024).toFixed(1)} KiB heap and buffers`,
  );

  await report();
  await figures();
  const sent = await chat(rooms, SECONDS);
  await all({ do: 'await', revisions: revisionsOf(rooms), timeoutMs: 30_000 });
  const calm = await figures();
  const live = await report();
  say(
    'accepted to last socket',
    `${quantiles(live.latest.map(([, , ms]) => ms))} ms (p50 / p95 / p99) at ${(sent / SECONDS).toFixed(0)} commands/s; ${live.frames} frames, lost or out of order ${live.faults}; event-loop delay p99 ${calm.delayP99Ms.toFixed(0)} ms`,
  );

  await all({ do: 'drop' });
  await chat(rooms, SECONDS / 4);
  await report();
  const beforeStorm = await figures();
  await all({ do: 'resume', revisions: revisionsOf(rooms) });
  const storm = await report();
  const afterStorm = await figures();
  say(
    'resume storm',
    `${sockets} sockets back and caught up in ${storm.maxCatchUpMs.toFixed(0)} ms (${Math.round((sockets * 1_000) / storm.maxCatchUpMs)}/s), ${storm.frames} frames, lost or out of order ${storm.faults}, ${((afterStorm.fetches - beforeStorm.fetches) / sockets).toFixed(2)} fetches per socket`,
  );

  say('throughput, 20 events a room', await flood(rooms, SECONDS, 20));
  // Nothing of one room to send or ask together.
  say('throughput, 1 event a room', await flood(rooms, SECONDS / 2, 1));
  await all({ do: 'drop' });

  const large = await makeRoom(`${unique}-large`, LARGE);
  const perEvent: string[] = [];
  for (const audience of [1, 10, 100, 1_000].filter((each) => each <= LARGE)) {
    await connect([{ ...large, users: large.users.slice(0, audience) }]);
    await report();
    const before = await figures();
    for (const user of large.users.slice(0, 10)) await send(large, user);
    await all({ do: 'await', revisions: [large.revision], timeoutMs: 30_000 });
    const after = await figures();
    // Each command is a fetch of its own, whoever listens.
    perEvent.push(`${audience}: ${((after.fetches - before.fetches) / 10 - 1).toFixed(1)}`);
    await all({ do: 'drop' });
  }
  say('fetches per event, by audience', perEvent.join(', '));

  // Equal rooms, first as we do it, then the alternative: an operation of one's own is resolved for oneself.
  for (const alone of [false, true]) {
    const same: Room[] = [];
    for (let n = 0; n < 4; n += 1) same.push(await makeRoom(`${unique}-${alone}-${n}`, 50));
    await connect(same, alone);
    say(
      alone ? '4 × 50, resolved per subscriber' : '4 × 50, resolved once',
      await flood(same, SECONDS / 2, alone ? 2 : 20),
    );
    await all({ do: 'drop' });
  }
} finally {
  for (const each of clients) each.end();
  await server.ask({ do: 'stop' }).catch(() => undefined);
  server.end();
  if (MONGODB_URL) {
    const mongo = await MongoClient.connect(MONGODB_URL);
    await mongo.db(unique).dropDatabase();
    await mongo.close();
  }
  await rm(folder, { recursive: true, force: true });
}
