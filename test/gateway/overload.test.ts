/** Too much at once, and too often: refused early and clearly, while what was accepted goes on. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { RateLimiter } from '../../gateway/rate-limits.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/ports.ts';
import { EdgeSystem, TRANSPORTS } from './edge-system.ts';

let system: EdgeSystem;
afterEach(() => system?.stop());

test('past so many requests the next gets 503 with Retry-After in JSON; those accepted are answered, and room comes back', async () => {
  system = await EdgeSystem.start({ edge: { maxRequests: 3 } });
  let open = () => {};
  system.slow = new Promise((resolve) => {
    open = resolve;
  });
  const accepted = Array.from({ length: 3 }, (_, n) => system.ask('http', `{ slow${n}: slow }`)); // each its own
  await eventually(() => system.fetches === 3);
  for (const query of ['{ shelf(id: "1") { id } }', '{ not even']) {
    const shed = await system.ask('http', query);
    expect([shed.status, shed.headers.get('retry-after'), shed.errors[0]?.extensions.code]).toEqual([
      503,
      '1',
      'OVERLOADED',
    ]);
  }
  expect((await fetch(system.url.replace('/graphql', '/healthz'))).status).toBe(200);
  open();
  expect((await Promise.all(accepted)).map((each) => each.data)).toEqual(
    Array.from({ length: 3 }, (_, n) => ({ [`slow${n}`]: 'done' })),
  );
  await eventually(async () => (await system.ask('http', '{ shelf(id: "1") { id } }')).status === 200);
});

test('on sockets, too', async () => {
  system = await EdgeSystem.start({ edge: { maxRequests: 2 } });
  let open = () => {};
  system.slow = new Promise((resolve) => {
    open = resolve;
  });
  const socket = await system.connect();
  const accepted = [system.operate(socket, { query: '{ slow }' }), system.operate(socket, { query: '{ b: slow }' })];
  await eventually(() => system.fetches === 2);
  expect((await system.operate(socket, { query: '{ slow }' })).errors).toMatchObject([
    { extensions: { code: 'OVERLOADED' } },
  ]);
  open();
  expect((await Promise.all(accepted)).map((each) => each.data)).toEqual([{ slow: 'done' }, { b: 'done' }]);
});

const SLOWLY = { perSecond: 0.001, burst: 2 };

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('a viewer has so many operations of a class, over their token; others are not held up', async () => {
    system = await EdgeSystem.start({
      edge: {
        rates: {
          rates: { mutation: { perSecond: 0.001, burst: 4 }, loud: SLOWLY },
          classOf: { 'Mutation.shout': 'loud' },
        },
      },
    });
    const [ann, bob] = [await system.token('ann'), await system.token('bob')];
    const ask = (token: string, query: string) => system.ask(transport, query, token);
    const shout = 'mutation { shout(text: "a") }';
    expect([(await ask(ann, shout)).errors, (await ask(ann, shout)).errors]).toEqual([[], []]);
    const late = await ask(ann, shout);
    expect(late.errors).toMatchObject([{ extensions: { code: 'TOO_MANY' } }]);
    if (transport === 'http')
      expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect((await ask(ann, 'mutation { add(title: "a") }')).errors).toEqual([]);
    expect((await ask(ann, '{ mine }')).errors).toEqual([]);
    expect((await ask(bob, shout)).errors).toEqual([]);
    expect(
      (await ask(ann, 'mutation { ...F } fragment F on Mutation { ... { shout(text: "a") } }')).errors,
    ).toHaveLength(1);
    expect((await ask(bob, 'mutation { a: shout(text: "a") b: shout(text: "b") }')).errors).toHaveLength(1);
  });
});

test('somebody not signed in is counted by address: of the connection, or of the last proxy that is ours', async () => {
  const rates = { rates: { query: SLOWLY }, classOf: {} };
  const ask = (forwarded: string) =>
    fetch(system.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
      body: '{"query":"{ shelf(id: 1) { id } }"}',
    }).then(({ status }) => status);
  system = await EdgeSystem.start({ edge: { rates } });
  expect([await ask('1.1.1.1'), await ask('2.2.2.2'), await ask('3.3.3.3')]).toEqual([200, 200, 429]);
  await system.stop();
  system = await EdgeSystem.start({ edge: { rates, trustedProxies: 1 } });
  expect([await ask('9.9.9.9, 1.1.1.1'), await ask('8.8.8.8, 1.1.1.1'), await ask('7.7.7.7, 1.1.1.1')]).toEqual([
    200, 200, 429,
  ]);
  expect(await ask('1.1.1.1, 2.2.2.2')).toBe(200);
});

test('a bucket fills up again with time, to its burst and not beyond; what is refused takes nothing', () => {
  const clock = new FakeClock(0);
  const limiter = new RateLimiter({ rates: { query: { perSecond: 2, burst: 3 } }, classOf: {} }, clock);
  const take = () => limiter.take('ann', 'query', []);
  expect([take(), take(), take(), take(), take()]).toEqual([0, 0, 0, 500, 500]);
  clock.advance(500);
  expect([take(), take()]).toEqual([0, 500]);
  clock.advance(60_000);
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 500]);
  expect(limiter.take('__proto__', 'constructor', ['toString', '__proto__'])).toBe(0);
});
