/**
 * What belongs to one request wherever it goes: its id, its trace (W3C Trace Context) and the moment when its time is over. It
 * follows the work by itself, through promises, and travels in headers: to subgraphs, and with events. Times: ms on this
 * process's monotonic clock.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';

/** Where in a trace we are. */
export interface TracePlace {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

export interface RequestScope {
  readonly requestId: string;
  readonly trace: TracePlace | null;
  /** On the clock of `performance.now()`; null: there is no limit but each call's own. */
  readonly deadline: number | null;
}

export const REQUEST_ID = 'x-request-id';
const TRACEPARENT = 'traceparent';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const scopes = new AsyncLocalStorage<RequestScope | undefined>();

/** The request on whose behalf this runs; undefined: none. */
export const currentScope = (): RequestScope | undefined => scopes.getStore();

/** Runs `work`, and all that it starts, on behalf of a request; undefined: of none. */
export const runInScope = <T>(scope: RequestScope | undefined, work: () => T): T => scopes.run(scope, work);

/** The scope that headers speak of. What is no proper id is not taken over: it will stand in logs and in headers. */
export function scopeFrom(headers: Headers, deadline: number | null = null): RequestScope {
  const given = headers[REQUEST_ID];
  const requestId = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  return { requestId, trace: readTraceparent(headers[TRACEPARENT]), deadline };
}

/** The headers that hand the current request on; none outside of one. */
export function scopeHeaders(): Record<string, string> {
  const scope = scopes.getStore();
  if (!scope) return {};
  return {
    [REQUEST_ID]: scope.requestId,
    ...(scope.trace && { [TRACEPARENT]: writeTraceparent(scope.trace) }),
  };
}

/** How long the current request may still take; null: no limit. Not below 0. */
export function remainingMs(): number | null {
  const deadline = scopes.getStore()?.deadline ?? null;
  return deadline === null ? null : Math.max(0, deadline - performance.now());
}

export const newTraceId = (): string => randomBytes(16).toString('hex');
export const newSpanId = (): string => randomBytes(8).toString('hex');

const TRACEPARENT_SHAPE = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

function readTraceparent(header: string | string[] | undefined): TracePlace | null {
  const [, traceId, spanId, flags] = (typeof header === 'string' && TRACEPARENT_SHAPE.exec(header)) || [];
  if (!traceId || !spanId || !flags) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

const writeTraceparent = ({ traceId, spanId, sampled }: TracePlace): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
