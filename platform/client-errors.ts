/** What a client may see of an error: its code and sentence where it was foreseen, nothing but a request to retry where not. */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { AppError, ERRORS } from '../schema/errors.ts';
import { graphqlErrors } from './metrics.ts';

/** Codes of graphql-js and Apollo Server: the request's own faults, safe to show. */
const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** Turns any error into what is sent; the unforeseen is logged in full and masked. */
export function toClientError(formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError {
  const shown = show(formatted, error, logger);
  graphqlErrors.inc({ code: String(shown.extensions?.['code']) });
  return shown;
}

function show(formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError {
  const { path, locations } = formatted;
  const shown = (message: string, code: string): GraphQLFormattedError => ({
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code },
  });
  const cause = rootCause(error);
  if (cause instanceof AppError) {
    if (cause.cause) logger.debug({ err: cause }, 'a foreseen failure');
    return shown(cause.message, cause.code);
  }
  const code = formatted.extensions?.['code'];
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR' && (code in ERRORS || REQUEST_FAULTS.has(code))) {
    return shown(formatted.message, code);
  }
  // A GraphQLError without a cause of its own is graphql-js speaking of the request: a bad variable, an unknown operation.
  if (cause instanceof GraphQLError && code === undefined && !path) return shown(cause.message, 'BAD_USER_INPUT');
  if (cause instanceof GraphQLError && isOfRequest(cause)) return shown(cause.message, 'BAD_USER_INPUT');
  logger.error({ err: cause, path }, 'an unforeseen error');
  return shown(ERRORS.INTERNAL_SERVER_ERROR.about, 'INTERNAL_SERVER_ERROR');
}

/** A value that only the subgraph's own scalar could judge, and what Apollo Server itself answers with a 4xx. */
function isOfRequest({ message, extensions }: GraphQLError): boolean {
  const { status } = (extensions['http'] ?? {}) as { status?: number };
  return message.startsWith('Argument "') || (status !== undefined && status >= 400 && status < 500);
}
