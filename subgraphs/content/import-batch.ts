/** What an import publishes, many events at once: records to `content_sync`, unusable rows to its dead letters. */
import type { EventLog, NewEvent } from '../../platform/ports/event-log.ts';
import type { PlatformName } from '../../schema/events/content-sync.ts';
import { CONTENT_SYNC, deadLettersOf } from '../../schema/events/topics.ts';
import type { RejectedRow } from './connectors/connector.ts';

const BATCH = 500;
const BATCH_BYTES = 4_000_000;

/** Collects events so that one publish carries many. */
export class ImportBatch {
  readonly #log: EventLog;
  #records: NewEvent[] = [];
  #rejected: NewEvent[] = [];
  #sizeBytes = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  get isFull(): boolean {
    return this.#records.length + this.#rejected.length >= BATCH || this.#sizeBytes >= BATCH_BYTES;
  }

  addRecord(event: NewEvent): void {
    this.#records.push(event);
    this.#sizeBytes += event.value?.length ?? 0;
  }

  addRejected(event: NewEvent): void {
    this.#rejected.push(event);
    this.#sizeBytes += event.value?.length ?? 0;
  }

  async flush(): Promise<void> {
    const [records, rejected] = [this.#records, this.#rejected];
    this.#records = [];
    this.#rejected = [];
    this.#sizeBytes = 0;
    if (records.length > 0) await this.#log.publish(CONTENT_SYNC.name, records);
    if (rejected.length > 0) await this.#log.publish(deadLettersOf(CONTENT_SYNC.name), rejected);
  }
}

/** The key is the row's place, so that the same broken file read again is counted once. */
export function quarantined(
  platform: PlatformName,
  fileName: string,
  { row, reason, raw }: RejectedRow,
  snapshotId: string,
): NewEvent {
  return {
    key: `${platform}:${fileName}#${row}`,
    value: raw,
    headers: { dlq_reason: reason, dlq_row: String(row), dlq_platform: platform, dlq_snapshot: snapshotId },
  };
}
