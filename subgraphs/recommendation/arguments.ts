/** Bounds and meanings of arguments: from what a client wrote to what the domain takes. */
import { AppError } from '../../schema/errors.ts';
import { PLATFORMS } from '../../schema/events/content-sync.ts';
import type { RecommendationFilter } from '../../schema/generated/recommendation.ts';
import { labelId } from './domain/genres.ts';
import { NO_FILTER, type TitleFilter } from './domain/ranking.ts';
import { isZone, offsetZone } from './domain/windows.ts';

const MAX_LISTED = 50;
const MAX_AGE_YEARS = 150;

/** @throws AppError BAD_USER_INPUT outside 1..most */
export function bounded(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new AppError('BAD_USER_INPUT', `${name}: ${value} is not in 1..${most}.`);
}

/** @throws AppError BAD_USER_INPUT for a platform that there is not, a negative age, more than 50 names */
export function toFilter(filter: RecommendationFilter | null | undefined): TitleFilter {
  if (filter == null) return NO_FILTER;
  const { maxMinAge = null, includeWatched } = filter;
  for (const list of [filter.platforms, filter.genres]) {
    if ((list?.length ?? 0) > MAX_LISTED)
      throw new AppError('BAD_USER_INPUT', `filter: more than ${MAX_LISTED} names.`);
  }
  const platforms = filter.platforms?.map(labelId) ?? null;
  const unknown = platforms?.findIndex((platform) => !(PLATFORMS as readonly string[]).includes(platform)) ?? -1;
  if (unknown >= 0) {
    const name = JSON.stringify(filter.platforms?.[unknown]?.slice(0, 60));
    throw new AppError('BAD_USER_INPUT', `filter.platforms: ${name} is none of ${PLATFORMS.join(', ')}.`);
  }
  if (maxMinAge !== null && !(maxMinAge >= 0 && maxMinAge <= MAX_AGE_YEARS)) {
    throw new AppError('BAD_USER_INPUT', `filter.maxMinAge: ${maxMinAge} is not in 0..${MAX_AGE_YEARS}.`);
  }
  return { platforms, genres: filter.genres?.map(labelId) ?? null, maxMinAge, includeWatched: includeWatched ?? false };
}

export interface Moment {
  /** Ms since the epoch. */
  readonly at: number;
  /** Where it is local, if the client says: by name, else by the offset of its time. */
  readonly zone: string | null;
}

/** @throws AppError BAD_USER_INPUT for a zone that there is not */
export function toMoment(at: string | null | undefined, timeZone: string | null | undefined, now: number): Moment {
  if (timeZone != null && !isZone(timeZone)) {
    throw new AppError('BAD_USER_INPUT', `timeZone: ${JSON.stringify(timeZone.slice(0, 60))} is no IANA time zone.`);
  }
  return { at: at == null ? now : Date.parse(at), zone: timeZone ?? (at == null ? null : offsetZone(at)) };
}
