/**
 * The operations an app was built with, by their SHA-256: a request may name one in place of its text, and where only these are
 * answered nobody can make up another. The file is Apollo's manifest format, written by `npm run manifest -- DIR`.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ProblemError } from '../platform/problem.ts';

const FORMAT = 'apollo-persisted-query-manifest';
const manifestShape = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifestShape>;

export interface TrustedDocuments {
  /** Whether other operations are refused. */
  readonly only: boolean;
  readonly byHash: ReadonlyMap<string, string>;
}

export const hashOf = (source: string): string => createHash('sha256').update(source).digest('hex');

/** No manifest: every operation may be asked, within the limits. */
export const NO_MANIFEST: TrustedDocuments = { only: false, byHash: new Map() };

export function toManifest(operations: readonly Omit<Manifest['operations'][number], 'id'>[]): Manifest {
  return { format: FORMAT, version: 1, operations: operations.map((each) => ({ id: hashOf(each.body), ...each })) };
}

/** @throws ProblemError where the file is not there, not a manifest, or an id is not the hash of its text */
export async function readManifest(path: string, only: boolean): Promise<TrustedDocuments> {
  let manifest: Manifest;
  try {
    manifest = manifestShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new ProblemError(`TRUSTED_DOCUMENTS: ${path} cannot be read as a manifest; make one with npm run manifest.`, {
      cause,
    });
  }
  const wrong = manifest.operations.find(({ id, body }) => id !== hashOf(body));
  if (wrong)
    throw new ProblemError(`TRUSTED_DOCUMENTS: the id of ${wrong.name} in ${path} is not the hash of its text.`);
  return { only, byHash: new Map(manifest.operations.map(({ id, body }) => [id, body])) };
}
