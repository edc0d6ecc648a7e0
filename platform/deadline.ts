/**
 * Stops a subgraph's work for a request whose time is over: graphql-js itself goes on to the end. What has not begun is not
 * begun, and who waits is answered at once.
 */
import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { AppError } from '../schema/errors.ts';
import { withTimeout } from './ports/timeout.ts';
import { remainingMs } from './request-scope.ts';

const overdue = (): AppError => new AppError('UNAVAILABLE', 'The time for this request is over.');

const prepared = new WeakSet<GraphQLSchema>();

/** Puts the question before every field that has a resolver of its own; those that only read a property cost nothing. */
export function stopWhenOver(schema: GraphQLSchema): void {
  if (prepared.has(schema)) return;
  prepared.add(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || resolve === defaultFieldResolver) continue;
      field.resolve = (source, args, context, info) => {
        if (remainingMs() === 0) throw overdue();
        return resolve(source, args, context, info);
      };
    }
  }
}

/** @throws AppError UNAVAILABLE when the work is not done by the request's end, or within `timeoutMs` */
export async function beforeDeadline<T>(work: () => T | Promise<T>, timeoutMs: number): Promise<T> {
  const leftMs = Math.min(timeoutMs, remainingMs() ?? timeoutMs);
  if (leftMs <= 0) throw overdue();
  const done = work();
  if (!(done instanceof Promise)) return done;
  return withTimeout(done, leftMs, overdue);
}
