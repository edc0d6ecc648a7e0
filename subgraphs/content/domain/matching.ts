/**
 * Whether two source records are one work: evidence for and against, weighed and added up. Pure.
 * Same work: whatever the dub, edition or season row. Not the same: remakes, sequels, spin-offs, a film and a series of one name.
 * After Fellegi and Sunter (1969): a weight is about the natural logarithm of how much likelier a finding is for one work than
 * for two of one name. Those of years, runtimes and descriptions were counted on the records of the three public catalogues
 * that share a title, each aspect apart, with the others for labels.
 */
import type { SourceRecord } from '../../../schema/events/content-sync.ts';
import { sharedStory, tellingWords } from './descriptions.ts';
import { withoutMarkers, yearInTitle } from './editions.ts';
import { ascending, fingerprint, shared } from './fingerprints.ts';
import { compactKey, fold, numbersIn, soundKey } from './text.ts';
import { titleSimilarity } from './title-similarity.ts';

/** Records at this score or above are one work. */
export const MATCH_THRESHOLD = 3;
/** A dub's year is at most this many years after the film's. */
const LATEST_UPLOAD_YEARS = 15;
/** Fewer telling words than this say too little for their difference to count. */
const FEW_WORDS = 5;
/** Letters of a compact title that is rarely given twice. */
const LONG_TITLE = 20;
const SIMILAR_TITLE = 0.8;
const VERY_SIMILAR_TITLE = 0.9;
/** `Dhoom` sounds like `Dum`. */
const SHORT_SOUND = 6;
const YEARS_PER_SEASON = 2;
const REMADE_AFTER_YEARS = 4;

/** What of a record is compared; small, because one is held in memory for every record. */
export interface Features {
  readonly type: 'movie' | 'series';
  /** Folded, without edition, year and season markers. */
  readonly title: string;
  readonly compact: string;
  readonly sound: string;
  /** The part before a colon, dash or bracket, compact; null where there is none. */
  readonly head: string | null;
  /** Numbers of the title, which tell sequels apart. */
  readonly numbers: string;
  /** Compact forms of alternative titles. */
  readonly alternatives: readonly string[];
  readonly year: number | null;
  readonly runtimeMinutes: number | null;
  readonly seasonCount: number | null;
  /** Its voices differ from dub to dub. */
  readonly isAnimated: boolean;
  /** Fingerprints of names, ascending. */
  readonly people: readonly number[];
  /** Telling words of the description. */
  readonly words: readonly number[];
  /** A dub or edition of its own: its year may be that of the upload. */
  readonly isEdition: boolean;
}

/** How a platform fills in its records. */
export interface Habits {
  readonly platform: string;
  /** Its films run shorter: cut by censors, or at 25 frames per second. */
  readonly runsShort: boolean;
  /** The year of a series is that of its first season; else of its latest. */
  readonly datesFirstSeason: boolean;
}

export interface Evidence {
  readonly score: number;
  /** `aspect:finding`, such as `title:equal`, `year:1`; in the order of comparison. */
  readonly reasons: readonly string[];
}

