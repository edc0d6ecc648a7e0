/** The files under deploy/ name only what there is: metrics, ports, paths, variables, programs and each other. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { LIMITS } from '../../gateway/limits.ts';
import { loadConfig } from '../../platform/config.ts';
import { configTable, VARIABLES } from '../../platform/config-variables.ts';
import { EdgeSystem } from '../gateway/edge-system.ts';
import { ROOT } from '../support/processes.ts';
import '../../platform/observed-event-log.ts';
import '../../subgraphs/recommendation/learning-metrics.ts';

/** The parts of manifests that are looked at; which of them a manifest has is told by its kind. */
type Labels = Readonly<Record<string, string>>;
interface Metric {
  readonly name: string;
  readonly selector: { readonly matchLabels: Labels };
}
type Probe = { readonly httpGet: { readonly path: string; readonly port: string } };
interface Container {
  readonly command: readonly [string, string];
  readonly ports: readonly [{ readonly name: string; readonly containerPort: number }];
  readonly env: readonly { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string } } }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly resources: { readonly requests: object; readonly limits: { readonly memory: string } };
  readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Labels; readonly annotations: Labels };
  readonly data: Labels;
  readonly resources: readonly string[];
  readonly spec: {
    readonly selector: Labels & { readonly matchLabels: Labels };
    readonly ports: readonly [{ readonly port: number; readonly targetPort: string }];
    readonly scaleTargetRef: object;
    readonly metrics: readonly {
      readonly pods?: { readonly metric: Metric };
      readonly external?: { readonly metric: Metric };
    }[];
    readonly template: {
      readonly metadata: Manifest['metadata'];
      readonly spec: {
        readonly containers: readonly [Container];
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: { readonly runAsNonRoot: boolean };
      };
    };
  };
}

const read = (path: string) => readFileSync(join(ROOT, 'deploy', path), 'utf8');

let system: EdgeSystem;
let metricNames: Set<string>;
beforeAll(async () => {
  system = await EdgeSystem.start();
  const text = await (await fetch(system.url.replace('/graphql', '/metrics'))).text();
  metricNames = new Set();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)/gm)) {
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) metricNames.add(name + suffix);
  }
});
afterAll(() => system.stop());

