import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { buildSchema, execute, parse, subscribe } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createExplorer, type ExplorerTab } from '../../gateway/explorer.ts';
import {
  describeBrowser,
  editorText,
  openBrowser,
  openExplorer,
  responseText,
  responseWith,
  runActiveTab,
  selectTab,
  setEditorText,
  type TestBrowser,
  tabNames,
} from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';

const schema = buildSchema(`
  type Query { greeting(name: String!): String }
  type Subscription { count(to: Int!): Int }
`);

const headers = (token: string) => `{"Authorization":"Bearer ${token}"}`;
const tabsFor = (token: string): ExplorerTab[] => [
  {
    name: 'Greeting',
    query: 'query Greeting($name: String!) {\n  greeting(name: $name)\n}\n',
    variables: '{"name":"</script><b>Ana"}',
    headers: headers(token),
  },
  { name: 'Count', query: 'subscription Count {\n  count(to: 3)\n}\n', headers: headers(token) },
];

interface Site {
  readonly address: string;
  /** What the API was sent as authorization, in order: HTTP and sockets. */
  readonly authorizations: string[];
  /** Stands for a restart with other tokens: what is shown and what is accepted changes. */
  restart(tabs: readonly ExplorerTab[], token: string): void;
  close(): Promise<void>;
}

