/** Checks what apps report, and puts it on `user_events` in the public shape, for the token's user. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/ports/clock.ts';
import type { EventLog } from '../../platform/ports/event-log.ts';
import { AppError, type ErrorCode } from '../../schema/errors.ts';
import { PLATFORMS } from '../../schema/events/content-sync.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import type { InteractionEvent } from '../../schema/events/interaction.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import type { InteractionInput } from '../../schema/generated/recommendation.ts';
import type { Catalogue } from './domain/catalogue.ts';
import { labelId } from './domain/genres.ts';
import { parseTime, timeFault } from './domain/interaction.ts';
import { isZone } from './domain/windows.ts';

const MAX_EVENTS = 500;
const MAX_ID_CHARACTERS = 200;

export interface Recorded {
  readonly accepted: number;
  readonly rejected: { readonly index: number; readonly code: ErrorCode; readonly message: string }[];
}

/** Resolves when the accepted ones are on the log. @throws AppError BAD_USER_INPUT for more than 500, UNAVAILABLE */
export async function recordInteractions(
  ports: { readonly log: EventLog; readonly clock: Clock },
  catalogue: Catalogue,
  userId: string,
  inputs: readonly InteractionInput[],
): Promise<Recorded> {
  if (inputs.length > MAX_EVENTS) {
    throw new AppError('BAD_USER_INPUT', `${inputs.length} events are more than ${MAX_EVENTS}.`);
  }
  const now = ports.clock.now();
  const events: InteractionEvent[] = [];
  const rejected: Recorded['rejected'][number][] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      events.push(toEvent(input, userId, catalogue, now));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      rejected.push({ index, code: error.code, message: error.message });
    }
  }
  const messages = events.map((event) =>
    toMessage(
      { id: event.event_id, source: '/recommendation', type: 'recommendation.interaction.recorded', timeMs: now },
      userId,
      event,
    ),
  );
  if (messages.length > 0) await ports.log.publish(USER_EVENTS.name, messages);
  return { accepted: events.length, rejected };
}

/** @throws AppError NOT_FOUND, BAD_USER_INPUT, POSITION_OUT_OF_RANGE */
function toEvent(input: InteractionInput, userId: string, catalogue: Catalogue, now: number): InteractionEvent {
  const { eventId, contentId, platform, timestamp, timeZone, watchProgress, positionMs, durationMs } = input;
  const work = catalogue.find(contentId);
  if (work === undefined) throw new AppError('NOT_FOUND', `No content ${shown(contentId)}.`);
  const usable = (holds: boolean, detail: string): void => {
    if (!holds) throw new AppError('BAD_USER_INPUT', detail);
  };
  const where = platform == null ? undefined : labelId(platform);
  usable(where === undefined || (PLATFORMS as readonly string[]).includes(where), `No platform ${shown(platform)}.`);
  usable(timeZone == null || isZone(timeZone), `No time zone ${shown(timeZone)}.`);
  usable(
    eventId == null || (eventId.length > 0 && eventId.length <= MAX_ID_CHARACTERS),
    `eventId has 1 to ${MAX_ID_CHARACTERS} characters.`,
  );
  usable(
    watchProgress == null || (watchProgress >= 0 && watchProgress <= 1),
    `watchProgress ${watchProgress} is not in 0..1.`,
  );
  usable(durationMs == null || durationMs > 0, `durationMs ${durationMs} is not above 0.`);
  if (positionMs != null && !(positionMs >= 0 && positionMs <= (durationMs ?? Number.POSITIVE_INFINITY))) {
    throw new AppError('POSITION_OUT_OF_RANGE', `${positionMs} ms is not in 0..${durationMs ?? '…'} ms.`);
  }
  const fault = timestamp == null ? null : timeFault(parseTime(timestamp), now);
  usable(fault === null, fault ?? '');
  return {
    event_id: eventId ?? randomUUID(),
    user_id: userId,
    event_type: input.type.toLowerCase() as InteractionEvent['event_type'],
    content_id: work.id,
    content_platform: where,
    context_data: { title: work.title, genres: [...work.genres], mood_tags: [...work.moodTags] },
    timestamp: timestamp ?? new Date(now).toISOString(),
    time_zone: timeZone ?? undefined,
    watchProgress: watchProgress ?? undefined,
    position_ms: positionMs ?? undefined,
    duration_ms: durationMs ?? undefined,
  };
}

/** Somebody's words in a message: short, and nothing that a terminal would act on. */
const shown = (text: string | null | undefined): string => JSON.stringify((text ?? '').slice(0, 60));
