/**
 * The product's one process, for fanout.ts: as gateway/main.ts starts it, with the calls to subgraphs counted and the process's own
 * figures told over IPC. Which adapters: by the usual variables.
 */
import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createGateway } from '../../gateway/gateway.ts';
import { startSubgraphs } from '../../gateway/in-process.ts';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { createTokenVerifier } from '../../platform/tokens.ts';
import { SOCIAL_ROOMS } from '../../schema/events/topics.ts';

/** Messages to the server; each is answered by its `id`. */
export type ServerRequest =
  | { readonly do: 'figures' }
  | {
      /** Events that no command made, straight into the log: more than rate limits would let through. */
      readonly do: 'publish';
      readonly rooms: readonly { readonly roomId: string; readonly revision: number }[];
      readonly perRoom: number;
      readonly textBytes: number;
    }
  | { readonly do: 'stop' };

export interface ServerFigures {
  readonly residentBytes: number;
  /** Heap, and buffers outside of it. */
  readonly heapBytes: number;
  readonly cpuMs: number;
  readonly fetches: number;
  /** Of the event loop, since last asked. */
  readonly delayP99Ms: number;
}

const config = loadConfig(process.env);
const ports = await openPorts(config, 'fanout');
const subgraphs = await startSubgraphs(ports);
let fetches = 0;
for (const source of Object.values(subgraphs.sources)) {
  const ask = source.process.bind(source);
  source.process = (options) => {
    fetches += 1;
    return ask(options);
  };
}
const gateway = await createGateway({
  supergraphSdl: await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'),
  sources: subgraphs.sources,
  log: ports.log,
  logger: ports.logger,
  verifyToken: createTokenVerifier(config.tokens),
  introspection: false,
  explorer: null,
});
const port = await gateway.listen(0, '127.0.0.1');
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

function figures(): ServerFigures {
  const delayP99Ms = delay.percentile(99) / 1e6;
  delay.reset();
  global.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { residentBytes: rss, heapBytes: heapUsed + external, cpuMs: (user + system) / 1_000, fetches, delayP99Ms };
}

async function publish({ rooms, perRoom, textBytes }: Extract<ServerRequest, { do: 'publish' }>): Promise<void> {
  const text = 'x'.repeat(textBytes);
  const at = Date.now();
  const events = Array.from({ length: perRoom }, (_, n) =>
    rooms.map(({ roomId, revision }) => ({
      key: roomId,
      value: JSON.stringify({
        roomId,
        revision: revision + 1 + n,
        type: 'room.message.posted',
        actorId: 'bench',
        commandId: null,
        at,
        data: { text },
      }),
    })),
  ).flat();
  await ports.log.publish(SOCIAL_ROOMS.name, events);
}

async function answer(request: ServerRequest): Promise<unknown> {
  if (request.do === 'figures') return figures();
  if (request.do === 'publish') return publish(request);
  await gateway.stop();
  await subgraphs.stop();
  await ports.close();
  return undefined;
}

process.on('message', async ({ id, ...request }: ServerRequest & { id: number }) => {
  process.send?.({ id, answer: await answer(request as ServerRequest) });
  if (request.do === 'stop') process.disconnect();
});
process.send?.({ id: 0, answer: port });
