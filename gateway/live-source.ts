/** What a subscription field's directive says about one subscription: its key, its audience, its filter, its source. Pure. */
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';
import type { EventValue, Variables } from './live-plan.ts';
import type { LiveField } from './supergraph.ts';

/** Equal where a channel's order, holes and rights go on as they were. */
export const sourceOf = ({ topic, key, sequence, replay, after, coalesceMs, coalesceRules }: LiveField): string =>
  JSON.stringify([topic, key, sequence, replay?.subgraph, replay?.field.name, after, coalesceMs, ...coalesceRules]);

/** `{args.roomId}` and `{viewer.id}` filled in. @throws AppError UNAUTHENTICATED where a viewer is needed and nobody signed in */
export function fillTemplate(template: string, args: Variables, identity: Identity): string {
  return template.replaceAll(/\{(args|viewer)\.(\w+)\}/g, (_all, from: string, name: string) => {
    if (from === 'args') return String(args[name]);
    if (identity.userId === null) throw new AppError('UNAUTHENTICATED', 'This stream is yours alone.');
    return identity.userId;
  });
}

/** A stream keyed by its viewer is the viewer's; any other is resolved once, for its audience, with nobody's own rights. */
export function audienceOf(live: LiveField, key: string | null, viewer: Identity): Identity {
  if (live.key?.includes('{viewer.')) return viewer;
  return { userId: null, scopes: [], audience: `${live.topic}:${key ?? '*'}` };
}

/** Arguments that neither choose the key nor the start filter by the event's field of the same name: any of, or equal. */
export function argumentFilter(live: LiveField, args: Variables): (event: EventValue) => boolean {
  const filters = Object.entries(args).filter(
    ([name, value]) =>
      name !== live.after && !live.key?.includes(`{args.${name}}`) && value !== null && value !== undefined,
  );
  return (event) =>
    filters.every(([name, wanted]) => {
      const actual = event[name];
      const values = Array.isArray(actual) ? actual : [actual];
      return Array.isArray(wanted) ? wanted.some((each) => values.includes(each)) : values.includes(wanted);
    });
}
