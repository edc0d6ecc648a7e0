/**
 * The gate in front of Apollo Server's execution. Apollo's own validation is switched off: it runs every rule at once, so that
 * a limit would be found only after the work it is there to avoid.
 */
import { type ApolloServerPlugin, type GraphQLResponse, HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { BoundedMap } from '../platform/bounded-map.ts';
import type { Identity } from '../platform/identity.ts';
import type { Operations } from './operations.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

export interface EdgeContext {
  readonly identity: Identity;
  /** Who is counted for rates; null: the gateway itself. */
  readonly viewer: string | null;
  /** The socket has asked the gate already. */
  readonly admitted: boolean;
}

type Format = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** `gateFor` says which gate a request passes, once for each. */
export function admissionPlugin(
  gateFor: (context: EdgeContext) => Operations,
  format: Format,
): ApolloServerPlugin<EdgeContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ source, request, contextValue, document, operation, overallCachePolicy }) {
          const { identity, viewer, admitted } = contextValue;
          const gate = gateFor(contextValue);
          if (!admitted) {
            const { operationName, variables = {} } = request;
            const passed = gate.admit({ source, operationName, variables, identity, viewer });
            if (!('operation' in passed)) return answer(passed, format);
            if (passed.operation.operation === 'subscription') return overHttp(format);
          }
          const late = await gate.lateForAll(viewer, document, operation);
          if (late) return answer([late], format);
          // Apollo Server writes the header from this, and `no-store` where there is none or an error came.
          const maxAge = request.http?.method === 'GET' ? gate.cacheableFor(document, operation) : 0;
          if (maxAge > 0) overallCachePolicy.replace({ maxAge, scope: 'PUBLIC' });
          return null;
        },
      };
    },
  };
}

function overHttp(format: Format): GraphQLResponse {
  const error = new GraphQLError(
    'Subscriptions are served at the same address over graphql-ws (graphql-transport-ws).',
    {
      extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
    },
  );
  return answer([error], format);
}

function answer(errors: readonly GraphQLError[], format: Format): GraphQLResponse {
  const { status = 400, headers } = (errors[0]?.extensions['http'] ?? {}) as {
    status?: number;
    headers?: ReadonlyMap<string, string>;
  };
  const http = { status, headers: new HeaderMap(headers ?? []) };
  return {
    http,
    body: { kind: 'single', singleResult: { errors: errors.map((each) => format(each.toJSON(), each)) } },
  };
}

/** Where Apollo Server looks a hash up: the manifest first, then what clients registered, unless only the manifest counts. */
export function persistedQueries({ only, byHash }: TrustedDocuments) {
  const registered = new BoundedMap<string, string>(MAX_REGISTERED);
  return {
    async get(key: string): Promise<string | undefined> {
      const hash = String(key).replace(/^apq:/, '');
      return byHash.get(hash) ?? registered.get(hash);
    },
    async set(key: string, source: string): Promise<void> {
      if (only || source.length > MAX_REGISTERED_CHARACTERS) return;
      registered.set(key.replace(/^apq:/, ''), source);
    },
    async delete(key: string): Promise<boolean> {
      return registered.delete(key.replace(/^apq:/, ''));
    },
  };
}

const MAX_REGISTERED = 1_000;
const MAX_REGISTERED_CHARACTERS = 10_000;
