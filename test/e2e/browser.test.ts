/** What a new user does first: `npm start`, open GraphiQL, press play in one tab after the other. In a real browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  describeBrowser,
  openBrowser,
  openExplorer,
  responseText,
  responseWith,
  runActiveTab,
  selectTab,
  type TestBrowser,
  tabNames,
} from '../support/browser.ts';
import { freePort, type StartedProcess, startProcess } from '../support/processes.ts';

describeBrowser('GraphiQL on a fresh start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firetv-browser-'));
  let server: StartedProcess;
  let browser: TestBrowser;
  let page: Page;
  let address = '';

  beforeAll(async () => {
    const port = await freePort();
    server = startProcess(['node', 'gateway/main.ts'], { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' });
    await server.saw('Fire TV backend is up.', 60_000);
    address = `http://127.0.0.1:${port}/graphql`;
    browser = await openBrowser();
    page = await browser.page();
    await openExplorer(page, address);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(tab: string, expected: string): Promise<string> {
    await selectTab(page, tab);
    await runActiveTab(page);
    return responseWith(page, expected);
  }

  test('the tabs are there and work at the first click: home, search, create a room', async () => {
    expect(await tabNames(page)).toEqual(['Home', 'Search', 'CreateRoom', 'WatchRoom', 'PauseRoom']);
    expect(await run('Home', '"home"')).not.toContain('"errors"');
    expect(await run('Search', 'Brooklyn Nine-Nine')).not.toContain('"errors"');
    expect(await run('CreateRoom', '"APPLIED"')).not.toContain('"errors"');
  }, 60_000);

  test('the subscription tab shows the pause that is made in another window', async () => {
    await run('WatchRoom', 'RoomSnapshot');
    const other = await browser.page();
    await openExplorer(other, address);
    await selectTab(other, 'PauseRoom');
    await runActiveTab(other);
    expect(JSON.parse(await responseWith(other, '"pause"'))).toMatchObject({
      data: { play: { outcome: 'APPLIED' }, pause: { outcome: 'APPLIED', room: { playback: { status: 'PAUSED' } } } },
    });
    const shown = JSON.parse(await responseWith(page, '"revision": 3'));
    expect(shown.data.roomEvents).toMatchObject({ __typename: 'PlaybackChanged', playback: { status: 'PAUSED' } });
    expect(await responseText(page)).not.toContain('"errors"');
    await runActiveTab(page); // stops it
  }, 60_000);

  test('no request has left the machine, and the pages complained of nothing', () => {
    expect(browser.outsideRequests).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });
});
