/** One POST to a subgraph over pooled connections: bounded in time and in the size of the answer. */
import http from 'node:http';
import https from 'node:https';

/** A subgraph's answer is cut off past this. */
const MAX_ANSWER_BYTES = 10_000_000;

/** Kept-alive connections to one subgraph, and what is the same of every request to it. */
export interface Pool {
  readonly agent: http.Agent;
  readonly start: typeof http.request;
  readonly target: http.RequestOptions;
  readonly headers: readonly string[];
}

export function openPool(url: URL, maxConnections: number): Pool {
  const options = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections, timeout: 60_000 };
  const secure = url.protocol === 'https:';
  const agent = secure ? new https.Agent(options) : new http.Agent(options);
  const { hostname, port, pathname, search } = url;
  const target = { agent, method: 'POST', host: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search };
  const headers = ['Host', url.host, 'Content-Type', 'application/json', 'Connection', 'keep-alive'];
  return { agent, start: secure ? https.request : http.request, target, headers };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Rejects where there is no answer, it is too long, or the time is over. */
export function post(
  { start, target, headers }: Pool,
  more: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = [...headers, 'Content-Length', String(Buffer.byteLength(body)), ...Object.entries(more).flat()];
    const request = start({ ...target, headers: all });
    const timer = setTimeout(
      () => request.destroy(new TimedOut(`no answer in ${Math.round(timeoutMs)} ms`)),
      timeoutMs,
    );
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > MAX_ANSWER_BYTES)
          request.destroy(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks, sizeBytes).toString('utf8') });
      });
    });
    request.end(body);
  });
}

/** The time is over: trying again is of no use. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}