export function featuresOf(record: SourceRecord): Features {
  const title = withoutMarkers(record.title, record.type);
  const [head = '', tail] = title.split(/\s*:\s+|\s+[-–]\s+|\s+\(/);
  const compact = compactKey(title);
  const alternatives = record.alternativeTitles.map((other) => compactKey(withoutMarkers(other, record.type)));
  return {
    type: record.type,
    title: fold(title),
    compact,
    sound: soundKey(title),
    head: tail && head !== '' ? compactKey(head) : null,
    numbers: numbersIn(title),
    alternatives: [...new Set(alternatives)].filter((other) => other !== compact),
    year: yearInTitle(record.title) ?? record.releaseYear,
    runtimeMinutes: record.runtimeMinutes,
    seasonCount: record.seasonCount,
    isAnimated: record.genres.some((label) => /anim[ae]/i.test(label) || /^kids/i.test(label)),
    people: ascending([...record.directors, ...record.cast].map((name) => fingerprint(nameKey(name)))),
    words: tellingWords(record.description ?? '', record.title),
    isEdition: record.edition !== null,
  };
}

/** Some put the family name first. */
const nameKey = (name: string): string => fold(name).split(' ').sort().join(' ');

const UNKNOWN: Habits = { platform: '', runsShort: false, datesFirstSeason: false };

/** Weighs two records; symmetric. */
export function compare(a: Features, b: Features, ofA: Habits = UNKNOWN, ofB: Habits = UNKNOWN): Evidence {
  const isSamePlatform = ofA.platform !== '' && ofA.platform === ofB.platform;
  const title = titleFinding(a, b, isSamePlatform);
  const people = peopleFinding(a, b);
  const words = wordsFinding(a, b);
  const year = a.type === 'series' && b.type === 'series' ? seriesYearFinding(a, b, ofA, ofB) : yearFinding(a, b);
  const findings = [
    title,
    typeFinding(a, b, (people?.[1] ?? 0) + (words?.[1] ?? 0)),
    year,
    runtimeFinding(a, b, ofA, ofB),
    people,
    words,
    isSamePlatform ? platformFinding(a, b, title[0], words?.[0]) : null,
  ].filter((finding) => finding !== null);
  const score = findings.reduce((sum, [, weight]) => sum + weight, 0);
  return { score: Math.round(score * 100) / 100, reasons: findings.map(([reason]) => reason) };
}

type Finding = readonly [reason: string, weight: number];

const TITLE_DIFFERS: Finding = ['title:differs', -12];

function titleFinding(a: Features, b: Features, isSamePlatform: boolean): Finding {
  const rarity = Math.min(rarityOf(a), rarityOf(b));
  if (a.title === b.title) return ['title:equal', 3 + rarity];
  if (a.compact === b.compact) return ['title:equal_but_for_spaces_and_articles', 2.2 + rarity];
  if (a.alternatives.includes(b.compact) || b.alternatives.includes(a.compact))
    return ['title:alternative', 2 + rarity];
  const areNumbersEqual = a.numbers === b.numbers;
  if (a.sound === b.sound && areNumbersEqual) {
    return ['title:sounds_equal', a.sound.length < SHORT_SOUND ? -0.5 : 1.5 + rarity];
  }
  if (a.compact === b.head || b.compact === a.head)
    return ['title:one_has_a_subtitle', subtitleWeight(a, b, isSamePlatform)];
  const similarity = areNumbersEqual ? titleSimilarity(a.title, b.title, !isSamePlatform) : 0;
  if (similarity < SIMILAR_TITLE) return TITLE_DIFFERS;
  const isVerySimilar = similarity >= VERY_SIMILAR_TITLE && Math.min(wordCount(a), wordCount(b)) >= 3;
  return [`title:similar_${Math.round(similarity * 100)}`, isVerySimilar ? 0.7 : -0.5];
}

const wordCount = ({ title }: Features): number => title.replace(/^(?:the|an?) /, '').split(' ').length;

/** A long title is rarely given twice, a single word often. */
function rarityOf(features: Features): number {
  const count = wordCount(features);
  if (count >= 4) return 1.5;
  if (count >= 2) return count === 3 ? 0.9 : 0.3;
  return features.compact.length <= 5 ? -0.7 : features.compact.length <= 11 ? -0.3 : 0.3;
}

/** Of films of one year it is most often the same one, told in full; else a sequel or a spin-off. */
function subtitleWeight(a: Features, b: Features, isSamePlatform: boolean): number {
  if (a.type === 'series' || b.type === 'series' || isSamePlatform) return -2.5;
  const isFirstPart = a.numbers === b.numbers || [a.numbers, b.numbers].every((numbers) => /^1?$/.test(numbers));
  if (!isFirstPart || a.year === null || b.year === null) return -4;
  return a.year === b.year ? 0.8 : Math.abs(a.year - b.year) === 1 ? -1 : -5;
}

/** Platforms differ in what they call a special or a short series; then all else must agree. */
function typeFinding(a: Features, b: Features, otherEvidence: number): Finding | null {
  if (a.type === b.type) return null;
  const isOneOf = a.compact === b.compact && a.compact.length >= LONG_TITLE && otherEvidence >= 3.5;
  return ['type:differs', isOneOf ? -4 : -9];
}

function yearFinding(a: Features, b: Features): Finding | null {
  if (a.year === null || b.year === null) return null;
  const apart = Math.abs(a.year - b.year);
  const reason = `year:${apart}`;
  if (a.type !== b.type) return [reason, apart <= 5 ? 0 : -1];
  const weight = apart === 0 ? 1.8 : apart === 1 ? 0.3 : apart === 2 ? -1 : apart === 3 ? -1.7 : apart <= 8 ? -2.5 : -4;
  const mayBeUploadYear = (a.isEdition || b.isEdition) && apart <= LATEST_UPLOAD_YEARS;
  return [reason, mayBeUploadYear ? Math.max(weight, -1.5) : weight];
}

/** A series' year is that of its first season or of its latest: what must overlap is the time in which its seasons came out. */
function seriesYearFinding(a: Features, b: Features, ofA: Habits, ofB: Habits): Finding | null {
  if (a.year === null || b.year === null) return null;
  const apart = Math.abs(a.year - b.year);
  const [fewer, more] = [a.seasonCount ?? 1, b.seasonCount ?? 1].sort((x, y) => x - y) as [number, number];
  // What began after it had ended is another one.
  const beganTooLate =
    ofA.datesFirstSeason !== ofB.datesFirstSeason && (ofA.datesFirstSeason ? a.year > b.year : b.year > a.year);
  if (apart <= 1) {
    return [`year:${apart}`, beganTooLate ? 0.3 : fewer >= 3 && more - fewer <= 1 ? 2.2 : 1.5];
  }
  const [fromA, toA] = runOf(a.year, a.seasonCount, ofA);
  const [fromB, toB] = runOf(b.year, b.seasonCount, ofB);
  const gap = Math.max(fromA - toB, fromB - toA);
  if (gap > 1) return [`year:${apart}`, gap <= 5 ? -1 : -2];
  return fewer >= 3 && more === fewer ? [`year:${apart},seasons:${more}`, 1.5] : [`year:${apart}`, 0.4];
}

function runOf(year: number, seasonCount: number | null, { datesFirstSeason }: Habits): readonly [number, number] {
  const years = YEARS_PER_SEASON * (seasonCount ?? 1);
  return datesFirstSeason ? [year, year + years] : [year - years, year];
}

function runtimeFinding(a: Features, b: Features, ofA: Habits, ofB: Habits): Finding | null {
  if (a.runtimeMinutes === null || b.runtimeMinutes === null) return null;
  const apart = Math.abs(a.runtimeMinutes - b.runtimeMinutes);
  const ratio = 1 - apart / Math.max(a.runtimeMinutes, b.runtimeMinutes);
  const isShorterAsUsual = a.runtimeMinutes < b.runtimeMinutes ? ofA.runsShort : ofB.runsShort;
  const weight =
    ofA.runsShort === ofB.runsShort
      ? runtimeWeight(apart, ratio)
      : runtimeWeightWithCuts(apart, ratio, isShorterAsUsual);
  // Dubs are cut, extended editions are longer.
  const isCut = (a.isEdition || b.isEdition) && ratio >= 0.75;
  return [`runtime:${apart}`, isCut ? Math.max(weight, -0.3) : weight];
}

function runtimeWeight(apart: number, ratio: number): number {
  if (apart <= 1) return 2.2;
  return ratio >= 0.97 ? 0.2 : ratio >= 0.94 ? -0.5 : ratio >= 0.9 ? -1 : ratio >= 0.7 ? -2.7 : -6;
}

function runtimeWeightWithCuts(apart: number, ratio: number, isShorterAsUsual: boolean): number {
  if (apart <= 3) return 1.4;
  if (ratio < 0.7) return -6;
  if (isShorterAsUsual) return ratio >= 0.94 ? 0.3 : ratio >= 0.8 ? 0 : -0.5;
  return ratio >= 0.97 ? -0.2 : ratio >= 0.92 ? -1.2 : -2.5;
}

function peopleFinding(a: Features, b: Features): Finding | null {
  if (a.people.length === 0 || b.people.length === 0) return null;
  const count = shared(a.people, b.people).length;
  if (count >= 2) return [`people:${count}`, 4];
  if (count === 1) return ['people:1', 2.5];
  if (a.isAnimated && b.isAnimated) return ['people:none_shared', -0.8];
  const fewest = Math.min(a.people.length, b.people.length);
  return ['people:none_shared', fewest >= 3 ? -3.5 : fewest === 2 ? -2 : -1.5];
}

function wordsFinding(a: Features, b: Features): Finding | null {
  if (Math.min(a.words.length, b.words.length) < FEW_WORDS) return null;
  const story = sharedStory(a.words, b.words);
  if (story === 0) return ['description:nothing_shared', -1];
  if (mayBeRemake(a, b)) return [`description:${story}_shared_with_remake`, 0];
  return [`description:${story}_shared`, story >= 3 ? 4 : story >= 2 ? 3 : story >= 1.5 ? 2.3 : story >= 1 ? 1 : 0.6];
}

/** A remake tells the same story again. */
function mayBeRemake(a: Features, b: Features): boolean {
  if (a.type === 'series' || b.type === 'series' || a.isEdition || b.isEdition || a.year === null || b.year === null)
    return false;
  return Math.abs(a.year - b.year) >= REMADE_AFTER_YEARS;
}

/** A platform seldom lists a work twice, but for editions; and then it describes them alike. */
function platformFinding(a: Features, b: Features, title: string, words: string | undefined): Finding | null {
  if (a.isEdition || b.isEdition) return words === 'description:nothing_shared' ? ['platform:same', -1.5] : null;
  return ['platform:same', title === 'title:equal' && a.type === 'movie' && b.type === 'movie' ? -1 : -2.5];
}
