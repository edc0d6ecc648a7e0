/**
 * Wakes the embedded event log's readers when there may be something new: at once for events of this process, and by
 * watching the file for those of others, only while somebody waits. Wake-ups may be spurious; none is lost.
 */
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 20;

export class WakeUps {
  readonly #dataVersion: () => number;
  readonly #sleepers = new Map<string, Set<() => void>>();
  readonly #due = new Set<string>();
  #readers = 0;
  #poll: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #seenVersion = 0;

  /** `dataVersion` changes whenever another connection has written. */
  constructor(dataVersion: () => number) {
    this.#dataVersion = dataVersion;
  }

  /** A reader begins: before its first look at the events. */
  enter(): void {
    this.#readers += 1;
    if (this.#poll) return;
    this.#seenVersion = this.#dataVersion();
    this.#poll = setInterval(() => this.#lookForOthers(), POLL_MS);
  }

  /** A reader has ended. */
  leave(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    clearInterval(this.#poll);
    this.#poll = undefined;
    clearImmediate(this.#soon);
    this.#soon = undefined;
    this.#due.clear();
  }

  /** This process has written to the topic. Readers run in a later turn of the event loop, never inside the writer. */
  notify(topic: string): void {
    if (!this.#sleepers.has(topic)) return;
    this.#due.add(topic);
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      const due = [...this.#due];
      this.#due.clear();
      for (const name of due) this.#wake(name);
    });
  }

  /** Resolves at the topic's next wake-up or when the signal is aborted. */
  sleep(topic: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const sleepers = this.#sleepers.get(topic) ?? new Set();
    this.#sleepers.set(topic, sleepers);
    return new Promise((resolve) => {
      const wake = (): void => {
        sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      sleepers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #wake(topic: string): void {
    for (const wake of [...(this.#sleepers.get(topic) ?? [])]) wake();
  }

  #lookForOthers(): void {
    let version: number;
    try {
      version = this.#dataVersion();
    } catch {
      return; // busy: the next look, 20 ms on, sees the same
    }
    if (version === this.#seenVersion) return;
    this.#seenVersion = version;
    for (const topic of this.#sleepers.keys()) this.#wake(topic);
  }
}

/** Waits, less long if the signal is aborted. */
export async function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
