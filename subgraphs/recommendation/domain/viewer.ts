/** Everything about one user that scoring needs, computed once per request. Pure. */
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import { signalOf } from './interaction.ts';
import { type Crowd, type Taste, tasteOf, type WindowTaste, windowTasteOf } from './preference.ts';
import { isUnwanted, type Profile, type TouchedTitle } from './profile.ts';
import type { TitleIndex } from './title-index.ts';
import { WINDOWS, type Window } from './windows.ts';

/** So many of the latest titles stand for the user's taste in text; older ones live on in the genre counts. */
const MAX_HISTORY = 200;
/** After so many titles a title counts half. */
const HALF_LIFE_TITLES = 80;

/** Of a title watched at another time of day, where the time surely matters. */
const MAX_DISCOUNT = 0.7;

/** A title that says something of the user's taste. */
export interface HistoryEntry {
  readonly touched: TouchedTitle;
  /** Its row; null: not in the catalogue. */
  readonly row: number | null;
  /** Below zero: not liked. */
  readonly weight: number;
}

export interface Viewer {
  readonly profile: Profile;
  readonly taste: Taste;
  readonly window: Window;
  readonly windowTaste: WindowTaste;
  /** Latest first. */
  readonly history: readonly HistoryEntry[];
  /** Rows that were watched. */
  readonly watched: ReadonlySet<number>;
  /** Rows never to show again. */
  readonly unwanted: ReadonlySet<number>;
  /** What can be watched now where the viewer is, by row: bits as of OpenOffers. */
  readonly open: Uint8Array;
}

/** `find`: the work that a title's id stands for by now. */
export function viewerOf(
  profile: Profile,
  window: Window,
  crowd: Crowd,
  index: TitleIndex,
  find: (id: string) => WorkSummary | undefined,
  open: Uint8Array,
): Viewer {
  const taste = tasteOf(profile, crowd);
  const rowOf = (id: string): number | null => index.rowOf.get(id) ?? index.rowOf.get(find(id)?.id ?? '') ?? null;
  const rows = profile.titles.map((title) => ({ title, row: rowOf(title.id) }));
  const rowsWhere = (test: (title: TouchedTitle) => boolean): ReadonlySet<number> =>
    new Set(rows.flatMap(({ title, row }) => (row !== null && test(title) ? [row] : [])));
  const windowTaste = windowTasteOf(profile, taste, window, crowd);
  const place = WINDOWS.indexOf(window);
  // Of who has habits, what was watched at another time of day says less of this one.
  const elsewhere = 1 - MAX_DISCOUNT * windowTaste.habit;
  return {
    profile,
    taste,
    window,
    windowTaste,
    history: rows
      .slice(-MAX_HISTORY)
      .reverse()
      .map(({ title, row }, age) => ({
        touched: title,
        row,
        weight: worthOf(title) * 0.5 ** (age / HALF_LIFE_TITLES) * (title.window === place ? 1 : elsewhere),
      })),
    watched: rowsWhere((title) => title.watched),
    unwanted: rowsWhere((title) => isUnwanted(title.verdict)),
    open,
  };
}

/** What may be offered to the viewer now, by row: bits as of `open`; 0 for what they watched, unless that counts, or do not want. */
export function offeredTo({ open, watched, unwanted }: Viewer, includeWatched: boolean): Uint8Array {
  const offered = open.slice();
  for (const row of unwanted) offered[row] = 0;
  if (!includeWatched) for (const row of watched) offered[row] = 0;
  return offered;
}

const worthOf = ({ verdict, credit }: TouchedTitle): number =>
  verdict === null ? credit : signalOf({ type: verdict, progress: null });
