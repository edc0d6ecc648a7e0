/** `npm start` as a user runs it: one process, embedded adapters, an empty folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Api } from '../support/api.ts';
import { freePort, startProcess } from '../support/processes.ts';
import { endToEndSuite } from './suite.ts';

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'firetv-e2e-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function start(folder: string) {
  const port = await freePort();
  const started = startProcess(['node', 'gateway/main.ts'], {
    PORT: String(port),
    DATA_DIR: folder,
    LOG_LEVEL: 'warn',
  });
  await started.saw('Fire TV backend is up.', 60_000);
  return { started, url: `http://127.0.0.1:${port}/graphql` };
}

describe('one process', () => {
  endToEndSuite(async () => {
    const { started, url } = await start(newFolder());
    return { url, stop: async () => void (await started.stop()) };
  });
});

test('kill -9 and a new start keep what was acknowledged, and seed nothing twice', async () => {
  const folder = newFolder();
  const first = await start(folder);
  const api = new Api(first.url);
  const { data } = await api.ask(
    '01',
    'mutation { createRoom(input: { commandId: "c1", name: "Kept" }) { outcome room { id revision } } catalogueless: leaveRoom(roomId: "none") { outcome } }',
  );
  expect(data.createRoom.outcome).toBe('APPLIED');
  const before = await api.ask('01', '{ catalogue(first: 1) { totalCount } viewer { summary { interactionCount } } }');
  await first.started.stop('SIGKILL');

  const second = await start(folder);
  const again = new Api(second.url);
  const after = await again.ask(
    '01',
    '{ catalogue(first: 1) { totalCount } viewer { summary { interactionCount } } myRooms { id name } }',
  );
  expect(after.data.myRooms).toContainEqual({ id: data.createRoom.room.id, name: 'Kept' });
  expect(after.data.catalogue).toEqual(before.data.catalogue);
  expect(after.data.viewer).toEqual(before.data.viewer);
  const repeated = await again.ask(
    '01',
    'mutation { createRoom(input: { commandId: "c1", name: "Kept" }) { outcome room { id } } }',
  );
  expect(repeated.data.createRoom).toEqual({ outcome: 'DUPLICATE', room: { id: data.createRoom.room.id } });
  expect(await second.started.stop('SIGINT')).toBe(0);
  expect(second.started.output()).toMatch(/Ctrl-C: stopping …\nStopped\./);
}, 120_000);
