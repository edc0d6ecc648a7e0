/**
 * What every process counts of itself, in prom-client's default registry, and how `/metrics` shows it. Labels have few values,
 * all known beforehand: nothing that a client sends becomes one.
 */
import type { RequestHandler } from 'express';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry, register } from 'prom-client';
import { withTimeout } from './ports/timeout.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const httpRequests = new Counter({
  name: 'http_requests_total',
  help: 'GraphQL requests over HTTP, by status',
  labelNames: ['status'],
});
const httpDuration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time to answer a GraphQL request over HTTP',
  buckets: SECONDS,
});
/** Errors shown to those who asked, by code. */
export const graphqlErrors = new Counter({
  name: 'graphql_errors_total',
  help: 'Errors in answers, by code',
  labelNames: ['code'],
});
export const subgraphDuration = new Histogram({
  name: 'subgraph_request_duration_seconds',
  help: 'Time a subgraph took to answer the gateway',
  labelNames: ['subgraph', 'outcome'],
  buckets: SECONDS,
});
export const eventsPublished = new Counter({
  name: 'events_published_total',
  help: 'Events stored in the log',
  labelNames: ['topic'],
});
export const eventsConsumed = new Counter({
  name: 'events_consumed_total',
  help: 'Events handled by a consumer group',
  labelNames: ['topic', 'group'],
});
export const deadLetters = new Counter({
  name: 'dead_letters_total',
  help: 'Events given up: they are in <topic>.dlq',
  labelNames: ['topic'],
});

export const spansDropped = new Counter({
  name: 'trace_spans_dropped_total',
  help: 'Spans that no collector took: too many at once, or it was away',
});

/** Counts and times what follows. */
export const observeHttp: RequestHandler = (_request, response, next) => {
  const done = httpDuration.startTimer();
  response.once('close', () => {
    done();
    httpRequests.inc({ status: response.writableFinished ? response.statusCode : 'aborted' });
  });
  next();
};

/** What threads of this process count, each in a registry of its own. */
const threads = new Set<() => Promise<object[]>>();
const THREAD_MS = 3_000;

/**
 * Shows what a thread counts together with what this one does. @param read its registry as JSON
 * @returns what ends it
 */
export function countAlso(read: () => Promise<object[]>): () => void {
  threads.add(read);
  return () => threads.delete(read);
}

/** A thread that does not answer is left out. */
async function withThreads(own: Registry): Promise<Registry> {
  if (threads.size === 0) return own;
  const answers = await Promise.allSettled([...threads].map((read) => withTimeout(read(), THREAD_MS)));
  const theirs = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  return AggregatorRegistry.aggregate([await own.getMetricsAsJSON(), ...theirs]);
}

/** Gauges read when asked for, by name: what each means and how to read it. */
export type Gauges = Readonly<Record<string, { readonly help: string; readonly read: () => number }>>;

/** Answers GET /metrics for this process, with gauges of what serves here. */
export function metricsPage(gauges: Gauges = {}): RequestHandler {
  const own = new Registry();
  collectDefaultMetrics({ register: own });
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers: [own],
      collect() {
        this.set(read());
      },
    });
  }
  return async (_request, response) => {
    const all = await withThreads(Registry.merge([own, register]));
    response.type(own.contentType).send(await all.metrics());
  };
}
