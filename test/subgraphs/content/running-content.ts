/** The content subgraph on embedded ports, to be asked in GraphQL. */
import { type ExecutionResult, graphql } from 'graphql';
import { ANONYMOUS } from '../../../platform/identity.ts';
import type { Ports } from '../../../platform/subgraph.ts';
import { syncKey } from '../../../schema/events/content-sync.ts';
import { toMessage } from '../../../schema/events/envelope.ts';
import { CONTENT_SYNC } from '../../../schema/events/topics.ts';
import type { CatalogueEvent } from '../../../subgraphs/content/decision-event.ts';
import { createContentSubgraph } from '../../../subgraphs/content/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';

/** What the tests look at in a page of works, of either kind. */
export interface WorkPage {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly facets: readonly unknown[];
  readonly edges: readonly {
    readonly cursor: string;
    readonly score: number;
    readonly matched: readonly string[];
    readonly node: {
      readonly id: string;
      readonly title: string;
      readonly offers: readonly { readonly platform: string }[];
    };
  }[];
}

export interface RunningContent {
  readonly ports: TestPorts;
  ask(source: string, variables?: Readonly<Record<string, unknown>>): Promise<ExecutionResult>;
  /** The data, of the shape that the caller selects; fails on any error. */
  get<T = unknown>(source: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Publishes and waits until `works` works can be listed. */
  sync(events: readonly CatalogueEvent[], works: number): Promise<void>;
  stop(): Promise<void>;
}

export async function runContent(wrap: (ports: TestPorts) => Ports = (ports) => ports): Promise<RunningContent> {
  const ports = await openTestPorts();
  const subgraph = createContentSubgraph(wrap(ports));
  await subgraph.start();
  const ask: RunningContent['ask'] = (source, variableValues) =>
    graphql({ schema: subgraph.schema, source, variableValues, contextValue: subgraph.createContext(ANONYMOUS) });
  const get = async <T>(source: string, variables?: Readonly<Record<string, unknown>>): Promise<T> => {
    const { data, errors } = await ask(source, variables);
    if (errors) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
    return data as T;
  };
  return {
    ports,
    ask,
    get,
    async sync(events, works) {
      await publishSync(ports, events);
      await eventually(async () => {
        const { catalogue } = await get<{ catalogue: WorkPage }>('{ catalogue { totalCount } }');
        return catalogue.totalCount === works;
      });
    },
    async stop() {
      await subgraph.stop();
      await ports.close();
    },
  };
}

export function publishSync({ log, clock }: Ports, events: readonly CatalogueEvent[]): Promise<void> {
  const head = { source: '/test', type: 'content.record.read', timeMs: clock.now() };
  return log.publish(
    CONTENT_SYNC.name,
    events.map((event) => toMessage(head, syncKey(event.platform, event.platformId), event)),
  );
}
