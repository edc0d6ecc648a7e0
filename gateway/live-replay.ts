/** Calls the replay field of a subscription field: whether the viewer may see the stream, and what they have missed of it. */
import { astFromValue, GraphQLError, print } from 'graphql';
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';
import type { DataSources, EventValue, Variables } from './live-plan.ts';
import type { LiveField } from './supergraph.ts';

/** Asks, as a viewer, for the events after a sequence number. Rejects where the viewer may not see them. */
export type Replay = (identity: Identity, after: number | null) => Promise<EventValue[]>;

/** A replay with those arguments of the subscription field that the replay field has. */
export function createReplay(
  live: LiveField,
  args: Variables,
  sources: DataSources,
  shown: (event: Record<string, unknown>) => EventValue,
): Replay {
  const { replay } = live;
  if (!replay) return async () => [];
  return async (identity, after) => {
    const source = sources[replay.subgraph];
    if (!source) throw new AppError('UNAVAILABLE', `The ${replay.subgraph} subgraph is not there.`);
    const given = replay.field.args.flatMap((argument) => {
      const value = argument.name === live.after ? after : args[argument.name];
      return value === undefined || value === null
        ? []
        : [`${argument.name}: ${print(astFromValue(value, argument.type) as never)}`];
    });
    const call = given.length > 0 ? `${replay.field.name}(${given.join(', ')})` : replay.field.name;
    const response = await source.process({
      kind: 'incoming operation',
      request: { query: `{ events: ${call} }` },
      context: { identity },
    } as never);
    const [error] = response.errors ?? [];
    if (error) throw new GraphQLError(error.message, { extensions: error.extensions ?? {} });
    const events = (response.data as { events?: Record<string, unknown>[] } | null)?.events ?? [];
    return events.map(shown);
  };
}
