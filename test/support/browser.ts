/**
 * A real browser for tests (Chromium by playwright-core), shut off from every other host, and the few gestures on the
 * GraphiQL page that tests need. GraphiQL's editors draw only the lines in sight, so texts are read from their models.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { skipAloud } from './real-services.ts';

const CHROMIUM_PATH = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export interface TestBrowser {
  readonly context: BrowserContext;
  /** Addresses of all requests and sockets to a host other than this machine, in order. */
  readonly outsideRequests: readonly string[];
  /** Errors and warnings of every page's console, and exceptions no one caught, in order. */
  readonly complaints: readonly string[];
  page(): Promise<Page>;
  close(): Promise<void>;
}

/** Like `describe`; without Chromium the suite is skipped and says why, with CI=true that is a failure. */
export function describeBrowser(name: string, suite: () => void): void {
  if (existsSync(CHROMIUM_PATH)) describe(name, suite);
  else if (process.env.CI === 'true') {
    test(`${name} has its browser`, () => expect(`no ${CHROMIUM_PATH}`).toBe('a Chromium at CHROMIUM_PATH'));
  } else {
    skipAloud(name, `no ${CHROMIUM_PATH}, set CHROMIUM_PATH`);
  }
}

/** A browser with an empty profile of its own, which `close` deletes. It reaches servers at 127.0.0.1, by that name only. */
export async function openBrowser(): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM_PATH,
    headless: true,
    viewport: { width: 1400, height: 850 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
  const outsideRequests: string[] = [];
  const complaints: string[] = [];
  const note = (address: string) => {
    const { protocol, hostname } = new URL(address);
    if (/^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1') outsideRequests.push(address);
  };
  context.on('request', (request) => note(request.url()));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  return {
    context,
    outsideRequests,
    complaints,
    page: async () => {
      const page = await context.newPage();
      page.on('websocket', (socket) => note(socket.url()));
      return page;
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Opens GraphiQL at `address` and waits until it can be used. */
export async function openExplorer(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('.graphiql-response .monaco-editor').waitFor();
}

/** The names of all tabs, left to right. */
export async function tabNames(page: Page): Promise<string[]> {
  return page.locator('.graphiql-tab-button').allTextContents();
}

/** Opens the tab with that name. */
export async function selectTab(page: Page, name: string): Promise<void> {
  await page.locator('.graphiql-tab-button').getByText(name, { exact: true }).click();
}

/** Presses play; while a subscription runs it is the stop button. */
export async function runActiveTab(page: Page): Promise<void> {
  await page.locator('.graphiql-execute-button').click();
}

export type Editor = 'query' | 'variables' | 'headers' | 'response';

const FILES: Record<Editor, string> = {
  query: 'operation.graphql',
  variables: 'variables.json',
  headers: 'request-headers.json',
  response: 'response.json',
};

const model = (editor: Editor) =>
  `__MONACO.editor.getModels().find((model) => model.uri.path.endsWith('${FILES[editor]}'))`;

/** The whole text of one editor of the active tab. */
export async function editorText(page: Page, editor: Editor): Promise<string> {
  return page.evaluate<string>(`${model(editor)}?.getValue() ?? ''`);
}

/** Replaces the text of one editor of the active tab, as typing would. */
export async function setEditorText(page: Page, editor: Editor, text: string): Promise<void> {
  await page.evaluate(`${model(editor)}.setValue(${JSON.stringify(text)})`);
}

/** What the active tab's response shows now: JSON text, empty before the first answer. */
export async function responseText(page: Page): Promise<string> {
  return editorText(page, 'response');
}

/** Waits for a response that contains `part` and returns all of it. */
export async function responseWith(page: Page, part: string, timeoutMs = 10_000): Promise<string> {
  return eventually(async () => {
    const text = await responseText(page);
    if (!text.includes(part)) throw new Error(`The response is: ${text}`);
    return text;
  }, timeoutMs);
}
