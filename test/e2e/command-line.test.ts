/** How the programs behave for the person who starts them: one clear line, exit code 1, never a stack trace. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { freePort, startProcess } from '../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'firetv-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const started = startProcess(['node', ...args], { DATA_DIR: folder, LOG_LEVEL: 'silent', ...env });
  const code = await started.exit;
  return { code, output: started.output().trim() };
}

test('--help tells what it does and every variable', async () => {
  const { code, output } = await run(['gateway/main.ts', '--help']);
  expect(code).toBe(0);
  for (const text of ['npm start', 'KAFKA_BROKERS', 'MONGODB_URL', 'DATA_DIR', 'JWT_SECRET'])
    expect(output).toContain(text);
});

test('an unknown option is named', async () => {
  const { code, output } = await run(['gateway/main.ts', '--prot', '5000']);
  expect(code).toBe(1);
  expect(output).toMatch(/^Unknown option '--prot'/);
  expect(output).not.toMatch(/\n\s+at /);
});

test('a busy port is one line that says what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const { code, output } = await run(['gateway/main.ts'], { PORT: String(port), NODE_ENV: 'development' });
  server.close();
  expect(code).toBe(1);
  expect(output.split('\n').at(-1)).toBe(
    `Port ${port} is in use: stop what listens there, or set PORT to another one.`,
  );
  expect(output).not.toMatch(/\n\s+at /);
}, 60_000);

test.each([
  ['PORT', 'seventy', /PORT: must be a number/],
  ['LOG_LEVEL', 'loud', /LOG_LEVEL: /],
  ['KAFKA_BROKERS', 'kafka', /KAFKA_BROKERS: must be host:port/],
  ['MONGODB_URL', 'http://x', /MONGODB_URL: must be an address such as mongodb:/],
  ['JWT_SECRET', 'short', /JWT_SECRET: must have at least 32 characters/],
])('a bad %s is named with what it must be', async (name, value, expected) => {
  const { code, output } = await run(['gateway/main.ts'], { [name]: value });
  expect(code).toBe(1);
  expect(output).toMatch(expected);
  expect(output).not.toMatch(/\n\s+at /);
});

test('production refuses the demo secrets', async () => {
  const { code, output } = await run(['gateway/main.ts'], { NODE_ENV: 'production' });
  expect(code).toBe(1);
  expect(output).toContain('JWT_SECRET: set one of your own');
  expect(output).toContain('SUBGRAPH_SECRET: set one of your own');
});

test.each([
  ['KAFKA_BROKERS', (port: number) => `127.0.0.1:${port}`],
  ['MONGODB_URL', (port: number) => `mongodb://someone:hidden@127.0.0.1:${port}/x`],
])(
  'an unreachable %s is one line with its address, without secrets',
  async (name, address) => {
    const port = await freePort();
    const { code, output } = await run(['gateway/main.ts'], { [name]: address(port) });
    expect(code).toBe(1);
    expect(output).toContain(`127.0.0.1:${port}`);
    expect(output).not.toMatch(/\n\s+at |hidden/);
    expect(output.split('\n')).toHaveLength(1);
  },
  30_000,
);

test('a token is printed for any id, and for nobody without one', async () => {
  expect((await run(['gateway/token.ts', '01'])).output).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(await run(['gateway/token.ts'])).toMatchObject({ code: 1, output: expect.stringContaining('USER_ID') });
});

test('an import says what is wrong with its arguments', async () => {
  const missing = await run(['subgraphs/content/import.ts', '--platform', 'netflix', 'no-such-file.csv']);
  expect([missing.code, missing.output.split('\n').length]).toEqual([1, 1]);
  expect(missing.output).toContain('no-such-file.csv');
  const unknown = await run(['subgraphs/content/import.ts', '--platform', 'betamax', 'package.json']);
  expect(unknown.code).toBe(1);
  expect(unknown.output).toMatch(/netflix/);
});
