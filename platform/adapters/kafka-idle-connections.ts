/**
 * A repair of kafkajs 2.2.4 (tulios/kafkajs issues 1704 and 1751): each of its connections runs a timer of a negative time, that
 * is of 1 ms, for ever, to look whether a throttled request may go out. That is a thousand wake-ups a second for an idle
 * connection, and a TimeoutNegativeWarning on Node 24. Here the timer runs only while something waits. To be removed with the
 * first kafkajs that does so itself.
 */
import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  /** Ms since the epoch; -1 when the broker asked for no pause. */
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
}

/** As in kafkajs. */
const CHECK_PENDING_MS = 10;

let done = false;

/** Takes effect for all connections of this process. Idempotent. */
export function quietIdleConnections(): void {
  if (done) return;
  done = true;
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue;
  };
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    const throttledMs = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId || (throttledMs <= 0 && this.pending.length === 0)) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(throttledMs, CHECK_PENDING_MS),
    );
  };
}
