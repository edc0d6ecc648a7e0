/** Calls the replay field of a subscription field: whether the viewer may see the stream, and what they have missed of it. */
import { astFromValue, GraphQLError, print } from 'graphql';
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';
import type { LiveChannel } from './live-channel.ts';
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

/**
 * What a subscriber begins with. Where the channel still has all that was missed, the owning subgraph is asked only for what
 * came after it: that is next to nothing, and admits the viewer or refuses as a full replay would.
 */
export async function readMissed(
  channel: LiveChannel,
  replay: Replay,
  identity: Identity,
  after: number | null,
): Promise<readonly EventValue[]> {
  const { sequence } = channel.live;
  const recalled = after === null || sequence === null ? null : channel.recall(after);
  const replayed = await replay(identity, recalled ? recalled.upTo : after);
  if (sequence === null) return [];
  if (recalled) return [...recalled.events, ...replayed];
  const missed = [...replayed];
  const end = (): number => Number(missed.at(-1)?.[sequence] ?? after ?? 0);
  channel.startAfter(end(), after === null ? [] : replayed);
  // Somebody else's replay, read a moment later, may have started the channel further on.
  while (end() < channel.startedAfter) {
    const more = await replay(identity, end());
    if (more.length === 0) break;
    missed.push(...more);
  }
  return missed;
}
