/**
 * Processes killed in mid play, with two gateways on one Kafka and one database: who watches resumes by itself, nothing that was
 * acknowledged is lost, and everybody sees the same, once and in order.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { OwnService } from '../support/own-services.ts';
import { freePort, type StartedProcess, startProcess } from '../support/processes.ts';
import { describeReal } from '../support/real-services.ts';
import { ResumingWatcher } from '../support/resuming-watcher.ts';

const MEMBERS = Array.from({ length: 8 }, (_, n) => `player-${n}`);

/** A room process and gateways; each can be killed and started again on its own port. */
class Processes {
  readonly ports = new Map<string, number>();
  readonly #started = new Map<string, StartedProcess>();
  readonly #env: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = { LOG_LEVEL: 'error', ...env };
  }

  url(gateway: string): string {
    return `http://127.0.0.1:${this.ports.get(gateway)}/graphql`;
  }

  /** Resolves when it is ready. */
  async start(name: string): Promise<void> {
    const port = this.ports.get(name) ?? (await freePort());
    this.ports.set(name, port);
    const room = name === 'room';
    const started = startProcess(['node', room ? 'subgraphs/room/main.ts' : 'gateway/main.ts'], {
      ...this.#env,
      ...(room
        ? { ROOM_PORT: String(port) }
        : { PORT: String(port), SUBGRAPH_URLS: `room=http://127.0.0.1:${this.ports.get('room')}/graphql` }),
    });
    this.#started.set(name, started);
    await eventually(async () => {
      if (started.child.exitCode !== null) throw new Error(started.output());
      return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
    }, 60_000);
  }

  async kill(name: string): Promise<void> {
    await this.#started.get(name)?.stop('SIGKILL');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#started.values()].map((each) => each.stop()));
  }
}

async function openRoom(api: Api): Promise<string> {
  const [owner = '', ...others] = MEMBERS;
  const { data } = await api.ask(
    owner,
    'mutation ($id: ID!) { createRoom(input: { commandId: $id, name: "Faults" }) { room { id code } } }',
    { id: crypto.randomUUID() },
  );
  const { id, code } = data.createRoom.room;
  for (const user of others) {
    const joined = await api.ask(user, 'mutation ($code: String!) { joinRoom(input: { code: $code }) { outcome } }', {
      code,
    });
    expect(joined.data.joinRoom.outcome).toBe('APPLIED');
  }
  return id;
}

/** A message from each of six members, each sent again with the same command id until the server has answered. */
async function chat(api: Api, roomId: string, round: string): Promise<string[]> {
  return Promise.all(
    MEMBERS.slice(2).map(async (user) => {
      const input = { roomId, commandId: crypto.randomUUID(), text: `${round} by ${user}` };
      await eventually(async () => {
        const { data } = await api.ask(
          user,
          'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { outcome } }',
          { input },
        );
        return ['APPLIED', 'DUPLICATE'].includes(data?.sendMessage?.outcome);
      }, 60_000);
      return input.text;
    }),
  );
}

async function expectAll(watchers: readonly ResumingWatcher[], sent: readonly string[]): Promise<void> {
  await eventually(
    () => watchers.every(({ events }) => events.filter(({ text }) => text).length >= sent.length),
    60_000,
  );
  const [first] = watchers;
  for (const { events } of watchers) {
    const start = events[0]?.revision ?? 0;
    expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => start + index));
    expect(events.flatMap(({ text }) => text ?? []).sort()).toEqual([...sent].sort());
    expect(events).toEqual(first?.events);
  }
}

async function dropDatabase(url: string, name: string): Promise<void> {
  const client = await MongoClient.connect(url);
  await client.db(name).dropDatabase();
  await client.close();
}

describeReal('a process killed in mid play', ['KAFKA_BROKERS', 'MONGODB_URL'], ({ KAFKA_BROKERS, MONGODB_URL }) => {
  const unique = `faults${process.pid}x${Date.now()}`;
  const processes = new Processes({
    KAFKA_BROKERS,
    KAFKA_TOPIC_PREFIX: `${unique}.`,
    MONGODB_URL: `${MONGODB_URL}/${unique}`,
  });
  let one: Api;
  let two: Api;

  beforeAll(async () => {
    await processes.start('room');
    await Promise.all(['one', 'two'].map((name) => processes.start(name)));
    [one, two] = [new Api(processes.url('one')), new Api(processes.url('two'))];
  }, 90_000);
  afterAll(async () => {
    await Promise.all([one?.close(), two?.close()]);
    await processes.stop();
    await dropDatabase(MONGODB_URL, unique);
  }, 30_000);

  test.each(['one', 'room'])(
    '%s',
    async (victim) => {
      const roomId = await openRoom(two);
      const watchers = [
        new ResumingWatcher(one, 'player-0', roomId),
        new ResumingWatcher(one, 'player-1', roomId),
        new ResumingWatcher(two, 'player-2', roomId),
      ];
      await Promise.all(watchers.map((each) => each.start()));
      const sent = await chat(two, roomId, 'before');
      const during = chat(two, roomId, 'while it is killed');
      await processes.kill(victim);
      const more = chat(two, roomId, 'while it is down');
      await processes.start(victim);
      sent.push(...(await during), ...(await more), ...(await chat(two, roomId, 'after')));
      await expectAll(watchers, sent);
      expect(watchers.map(({ breaks }) => breaks > 0).slice(0, 2)).toEqual([victim === 'one', victim === 'one']);
      for (const each of watchers) each.stop();
    },
    120_000,
  );
});

describeReal('a Kafka broker killed in mid play', ['SERVICES_DIR', 'MONGODB_URL'], ({ SERVICES_DIR, MONGODB_URL }) => {
  const unique = `broker${process.pid}x${Date.now()}`;
  const kafka = new OwnService(SERVICES_DIR, 'kafka', 500);
  let processes: Processes;
  let api: Api;

  beforeAll(async () => {
    await kafka.start();
    processes = new Processes({ KAFKA_BROKERS: kafka.address, MONGODB_URL: `${MONGODB_URL}/${unique}` });
    await processes.start('room');
    await processes.start('one');
    api = new Api(processes.url('one'));
  }, 180_000);
  afterAll(async () => {
    await api?.close();
    await processes?.stop();
    await kafka.remove();
    await dropDatabase(MONGODB_URL, unique);
  }, 60_000);

  test('comes back, and so does every event of the time without it', async () => {
    const roomId = await openRoom(api);
    const watchers = ['player-0', 'player-1'].map((user) => new ResumingWatcher(api, user, roomId));
    await Promise.all(watchers.map((each) => each.start()));
    const sent = await chat(api, roomId, 'before');
    const during = chat(api, roomId, 'while it is killed');
    await kafka.kill();
    const more = chat(api, roomId, 'while it is down');
    await kafka.start({ keep: true });
    sent.push(...(await during), ...(await more), ...(await chat(api, roomId, 'after')));
    await expectAll(watchers, sent);
    for (const each of watchers) each.stop();
  }, 240_000);
});
