/** What a helper process can be told to do and what it says; and how a log is opened, here and there alike. */
import { pino } from 'pino';
import { EmbeddedEventLog } from '../../../platform/adapters/embedded-event-log.ts';
import { KafkaEventLog } from '../../../platform/adapters/kafka-event-log.ts';
import type { EventLog } from '../../../platform/ports/event-log.ts';

/** How to open the log; plain data, so that it can be handed to another process. */
export type LogAddress =
  | { readonly kind: 'embedded'; readonly path: string }
  | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly topicPrefix: string };

export interface HelperTask {
  readonly log: LogAddress;
  readonly topic: string;
  readonly role:
    | { readonly do: 'tail'; readonly from: 'start' | 'now' }
    /** `hang`: takes a batch and never ends with it. */
    | { readonly do: 'consume'; readonly group: string; readonly hang: boolean }
    /** Publishes events of value 0, 1, 2 … to keys `a` to `e`, one after another, until it is ended. */
    | { readonly do: 'publish' }
    /** Uses everything once, closes it and does not exit by itself: the process ends only if no handle is left. */
    | { readonly do: 'use-and-close' };
}

export interface HelperEvent {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
}

export type HelperMessage =
  | { readonly say: 'ready' }
  | { readonly say: 'caught up' }
  | { readonly say: 'events'; readonly events: readonly HelperEvent[] }
  | { readonly say: 'acknowledged'; readonly value: number };

export async function openLog(address: LogAddress): Promise<EventLog> {
  if (address.kind === 'embedded') return EmbeddedEventLog.open({ path: address.path });
  const { brokers, topicPrefix } = address;
  return KafkaEventLog.open({ brokers, topicPrefix, clientId: 'event-log-test', logger: pino({ level: 'silent' }) });
}
