/**
 * Configuration: one pure function from environment variables to a frozen, typed object. Lists every fault at once; hides
 * secrets when printed. Only `main.ts` files read `process.env`.
 */
import { join } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { DEMO_SECRETS, VARIABLES } from './config-variables.ts';

/** A value that prints as [secret] wherever it ends up. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

/** What a token must say of its origin, beside being signed; undefined: anything. */
interface TokenClaims {
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

export interface Config {
  readonly profile: 'development' | 'production';
  readonly host: string;
  readonly ports: Readonly<Record<'gateway' | 'content' | 'recommendation' | 'room', number>>;
  readonly subgraphs:
    | { readonly kind: 'in-process' }
    | { readonly kind: 'http'; readonly urls: Readonly<Record<string, string>> };
  readonly eventLog:
    | { readonly kind: 'embedded'; readonly path: string }
    | {
        readonly kind: 'kafka';
        readonly brokers: readonly string[];
        readonly topicPrefix: string;
        readonly ssl: boolean;
        /** Null: nobody signs in. */
        readonly sasl: {
          readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
          readonly username: string;
          readonly password: Secret;
        } | null;
      };
  readonly store:
    | { readonly kind: 'embedded'; readonly path: string }
    | { readonly kind: 'mongodb'; readonly url: Secret; readonly database: string };
  readonly tokens:
    | ({ readonly kind: 'secret'; readonly secret: Secret } & TokenClaims)
    | ({ readonly kind: 'jwks'; readonly url: string } & TokenClaims);
  readonly edge: {
    readonly allowedOrigins: readonly string[];
    readonly trustedProxies: number;
    /** Path of the manifest; null: there is none. */
    readonly trustedDocuments: { readonly path: string; readonly only: boolean } | null;
    readonly rateLimits: boolean;
    readonly maxRequests: number;
    readonly maxSockets: number;
    readonly maxSocketsPerUser: number;
    readonly maxSubscriptionsPerUser: number;
  };
  readonly subgraphSecret: Secret;
  readonly recommendation: {
    /** Temporal, semantic, discovery. */
    readonly weights: readonly [number, number, number];
    readonly learningThreads: number;
    /** Null: nobody is asked. */
    readonly gemini: {
      readonly apiKey: Secret;
      readonly model: string;
      readonly baseUrl: string;
      readonly requestsPerHour: number;
    } | null;
    /** Null: words decide. */
    readonly embeddingModelDir: string | null;
  };
  /** Path of the supergraph; null: the repository's own. */
  readonly supergraphFile: string | null;
  /** Address of the collector; null: no traces. */
  readonly traces: string | null;
  readonly logLevel: string;
}

/** What is wrong with the environment, a line per fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const shape = z.object(
  Object.fromEntries(Object.entries(VARIABLES).map(([name, variable]) => [name, variable.shape])) as {
    [K in keyof typeof VARIABLES]: (typeof VARIABLES)[K]['shape'];
  },
);

/** @throws ConfigError naming every variable that cannot be used, and what it must be */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in VARIABLES && value !== ''));
  const parsed = shape.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`).join('\n'));
  }
  const v = parsed.data;
  if (v.KAFKA_SASL_MECHANISM && !(v.KAFKA_SASL_USERNAME && v.KAFKA_SASL_PASSWORD)) {
    throw new ConfigError('KAFKA_SASL_MECHANISM: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, too');
  }
  const profile = v.NODE_ENV === 'production' ? 'production' : 'development';
  if (profile === 'production') {
    const demo = (['JWT_SECRET', 'SUBGRAPH_SECRET'] as const).filter(
      (name) => v[name] === DEMO_SECRETS[name] && !(name === 'JWT_SECRET' && v.JWKS_URL),
    );
    if (v.GEMINI_API_KEY && !v.GEMINI_BASE_URL.startsWith('https:')) {
      throw new ConfigError('GEMINI_BASE_URL: must be https in production, the key is sent there');
    }
    if (demo.length > 0) {
      throw new ConfigError(
        demo.map((name) => `${name}: set one of your own, production refuses the demo's`).join('\n'),
      );
    }
  }
  const config: Config = {
    profile,
    host: v.HOST,
    ports: { gateway: v.PORT, content: v.CONTENT_PORT, recommendation: v.RECOMMENDATION_PORT, room: v.ROOM_PORT },
    subgraphs: v.SUBGRAPH_URLS ? { kind: 'http', urls: v.SUBGRAPH_URLS } : { kind: 'in-process' },
    eventLog: v.KAFKA_BROKERS
      ? {
          kind: 'kafka',
          brokers: v.KAFKA_BROKERS,
          topicPrefix: v.KAFKA_TOPIC_PREFIX,
          ssl: v.KAFKA_SSL === 'on',
          sasl: v.KAFKA_SASL_MECHANISM
            ? {
                mechanism: v.KAFKA_SASL_MECHANISM,
                username: v.KAFKA_SASL_USERNAME ?? '',
                password: new Secret(v.KAFKA_SASL_PASSWORD ?? ''),
              }
            : null,
        }
      : { kind: 'embedded', path: join(v.DATA_DIR, 'events.db') },
    store: v.MONGODB_URL
      ? {
          kind: 'mongodb',
          url: new Secret(v.MONGODB_URL),
          database: new URL(v.MONGODB_URL).pathname.slice(1) || 'firetv',
        }
      : { kind: 'embedded', path: join(v.DATA_DIR, 'store.db') },
    tokens: v.JWKS_URL
      ? { kind: 'jwks', url: v.JWKS_URL, issuer: v.JWT_ISSUER, audience: v.JWT_AUDIENCE }
      : { kind: 'secret', secret: new Secret(v.JWT_SECRET), issuer: v.JWT_ISSUER, audience: v.JWT_AUDIENCE },
    edge: {
      allowedOrigins: v.ALLOWED_ORIGINS,
      trustedProxies: v.TRUSTED_PROXIES,
      trustedDocuments: v.TRUSTED_DOCUMENTS
        ? {
            path: v.TRUSTED_DOCUMENTS,
            only: v.TRUSTED_DOCUMENTS_ONLY === undefined ? profile === 'production' : v.TRUSTED_DOCUMENTS_ONLY === 'on',
          }
        : null,
      rateLimits: v.RATE_LIMITS === undefined ? profile === 'production' : v.RATE_LIMITS === 'on',
      maxRequests: v.MAX_REQUESTS,
      maxSockets: v.MAX_SOCKETS,
      maxSocketsPerUser: v.MAX_SOCKETS_PER_USER,
      maxSubscriptionsPerUser: v.MAX_SUBSCRIPTIONS_PER_USER,
    },
    subgraphSecret: new Secret(v.SUBGRAPH_SECRET),
    recommendation: {
      weights: v.RECOMMENDATION_WEIGHTS,
      learningThreads: v.LEARNING_THREADS,
      gemini: v.GEMINI_API_KEY
        ? {
            apiKey: new Secret(v.GEMINI_API_KEY),
            model: v.GEMINI_MODEL,
            baseUrl: v.GEMINI_BASE_URL,
            requestsPerHour: v.GEMINI_REQUESTS_PER_HOUR,
          }
        : null,
      embeddingModelDir: v.EMBEDDING_MODEL_DIR ?? null,
    },
    supergraphFile: v.SUPERGRAPH_FILE ?? null,
    traces: v.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    logLevel: v.LOG_LEVEL,
  };
  return Object.freeze(config);
}
