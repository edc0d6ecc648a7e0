/**
 * A process full of sockets, for fanout.ts. Speaks graphql-transport-ws by hand, so that what it costs does not hide what the
 * server costs; checks that each socket's revisions come without a hole and in order; notes when each event reached its last one.
 */
import { once } from 'node:events';
import WebSocket from 'ws';

export interface SocketSpec {
  readonly token: string;
  readonly room: number;
  readonly roomId: string;
  readonly query: string;
}

/** Messages to the process; each is answered by its `id`. */
export type ClientsRequest =
  | { readonly do: 'connect'; readonly url: string; readonly specs: readonly SocketSpec[] }
  | { readonly do: 'drop' }
  /** All sockets again, each after its last revision; answered when each has seen its room's revision. */
  | { readonly do: 'resume'; readonly revisions: readonly number[] }
  /** Answered when each socket has seen its room's revision. */
  | { readonly do: 'await'; readonly revisions: readonly number[]; readonly timeoutMs: number }
  | { readonly do: 'report' };

export interface ClientsReport {
  readonly frames: number;
  readonly bytes: number;
  /** Revisions that did not follow the one before: a hole, a repeat, or out of order. */
  readonly faults: number;
  readonly closed: number;
  /** [room, revision, ms from the event's own time to the last socket of this process]. */
  readonly latest: readonly (readonly [number, number, number])[];
  readonly maxCatchUpMs: number;
}

interface Viewer {
  readonly spec: SocketSpec;
  socket: WebSocket | null;
  revision: number | null;
}

const AT_ONCE = 50;
let url = '';
let viewers: Viewer[] = [];
let dropping = false;
let [frames, bytes, faults, closed, maxCatchUpMs] = [0, 0, 0, 0, 0];
let latest = new Map<string, number>();
let waiting: { revisions: readonly number[]; behind: Set<Viewer>; done: () => void } | null = null;

const now = () => performance.timeOrigin + performance.now();

async function open(viewer: Viewer): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  viewer.socket = socket;
  const began = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const text = data.toString();
    if (text.includes('"type":"next"')) {
      take(viewer, text);
      began.resolve();
    } else if (text.includes('connection_ack')) {
      const variables = { roomId: viewer.spec.roomId, afterRevision: viewer.revision };
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: viewer.spec.query, variables } }));
      if (viewer.revision !== null) began.resolve();
    } else if (!text.includes('"ping"')) began.reject(new Error(text));
  });
  socket.on('close', (code, reason) => {
    if (!dropping) closed += 1;
    began.reject(new Error(`closed with ${code} ${reason}`));
  });
  socket.on('error', (error) => began.reject(error));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: viewer.spec.token } }));
  await began.promise;
}

function take(viewer: Viewer, text: string): void {
  const { room } = viewer.spec;
  const revision = Number(/"revision":(\d+)/.exec(text)?.[1]);
  const follows = viewer.revision === null || revision === viewer.revision + 1;
  if (!follows) faults += 1;
  viewer.revision = revision;
  frames += 1;
  bytes += text.length;
  if (!text.includes('RoomSnapshot')) {
    const key = `${room}:${revision}`;
    const ms = now() - Number(/"at":(\d+)/.exec(text)?.[1]);
    latest.set(key, Math.max(ms, latest.get(key) ?? 0));
  }
  if (!waiting || revision < (waiting.revisions[room] ?? 0)) return;
  waiting.behind.delete(viewer);
  if (waiting.behind.size === 0) waiting.done();
}

/** Resolves when every socket has seen its room's revision. */
async function reach(revisions: readonly number[], timeoutMs = 60_000): Promise<void> {
  const behind = new Set(viewers.filter(({ spec, revision }) => (revision ?? 0) < (revisions[spec.room] ?? 0)));
  if (behind.size === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => reject(new Error(`${behind.size} sockets are behind`)), timeoutMs);
  waiting = { revisions, behind, done: resolve };
  await promise.finally(() => clearTimeout(late));
  waiting = null;
}

async function openAll(): Promise<void> {
  const left = [...viewers];
  const worker = async () => {
    for (let next = left.pop(); next; next = left.pop()) await open(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function answer(request: ClientsRequest): Promise<unknown> {
  switch (request.do) {
    case 'connect':
      ({ url } = request);
      dropping = false;
      viewers = request.specs.map((spec) => ({ spec, socket: null, revision: null }));
      return openAll();
    case 'drop':
      dropping = true;
      await Promise.all(
        viewers.map(async ({ socket }) => {
          if (!socket || socket.readyState === WebSocket.CLOSED) return;
          socket.terminate();
          await once(socket, 'close');
        }),
      );
      return undefined;
    case 'resume': {
      dropping = false;
      const started = performance.now();
      const reached = reach(request.revisions);
      await openAll();
      await reached;
      maxCatchUpMs = performance.now() - started;
      return undefined;
    }
    case 'await':
      return reach(request.revisions, request.timeoutMs);
    case 'report': {
      const report: ClientsReport = {
        frames,
        bytes,
        faults,
        closed,
        maxCatchUpMs,
        latest: [...latest].map(([key, ms]) => [...key.split(':').map(Number), ms] as never),
      };
      [frames, bytes, faults, closed, maxCatchUpMs] = [0, 0, 0, 0, 0];
      latest = new Map();
      return report;
    }
  }
}

process.on('message', async ({ id, ...request }: ClientsRequest & { id: number }) => {
  try {
    process.send?.({ id, answer: await answer(request as ClientsRequest) });
  } catch (error) {
    process.send?.({ id, failure: (error as Error).message });
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ id: 0, answer: null });
