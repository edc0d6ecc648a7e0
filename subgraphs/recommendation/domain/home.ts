/** The home screen: which rows there are and what stands in them. Pure. No title stands in two rows while that can be avoided. */

import { PLATFORMS } from '../../../schema/events/content-sync.ts';
import { isTimePreference } from './preference.ts';
import { unfinished } from './profile.ts';
import { allowedBy, bestRows, describe, offeredBy, type RankedTitle, type TitleFilter } from './ranking.ts';
import { anchorsOf, becauseOf, type Evidence, platformName, type Reason } from './reasons.ts';
import { addRow, cosines, platformBit, type TitleIndex } from './title-index.ts';
import { topRows } from './top-rows.ts';
import type { Viewer } from './viewer.ts';

export interface HomeRow {
  readonly id: string;
  readonly kind:
    | 'CONTINUE_WATCHING'
    | 'FOR_THIS_TIME'
    | 'BECAUSE_YOU_WATCHED'
    | 'DISCOVER_ON_OTHER_PLATFORMS'
    | 'NEW_FOR_YOU'
    | 'POPULAR_NOW';
  readonly title: string;
  readonly items: readonly RankedTitle[];
}

export interface HomeOptions {
  readonly rows: number;
  readonly perRow: number;
  readonly filter: TitleFilter;
  /** Nobody signed in: only what is popular. */
  readonly anonymous: boolean;
}

/** A row before its titles are chosen. */
interface Plan {
  readonly id: string;
  readonly kind: HomeRow['kind'];
  readonly title: string;
  /** Best first, of those not in `used`; at most `perRow`. */
  readonly choose: (used: ReadonlySet<number>) => number[];
  readonly because?: (row: number) => Reason;
}

/** So many of the latest additions compete for a place in NEW_FOR_YOU. */
const NEWEST = 500;
/** A platform is used from this part of the viewer's plays on. */
const USED_FROM = 0.05;
const MIN_LIKENESS = 0.02;

export function buildHome(evidence: Evidence, options: HomeOptions): HomeRow[] {
  const plans = options.anonymous
    ? [popularNow(evidence, options)]
    : [
        continueWatching(evidence, options),
        ...forThisTime(evidence, options),
        ...becauseYouWatched(evidence, options),
        ...discover(evidence, options),
        newForYou(evidence, options),
        popularNow(evidence, options),
      ];
  const used = new Set<number>();
  const rows: HomeRow[] = [];
  for (const { id, kind, title, choose, because } of plans) {
    if (rows.length >= options.rows) break;
    const fresh = choose(used);
    const chosen = fresh.length > 0 ? fresh : choose(new Set());
    if (chosen.length === 0) continue;
    for (const row of chosen) used.add(row);
    const items = chosen.map((row, place) => describe(evidence, row, place + 1, because?.(row)));
    rows.push({ id, kind, title, items });
  }
  return rows;
}

/** Picks among what the viewer may be offered; `scoreOf` 0..1. */
function offeredRows({ index, viewer }: Evidence, { filter, perRow }: HomeOptions, scoreOf: (row: number) => number) {
  const offered = offeredBy(index, filter, viewer);
  return (used: ReadonlySet<number>): number[] =>
    bestRows({ index }, perRow, scoreOf, (row) => !used.has(row) && offered(row));
}

function continueWatching({ index, viewer }: Evidence, { filter, perRow }: HomeOptions): Plan {
  const allowed = allowedBy(index, filter, viewer);
  const rowsById = new Map(viewer.history.map(({ touched, row }) => [touched.id, row]));
  const rowOf = (id: string): number => rowsById.get(id) ?? index.rowOf.get(id) ?? -1;
  const choose = (): number[] => {
    const rows = unfinished(viewer.profile, rowOf).map(({ id }) => rowOf(id));
    return rows.filter((row) => row >= 0 && allowed(row)).slice(0, perRow);
  };
  return { id: 'continue', kind: 'CONTINUE_WATCHING', title: 'Continue watching', choose };
}

