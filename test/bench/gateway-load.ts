/** Load from a process of its own: `node load.ts URL SECONDS CONNECTIONS MIX`; prints one line of JSON with what it measured. */
import { openPool } from '../../gateway/subgraph-request.ts';

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

if (import.meta.main) {
  const [, , address = '', seconds = '5', connections = '50', mix = 'nested'] = process.argv;
  const url = new URL(address);
  const pool = openPool(url, Number(connections));
  const until = performance.now() + Number(seconds) * 1000;
  const times: number[] = [];
  let failed = 0;
  let n = Math.floor(Math.random() * 1e6);
  await Promise.all(
    Array.from({ length: Number(connections) }, async () => {
      while (performance.now() < until) {
        n += 1;
        const started = performance.now();
        const { status, body } = await pool.post({}, bodyOf(mix as Mix, n), 20_000).catch(() => ({
          status: 0,
          body: '',
        }));
        if (status === 200 && body.length > 100) times.push(performance.now() - started);
        else failed += 1;
      }
    }),
  );
  pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? null;
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1000;
  console.log(JSON.stringify({ requests: times.length, failed, p50: at(0.5), p95: at(0.95), p99: at(0.99), cpuMs }));
}
