/**
 * Counts in memory what everybody watches, from a tail of `user_events`: each process reads the topic once from its start (90
 * days of it), so it needs no store and agrees with the others. Requests do not wait for it: popularity grows as it catches up.
 */
import type { Clock } from '../../platform/ports/clock.ts';
import type { EventLog, TailReader } from '../../platform/ports/event-log.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import type { Catalogue } from './domain/catalogue.ts';
import type { Popularity } from './domain/popularity.ts';
import { readInteraction } from './user-events.ts';

export function followPopularity(
  log: EventLog,
  popularity: Popularity,
  catalogue: Catalogue,
  clock: Clock,
): Promise<TailReader> {
  return log.tail({ topic: USER_EVENTS.name, from: 'start' }, (event) => {
    try {
      const interaction = readInteraction(JSON.parse(String(event.value)), catalogue, clock.now());
      const genres = catalogue.find(interaction.contentId)?.genres ?? interaction.genres;
      popularity.add(interaction, genres, interaction.zone ?? 'UTC');
    } catch {
      // Bad events are the learner's business: it puts them aside with the reason.
    }
  });
}
