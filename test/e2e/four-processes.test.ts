/**
 * The processes of docker-compose.yml with exactly the commands and environment named there; only addresses are put in the
 * place of the containers' names. Runs against a real Kafka and a MongoDB-wire server.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { parse } from 'yaml';
import { Api } from '../support/api.ts';
import { freePort, ROOT, type StartedProcess, startProcess } from '../support/processes.ts';
import { describeReal } from '../support/real-services.ts';
import { endToEndSuite } from './suite.ts';

interface ComposeService {
  readonly command: string[];
  readonly environment: Record<string, string>;
  readonly ports?: string[];
  readonly healthcheck?: { readonly test: string[] };
  readonly networks: string[];
}

const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
};
const OURS = ['content', 'recommendation', 'room', 'gateway'] as const;

test('every service has a health check and one network; only the gateway is published', () => {
  const { seed, ...lasting } = compose.services;
  expect(seed?.command).toEqual(['node', 'fixtures/seed-main.ts']);
  expect(Object.keys(lasting).sort()).toEqual(['content', 'gateway', 'kafka', 'mongodb', 'recommendation', 'room']);
  for (const [name, service] of Object.entries(lasting)) {
    expect({ name, check: service.healthcheck?.test.length ?? 0 }).toEqual({ name, check: expect.any(Number) });
    expect(service.healthcheck).toBeDefined();
    expect(service.networks).toEqual(['backend']);
    expect({ name, published: service.ports ?? [] }).toEqual({
      name,
      published: name === 'gateway' ? ['4000:4000'] : [],
    });
  }
});

describeReal('four processes', ['KAFKA_BROKERS', 'MONGODB_URL'], ({ KAFKA_BROKERS, MONGODB_URL }) => {
  const unique = `e2e-${process.pid}-${Date.now()}`;
  const database = unique.replaceAll('-', '_');
  const processes = new Map<string, StartedProcess>();
  let url = '';
  let ports: Readonly<Record<string, number>> = {};

  async function startAll() {
    ports = Object.fromEntries(await Promise.all(OURS.map(async (name) => [name, await freePort()] as const)));
    const addressed = (value: string) =>
      value
        .replace('0.0.0.0', '127.0.0.1')
        .replace('kafka:9092', KAFKA_BROKERS)
        .replace('mongodb://mongodb:27017/firetv', `${MONGODB_URL}/${database}`)
        .replaceAll(/http:\/\/(content|recommendation|room):\d+/g, (_all, name) => `http://127.0.0.1:${ports[name]}`)
        .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'); // what compose puts in where nothing is set
    const run = (name: string) => {
      const service = compose.services[name] as ComposeService;
      const given = Object.fromEntries(
        Object.entries(service.environment).map(([key, value]) => [key, addressed(value)]),
      );
      const port =
        name in ports ? { [name === 'gateway' ? 'PORT' : `${name.toUpperCase()}_PORT`]: String(ports[name]) } : {};
      const started = startProcess(service.command, {
        ...given,
        ...port,
        KAFKA_TOPIC_PREFIX: `${unique}.`,
        LOG_LEVEL: 'warn',
      });
      processes.set(name, started);
      return started;
    };
    const check = async (name: string) => {
      const [, ...test] = (compose.services[name] as ComposeService).healthcheck?.test ?? [];
      const exit = () =>
        startProcess(
          test.map((part) => part.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${ports[name]}`)),
          {},
        ).exit;
      for (const deadline = Date.now() + 60_000; (await exit()) !== 0; ) {
        if (Date.now() > deadline) throw new Error(`${name} is not healthy:\n${processes.get(name)?.output()}`);
      }
    };
    for (const name of OURS.slice(0, 3)) run(name);
    await Promise.all(OURS.slice(0, 3).map(check));
    expect(await run('seed').exit).toBe(0);
    run('gateway');
    await check('gateway');
    url = `http://127.0.0.1:${ports['gateway']}/graphql`;
    return { url, stop: async () => undefined };
  }

  afterAll(async () => {
    await Promise.all([...processes.values()].map((each) => each.stop()));
    const client = await MongoClient.connect(MONGODB_URL);
    await client.db(database).dropDatabase();
    await client.close();
  }, 30_000);

  endToEndSuite(startAll);

  test('a subgraph answers nobody but the gateway', async () => {
    for (const name of ['content', 'recommendation', 'room']) {
      const response = await fetch(`http://127.0.0.1:${ports[name]}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ _service { sdl } }' }),
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  test('a dead subgraph costs its fields: the rest of the room and the catalogue still answer', async () => {
    const api = new Api(url);
    const made = await api.ask(
      '01',
      'mutation { createRoom(input: { commandId: "dead-subgraph", name: "Dark" }) { room { id } } }',
    );
    await processes.get('recommendation')?.stop('SIGKILL');
    const { data, errors } = await api.ask(
      '01',
      'query ($id: ID!) { room(id: $id) { name suggestions { score } } search(query: "dangal", first: 1) { edges { node { title } } } }',
      { id: made.data.createRoom.room.id },
    );
    expect(data).toEqual({
      room: { name: 'Dark', suggestions: null },
      search: { edges: [{ node: { title: 'Dangal' } }] },
    });
    expect(errors?.map((error) => error.extensions['code'])).toEqual(['UNAVAILABLE']);
  });

  test('every process stops cleanly within 5 s', async () => {
    const codes = await Promise.all(['gateway', 'content', 'room'].map((name) => processes.get(name)?.stop('SIGTERM')));
    expect(codes).toEqual([0, 0, 0]);
  });
});
