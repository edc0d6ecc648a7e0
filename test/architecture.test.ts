/** Imports point one way: schema ← domain ← service ← resolvers ← subgraph ← main; adapters import ports and schema. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');
const IMPORT = /^(?:import|export)\s(?:type\s)?[^;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)|^import\s+'([^']+)'/gms;

interface Import {
  readonly from: string;
  readonly to: string;
}

async function readImports(): Promise<Import[]> {
  const folders = ['client', 'fixtures', 'gateway', 'platform', 'schema', 'subgraphs'];
  const found: Import[] = [];
  for (const folder of folders) {
    const entries = await readdir(resolve(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      const path = resolve(entry.parentPath, entry.name);
      const source = await readFile(path, 'utf8');
      for (const [, fromClause, dynamic, bare] of source.matchAll(IMPORT)) {
        const target = fromClause ?? dynamic ?? bare ?? '';
        const to = target.startsWith('.') ? relative(ROOT, resolve(dirname(path), target)) : target;
        found.push({ from: relative(ROOT, path), to });
      }
    }
  }
  return found;
}

interface Rule {
  readonly name: string;
  readonly from: RegExp;
  /** What such a file may import of ours. */
  readonly ours: RegExp;
  /** Packages and node modules it may not import. */
  readonly notPackages?: RegExp;
}

const DRIVERS = /^(kafkajs|mongodb|mingo|node:sqlite|graphql-kafkajs-subscriptions)$/;
const SUBGRAPH_MAIN = /^subgraphs\/\w+\/(main|learning-main|import|analyse|evaluate|match)\.ts$/;

const RULES: readonly Rule[] = [
  { name: 'schema imports nothing of ours', from: /^schema\/(?!generated\/)/, ours: /^schema\//, notPackages: DRIVERS },
  {
    name: 'generated types know only their own subgraph',
    from: /^schema\/generated\//,
    ours: /^subgraphs\/\w+\/(context\.ts|domain\/|[\w-]+\.ts)/,
    notPackages: DRIVERS,
  },
  { name: 'ports import schema and ports', from: /^platform\/ports\//, ours: /^(platform\/ports|schema)\// },
  {
    name: 'adapters import ports, schema and each other',
    from: /^platform\/adapters\/(?!open\.ts)/,
    ours: /^(platform\/(ports|adapters)|schema)\//,
  },
  { name: 'the platform imports schema and the platform', from: /^platform\//, ours: /^(platform|schema)\// },
  {
    name: 'a domain is pure: schema and its own domain only',
    from: /^subgraphs\/\w+\/domain\//,
    ours: /^(subgraphs\/\w+\/domain|schema)\//,
    notPackages:
      /^(kafkajs|mongodb|mingo|pino|dataloader|express|graphql|node:(sqlite|fs.*|http|net|timers.*|child_process)|@apollo\/.*)$/,
  },
  { name: 'a subgraph imports the platform and schema', from: /^subgraphs\//, ours: /^(subgraphs|platform|schema)\// },
  {
    name: 'the gateway imports schema and the platform',
    from: /^gateway\/(?!main|in-process|explorer-tabs)/,
    ours: /^(gateway|platform|schema)\//,
  },
  {
    name: 'the client imports nothing of ours, and graphql-ws alone',
    from: /^client\//,
    ours: /^client\//,
    notPackages: /^(?!graphql-ws$)/,
  },
  { name: 'fixtures import ports and schema', from: /^fixtures\//, ours: /^(fixtures|platform|schema)\// },
];

const imports = await readImports();

test.each(RULES)('$name', ({ from, ours, notPackages }) => {
  const mine = imports.filter((each) => from.test(each.from));
  const broken = mine.filter(({ to }) => {
    const isOurs = /^(client|fixtures|gateway|platform|schema|subgraphs|test|\.\.)\b/.test(to);
    return isOurs ? !ours.test(to) : notPackages?.test(to);
  });
  expect(broken).toEqual([]);
});

test('subgraphs never import each other', () => {
  const name = (path: string) => /^subgraphs\/(\w+)\//.exec(path)?.[1];
  expect(imports.filter(({ from, to }) => name(from) && name(to) && name(from) !== name(to))).toEqual([]);
});

test('drivers are imported by adapters only, and adapters are chosen by main files only', () => {
  const typeOnly = new Set(['platform/ports/store.ts']);
  const drivers = imports.filter(
    ({ from, to }) => DRIVERS.test(to) && !from.startsWith('platform/adapters/') && !typeOnly.has(from),
  );
  const chosen = imports.filter(
    ({ from, to }) =>
      to.startsWith('platform/adapters/') &&
      !from.startsWith('platform/adapters/') &&
      !SUBGRAPH_MAIN.test(from) &&
      !/^(gateway|fixtures)\/(main|seed-main|serve)\.ts$/.test(from),
  );
  expect([...drivers, ...chosen]).toEqual([]);
});

test('resolvers hold no driver, no environment and no rule: they import types, their own context and loaders', () => {
  const resolvers = imports.filter(({ from }) => /^subgraphs\/\w+\/resolvers\.ts$/.test(from));
  expect(resolvers.filter(({ to }) => DRIVERS.test(to) || /^platform\/(adapters|config)/.test(to))).toEqual([]);
});

test('only main files and command-line tools read the environment', async () => {
  const files = [...new Set(imports.map(({ from }) => from))];
  const readers: string[] = [];
  for (const file of files) {
    if (/process\.env(?!`|\['APOLLO_TELEMETRY_DISABLED'\] = )/.test(await readFile(resolve(ROOT, file), 'utf8')))
      readers.push(file);
  }
  expect(
    readers.filter(
      (file) => !/\/(main|learning-main|import|token|seed-main|serve|match|evaluate|analyse|manifest)\.ts$/.test(file),
    ),
  ).toEqual([]);
});
