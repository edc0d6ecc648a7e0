/**
 * The channels that are open, by subscription field and key, and those kept a short while for subscribers who come back. The
 * open ones are bounded by the subscriptions, the kept ones by number and time.
 */
import type { LiveChannel } from './live-channel.ts';

/** How many channels without a subscriber there may be. */
const MAX_KEPT = 1_000;

export class LiveChannels {
  readonly #keptMs: number;
  /** By field name, then by key (null: every message of the topic). */
  readonly #channels = new Map<string, Map<string | null, LiveChannel>>();
  /** Channels without a subscriber, the longest kept first. */
  readonly #kept = new Map<LiveChannel, NodeJS.Timeout>();

  /** @param keptMs how long a channel outlives its last subscriber */
  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  get keptCount(): number {
    return this.#kept.size;
  }

  all(): LiveChannel[] {
    return [...this.#channels.values()].flatMap((channels) => [...channels.values()]);
  }

  find(fieldName: string, key: string | null): LiveChannel | undefined {
    return this.#channels.get(fieldName)?.get(key);
  }

  /** For somebody who subscribes: the one there is, or a new one. */
  take(fieldName: string, key: string | null, make: () => LiveChannel): LiveChannel {
    const channels = this.#channels.get(fieldName) ?? new Map<string | null, LiveChannel>();
    this.#channels.set(fieldName, channels);
    const channel = channels.get(key) ?? make();
    channels.set(key, channel);
    clearTimeout(this.#kept.get(channel));
    this.#kept.delete(channel);
    return channel;
  }

  /** The last subscriber has gone: keeps what somebody who comes back could be served from, drops the rest. */
  release(channel: LiveChannel): void {
    if (!channel.worthKeeping || this.#keptMs === 0 || !this.#isOpen(channel)) {
      this.drop(channel);
      return;
    }
    this.#kept.set(channel, setTimeout(() => this.drop(channel), this.#keptMs).unref());
    const [oldest] = this.#kept.keys();
    if (oldest && this.#kept.size > MAX_KEPT) this.drop(oldest);
  }

  drop(channel: LiveChannel): void {
    clearTimeout(this.#kept.get(channel));
    this.#kept.delete(channel);
    channel.forget();
    if (!this.#isOpen(channel)) return;
    const { name } = channel.live.field;
    const channels = this.#channels.get(name);
    channels?.delete(channel.key);
    if (channels?.size === 0) this.#channels.delete(name);
  }

  dropKept(): void {
    for (const channel of this.#kept.keys()) this.drop(channel);
  }

  #isOpen(channel: LiveChannel): boolean {
    return this.find(channel.live.field.name, channel.key) === channel;
  }
}
