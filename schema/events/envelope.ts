/** CloudEvents 1.0 in Kafka's binary mode: the attributes are headers, the value is the data as JSON. */
import { randomUUID } from 'node:crypto';

export interface CloudEvent {
  readonly id?: string;
  /** Who says so, such as `/content`. A repeated `source` + `id` is the same event. */
  readonly source: string;
  /** `<subgraph>.<thing>.<past-tense verb>` */
  readonly type: string;
  /** Ms since the epoch. */
  readonly timeMs: number;
}

/** A message for the event log: `key` is the id whose order matters. */
export function toMessage(
  event: CloudEvent,
  key: string,
  data: unknown,
): { key: string; value: string; headers: Record<string, string> } {
  return {
    key,
    value: JSON.stringify(data),
    headers: {
      ce_specversion: '1.0',
      ce_id: event.id ?? randomUUID(),
      ce_source: event.source,
      ce_type: event.type,
      ce_time: new Date(event.timeMs).toISOString(),
      'content-type': 'application/json',
    },
  };
}
