/** Two gateways count what one viewer does together, in a store that they share. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { RateOptions } from '../../gateway/rate-limits.ts';
import { SharedRates } from '../../gateway/shared-rates.ts';
import { MongoStore } from '../../platform/adapters/mongo-store.ts';
import type { Store } from '../../platform/ports/store.ts';
import { FakeClock, openTestPorts } from '../support/ports.ts';
import { describeReal } from '../support/real-services.ts';
import { EdgeSystem, TRANSPORTS } from './edge-system.ts';

const quiet = pino({ level: 'silent' });
const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** What every store must give. */
function countsTogether(open: () => Promise<Store>): void {
  const processes = async (count: number, clock = new FakeClock(1_750_000_000_000)) => {
    const store = await open();
    const made = Array.from({ length: count }, () => new SharedRates(store, clock, quiet));
    for (const rates of made) await rates.start();
    cleanUps.push(() => {
      for (const rates of made) rates.stop();
    });
    return { made, clock, buckets: store.collection('rate_limits') };
  };

  test('two processes at once let no more through than the burst, and then no more than the rate', async () => {
    const { made, clock } = await processes(2);
    const rate = { perSecond: 2, burst: 40 };
    const takeAll = async () => {
      const waits = await Promise.all(Array.from({ length: 100 }, (_, n) => made[n % 2]?.take('k', rate, 1)));
      return waits.filter((wait) => wait === 0).length;
    };
    const first = await takeAll();
    expect(first).toBeLessThanOrEqual(40);
    expect(first).toBeGreaterThanOrEqual(40 - 2 * 5); // what two processes hold and have not spent
    clock.advance(5_000);
    expect(await takeAll()).toBeLessThanOrEqual(10);
  });

  test('says how long to wait, takes nothing where it refuses, and is full again in time', async () => {
    const { made, clock } = await processes(1);
    const take = (count = 1) => made[0]?.take('k', { perSecond: 2, burst: 3 }, count);
    expect([await take(), await take(), await take(), await take(), await take()]).toEqual([0, 0, 0, 500, 500]);
    clock.advance(500);
    expect([await take(), await take()]).toEqual([0, 500]);
    clock.advance(60_000);
    expect([await take(4), await take(3), await take()]).toEqual([2_000, 0, 500]);
  });

  test('what is full again is deleted, what is not is kept', async () => {
    const { made, clock, buckets } = await processes(1);
    await made[0]?.take('soon', { perSecond: 1, burst: 1 }, 1);
    await made[0]?.take('later', { perSecond: 0.01, burst: 1 }, 1);
    clock.advance(2_000);
    expect(await made[0]?.deleteFull()).toBe(1);
    expect(await buckets.find({}).toArray()).toMatchObject([{ _id: 'later' }]);
  });
}

describe('in the embedded store', () => {
  countsTogether(async () => {
    const ports = await openTestPorts();
    cleanUps.push(() => ports.close());
    return ports.store;
  });
});

describeReal('in MongoDB', ['MONGODB_URL'], ({ MONGODB_URL }) => {
  countsTogether(async () => {
    const database = `rates_${crypto.randomUUID().slice(0, 8)}`;
    const store = await MongoStore.open({ url: MONGODB_URL, database, logger: quiet });
    cleanUps.push(async () => {
      await store.collection('rate_limits').deleteMany({});
      await store.close();
    });
    return store;
  });
});

test('a store that fails or hangs holds nobody up for long: each process counts by itself', async () => {
  let asked = 0;
  const hanging = new Proxy(
    {},
    {
      get: () => () => {
        asked += 1;
        return asked % 2 ? Promise.reject(new Error('down')) : new Promise(() => undefined);
      },
    },
  );
  const store = { collection: () => hanging } as unknown as Store;
  const rates = new SharedRates(store, new FakeClock(0), quiet);
  const waits: number[] = [];
  for (let n = 0; n < 20; n += 1) waits.push(await rates.take(`k${n}`, { perSecond: 1, burst: 1 }, 1));
  expect(new Set(waits)).toEqual(new Set([0]));
  expect(asked).toBeLessThan(10); // after a few failures it is left alone for a while
});

const RATES: RateOptions = {
  rates: { mutation: { perSecond: 0.001, burst: 3, shared: true }, query: { perSecond: 0.001, burst: 1 } },
  classOf: {},
};

test.each(TRANSPORTS)(
  'through two gateways, over %s: a viewer has one bucket, and queries ask no store',
  async (transport) => {
    const ports = await openTestPorts();
    cleanUps.push(() => ports.close());
    const systems: EdgeSystem[] = [];
    for (let n = 0; n < 2; n += 1) {
      const sharedRates = new SharedRates(ports.store, ports.clock, quiet);
      const system = await EdgeSystem.start({ edge: { rates: RATES, sharedRates } });
      systems.push(system);
      cleanUps.push(() => system.stop());
    }
    const [one, two] = systems as [EdgeSystem, EdgeSystem];
    const add = 'mutation { add(title: "a") }';
    const [ann, bob] = [await one.token('ann'), await one.token('bob')];
    for (const system of [one, two, one]) expect((await system.ask(transport, add, ann)).errors).toEqual([]);
    const late = await two.ask(transport, add, ann);
    expect(late.errors).toMatchObject([{ extensions: { code: 'TOO_MANY' } }]);
    if (transport === 'http') expect([late.status, Number(late.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await two.ask(transport, add, bob)).errors).toEqual([]);
    for (const system of systems)
      expect((await system.ask(transport, '{ shelf(id: 1) { id } }', bob)).errors).toEqual([]);
    expect(await ports.store.collection('rate_limits').countDocuments()).toBe(2);
  },
);
