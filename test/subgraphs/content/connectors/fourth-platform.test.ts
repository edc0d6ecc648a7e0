/**
 * What a fourth platform takes, shown on a copy of the project: for its rows one file and one line. Besides, what nobody could guess:
 * its name, how its player opens a title, and, for apps, a value of the public enum.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT } from '../../../support/processes.ts';

const THE_FILE = `
import type { Connector } from './connector.ts';
import { csvConnector } from './csv-rows.ts';
import { twelveColumns } from './twelve-columns.ts';

export const disneyPlus: Connector = csvConnector(twelveColumns);
`;
const THE_LINE = "export { disneyPlus as disney_plus } from './disney-plus.ts';\n";
const THE_PLAYER = `
  disney_plus: {
    package: 'com.disney.disneyplus',
    title: () => null,
    search: (title) => \`https://www.disneyplus.com/search?q=\${encodeURIComponent(title)}\`,
  },`;

const HEADER = 'show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description';
const ROW =
  'Movie,WALL-E,Andrew Stanton,"Ben Burtt, Elissa Knight",United States,,2008,G,98 min,Family,A robot cleans up.';

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'fourth-'));
  for (const folder of ['subgraphs', 'platform', 'schema', 'package.json']) {
    await cp(join(ROOT, folder), join(copy, folder), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await writeFile(join(copy, 'subgraphs/content/connectors/disney-plus.ts'), THE_FILE);
  await edit('subgraphs/content/connectors/platforms.ts', (text) => text + THE_LINE);
  await edit('schema/events/content-sync.ts', (text) =>
    text.replace("'hotstar'] as const", "'hotstar', 'disney_plus'] as const"),
  );
  await edit('subgraphs/content/domain/deep-links.ts', (text) => text.replace(/(PLAYERS: .* = \{)/, `$1${THE_PLAYER}`));
  for (const [name, id] of [
    ['netflix', 's1'],
    ['disney', 's9'],
  ]) {
    await writeFile(join(copy, `${name}.csv`), `${HEADER}\n${id},${ROW}\n`);
  }
}, 60_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(join(copy, path), 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} is not as this test expects`);
  await writeFile(join(copy, path), after);
}

const run = (...args: string[]) =>
  spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, INIT_CWD: copy, DATA_DIR: join(copy, '.data'), LOG_LEVEL: 'error' },
  });

test('its file is matched and imported with the others', () => {
  const match = run('subgraphs/content/match.ts', '--netflix', 'netflix.csv', '--disney-plus', 'disney.csv');
  expect({ error: match.stderr, lines: match.stdout.split('\n') }).toMatchObject({
    ...{ error: '', lines: [expect.anything(), 'netflix,s1,netflix:s1', 'disney_plus,s9,netflix:s1', ''] },
  });
  const feeds = ['--platform', 'netflix', 'netflix.csv', '--platform', 'disney_plus', 'disney.csv'];
  expect(run('subgraphs/content/import.ts', ...feeds).stdout).toContain('Works: 0 before, 1 after');
  expect(run('subgraphs/content/match.ts', 'show', 'disney_plus:s9').stdout).toMatch(
    /netflix:s1 .*\n {2}disney_plus:s9 /,
  );
}, 60_000);
