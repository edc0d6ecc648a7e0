/** Operations of a manifest: by hash over GET, POST and the socket, and where told so, these alone. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOf, readManifest, type TrustedDocuments, toManifest } from '../../gateway/trusted-documents.ts';
import { ROOT } from '../support/processes.ts';
import { EdgeSystem, TRANSPORTS } from './edge-system.ts';

const run = promisify(execFile);
const SHELF = 'query Shelf($id: ID!) { shelf(id: $id) { name } }';
const ADD = 'mutation Add { add(title: "x") }';
const hashed = (source: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(source) } });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firetv-manifest-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command', () => {
  const manifest = (...args: string[]) => run(process.execPath, ['gateway/manifest.ts', ...args], { cwd: ROOT });

  test('writes a manifest of a folder, which the gateway reads', async () => {
    const { stdout } = await manifest('fixtures/explorer');
    const path = join(folder, 'manifest.json');
    await writeFile(path, stdout);
    const { byHash } = await readManifest(path, true);
    const home = (await readFile(join(ROOT, 'fixtures/explorer/Home.graphql'), 'utf8')).trim();
    expect(byHash.get(hashOf(home))).toBe(home);
    expect(byHash.size).toBeGreaterThan(4);
  });

  test.each([
    [[], /Say where/],
    [['nowhere'], /nowhere is not a folder/],
    [['.ci'], /no \.graphql file/],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(manifest(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
  });

  test('a manifest that was tampered with, or is none, stops the start', async () => {
    const path = join(folder, 'broken.json');
    const [good] = toManifest([{ name: 'Shelf', type: 'query', body: SHELF }]).operations;
    const write = (text: string) => writeFile(path, text).then(() => readManifest(path, true));
    await expect(write(JSON.stringify({ ...toManifest([]), operations: [{ ...good, body: ADD }] }))).rejects.toThrow(
      /Shelf.* is not the hash/,
    );
    await expect(write('{}')).rejects.toThrow(/cannot be read as a manifest/);
    await expect(readManifest(join(folder, 'nowhere.json'), true)).rejects.toThrow(/nowhere\.json/);
  });
});

const manifestOf = (only: boolean): TrustedDocuments => ({
  only,
  byHash: new Map([SHELF, ADD].map((body) => [hashOf(body), body])),
});

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('an operation by its hash; others are refused where only the manifest counts', async () => {
    const system = await EdgeSystem.start({ edge: { trusted: manifestOf(true) } });
    try {
      const variables = { id: '1' };
      const answer = { data: { shelf: { name: 'Shelf 1' } }, errors: [] };
      expect(await system.ask(transport, { extensions: hashed(SHELF), variables })).toMatchObject(answer);
      expect(await system.ask(transport, { query: SHELF, variables })).toMatchObject(answer);
      expect(await system.ask(transport, { query: `${SHELF}\n`, variables })).toMatchObject(answer);
      const other = await system.ask(transport, '{ shelf(id: "1") { name } }');
      expect(other.errors).toMatchObject([{ extensions: { code: 'OPERATION_NOT_TRUSTED' } }]);
      if (transport === 'http') expect(other.status).toBe(403);
      const unknown = '{ shelf(id: "2") { name } }';
      expect((await system.ask(transport, { extensions: hashed(unknown) })).errors).toMatchObject([
        { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
      ]);
      await system.ask(transport, { query: unknown, extensions: hashed(unknown) });
      expect((await system.ask(transport, { extensions: hashed(unknown) })).data ?? null).toBeNull();
    } finally {
      await system.stop();
    }
  });

  test('beside a manifest that is not all, other operations are answered', async () => {
    const system = await EdgeSystem.start({ edge: { trusted: manifestOf(false) } });
    try {
      expect((await system.ask(transport, '{ shelf(id: "1") { id } }')).errors).toEqual([]);
      expect((await system.ask(transport, { extensions: hashed(ADD) })).data).toEqual({ add: true });
      for (const persistedQuery of [
        null,
        {},
        1,
        { version: 1, sha256Hash: '__proto__' },
        { version: 1, sha256Hash: { $ne: 1 } },
      ]) {
        const { errors, status } = await system.ask(transport, { extensions: { persistedQuery } });
        expect(errors).toHaveLength(1);
        expect(status).toBeLessThan(500);
      }
    } finally {
      await system.stop();
    }
  });
});

test('by GET, with a hash of the manifest; a mutation not', async () => {
  const system = await EdgeSystem.start({ edge: { trusted: manifestOf(true) } });
  try {
    const get = (source: string, variables = {}) => {
      const search = new URLSearchParams({
        extensions: JSON.stringify(hashed(source)),
        variables: JSON.stringify(variables),
      });
      return fetch(`${system.url}?${search}`, { headers: { 'apollo-require-preflight': '1' } });
    };
    expect(await (await get(SHELF, { id: '1' })).json()).toEqual({ data: { shelf: { name: 'Shelf 1' } } });
    expect((await get(ADD)).status).toBe(405);
  } finally {
    await system.stop();
  }
});

test('without a manifest a client registers what it asks often (APQ), and the number kept is bounded', async () => {
  const system = await EdgeSystem.start();
  try {
    expect((await system.ask('http', { extensions: hashed(SHELF) })).errors).toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    await system.ask('http', { query: SHELF, extensions: hashed(SHELF), variables: { id: '1' } });
    expect((await system.ask('http', { extensions: hashed(SHELF), variables: { id: '1' } })).data).toEqual({
      shelf: { name: 'Shelf 1' },
    });
    expect((await system.ask('http', { query: ADD, extensions: hashed(SHELF) })).status).toBe(400);
  } finally {
    await system.stop();
  }
});
