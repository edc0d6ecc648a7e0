/** What counts as an interaction on `user_events`: the public shape, and values that can be true. */
import { AppError } from '../../schema/errors.ts';
import { interactionEvent } from '../../schema/events/interaction.ts';
import type { Catalogue } from './domain/catalogue.ts';
import { type Interaction, parseTime, timeFault, toInteraction } from './domain/interaction.ts';

/**
 * Reads an event's JSON; its title by the catalogue, if it is there.
 * @throws ZodError for another shape; AppError EVENT_INVALID for a control character in the user's id or an impossible time
 */
export function readInteraction(json: unknown, catalogue: Catalogue, now: number): Interaction {
  const event = interactionEvent.parse(json);
  if (/\p{Cc}/u.test(event.user_id)) throw new AppError('EVENT_INVALID', 'user_id: it has a control character.');
  const fault = timeFault(parseTime(event.timestamp), now);
  if (fault !== null) throw new AppError('EVENT_INVALID', `timestamp: ${fault}`);
  return toInteraction(event, catalogue.resolve(event.content_id, event.content_platform), now);
}
