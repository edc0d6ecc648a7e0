/** All that follows from one supergraph: what may be asked, and how it is answered. A new supergraph makes a new one. */
import { Counter } from 'prom-client';
import { CachePolicy } from './cache-policy.ts';
import { QueryExecutor } from './executor/query-executor.ts';
import { readFieldPolicy } from './field-policy.ts';
import type { EdgeOptions } from './gateway.ts';
import { readKeyFields } from './key-aliases.ts';
import type { DataSources } from './live-plan.ts';
import { observedSource } from './observed-source.ts';
import { CostModel } from './operation-cost.ts';
import { Operations } from './operations.ts';
import type { RateLimiter } from './rate-limits.ts';
import { readSupergraph, type SupergraphModel } from './supergraph.ts';

const planLookups = new Counter({ name: 'gateway_plan_cache_lookups_total', help: 'Queries and mutations executed' });
const planMisses = new Counter({
  name: 'gateway_plan_cache_misses_total',
  help: 'Of those, the ones that had to be planned first',
});

export interface ServedSupergraph {
  /** As Apollo's gateway takes it. */
  readonly sdl: string;
  readonly model: SupergraphModel;
  readonly sources: DataSources;
  readonly operations: Operations;
  readonly execute: QueryExecutor['execute'];
}

export interface ServeOptions {
  readonly edge: EdgeOptions;
  readonly introspection: boolean;
  readonly sharing?: boolean;
  readonly rates: RateLimiter | null;
}

/** @throws Error where the SDL is no supergraph, or asks for a protection that is not there */
export function serveSupergraph(
  supergraphSdl: string,
  given: DataSources,
  { edge, introspection, sharing = true, rates }: ServeOptions,
): ServedSupergraph {
  const policy = readFieldPolicy(supergraphSdl);
  const model = readSupergraph(policy.sdl);
  const sources = Object.fromEntries(
    Object.entries(given).map(([name, source]) => [name, observedSource(name, source)]),
  );
  const plan: SupergraphModel['plan'] = (document, operationName) => {
    planMisses.inc();
    return model.plan(document, operationName);
  };
  const executor = new QueryExecutor({ ...model, plan }, sources, { sharing });
  const operations = new Operations({
    schema: model.apiSchema,
    limits: edge.limits,
    introspection,
    policy,
    keys: readKeyFields(policy.sdl),
    cost: new CostModel(model.apiSchema, policy.sdl),
    caching: new CachePolicy(model.apiSchema, policy.sdl),
    trusted: edge.trusted,
    rates,
  });
  const execute: QueryExecutor['execute'] = (request) => {
    planLookups.inc();
    return executor.execute(request);
  };
  return { sdl: policy.sdl, model, sources, operations, execute };
}
