/**
 * `npm run manifest -- DIR > manifest.json`: the operations of an app, from the .graphql files below DIR, one operation a file,
 * as a manifest of trusted documents. The text counts byte for byte, without white space around it: what the app sends must be
 * the same, or the hash.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GraphQLError, Kind, parse } from 'graphql';
import { ProblemError } from '../platform/problem.ts';
import { runMain } from '../platform/run-main.ts';
import { toManifest } from './trusted-documents.ts';

await runMain(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [folder] = positionals;
  if (!folder || positionals.length > 1)
    throw new ProblemError('Say where the operations are: npm run manifest -- DIR');
  const entries = await readdir(folder, { recursive: true }).catch(() => {
    throw new ProblemError(`${folder} is not a folder that can be read.`);
  });
  const files = entries.filter((name) => /\.(graphql|gql)$/.test(name)).sort();
  if (files.length === 0) throw new ProblemError(`There is no .graphql file in ${folder}.`);
  const operations = await Promise.all(files.map((name) => readOperation(join(folder, name))));
  console.log(JSON.stringify(toManifest(operations), null, 2));
  return undefined;
});

async function readOperation(path: string) {
  const body = (await readFile(path, 'utf8')).trim();
  try {
    const operations = parse(body).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
    const [operation] = operations;
    if (!operation || operations.length > 1) throw new ProblemError(`${path} must have one operation.`);
    return {
      name: operation.name?.value ?? '',
      type: operation.operation as 'query' | 'mutation' | 'subscription',
      body,
    };
  } catch (error) {
    if (error instanceof GraphQLError) throw new ProblemError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
