/** A new supergraph under load: no request fails, running subscriptions go on, and what is new can be asked for. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { followSupergraph } from '../../gateway/supergraph-file.ts';
import { eventually } from '../support/eventually.ts';
import { composeShelves, composeWith, EdgeSystem, receive, SHELVES, TRANSPORTS } from './edge-system.ts';

/** The subgraph has had the field all along; the supergraph before did not show it. */
const BEFORE = composeWith(SHELVES.replace('tags: [String!]!', 'tags: [String!]! @inaccessible'));
const AFTER = composeShelves();
/** What the new one takes away. */
const WITHOUT_ECHO = composeWith(SHELVES.replace('echo(text: String, colour: Colour): String', ''));

let system: EdgeSystem;
const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await system?.stop();
});

const ping = (n: number) =>
  system.ports.log.publish('pings', [{ key: 'k', value: JSON.stringify({ n, shelfId: 's1' }) }]);
const TAGS = '{ books(first: 1) { edges { node { tags } } } }';

test('under load no request fails while it changes, over either transport, and new fields can be asked for', async () => {
  system = await EdgeSystem.start({ supergraphSdl: BEFORE });
  const socket = await system.connect();
  expect((await system.ask('http', TAGS)).errors).toHaveLength(1);
  let going = true;
  const failures: unknown[] = [];
  let answered = 0;
  const load = async (worker: number) => {
    for (let n = 0; going; n += 1) {
      const query = `query Q${worker}_${n % 50} { shelf(id: "${n}") { id books(first: 2) { title } } }`;
      const reply = worker % 2 ? await system.ask('http', query) : await system.operate(socket, { query });
      if (reply.errors.length > 0 || !reply.data?.['shelf']) failures.push(reply);
      answered += 1;
    }
  };
  const workers = Promise.all([1, 2, 3, 4].map(load));
  for (const sdl of [AFTER, BEFORE, WITHOUT_ECHO, AFTER]) {
    const until = answered + 50;
    await eventually(() => answered >= until);
    await system.gateway.update(sdl);
  }
  const until = answered + 50;
  await eventually(() => answered >= until);
  going = false;
  await workers;
  expect(failures).toEqual([]);
  for (const transport of TRANSPORTS) {
    expect(await system.ask(transport, TAGS)).toMatchObject({
      errors: [],
      data: { books: { edges: [{ node: { tags: ['a'] } }] } },
    });
  }
});

test('a request under way is answered by the supergraph that admitted it, though its fields are gone meanwhile', async () => {
  system = await EdgeSystem.start({ supergraphSdl: AFTER });
  let open = () => {};
  system.slow = new Promise((resolve) => {
    open = resolve;
  });
  const asked = system.ask('http', '{ slow echo(text: "a") }');
  await eventually(() => system.fetches > 0);
  await system.gateway.update(WITHOUT_ECHO);
  open();
  expect((await asked).data).toEqual({ slow: 'done', echo: 'a' });
  expect((await system.ask('http', '{ echo(text: "a") }')).errors).toHaveLength(1);
});

test('a running subscription goes on through it; one whose fields are gone is ended with a word on why', async () => {
  system = await EdgeSystem.start({ supergraphSdl: AFTER });
  const socket = await system.connect();
  const start = async (id: string, query: string) =>
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
  await start('stays', 'subscription { pings { n shelf { name } } }');
  await start('goes', 'subscription { pings { n shelf { books(first: 1) { tags } } } }');
  const both = Promise.all([receive(socket, 'next', 'stays'), receive(socket, 'next', 'goes')]);
  await eventually(async () => {
    await ping(1);
    return (await Promise.race([both, Promise.resolve(null)])) !== null;
  });
  const ended = receive(socket, 'error', 'goes');
  await system.gateway.update(BEFORE);
  expect(JSON.stringify((await ended).payload)).toContain('GRAPHQL_VALIDATION_FAILED');
  const next = receive(socket, 'next', 'stays');
  await ping(2);
  expect((await next).payload).toMatchObject({ data: { pings: { shelf: { name: 'Shelf s1' } } } });
});

test.each([
  ['no GraphQL', 'nonsense {'],
  ['no supergraph', 'type Query { a: Int }'],
  [
    'a protection nobody enforces',
    AFTER.replace('https://specs.apollo.dev/authenticated/', 'https://specs.apollo.dev/unknown/'),
  ],
])('%s: refused, and what was served is served on', async (_what, sdl) => {
  system = await EdgeSystem.start({ supergraphSdl: AFTER });
  await expect(system.gateway.update(sdl)).rejects.toThrow();
  for (const transport of TRANSPORTS) expect((await system.ask(transport, TAGS)).errors).toEqual([]);
  await system.gateway.update(BEFORE);
  expect((await system.ask('http', TAGS)).errors).toHaveLength(1);
});

test('a file is followed: a change is served, half of one is told of once and changes nothing', async () => {
  system = await EdgeSystem.start({ supergraphSdl: BEFORE });
  const folder = await mkdtemp(join(tmpdir(), 'firetv-supergraph-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'supergraph.graphql');
  await writeFile(path, BEFORE);
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  cleanUps.push(followSupergraph({ path, served: BEFORE, serve: system.gateway.update, logger, everyMs: 10 }));
  await writeFile(path, AFTER.slice(0, AFTER.length / 2));
  await eventually(() => lines.some((line) => line.includes('was not taken')));
  expect((await system.ask('http', '{ shelf(id: "1") { id } }')).errors).toEqual([]);
  await writeFile(path, AFTER);
  await eventually(() => lines.some((line) => line.includes('a new supergraph is served')));
  expect((await system.ask('http', TAGS)).errors).toEqual([]);
  await rm(path);
  await eventually(() => lines.some((line) => line.includes('ENOENT')));
  expect((await system.ask('http', TAGS)).errors).toEqual([]);
});
