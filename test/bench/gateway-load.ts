/** Load from a process of its own: `node load.ts URL SECONDS CONNECTIONS MIX`; prints one line of JSON with what it measured. */
import { Agent, request } from 'node:http';

/** Three levels deep, about 90 KB: the query of the published comparisons, with variables that make each request another one. */
export const NESTED = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
  query TestQuery($salt: Int, $first: Int) {
    users(salt: $salt) { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
    topProducts(first: $first, salt: $salt) { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
  }`;
export const SMALL =
  'query Small($salt: Int, $first: Int) { topProducts(first: $first, salt: $salt) { upc name price weight } }';

export type Mix = 'nested' | 'small' | 'same';
export const bodyOf = (mix: Mix, n: number): string => {
  const variables = mix === 'same' ? { salt: 0, first: 5 } : { salt: n, first: 5 };
  return JSON.stringify({ query: mix === 'small' ? SMALL : NESTED, variables });
};

function post(url: URL, agent: Agent, body: string): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
        });
        response.on('end', () =>
          response.statusCode === 200 && size > 100
            ? resolve(performance.now() - started)
            : reject(new Error(`${response.statusCode}`)),
        );
      },
    );
    call.setTimeout(20_000, () => call.destroy(new Error('time-out')));
    call.on('error', reject);
    call.end(body);
  });
}

if (import.meta.main) {
  const [, , address = '', seconds = '5', connections = '50', mix = 'nested'] = process.argv;
  const url = new URL(address);
  const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
  const until = performance.now() + Number(seconds) * 1000;
  const times: number[] = [];
  let failed = 0;
  let n = Math.floor(Math.random() * 1e6);
  await Promise.all(
    Array.from({ length: Number(connections) }, async () => {
      while (performance.now() < until) {
        n += 1;
        await post(url, agent, bodyOf(mix as Mix, n)).then(
          (ms) => times.push(ms),
          () => (failed += 1),
        );
      }
    }),
  );
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? null;
  console.log(JSON.stringify({ requests: times.length, failed, p50: at(0.5), p95: at(0.95), p99: at(0.99) }));
}
