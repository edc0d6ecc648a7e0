/**
 * An event log that tells what goes through it: events carry the id and the trace of the request that published them, and
 * whoever reads one works on behalf of that request, across processes. Counts events, and how far each consumer group is behind.
 */

import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { eventsConsumed, eventsPublished } from './metrics.ts';
import type { EventLog, LoggedEvent } from './ports/event-log.ts';
import { withTimeout } from './ports/timeout.ts';
import { REQUEST_ID, runInScope, scopeFrom, scopeHeaders } from './request-scope.ts';
import { inSpan } from './tracing.ts';

/** A scrape waits this long for the log to tell where its groups stand. */
const LAG_MS = 3_000;
/** Request ids named in one line of the log. */
const MAX_NAMED = 10;

/** The groups that this process reads as, by log. */
const groups = new Map<EventLog, Map<string, { readonly group: string; readonly topic: string }>>();

new Gauge({
  name: 'consumer_lag',
  help: 'Events in the topic that the group has not committed yet, over all partitions',
  labelNames: ['topic', 'group'],
  aggregator: 'max', // threads of one group all tell of the whole group
  async collect() {
    this.reset();
    const all = [...groups].flatMap(([log, each]) => [...each.values()].map((reads) => ({ log, ...reads })));
    await Promise.allSettled(
      all.map(async ({ log, group, topic }) => {
        const partitions = await withTimeout(log.progress(group, topic), LAG_MS);
        const lag = partitions.reduce((sum, { committed, end }) => sum + (end - committed), 0);
        this.set({ topic, group }, lag);
      }),
    );
  },
});

export function observed(log: EventLog, logger: Logger): EventLog {
  const mine = new Map<string, { readonly group: string; readonly topic: string }>();
  groups.set(log, mine);
  return {
    createTopics: (specs) => log.createTopics(specs),
    read: (options) => log.read(options),
    progress: (group, topic) => log.progress(group, topic),

    publish: (topic, events) =>
      inSpan({ name: `publish ${topic}`, kind: 'producer', attributes: { 'messaging.system': 'kafka' } }, async () => {
        const headers = scopeHeaders();
        await log.publish(
          topic,
          events.map((event) => ({ ...event, headers: { ...headers, ...event.headers } })),
        );
        eventsPublished.inc({ topic }, events.length);
      }),

    async consume(options, handler) {
      const { topic, group } = options;
      const reader = await log.consume(options, (batch) => {
        const requestIds = [...new Set(batch.flatMap(({ headers }) => headers[REQUEST_ID] ?? []))];
        const named = requestIds.slice(0, MAX_NAMED);
        logger.debug({ topic, group, events: batch.length, requestIds: named }, 'events to handle');
        const name = `consume ${topic}`;
        return inSpan(
          { name, kind: 'consumer', attributes: { 'messaging.consumer.group.name': group } },
          async () => {
            await handler(batch);
            eventsConsumed.inc({ topic, group }, batch.length);
          },
          { scope: scopeOf(batch[0]) },
        );
      });
      const key = `${group} ${topic}`;
      mine.set(key, { group, topic });
      return {
        async close() {
          mine.delete(key);
          await reader.close();
        },
      };
    },

    tail: (options, handler) => log.tail(options, (event) => runInScope(scopeOf(event), () => handler(event))),

    async close() {
      groups.delete(log);
      await log.close();
    },
  };
}

/** Of a batch the first event speaks: most have one, and the log names the others. */
function scopeOf(event: LoggedEvent | undefined) {
  return event && event.headers[REQUEST_ID] !== undefined ? scopeFrom(event.headers) : undefined;
}
