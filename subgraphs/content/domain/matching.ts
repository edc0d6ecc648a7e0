/**
 * Whether two source records are one work: evidence for and against, weighed and added up. Pure.
 * Same work: whatever the dub, edition or season row. Not the same: remakes, sequels, spin-offs, a film and a series of one name.
 * After Fellegi and Sunter (1969): weights are like logarithms of odds, tuned on matching_dev.csv.
 */
import type { SourceRecord } from '../../../schema/events/content-sync.ts';
import { withoutMarkers, yearInTitle } from './editions.ts';
import { compactKey, fold, soundKey, wordsOf } from './text.ts';

/** Records at this score or above are one work. */
export const MATCH_THRESHOLD = 3;
const LONG_WORD = 5;
/** A dub's year is at most this many years after the film's. */
const LATEST_UPLOAD_YEARS = 15;

/** What of a record is compared; small, because one is held in memory for every record. */
export interface Features {
  readonly type: 'movie' | 'series';
  /** Folded, without edition, year and season markers. */
  readonly title: string;
  readonly compact: string;
  readonly sound: string;
  /** The part before a colon or dash, compact; null where there is none. */
  readonly head: string | null;
  readonly year: number | null;
  readonly runtimeMinutes: number | null;
  /** Fingerprints of names, ascending: a tenth of the memory of the names themselves. */
  readonly people: readonly number[];
  /** Fingerprints of the long words of the description, ascending. */
  readonly words: readonly number[];
  /** A dub or edition of its own: its year may be that of the upload. */
  readonly isEdition: boolean;
}

export interface Evidence {
  readonly score: number;
  /** `aspect:finding`, such as `title:equal`, `year:1`; in the order of comparison. */
  readonly reasons: readonly string[];
}

export function featuresOf(record: SourceRecord): Features {
  const title = withoutMarkers(record.title, record.type);
  const [head = '', tail] = title.split(/\s*:\s+|\s+[-–]\s+/);
  return {
    type: record.type,
    title: fold(title),
    compact: compactKey(title),
    sound: soundKey(title),
    head: tail && head !== '' ? compactKey(head) : null,
    year: yearInTitle(record.title) ?? record.releaseYear,
    runtimeMinutes: record.runtimeMinutes,
    people: fingerprints([...record.directors, ...record.cast].map(fold)),
    words: fingerprints(wordsOf(record.description ?? '').filter((word) => word.length >= LONG_WORD)),
    isEdition: record.edition !== null,
  };
}

/** Weighs two records; symmetric. */
export function compare(a: Features, b: Features): Evidence {
  const findings = [
    titleFinding(a, b),
    typeFinding(a, b),
    yearFinding(a, b),
    runtimeFinding(a, b),
    peopleFinding(a, b),
    wordsFinding(a, b),
  ].filter((finding) => finding !== null);
  const score = findings.reduce((sum, [, weight]) => sum + weight, 0);
  return { score: Math.round(score * 100) / 100, reasons: findings.map(([reason]) => reason) };
}

type Finding = readonly [reason: string, weight: number];

function titleFinding(a: Features, b: Features): Finding {
  // A long title is rarely given twice.
  const length = Math.min(a.compact.length, b.compact.length);
  const rarity = length <= 5 ? -0.5 : length >= 20 ? 1.5 : length >= 12 ? 1 : 0;
  if (a.title === b.title) return ['title:equal', 3 + rarity];
  if (a.compact === b.compact) return ['title:equal_but_for_spaces_and_articles', 1.8 + rarity];
  if (a.sound === b.sound) return ['title:sounds_equal', 1.2 + rarity];
  if (a.compact === b.head || b.compact === a.head) return ['title:one_has_a_subtitle', rarity];
  return ['title:differs', -7];
}

function typeFinding(a: Features, b: Features): Finding | null {
  return a.type === b.type ? null : ['type:differs', -8];
}

function yearFinding(a: Features, b: Features): Finding | null {
  if (a.year === null || b.year === null) return null;
  const apart = Math.abs(a.year - b.year);
  const reason = `year:${apart}`;
  if (a.type === 'series') {
    // First season on one platform, latest season on the other.
    return [reason, apart <= 1 ? 1 : apart <= 5 ? 0.5 : apart <= 12 ? 0 : -2];
  }
  const weight = apart === 0 ? 1.5 : apart === 1 ? 0.6 : apart === 2 ? -1 : apart <= 5 ? -2 : -4;
  const mayBeUploadYear = (a.isEdition || b.isEdition) && apart <= LATEST_UPLOAD_YEARS;
  return [reason, mayBeUploadYear ? Math.max(weight, -1.5) : weight];
}

function runtimeFinding(a: Features, b: Features): Finding | null {
  if (a.runtimeMinutes === null || b.runtimeMinutes === null) return null;
  const shorter = Math.min(a.runtimeMinutes, b.runtimeMinutes);
  const longer = Math.max(a.runtimeMinutes, b.runtimeMinutes);
  const reason = `runtime:${longer - shorter}`;
  if (longer - shorter <= 1) return [reason, 2];
  if (longer - shorter <= 3) return [reason, 1.2];
  const ratio = shorter / longer;
  // Censor cuts and 25 fps masters shorten a film by up to a fifth.
  return [reason, ratio >= 0.94 ? 0.3 : ratio >= 0.88 ? -0.2 : ratio >= 0.8 ? -0.8 : ratio >= 0.7 ? -2 : -6];
}

function peopleFinding(a: Features, b: Features): Finding | null {
  if (a.people.length === 0 || b.people.length === 0) return null;
  const shared = sharedBy(a.people, b.people);
  if (shared >= 2) return [`people:${shared}`, 4];
  if (shared === 1) return ['people:1', 2.5];
  return ['people:none_shared', Math.min(a.people.length, b.people.length) >= 2 ? -3.5 : -1.5];
}

function wordsFinding(a: Features, b: Features): Finding | null {
  if (a.words.length === 0 || b.words.length === 0) return null;
  const shared = sharedBy(a.words, b.words);
  const part = shared / Math.min(a.words.length, b.words.length);
  if (shared >= 4 && part >= 0.5) return [`description:${shared}_words`, 4];
  return shared >= 3
    ? [`description:${shared}_words`, 1.2]
    : shared === 0
      ? ['description:nothing_shared', -0.4]
      : null;
}

/** 30-bit FNV-1a of each text, ascending, each once: small integers, which cost no object of their own. */
function fingerprints(texts: readonly string[]): number[] {
  const prints = texts.map((text) => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash >>> 2;
  });
  return [...new Set(prints)].sort((a, b) => a - b);
}

/** How many values two ascending lists share. */
function sharedBy(a: readonly number[], b: readonly number[]): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = (a[i] ?? 0) - (b[j] ?? 0);
    if (difference === 0) shared += 1;
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return shared;
}
