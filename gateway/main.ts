/**
 * The gateway process: chooses the adapters and where the subgraphs are. Without SUBGRAPH_URLS the three subgraphs run in this
 * process, and a demo household is put in at the first start; with it, this is the gateway alone.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from 'pino';
import { openEventLog, openPorts, openStore } from '../platform/adapters/open.ts';
import { type Config, loadConfig } from '../platform/config.ts';
import { configTable } from '../platform/config-variables.ts';
import { createLogger } from '../platform/logger.ts';
import { systemClock } from '../platform/ports/clock.ts';
import type { EventLog } from '../platform/ports/event-log.ts';
import type { Store } from '../platform/ports/store.ts';
import { ProblemError } from '../platform/problem.ts';
import { runMain, type Stop } from '../platform/run-main.ts';
import { createTokenVerifier, mintToken } from '../platform/tokens.ts';
import { startTracing } from '../platform/tracing.ts';
import { HttpDataSource } from './data-sources.ts';
import { demoExplorer } from './explorer-tabs.ts';
import { createGateway, type EdgeOptions, GRAPHQL_PATH } from './gateway.ts';
import { Opened } from './opened.ts';
import type { RateOptions } from './rate-limits.ts';
import { SharedRates } from './shared-rates.ts';
import { SOCKET_LIMITS } from './socket-limits.ts';
import { followSupergraph } from './supergraph-file.ts';
import { NO_MANIFEST, readManifest } from './trusted-documents.ts';

const HELP = `Fire TV Enhanced Backend

  npm start               everything in one process, with a demo household; Ctrl-C stops it
  npm start -- --help     this text

  npm run -s token -- ID  a token for a demo user, or any id
  npm run import -- --platform netflix FILE.csv    a platform's catalogue file
  npm run manifest -- DIR > FILE.json              the operations of an app, for TRUSTED_DOCUMENTS

It is set up by environment variables:

${configTable()}
`;

const DEMO_USER = '01';

/** What one viewer may ask, by class of operation; the room subgraph has closer limits of its own for chat and joining. */
const RATES: RateOptions = {
  rates: {
    query: { perSecond: 50, burst: 200 },
    mutation: { perSecond: 20, burst: 60, shared: true },
    subscription: { perSecond: 5, burst: 50 },
    chat: { perSecond: 5, burst: 20, shared: true },
    join: { perSecond: 1, burst: 10, shared: true },
  },
  classOf: {
    'Mutation.sendMessage': 'chat',
    'Mutation.react': 'chat',
    'Mutation.joinRoom': 'join',
    'Mutation.createRoom': 'join',
  },
};

await runMain(async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const config = loadConfig(process.env);
  return config.subgraphs.kind === 'http' ? startAlone(config, config.subgraphs.urls) : startAll(config);
});

/** The gateway alone: subgraphs over HTTP. The store, where there is one for all gateways, is for counting rates together. */
async function startAlone(config: Config, urls: Readonly<Record<string, string>>): Promise<Stop> {
  const logger = createLogger('gateway', config.logLevel);
  const secret = config.subgraphSecret.reveal();
  const sources = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [name, new HttpDataSource(name, url, secret, systemClock)]),
  );
  const opened = new Opened();
  return opened.unlessItFails(async () => {
    const log = await openEventLog(config, 'gateway', logger);
    opened.add(() => log.close());
    const { store: chosen, edge } = config;
    const store = edge.rateLimits && chosen.kind === 'mongodb' ? await openStore(config, logger) : null;
    if (store) opened.add(() => store.close());
    opened.add(async () => {
      for (const source of Object.values(sources)) source.close();
    });
    await serve(config, { log, store, sources, logger }, opened);
  });
}

/** Everything in one process. */
async function startAll(config: Config): Promise<Stop> {
  const { seedDemo, startSubgraphs } = await import('./in-process.ts');
  const ports = await openPorts(config, 'firetv');
  const opened = new Opened();
  opened.add(() => ports.close());
  return opened.unlessItFails(async () => {
    const { sources, stop } = await startSubgraphs(ports, {
      config: config.recommendation,
      env: process.env,
    });
    opened.add(stop);
    if (config.profile === 'development') await seedDemo(ports, (line) => console.error(line));
    await serve(config, { ...ports, sources }, opened);
  });
}

interface Served {
  readonly log: EventLog;
  /** Null: there is none that other gateways share. */
  readonly store: Store | null;
  readonly sources: Readonly<Record<string, GraphQLDataSource>>;
  readonly logger: Logger;
}

async function serve(config: Config, { log, store, sources, logger }: Served, opened: Opened): Promise<void> {
  const demo = config.profile === 'development' && config.tokens.kind === 'secret' ? config.tokens.secret : null;
  const token = demo && (await mintToken(demo, DEMO_USER));
  const path = config.supergraphFile ?? new URL('../schema/supergraph.graphql', import.meta.url);
  const supergraphSdl = await readFile(path, 'utf8').catch((cause) => {
    throw new ProblemError(`SUPERGRAPH_FILE: there is no file ${path} that can be read.`, { cause });
  });
  const sharedRates = config.edge.rateLimits && store ? new SharedRates(store, systemClock, logger) : null;
  await sharedRates?.start();
  opened.add(async () => sharedRates?.stop());
  opened.add(startTracing(config.traces, 'gateway', logger));
  const gateway = await createGateway({
    supergraphSdl,
    sources,
    log,
    logger,
    verifyToken: createTokenVerifier(config.tokens),
    introspection: config.profile === 'development',
    explorer: token === null ? null : (ask) => demoExplorer(token, DEMO_USER, ask),
    edge: { ...(await edgeOptions(config.edge)), sharedRates },
  });
  opened.add(() => gateway.stop());
  const port = await gateway.listen(config.ports.gateway, config.host);
  if (config.supergraphFile) {
    const stopFollowing = followSupergraph({ path, served: supergraphSdl, serve: gateway.update, logger });
    opened.add(async () => stopFollowing());
  }
  announce(`http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`, token !== null);
}

async function edgeOptions(edge: Config['edge']): Promise<Partial<EdgeOptions>> {
  const { trustedDocuments } = edge;
  return {
    allowedOrigins: edge.allowedOrigins,
    trustedProxies: edge.trustedProxies,
    trusted: trustedDocuments ? await readManifest(trustedDocuments.path, trustedDocuments.only) : NO_MANIFEST,
    rates: edge.rateLimits ? RATES : null,
    maxRequests: edge.maxRequests,
    sockets: {
      ...SOCKET_LIMITS,
      sockets: edge.maxSockets,
      socketsPerViewer: edge.maxSocketsPerUser,
      subscriptionsPerViewer: edge.maxSubscriptionsPerUser,
    },
  };
}

function announce(base: string, explorer: boolean): void {
  const lines = [
    'Fire TV backend is up.',
    ...(explorer ? [`  Explore   ${base}${GRAPHQL_PATH}   GraphiQL, signed in as demo user ${DEMO_USER}`] : []),
    `  GraphQL   ${base}${GRAPHQL_PATH}   queries over HTTP, subscriptions over graphql-ws`,
    `  Health    ${base}/healthz   ${base}/readyz   ${base}/metrics`,
    '  Ctrl-C stops it.',
  ];
  console.error(lines.join('\n'));
}
