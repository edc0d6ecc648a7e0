/**
 * Token buckets that all gateways share, in the store. A bucket is one number: when it will be full again (the generic cell rate
 * algorithm), so that taking is one atomic update, and a bucket that is full again says nothing and is deleted. A process takes a
 * few tokens at a time and spends them by itself, so the store is not asked each time; those it does not spend are lost, so that
 * all processes together may allow less than the rate, never more. Times: ms.
 */
import type { Logger } from 'pino';
import { BoundedMap } from '../platform/bounded-map.ts';
import type { Clock } from '../platform/ports/clock.ts';
import { type Collection, isDuplicateKey, type Store } from '../platform/ports/store.ts';
import { withTimeout } from '../platform/ports/timeout.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { Rate } from './rate-limits.ts';

interface Bucket {
  _id: string;
  fullAt: number;
}

/** Tokens taken from the store, not spent yet. */
interface Lease {
  tokens: number;
  readonly until: number;
}

const COLLECTION = 'rate_limits';
/** The part of a burst that a process takes at once, and for how long it keeps it. */
const LEASE_PART = 1 / 8;
const LEASE_MS = 2_000;
const MAX_LEASES = 50_000;
/** Who waits for a token is a person: a store that is slower than this is not asked for a while. */
const STORE_MS = 1_000;
const CLEANUP_MS = 60_000;
const MAX_RACES = 5;

export class SharedRates {
  readonly #buckets: Collection<Bucket>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #leases = new BoundedMap<string, Lease>(MAX_LEASES);
  /** Buckets being asked for in the store: as many as requests under way. */
  readonly #asking = new Map<string, Promise<number>>();
  readonly #breaker: CircuitBreaker;
  #cleanup: NodeJS.Timeout | undefined;

  constructor(store: Store, clock: Clock, logger: Logger) {
    this.#buckets = store.collection<Bucket>(COLLECTION);
    this.#clock = clock;
    this.#logger = logger;
    this.#breaker = new CircuitBreaker(clock, { windowMs: 10_000, minCalls: 3, failureRatio: 0.5, openMs: 5_000 });
  }

  async start(): Promise<void> {
    await this.#buckets.createIndex({ fullAt: 1 });
    this.#cleanup = setInterval(() => void this.deleteFull().catch(() => undefined), CLEANUP_MS).unref();
  }

  stop(): void {
    clearInterval(this.#cleanup);
  }

  /**
   * Takes `count` tokens; 0: taken, otherwise how many ms until there are as many. A store that does not answer lets everybody
   * pass: the process's own buckets have been asked before, and what nobody could count is no reason to refuse what they may do.
   */
  async take(key: string, rate: Rate, count: number): Promise<number> {
    for (let asking = this.#asking.get(key); asking; asking = this.#asking.get(key)) await asking;
    const lease = this.#leases.get(key);
    if (lease && lease.until > this.#clock.now() && lease.tokens >= count) {
      lease.tokens -= count;
      return 0;
    }
    const asked = this.#ask(key, rate, count).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  /** Deletes what no longer counts. */
  async deleteFull(): Promise<number> {
    return (await this.#buckets.deleteMany({ fullAt: { $lt: this.#clock.now() } })).deletedCount;
  }

  /** One at a time for a bucket: what is waited for meanwhile may come out of the same lease. */
  async #ask(key: string, rate: Rate, count: number): Promise<number> {
    try {
      if (!this.#breaker.allow()) return 0;
      const wait = await withTimeout(this.#takeStored(key, rate, count), STORE_MS);
      this.#breaker.report(true);
      return wait;
    } catch (error) {
      this.#breaker.report(false);
      this.#logger.warn({ err: error }, 'shared rate limits cannot be read: those of this process count alone');
      return 0;
    }
  }

  async #takeStored(key: string, rate: Rate, count: number): Promise<number> {
    const several = Math.max(count, Math.ceil(rate.burst * LEASE_PART));
    const wait = await this.#move(key, rate, several);
    if (wait > 0) return several > count ? this.#move(key, rate, count) : wait;
    this.#leases.set(key, { tokens: several - count, until: this.#clock.now() + LEASE_MS });
    return 0;
  }

  /** Moves the moment when the bucket will be full by `count` tokens, where it then is not further away than a whole burst. */
  async #move(_id: string, { perSecond, burst }: Rate, count: number): Promise<number> {
    const costMs = (count * 1_000) / perSecond;
    const burstMs = (burst * 1_000) / perSecond;
    if (costMs > burstMs) return Math.ceil(costMs); // more than it ever holds
    for (let races = 0; races < MAX_RACES; races += 1) {
      const now = this.#clock.now();
      const latest = now + burstMs - costMs;
      const { matchedCount } = await this.#buckets.updateOne(
        { _id, fullAt: { $gte: now, $lte: latest } },
        { $inc: { fullAt: costMs } },
      );
      if (matchedCount > 0) return 0;
      if (await this.#fill(_id, now, costMs)) return 0;
      const { fullAt = now } = (await this.#buckets.findOne({ _id })) ?? {};
      if (fullAt > latest) return Math.ceil(fullAt - latest);
    }
    return Math.ceil(costMs); // so many at once that nobody gets through
  }

  /** The first tokens of a bucket that is full, or not there. @returns false: it is neither */
  async #fill(_id: string, now: number, costMs: number): Promise<boolean> {
    try {
      await this.#buckets.updateOne(
        { _id, fullAt: { $lt: now } },
        { $set: { fullAt: now + costMs } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
