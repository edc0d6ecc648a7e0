/**
 * Spans of the work done for requests, for an OpenTelemetry collector: sent only where OTEL_EXPORTER_OTLP_ENDPOINT names one
 * (OTLP over HTTP, JSON encoding). Without one nothing is measured and the trace that came in is handed on as it is. The protocol
 * is spoken here directly: it is one JSON document per batch, where its libraries would be a dozen packages.
 */
import type { Logger } from 'pino';
import { spansDropped } from './metrics.ts';
import { currentScope, newSpanId, newTraceId, type RequestScope, runInScope } from './request-scope.ts';

/** As the protocol numbers them. */
const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
const STATUS_ERROR = 2;

export interface SpanOptions {
  readonly name: string;
  readonly kind: keyof typeof KINDS;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly status: { readonly code?: number };
}

/** Spans that wait to be sent, at most; what comes on top is dropped and counted. */
const MAX_WAITING = 2_048;
const MAX_BATCH = 512;
const BATCH_MS = 2_000;
const SEND_MS = 5_000;

class SpanExporter {
  readonly #url: string;
  readonly #service: string;
  readonly #logger: Logger;
  readonly #waiting: Span[] = [];
  readonly #timer: NodeJS.Timeout;
  #sending: Promise<void> | undefined;

  constructor(endpoint: string, service: string, logger: Logger) {
    this.#url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
    this.#service = service;
    this.#logger = logger;
    this.#timer = setInterval(() => void this.flush(), BATCH_MS).unref();
  }

  add(span: Span): void {
    if (this.#waiting.length >= MAX_WAITING) spansDropped.inc();
    else this.#waiting.push(span);
  }

  /** Sends what waits. Never rejects: a collector that is away costs spans, nothing else. */
  async flush(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    await this.#sending;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const spans = this.#waiting.splice(0, MAX_BATCH);
      try {
        const response = await fetch(this.#url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(this.#document(spans)),
          signal: AbortSignal.timeout(SEND_MS),
        });
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`status ${response.status}`);
      } catch (error) {
        spansDropped.inc(spans.length);
        this.#logger.debug({ err: error, spans: spans.length }, 'spans not taken by the collector');
        return;
      }
    }
  }

  #document(spans: readonly Span[]): object {
    const resource = { attributes: [attribute('service.name', this.#service)] };
    return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'firetv-backend' }, spans }] }] };
  }
}

let exporter: SpanExporter | null = null;

/** Sends this process's spans to a collector; null: nowhere. @returns what sends the last and ends it */
export function startTracing(endpoint: string | null, service: string, logger: Logger): () => Promise<void> {
  const started = endpoint === null ? null : new SpanExporter(endpoint, service, logger);
  exporter = started;
  return async () => {
    if (exporter === started) exporter = null;
    await started?.close();
  };
}

/**
 * Runs `work` as a span below the current one, for the current request or for `scope`. `failed` tells of a result that is a
 * failure all the same.
 */
export async function inSpan<T>(
  { name, kind, attributes = {} }: SpanOptions,
  work: () => Promise<T>,
  { scope = currentScope(), failed = () => false }: { scope?: RequestScope; failed?: (result: T) => boolean } = {},
): Promise<T> {
  if (!exporter || !scope || scope.trace?.sampled === false) return runInScope(scope, work);
  const to = exporter;
  const parent = scope.trace;
  const trace = { traceId: parent?.traceId ?? newTraceId(), spanId: newSpanId(), sampled: true };
  const startMs = performance.timeOrigin + performance.now();
  let isError = true;
  try {
    const result = await runInScope({ ...scope, trace }, work);
    isError = failed(result);
    return result;
  } finally {
    to.add({
      traceId: trace.traceId,
      spanId: trace.spanId,
      ...(parent && { parentSpanId: parent.spanId }),
      name,
      kind: KINDS[kind],
      startTimeUnixNano: nanoseconds(startMs),
      endTimeUnixNano: nanoseconds(performance.timeOrigin + performance.now()),
      attributes: [
        attribute('request.id', scope.requestId),
        ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      ],
      status: isError ? { code: STATUS_ERROR } : {},
    });
  }
}

const attribute = (key: string, value: string | number) => ({
  key,
  value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
});

const nanoseconds = (ms: number): string => `${Math.floor(ms)}${String(Math.floor((ms % 1) * 1e6)).padStart(6, '0')}`;
