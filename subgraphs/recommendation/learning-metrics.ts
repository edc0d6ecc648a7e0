/** Counts of what became of `user_events` in this process, in prom-client's default registry: for `/metrics`, and for tests. */
import { Counter } from 'prom-client';
import type { EventLog } from '../../platform/ports/event-log.ts';
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