function forThisTime(evidence: Evidence, options: HomeOptions): Plan[] {
  const { viewer, scores } = evidence;
  if (viewer.taste.evidence === 0) return [];
  const known = viewer.windowTaste.preferred.some(({ genre }) => isTimePreference(viewer.windowTaste, genre));
  const title = known ? `For your ${viewer.window.toLowerCase()}` : 'Picked for you';
  const choose = offeredRows(evidence, options, (row) => scores.total[row] as number);
  return [{ id: `time:${viewer.window}`, kind: 'FOR_THIS_TIME', title, choose }];
}

function becauseYouWatched(evidence: Evidence, options: HomeOptions): Plan[] {
  const { index } = evidence;
  const anchor = anchorsOf(evidence.viewer).find(({ touched }) => touched.watched);
  if (anchor === undefined) return [];
  const likeness = likenessTo(index, anchor.row);
  const scoreOf = (row: number): number => {
    const alike = likeness[row] as number;
    return row === anchor.row || alike < MIN_LIKENESS ? Number.NaN : alike;
  };
  return [
    {
      id: `because:${index.works[anchor.row]?.id}`,
      kind: 'BECAUSE_YOU_WATCHED',
      title: becauseOf(index, anchor, 1).text,
      choose: offeredRows(evidence, options, scoreOf),
      because: (row) => becauseOf(index, anchor, likeness[row] as number),
    },
  ];
}

/** Cosine of every row with one. */
export function likenessTo(index: TitleIndex, row: number): Float32Array {
  const vector = new Map<number, number>();
  addRow(index, row, 1, vector);
  return cosines(index, vector);
}

/** Titles that are on none of the viewer's platforms; where they use all, those new to them for their genres. */
function discover(evidence: Evidence, options: HomeOptions): Plan[] {
  const { viewer, scores } = evidence;
  const total = Object.values(viewer.profile.platforms).reduce((a, b) => a + b, 0);
  if (total === 0) return [];
  const isUsed = (platform: string): boolean => (viewer.profile.platforms[platform] ?? 0) / total >= USED_FROM;
  const others = PLATFORMS.filter((platform) => !isUsed(platform));
  const usedBits = PLATFORMS.filter(isUsed).reduce((bits, platform) => bits | platformBit(platform), 0);
  const isElsewhere = (row: number): boolean =>
    others.length > 0 ? ((viewer.open[row] as number) & usedBits) === 0 : (scores.platformBonus[row] as number) > 0.8;
  const choose = offeredRows(evidence, options, (row) =>
    isElsewhere(row) ? (scores.total[row] as number) : Number.NaN,
  );
  const where = others.length > 0 ? others.map(platformName).join(' and ') : 'your other platforms';
  return [{ id: 'discover', kind: 'DISCOVER_ON_OTHER_PLATFORMS', title: `Discover on ${where}`, choose }];
}

function newForYou(evidence: Evidence, options: HomeOptions): Plan {
  const { index, viewer, scores } = evidence;
  const offered = offeredBy(index, options.filter, viewer);
  const newest = new Set(topRows(index.size, NEWEST, (row) => index.addedAts[row] as number, offered));
  const choose = offeredRows(evidence, options, (row) =>
    newest.has(row) ? (scores.total[row] as number) : Number.NaN,
  );
  return { id: 'new', kind: 'NEW_FOR_YOU', title: 'New for you', choose };
}

/** Where nobody has watched anything yet: what is offered on most platforms, the latest first. */
function popularNow(evidence: Evidence, options: HomeOptions): Plan {
  const { index, popularity, viewer } = evidence;
  const scoreOf = popularity.known
    ? (row: number): number =>
        (popularity.overall[row] as number) > 0 ? (popularity.overall[row] as number) : Number.NaN
    : (row: number): number => availability(index, viewer, row);
  const choose = offeredRows(evidence, options, scoreOf);
  return { id: 'popular', kind: 'POPULAR_NOW', title: popularity.known ? 'Popular now' : 'To start with', choose };
}

function availability(index: TitleIndex, { open }: Viewer, row: number): number {
  const bits = open[row] as number;
  const offers = PLATFORMS.filter((platform) => (bits & platformBit(platform)) !== 0).length;
  return 0.2 * offers + 0.4 * ((index.works[row]?.releaseYear ?? 0) / 2100);
}
