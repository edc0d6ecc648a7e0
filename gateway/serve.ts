/**
 * `npm run gateway -- --supergraph FILE --port N`: the gateway over any federation 2 supergraph, its subgraphs over HTTP at the
 * addresses in the supergraph itself. With --open there are no limits on what is asked and calls are not signed, for measuring and
 * for conformance suites; --no-sharing asks the subgraphs anew for each request, for measuring.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Kind, parse } from 'graphql';
import { openEventLog } from '../platform/adapters/open.ts';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { systemClock } from '../platform/ports/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { runMain } from '../platform/run-main.ts';
import { createTokenVerifier } from '../platform/tokens.ts';
import { HttpDataSource } from './data-sources.ts';
import { createGateway } from './gateway.ts';
import { LIMITS, type Limits } from './limits.ts';
import { followSupergraph } from './supergraph-file.ts';

const UNLIMITED = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, 10_000_000])) as unknown as Limits;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      supergraph: { type: 'string' },
      port: { type: 'string' },
      open: { type: 'boolean', default: false },
      'no-sharing': { type: 'boolean', default: false },
    },
  });
  if (!values.supergraph) throw new ProblemError('Say which: npm run gateway -- --supergraph FILE --port N');
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const config = loadConfig({
    DATA_DIR: folder,
    LOG_LEVEL: 'warn',
    ...process.env,
    ...(values.port && { PORT: values.port }),
  });
  const supergraphSdl = await readFile(values.supergraph, 'utf8').catch(() => {
    throw new ProblemError(`There is no file ${values.supergraph}.`);
  });
  const logger = createLogger('gateway', config.logLevel);
  const log = await openEventLog(config, 'gateway', logger);
  const secret = values.open ? null : config.subgraphSecret.reveal();
  /** By name and address, so that an unchanged subgraph keeps its connections when the supergraph changes. */
  const known = new Map<string, HttpDataSource>();
  const sourcesOf = (sdl: string) =>
    Object.fromEntries(
      addressesIn(sdl).map(([name, url]) => {
        const key = `${name} ${url}`;
        const source = known.get(key) ?? new HttpDataSource(name, url, secret, systemClock);
        known.set(key, source);
        return [name, source];
      }),
    );
  const gateway = await createGateway({
    supergraphSdl,
    sources: sourcesOf(supergraphSdl),
    log,
    logger,
    verifyToken: createTokenVerifier(config.tokens),
    introspection: config.profile === 'development',
    explorer: null,
    sharing: !values['no-sharing'],
    edge: values.open ? { limits: UNLIMITED, maxRequests: 10_000 } : {},
  });
  const port = await gateway.listen(config.ports.gateway, config.host);
  console.error(`The gateway is up at http://${config.host}:${port}/graphql.`);
  const stopFollowing = followSupergraph({
    path: values.supergraph,
    served: supergraphSdl,
    serve: (sdl) => gateway.update(sdl, sourcesOf(sdl)),
    logger,
  });
  return async () => {
    stopFollowing();
    await gateway.stop();
    for (const source of known.values()) source.close();
    await log.close();
    await rm(folder, { recursive: true, force: true });
  };
});

/** Name and address of each subgraph, from the supergraph's `@join__graph`. */
function addressesIn(sdl: string): [string, string][] {
  const graphs = parse(sdl).definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = graphs && 'values' in graphs ? (graphs.values ?? []) : [];
  return values.flatMap((value) => {
    const given =
      'directives' in value ? value.directives?.find(({ name }) => name.value === 'join__graph')?.arguments : [];
    const text = (wanted: string) => {
      const found = given?.find(({ name }) => name.value === wanted)?.value;
      return found?.kind === Kind.STRING ? found.value : '';
    };
    return text('url') ? [[text('name'), text('url')] as [string, string]] : [];
  });
}