describe('the Grafana dashboard', () => {
  interface Panel {
    readonly type: string;
    readonly title: string;
    readonly description?: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly { readonly expr: string }[];
  }
  const { panels, templating } = JSON.parse(read('grafana/dashboard.json')) as {
    panels: readonly Panel[];
    templating: { list: readonly { query: string }[] };
  };
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  /** Names in a query that are no function, keyword, label or duration. */
  const metricsIn = (expr: string) =>
    [...expr.replace(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|without) \([^)]*\)/g, ' ').matchAll(/[a-z_][a-z0-9_]*(?!\w|\s*\()/g)]
      .map(([name]) => name)
      .filter((name) => !['by', 'sum', 'rate'].includes(name));

  test('asks for metrics that are there, and for every one of ours', () => {
    const asked = new Set(
      [...queries, ...templating.list.map(({ query }) => query.replace(/label_values\((\w+),.*/, '$1'))].flatMap(
        metricsIn,
      ),
    );
    asked.delete('prometheus');
    expect([...asked].filter((name) => !metricNames.has(name))).toEqual([]);
    const ours = [...metricNames].filter((name) => /^(http|graphql|gateway|subgraph|events|dead|consumer)_/.test(name));
    const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
    const shown = new Set([...asked].map(base));
    expect([...new Set(ours.map(base))].filter((name) => !shown.has(name))).toEqual([]);
  });

  test('says of every panel what it means, and lays none over another', () => {
    const drawn = panels.filter(({ type }) => type !== 'row');
    expect(drawn.length).toBeGreaterThan(10);
    for (const { title, description, targets } of drawn) {
      expect([title, Boolean(description), (targets ?? []).length > 0]).toEqual([title, true, true]);
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('the Kubernetes manifests', () => {
  const files = readdirSync(join(ROOT, 'deploy/kubernetes')).filter((name) => name.endsWith('.yaml'));
  const manifests: Manifest[] = files.flatMap((name) =>
    parseAllDocuments(read(`kubernetes/${name}`)).map((document) => {
      if (document.errors.length > 0) throw new Error(`${name}: ${document.errors}`);
      return document.toJS() as Manifest;
    }),
  );
  const ofKind = (kind: string): Manifest[] => manifests.filter((each) => each.kind === kind);
  const named = (kind: string, name: string): Manifest => {
    const found = ofKind(kind).find(({ metadata }) => metadata?.name === name);
    if (!found) throw new Error(`no ${kind} ${name}`);
    return found;
  };
  const services = ['gateway', 'content', 'recommendation', 'room'] as const;
  const config = named('ConfigMap', 'firetv-config').data;
  const environmentOf = (container: Container): Record<string, string> => ({
    ...config,
    ...Object.fromEntries(
      container.env.map(({ name, value }) => [name, value ?? SECRETS[name as keyof typeof SECRETS] ?? '']),
    ),
  });
  const SECRETS = {
    MONGODB_URL: 'mongodb://user:password@mongodb/firetv',
    JWT_SECRET: 'j'.repeat(32),
    SUBGRAPH_SECRET: 's'.repeat(32),
  };

  test('all of them are applied, and there is a deployment, service, budget and autoscaler of every process', () => {
    const [kustomization] = ofKind('Kustomization');
    expect([...(kustomization?.resources ?? [])].sort()).toEqual(
      files.filter((name) => name !== 'kustomization.yaml').sort(),
    );
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler']) {
      expect(
        ofKind(kind)
          .map(({ metadata }) => metadata.name)
          .sort(),
      ).toEqual([...services].sort());
    }
  });

  test.each(services)('%s: its program, port, probes and variables are those of the code', async (name) => {
    const { spec } = named('Deployment', name);
    const pod = spec.template.spec;
    const [container] = pod.containers;
    expect(existsSync(join(ROOT, container.command[1]))).toBe(true);
    const env = environmentOf(container);
    expect(
      Object.keys(env).filter((variable) => !(variable in VARIABLES) || !configTable().includes(variable)),
    ).toEqual([]);
    const loaded = loadConfig(env);
    expect([loaded.profile, loaded.eventLog.kind, loaded.store.kind]).toEqual(['production', 'kafka', 'mongodb']);
    const [{ containerPort }] = container.ports;
    expect(containerPort).toBe(loaded.ports[name]);
    expect(named('Service', name).spec.ports[0].targetPort).toBe(container.ports[0].name);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const) {
      const { path, port } = container[probe].httpGet;
      expect([(await fetch(new URL(path, system.url))).status, port]).toEqual([200, container.ports[0].name]);
    }
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
    expect(spec.template.metadata.annotations['prometheus.io/port']).toBe(String(containerPort));
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(25 + container.lifecycle.preStop.sleep.seconds);
    expect([Object.keys(container.resources.requests), container.resources.limits.memory]).toEqual([
      ['cpu', 'memory'],
      expect.any(String),
    ]);
    expect([pod.securityContext.runAsNonRoot, container.securityContext.readOnlyRootFilesystem]).toEqual([true, true]);
  });

  test('selectors find the pods, autoscalers their deployments, and the gateway its subgraphs', () => {
    const labels = (name: string) => named('Deployment', name).spec.template.metadata.labels;
    for (const name of services) {
      const selectors = [
        named('Deployment', name).spec.selector.matchLabels,
        named('Service', name).spec.selector,
        named('PodDisruptionBudget', name).spec.selector.matchLabels,
      ];
      for (const selector of selectors) expect(labels(name)).toMatchObject(selector);
      expect(named('HorizontalPodAutoscaler', name).spec.scaleTargetRef).toEqual({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name,
      });
    }
    const { subgraphs } = loadConfig(environmentOf(named('Deployment', 'gateway').spec.template.spec.containers[0]));
    const urls = subgraphs.kind === 'http' ? Object.entries(subgraphs.urls) : [];
    expect(urls.map(([name]) => name).sort()).toEqual(['content', 'recommendation', 'room']);
    for (const [name, url] of urls) {
      const { hostname, port } = new URL(url);
      expect([hostname, Number(port)]).toEqual([name, named('Service', name).spec.ports[0].port]);
    }
  });

  test('autoscalers look at sockets and lag, by metrics that are there', () => {
    const metrics = ofKind('HorizontalPodAutoscaler').flatMap(({ spec }) => spec.metrics);
    const names: string[] = metrics.flatMap(({ pods, external }) => (pods ?? external)?.metric.name ?? []);
    expect(new Set(names)).toEqual(new Set(['gateway_sockets', 'consumer_lag']));
    expect(names.filter((name) => !metricNames.has(name))).toEqual([]);
    const groups: string[] = metrics.flatMap(({ external }) => external?.metric.selector.matchLabels.group ?? []);
    const code = ['content/sync.ts', 'recommendation/learning.ts']
      .map((path) => readFileSync(join(ROOT, 'subgraphs', path), 'utf8'))
      .join();
    expect(groups.filter((group) => !code.includes(`'${group}'`))).toEqual([]);
  });

  test('no secret is in them: only names of one', () => {
    expect(ofKind('Secret')).toEqual([]);
    for (const { spec } of ofKind('Deployment')) {
      for (const { name, value, valueFrom } of spec.template.spec.containers[0].env) {
        if (name in SECRETS) expect([value, valueFrom?.secretKeyRef.name]).toEqual([undefined, 'firetv-secrets']);
      }
    }
    expect(Object.keys(config).filter((name) => name in SECRETS)).toEqual([]);
  });
});

describe('the Tyk API definition', () => {
  const api = JSON.parse(read('tyk/api.json'));

  test('lets the gateway’s one address through as it is, sockets too, and nothing else', async () => {
    expect(new URL(api.proxy.target_url).port).toBe(String(loadConfig({}).ports.gateway));
    expect([api.proxy.strip_listen_path, api.proxy.preserve_host_header, api.use_keyless]).toEqual([false, true, true]);
    const { white_list: paths } = api.version_data.versions.Default.extended_paths;
    const passes = (path: string) => paths.some((each: { path: string }) => new RegExp(each.path).test(path));
    expect(['/graphql', '/metrics', '/readyz', '/healthz'].map(passes)).toEqual([true, false, false, false]);
    expect(Object.keys(paths[0].method_actions).sort()).toEqual(['GET', 'OPTIONS', 'POST']);
    expect(read('tyk/tyk.env')).toMatch(/^TYK_GW_HTTPSERVEROPTIONS_ENABLEWEBSOCKETS=true$/m);
    expect([api.disable_rate_limit, api.global_rate_limit.rate > 0]).toEqual([false, true]);
    expect(api.version_data.versions.Default.global_size_limit).toBe(LIMITS.bodyBytes);
  });

  test('its README gives the reason for every line of both files', () => {
    const readme = read('tyk/README.md');
    const told = [
      'listen_path',
      'target_url',
      'strip_listen_path',
      'preserve_host_header',
      'disable_strip_slash',
      'white_list',
      'global_size_limit',
      'use_keyless',
      'global_rate_limit',
      'CORS',
      'enable_cache',
      'enable_detailed_recording',
    ];
    expect(told.filter((name) => !readme.includes(name) || !JSON.stringify(api).includes(`"${name}"`))).toEqual([]);
    const variables = [...read('tyk/tyk.env').matchAll(/^TYK_GW_(?:HTTPSERVEROPTIONS_)?(\w+)=/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(variables.filter((name) => !readme.includes(name))).toEqual([]);
  });
});
