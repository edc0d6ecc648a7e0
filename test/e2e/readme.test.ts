/** The README says nothing that is not so: its query, its answer, its commands and the files it names. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Api } from '../support/api.ts';
import { freePort, ROOT, startProcess } from '../support/processes.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? '';
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('its query gets its answer on a fresh start, and its curl line works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firetv-readme-'));
  const port = await freePort();
  const server = startProcess(['node', 'gateway/main.ts'], { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' });
  await server.saw('Fire TV backend is up.', 60_000);
  try {
    const answer = await new Api(`http://127.0.0.1:${port}/graphql`).ask(null, block('graphql'));
    expect(answer).toEqual(JSON.parse(block('json')));

    const curl = /^curl -s[\s\S]*?'$/m.exec(readme)?.[0].replace('127.0.0.1:4000', `127.0.0.1:${port}`) ?? '';
    const shell = startProcess(['bash', '-c', curl], {});
    expect(await shell.exit).toBe(0);
    expect(JSON.parse(shell.output()).data.home).toHaveLength(2);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 90_000);

test('every npm script it names is there, and every script is named', () => {
  const named = new Set([...readme.matchAll(/npm (?:run (?:-s )?)?([a-z][\w:-]*)/g)].map(([, name]) => name));
  const builtIn = new Set(['ci', 'install']);
  expect([...named].filter((name) => name && !builtIn.has(name) && !(name in scripts))).toEqual([]);
  expect(Object.keys(scripts).filter((name) => !named.has(name))).toEqual([]);
});

test('every file and folder it names is there', () => {
  const paths = [...readme.matchAll(/`((?:\.ci|schema|gateway|subgraphs|platform|fixtures|test)\/[\w./-]*)`/g)].map(
    ([, path]) => path ?? '',
  );
  expect(paths.length).toBeGreaterThan(8);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
