/** One POST to a subgraph over pooled connections: bounded in time and in the size of the answer. */
import http from 'node:http';
import https from 'node:https';

/** A subgraph's answer is cut off past this. */
const MAX_ANSWER_BYTES = 10_000_000;

export interface Pool {
  readonly agent: http.Agent;
  readonly request: typeof http.request;
}

/** Kept-alive connections to one subgraph. */
export function openPool(url: URL, maxConnections: number): Pool {
  const options = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections, timeout: 60_000 };
  return url.protocol === 'https:'
    ? { agent: new https.Agent(options), request: https.request }
    : { agent: new http.Agent(options), request: http.request };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Rejects where there is no answer, it is too long, or `signal` ends the wait. */
export function post(
  pool: Pool,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = pool.request(url, { method: 'POST', agent: pool.agent, headers, signal });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > MAX_ANSWER_BYTES)
          request.destroy(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks, sizeBytes).toString('utf8') }),
      );
    });
    request.end(body);
  });
}
