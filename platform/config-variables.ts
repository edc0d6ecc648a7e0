/** The environment variables: what each must look like, its default, and what it is for. The README's table is made from here. */
import { z } from 'zod';

/** For the demo only; the production profile refuses them. */
export const DEMO_SECRETS = {
  JWT_SECRET: 'demo-only-jwt-secret-never-use-it-in-production',
  SUBGRAPH_SECRET: 'demo-only-subgraph-secret-never-use-it-in-production',
} as const;

const port = z.coerce.number('must be a number').int('must be a whole number').min(0).max(65_535);
const wholeNumber = (min: number, max: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(min).max(max);
const onOff = z.enum(['on', 'off'], 'must be on or off');
const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .pipe(z.array(z.string().regex(/^https?:\/\/[^/?#\s]+$/, 'must be like https://tv.example.com, several by commas')));
const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must be an address such as ${example}` });
const WEIGHTS_FAULT = 'must be three numbers of 0 or more that sum to 1, such as 0.4,0.35,0.25';
const part = z.number(WEIGHTS_FAULT).min(0, WEIGHTS_FAULT);
const weights = z
  .string()
  .transform((list) => list.split(',').map(Number))
  .pipe(z.tuple([part, part, part], WEIGHTS_FAULT))
  .refine((parts) => Math.abs(parts.reduce((a, b) => a + b) - 1) < 1e-6, WEIGHTS_FAULT);
const secret = z.string().min(32, 'must have at least 32 characters');
const brokers = z
  .string()
  .transform((list) => list.split(',').map((broker) => broker.trim()))
  .pipe(z.array(z.string().regex(/^[\w.[\]:-]+:\d+$/, 'must be host:port, several separated by commas')).min(1));
const subgraphUrls = z
  .string()
  .transform((list) => list.split(',').map((pair) => pair.trim().split(/=(.*)/s).slice(0, 2)))
  .pipe(
    z.array(
      z.tuple([z.string().min(1), url(/^https?$/, 'http://127.0.0.1:3001/graphql')], {
        error: 'must be name=address, several separated by commas',
      }),
    ),
  )
  .transform((pairs) => Object.fromEntries(pairs) as Readonly<Record<string, string>>);

/** Every variable: its shape, its default, and what it is for. An empty value counts as not set. */
export const VARIABLES = {
  NODE_ENV: {
    shape: z.string().default('development'),
    about: '`production` refuses the demo secrets, hides GraphiQL and introspection, and does not seed',
  },
  HOST: { shape: z.string().default('127.0.0.1'), about: 'Address to listen on; `0.0.0.0` for every one' },
  PORT: { shape: port.default(4000), about: 'Port of the gateway' },
  CONTENT_PORT: { shape: port.default(3001), about: 'Port of the content subgraph, where it is a process of its own' },
  RECOMMENDATION_PORT: { shape: port.default(3002), about: 'Port of the recommendation subgraph, likewise' },
  ROOM_PORT: { shape: port.default(3003), about: 'Port of the room subgraph, likewise' },
  SUBGRAPH_URLS: {
    shape: subgraphUrls.optional(),
    about: 'Where the subgraphs are, `name=address,…`; not set: in the same process',
  },
  SUPERGRAPH_FILE: {
    shape: z.string().optional(),
    about: 'Supergraph to serve; a change of the file is served without a restart; not set: the one of this repository',
  },
  KAFKA_BROKERS: {
    shape: brokers.optional(),
    about: 'Kafka, `host:port,…`; not set: the embedded event log in DATA_DIR',
  },
  KAFKA_TOPIC_PREFIX: {
    shape: z
      .string()
      .regex(/^[\w.-]{0,50}$/, 'may have letters, digits, dot, dash and underscore')
      .default(''),
    about: 'Put before every topic and group name, to share a Kafka with others',
  },
  KAFKA_SSL: {
    shape: onOff.default('off'),
    about: '`on`: Kafka over TLS; a private authority is told to Node by NODE_EXTRA_CA_CERTS',
  },
  KAFKA_SASL_MECHANISM: {
    shape: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'must be plain, scram-sha-256 or scram-sha-512')
      .optional(),
    about: 'How to sign in to Kafka: plain, scram-sha-256 or scram-sha-512; not set: nobody signs in',
  },
  KAFKA_SASL_USERNAME: { shape: z.string().optional(), about: 'As whom' },
  KAFKA_SASL_PASSWORD: { shape: z.string().optional(), about: 'With which password' },
  MONGODB_URL: {
    shape: url(/^mongodb(\+srv)?$/, 'mongodb://127.0.0.1:27017/firetv').optional(),
    about: 'MongoDB, database name included (default `firetv`); not set: the embedded store in DATA_DIR',
  },
  DATA_DIR: { shape: z.string().default('.data'), about: 'Folder of the embedded event log and store' },
  JWT_SECRET: {
    shape: secret.default(DEMO_SECRETS.JWT_SECRET),
    about: "Key of the users' tokens (HS256); at least 32 characters",
  },
  JWKS_URL: {
    shape: url(/^https?$/, 'https://id.example.com/.well-known/jwks.json').optional(),
    about: "Public keys of the users' tokens; when set, JWT_SECRET is not used",
  },
  JWT_ISSUER: { shape: z.string().optional(), about: 'Who must have issued the tokens (`iss`); not set: anybody' },
  JWT_AUDIENCE: { shape: z.string().optional(), about: 'For whom the tokens must be (`aud`); not set: for anybody' },
  SUBGRAPH_SECRET: {
    shape: secret.default(DEMO_SECRETS.SUBGRAPH_SECRET),
    about: 'Key with which the gateway signs its calls of the subgraphs; at least 32 characters',
  },
  ALLOWED_ORIGINS: {
    shape: origins.default([]),
    about: "Origins of web pages that may call, `https://tv.example.com,…`, besides the gateway's own host",
  },
  TRUSTED_PROXIES: {
    shape: wholeNumber(0, 10).default(0),
    about: 'Proxies in front of the gateway, whose X-Forwarded-For names the client',
  },
  TRUSTED_DOCUMENTS: {
    shape: z.string().optional(),
    about: "Manifest of the app's operations, from `npm run manifest`: they may be asked for by hash",
  },
  TRUSTED_DOCUMENTS_ONLY: {
    shape: onOff.optional(),
    about: '`on` refuses other operations; not set: on in production where there is a manifest',
  },
  RATE_LIMITS: { shape: onOff.optional(), about: '`on` or `off`; not set: on in production' },
  MAX_REQUESTS: {
    shape: wholeNumber(1, 1_000_000).default(1_000),
    about: 'HTTP requests under way; past it 503 with Retry-After',
  },
  MAX_SOCKETS: { shape: wholeNumber(1, 1_000_000).default(20_000), about: 'WebSockets of this process' },
  MAX_SOCKETS_PER_USER: {
    shape: wholeNumber(1, 1_000_000).default(50),
    about: 'WebSockets of one user, or of one address where nobody is signed in',
  },
  MAX_SUBSCRIPTIONS_PER_USER: {
    shape: wholeNumber(1, 1_000_000).default(200),
    about: 'Operations one user has open on all their WebSockets',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    shape: url(/^https?$/, 'http://127.0.0.1:4318').optional(),
    about: 'OpenTelemetry collector (OTLP over HTTP) that takes the traces; not set: none are made',
  },
  LEARNING_THREADS: {
    shape: wholeNumber(0, 64).default(1),
    about: 'Threads that learn from `user_events`, beside the one that answers; 0: other processes do',
  },
  RECOMMENDATION_WEIGHTS: {
    shape: weights.default([0.4, 0.35, 0.25]),
    about: 'Parts of time of day, likeness and discovery in a recommendation; their sum is 1',
  },
  EMBEDDING_MODEL_DIR: {
    shape: z.string().optional(),
    about:
      'Folder of a sentence-embedding model (ONNX) for likeness; needs `npm install @huggingface/transformers@4`; not set: words decide',
  },
  GEMINI_API_KEY: { shape: z.string().optional(), about: 'Key for reasons worded by Gemini; not set: nobody is asked' },
  GEMINI_MODEL: { shape: z.string().default('gemini-2.5-flash'), about: 'Which model words them' },
  GEMINI_BASE_URL: {
    shape: url(/^https?$/, 'https://generativelanguage.googleapis.com').default(
      'https://generativelanguage.googleapis.com',
    ),
    about: 'Where it is asked; in production by https only',
  },
  GEMINI_REQUESTS_PER_HOUR: {
    shape: wholeNumber(0, 1_000_000).default(500),
    about: 'Most requests of a process; past it the templates are used',
  },
  LOG_LEVEL: {
    shape: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    about: 'fatal, error, warn, info, debug, trace or silent',
  },
} as const;

/** The variables as a Markdown table. */
export function configTable(): string {
  const rows = Object.entries(VARIABLES).map(([name, { shape: type, about }]) => {
    const fallback = type.safeParse(undefined);
    const value = fallback.success && fallback.data !== undefined ? String(fallback.data) : '';
    const shown = name in DEMO_SECRETS ? 'a demo secret' : value && `\`${value}\``;
    return `| \`${name}\` | ${shown} | ${about} |`;
  });
  return ['| variable | default | what it is for |', '| --- | --- | --- |', ...rows].join('\n');
}
