/**
 * Counts in memory what everybody watches, from a tail of `user_events`: each process reads the topic once from its start (90
 * days of it), so it needs no store and agrees with the others. Requests do not wait for it: popularity grows as it catches up.
 */
import type { Clock } from '../../platform/ports/clock.ts';
import type { EventLog, TailReader } from '../../platform/ports/event-log.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import type { Catalogue } from './domain/catalogue.ts';
import type { Interaction } from './domain/interaction.ts';
import { readInteraction } from './user-events.ts';

/** Where an interaction is counted: under the genres of its title, in the zone it was in. */
export type Count = (interaction: Interaction, genres: readonly string[], zone: string) => void;

/** Follows the topic until the reader is closed. */
export function followPlays(log: EventLog, catalogue: Catalogue, clock: Clock, count: Count): Promise<TailReader> {
  return log.tail({ topic: USER_EVENTS.name, from: 'start' }, ({ value }) => {
    let interaction: Interaction;
    try {
      interaction = readInteraction(JSON.parse(String(value)), catalogue, clock.now());
    } catch {
      return; // bad events are the learner's business: it puts them aside with the reason
    }
    const genres = catalogue.find(interaction.contentId)?.genres ?? interaction.genres;
    count(interaction, genres, interaction.zone ?? 'UTC');
  });
}