/** An API that answers only the bearer of `token`, with the explorer in front of it. */
async function openSite(token: string): Promise<Site> {
  let accepted = token;
  const authorizations: string[] = [];
  const explorerFor = (tabs: readonly ExplorerTab[]) =>
    createExplorer({ path: '/graphql', assetsPath: '/graphql/assets', tabs, title: 'A <small> API' });
  let explorer = explorerFor(tabsFor(token));
  const check = (authorization: unknown) => {
    authorizations.push(String(authorization));
    return authorization === `Bearer ${accepted}`;
  };

  const app = express();
  app.use((request, response, next) => explorer(request, response, next));
  app.get('/graphql', (_request, response) => void response.json({ api: true }));
  app.post('/graphql', express.json(), async (request, response) => {
    const { query, variables, operationName } = request.body;
    if (operationName !== 'IntrospectionQuery' && !check(request.get('authorization'))) {
      return void response.json({ errors: [{ message: 'Who are you?' }] });
    }
    const rootValue = { greeting: ({ name }: { name: string }) => `Hello, ${name}` };
    const document = parse(query);
    response.json(await execute({ schema, document, rootValue, variableValues: variables, operationName }));
  });
  const server: Server = createServer(app);
  const sockets = useServer(
    {
      schema,
      subscribe,
      onConnect: (context) => check(context.connectionParams?.['Authorization']),
      roots: {
        subscription: {
          async *count({ to }: { to: number }) {
            for (let count = 1; count <= to; count++) yield { count };
          },
        },
      },
    },
    new WebSocketServer({ server, path: '/graphql' }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    authorizations,
    restart(tabs, newToken) {
      explorer = explorerFor(tabs);
      accepted = newToken;
    },
    async close() {
      await sockets.dispose();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('over HTTP', () => {
  let site: Site;
  let page: Response;
  let html: string;
  beforeAll(async () => {
    site = await openSite('one');
    page = await fetch(site.address, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    html = await page.text();
  });
  afterAll(() => site.close());

  const fileAddress = (name: string) => {
    const path = /src="([^"]*)page\.js"/.exec(html)?.[1];
    return new URL(`${path}${name}`, site.address);
  };

  test('answers a browser with a page that may load nothing from elsewhere', () => {
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const policy = page.headers.get('content-security-policy') ?? '';
    const { host } = new URL(site.address);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy.match(/\S+:\/\/\S+/g)).toEqual([`ws://${host}`, `wss://${host};`]);
    expect(html).toContain('<title>A &#60;small&#62; API</title>');
    expect(html).not.toMatch(/<\/script><b>|https?:\/\//);
  });

  test.each(['application/json', '*/*', undefined])('leaves a GET that accepts %s to the API', async (accept) => {
    const response = await fetch(site.address, { headers: accept ? { accept } : {} });
    expect(await response.json()).toEqual({ api: true });
  });

  test.each([
    ['page.js', 'text/javascript; charset=utf-8'],
    ['fetcher.js', 'text/javascript; charset=utf-8'],
    ['page.css', 'text/css; charset=utf-8'],
    ['ruru.js', 'text/javascript; charset=utf-8'],
    ['ruru.css', 'text/css; charset=utf-8'],
    ['graphqlWorker.js', 'text/javascript; charset=utf-8'],
  ])('serves %s as %s, to be kept for ever', async (name, type) => {
    const response = await fetch(fileAddress(name));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await response.text()).length).toBeGreaterThan(50);
  });

  test('gives a client without Brotli the same file, unpacked', async () => {
    const plain = await fetch(fileAddress('ruru.js'), { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(await (await fetch(fileAddress('ruru.js'))).text());
  });

  test.each([
    'ruru.js.map',
    'other.js',
    'constructor',
    '..%2f..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    'ruru.js/..%2f..%2fLICENSE.md',
  ])('has no file %s', async (name) => {
    expect((await fetch(fileAddress(name))).status).toBe(404);
  });
});

test.each<[string, ExplorerTab]>([
  ['a name that is not its operation', { name: 'Home', query: '{ greeting(name: "a") }' }],
  ['variables that are not JSON', { name: 'A', query: 'query A { greeting(name: "a") }', variables: '{name}' }],
  ['headers that are not JSON', { name: 'A', query: 'query A { greeting(name: "a") }', headers: 'a: b' }],
  ['a query that does not parse', { name: 'A', query: 'query A {' }],
])('refuses a tab with %s', (_fault, tab) => {
  expect(() => createExplorer({ path: '/', assetsPath: '/assets', title: 'A', tabs: [tab] })).toThrow();
});

describeBrowser('in a browser', () => {
  let site: Site;
  let browser: TestBrowser;
  beforeEach(async () => {
    site = await openSite('one');
    browser = await openBrowser();
  });
  afterEach(async () => {
    await browser.close();
    await site.close();
    expect(browser.outsideRequests).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  test('opens with every tab by name, and the first runs at the first click', async () => {
    const page = await browser.page();
    await openExplorer(page, site.address);
    expect(await tabNames(page)).toEqual(['Greeting', 'Count']);
    expect(await editorText(page, 'query')).toContain('query Greeting');
    await runActiveTab(page);
    expect(JSON.parse(await responseWith(page, 'greeting'))).toEqual({
      data: { greeting: 'Hello, </script><b>Ana' },
    });
    expect(site.authorizations.at(-1)).toBe('Bearer one');
  });

  test('streams a subscription on a socket opened with the headers of the editor', async () => {
    const page = await browser.page();
    const frames: string[] = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
    await openExplorer(page, site.address);
    await selectTab(page, 'Count');
    await runActiveTab(page);
    expect(JSON.parse(await responseWith(page, '"count": 3'))).toEqual({ data: { count: 3 } });
    const shown = frames.map((frame) => JSON.parse(frame)).filter(({ type }) => type === 'next');
    expect(shown.map(({ payload }) => payload.data.count)).toEqual([1, 2, 3]);

    await setEditorText(page, 'headers', headers('wrong'));
    await eventually(async () => (await page.locator('.graphiql-execute-button[aria-label^=Execute]').count()) === 1);
    await runActiveTab(page);
    expect(await responseWith(page, 'closed')).toContain('The socket was closed: 4403 Forbidden');
    expect(site.authorizations).toEqual(['Bearer one', 'Bearer wrong']);
  });

  test('keeps what the user edited and refreshes what they left alone', async () => {
    const edited = '{"name":"Bo"}';
    const page = await browser.page();
    await openExplorer(page, site.address);
    await selectTab(page, 'Greeting');
    await setEditorText(page, 'variables', edited);
    await eventually(() => page.evaluate<boolean>("localStorage.getItem('graphiql:tabState').includes('Bo')"));

    await page.reload();
    await openExplorer(page, site.address);
    expect(await tabNames(page)).toEqual(['Greeting', 'Count']);
    expect(await editorText(page, 'variables')).toBe(edited);

    const added = { name: 'Other', query: 'query Other { greeting(name: "you") }', headers: headers('two') };
    site.restart([...tabsFor('two'), added], 'two');
    await openExplorer(page, site.address);
    expect(await tabNames(page)).toEqual(['Greeting', 'Count', 'Other']);
    expect(await responseText(page)).toBe('');
    await runActiveTab(page);
    expect(JSON.parse(await responseWith(page, 'greeting'))).toEqual({ data: { greeting: 'Hello, Bo' } });
    await selectTab(page, 'Other');
    await runActiveTab(page);
    expect(await responseWith(page, 'you')).toContain('Hello, you');
    expect(site.authorizations.slice(-2)).toEqual(['Bearer two', 'Bearer two']);
  });
});
