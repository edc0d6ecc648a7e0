/**
 * How often one viewer may ask: a token bucket (capacity, refill per second) for each class of operation. Which root field is of
 * which class is told by whoever starts the gateway. This process's own buckets are asked first and cost nothing; for classes
 * that are `shared` those of all gateways together are asked after.
 */
import type { Clock } from '../platform/ports/clock.ts';
import type { SharedRates } from './shared-rates.ts';

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
  /** Whether all gateways count together, where they have a store; default: each by itself. */
  readonly shared?: boolean;
}

export interface RateOptions {
  /** `query`, `mutation` and `subscription` hold for every operation of that kind; the others are named by `classOf`. */
  readonly rates: Readonly<Record<string, Rate>>;
  /** Root field, such as `Mutation.sendMessage`, to the name of its class. */
  readonly classOf: Readonly<Record<string, string>>;
}

/** Buckets at once; past it the one touched longest ago goes, which is the fullest. */
const MAX_BUCKETS = 100_000;

interface Bucket {
  tokens: number;
  at: number;
}

export class RateLimiter {
  readonly #options: RateOptions;
  readonly #clock: Clock;
  readonly #shared: SharedRates | null;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateOptions, clock: Clock, shared: SharedRates | null = null) {
    this.#options = options;
    this.#clock = clock;
    this.#shared = shared;
  }

  /** Takes one token per class of the operation; 0: taken, otherwise how many ms until there is one, and none is taken. */
  take(viewer: string, kind: string, rootFields: readonly string[]): number {
    const wanted = this.#classesOf(kind, rootFields).map(({ name, rate, count }) => ({
      bucket: this.#bucket(`${name} ${viewer}`, rate),
      rate,
      count,
    }));
    const waits = wanted.map(({ bucket, rate, count }) => ((count - bucket.tokens) / rate.perSecond) * 1000);
    const wait = Math.max(0, ...waits);
    if (wait > 0) return Math.ceil(wait);
    for (const { bucket, count } of wanted) bucket.tokens -= count;
    return 0;
  }

  /** The same from the buckets that all gateways share, the rarest class first; to be asked where `take` gave 0. */
  async takeShared(viewer: string, kind: string, rootFields: readonly string[]): Promise<number> {
    if (!this.#shared) return 0;
    const wanted = this.#classesOf(kind, rootFields).filter(({ rate }) => rate.shared);
    wanted.sort((a, b) => a.rate.perSecond - b.rate.perSecond);
    for (const { name, rate, count } of wanted) {
      const wait = await this.#shared.take(`${name} ${viewer}`, rate, count);
      if (wait > 0) return wait;
    }
    return 0;
  }

  #classesOf(kind: string, rootFields: readonly string[]): { name: string; rate: Rate; count: number }[] {
    const { rates, classOf } = this.#options;
    const classes = new Map<string, number>([[kind, 1]]);
    for (const field of rootFields) {
      const name = Object.hasOwn(classOf, field) ? classOf[field] : undefined;
      if (name !== undefined) classes.set(name, (classes.get(name) ?? 0) + 1);
    }
    return [...classes].flatMap(([name, count]) => {
      const rate = Object.hasOwn(rates, name) ? rates[name] : undefined;
      return rate ? [{ name, rate, count }] : [];
    });
  }

  #bucket(key: string, rate: Rate): Bucket {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * rate.perSecond);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value as string);
    return bucket;
  }
}
