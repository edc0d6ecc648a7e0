/** A subgraph as the gateway sees it: how long it took to answer, and how that ended. */
import type { GraphQLDataSource } from '@apollo/gateway';
import { subgraphDuration } from '../platform/metrics.ts';
import { inSpan } from '../platform/tracing.ts';

export function observedSource(subgraph: string, source: GraphQLDataSource): GraphQLDataSource {
  return {
    process(options) {
      const done = subgraphDuration.startTimer({ subgraph });
      const name = `ask ${subgraph}`;
      return inSpan({ name, kind: 'client', attributes: { subgraph } }, () => source.process(options), {
        failed: ({ errors }) => errors !== undefined,
      }).then(
        (answer) => {
          done({ outcome: answer.errors ? 'errors' : 'ok' });
          return answer;
        },
        (error: unknown) => {
          done({ outcome: 'unavailable' });
          throw error;
        },
      );
    },
  };
}
