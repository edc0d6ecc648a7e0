/**
 * Composes the subgraphs' SDL into schema/supergraph.graphql. `npm run compose` writes it; with --check it only says
 * whether the file is what composing gives, exit code 1 where it is not.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** `events` has no server: the gateway answers it from Kafka. The others' default addresses are those of docker-compose.yml. */
export const SUBGRAPHS = [
  { name: 'content', url: 'http://content:3001/graphql' },
  { name: 'recommendation', url: 'http://recommendation:3002/graphql' },
  { name: 'room', url: 'http://room:3003/graphql' },
  { name: 'events', url: 'http://events.invalid/' },
] as const;

const file = (name: string): URL => new URL(`./${name}.graphql`, import.meta.url);

/** The supergraph's SDL. @throws Error naming each thing that does not compose */
export async function composeSupergraph(): Promise<string> {
  const services = await Promise.all(
    SUBGRAPHS.map(async ({ name, url }) => ({
      name,
      url,
      typeDefs: parse(await readFile(file(name), 'utf8')),
    })),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(`The subgraphs do not compose:\n${errors?.map((e) => e.message).join('\n')}`);
  return supergraphSdl;
}

if (import.meta.main) {
  const composed = await composeSupergraph();
  if (!process.argv.includes('--check')) {
    await writeFile(file('supergraph'), composed);
  } else if (composed !== (await readFile(file('supergraph'), 'utf8').catch(() => ''))) {
    console.error('schema/supergraph.graphql is not what schema/*.graphql compose to: run `npm run compose`.');
    process.exitCode = 1;
  }
}
