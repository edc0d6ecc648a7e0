/** Counts of what became of `user_events` in this process, in prom-client's default registry: for `/metrics`, and for tests. */
import { Counter, Gauge } from 'prom-client';
import type { EventLog, Reader } from '../../platform/ports/event-log.ts';
import { deadLettersOf, USER_EVENTS } from '../../schema/events/topics.ts';

/** Interactions that changed a profile. */
export const learnedEvents = new Counter({
  name: 'user_events_learned_total',
  help: 'Interactions that a profile has learned from',
});

/** Copies of interactions seen before, at another place of the log. */
export const repeatedEvents = new Counter({
  name: 'user_events_repeated_total',
  help: 'Copies of interactions, passed over',
});

/** By what was wrong: a field's name, or `json`, `empty`, `other`. */
export const refusedEvents = new Counter({
  name: 'user_events_refused_total',
  help: 'Events given up, which are in the dead-letter topic',
  labelNames: ['reason'] as const,
});

/** Asked for at most so often: on Kafka it is a call of the broker. */
const LAG_PERIOD_MS = 5_000;

/** Of the whole group, whichever process is asked. */
export const lag = new Gauge({
  name: 'user_events_lag',
  help: 'Events on the log that no process has learned from, a few seconds ago',
  aggregator: 'max', // of the whole group, whichever thread tells it
});

/** Keeps `user_events_lag` as it stands for the group, until the reader is closed. A log that does not answer leaves the last value. */
export function observeLag(log: EventLog, group: string): Reader {
  const ask = async (): Promise<void> => {
    try {
      const progress = await log.progress(group, USER_EVENTS.name);
      lag.set(progress.reduce((sum, { committed, end }) => sum + end - committed, 0));
    } catch {
      // The log's own failure is told by whoever needs it.
    }
    asking = undefined;
  };
  let asking: Promise<void> | undefined = ask();
  const timer = setInterval(() => {
    asking ??= ask(); // never two at a time, however long one takes
  }, LAG_PERIOD_MS).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await asking;
    },
  };
}

const FIELD =
  /\b(event_id|user_id|event_type|content_id|content_platform|context_data|timestamp|time_?zone|watchProgress|position_ms|duration_ms|event)[\w.]*:/;

/** A small set, whatever producers send. */
function reasonOf(text: string): string {
  const field = FIELD.exec(text)?.[1];
  if (field !== undefined) return field;
  if (text.includes('no value')) return 'empty';
  return text.includes('JSON') || text.includes('encoded data') ? 'json' : 'other';
}

/** The log, with what is put into the dead-letter topic of `user_events` counted. */
export const countingRefusals = (log: EventLog): EventLog => ({
  createTopics: (specs) => log.createTopics(specs),
  async publish(topic, events) {
    await log.publish(topic, events);
    if (topic !== deadLettersOf(USER_EVENTS.name)) return;
    for (const { headers } of events) refusedEvents.inc({ reason: reasonOf(headers?.['dlq_reason'] ?? '') });
  },
  consume: (options, handler) => log.consume(options, handler),
  tail: (options, handler) => log.tail(options, handler),
  read: (options) => log.read(options),
  progress: (group, topic) => log.progress(group, topic),
  close: () => log.close(),
});
