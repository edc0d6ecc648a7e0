/**
 * Replays a data set, writes what was answered as CSV files, and sums up how good it was. A genre hits where it is among those of
 * the title, at any place; `score` in genres.csv is the probability of just that, and `rank` the order in which the genres are
 * named: each adds most to those before it, so scores need not fall from rank to rank.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { isPlay } from '../domain/interaction.ts';
import { WINDOWS } from '../domain/windows.ts';
import type { DataSet } from './data-set.ts';
import { Calibration, hitAt, Mean, ndcgAt } from './measures.ts';
import { Replay, type ReplayOptions } from './replay.ts';

/** Genres written per question and per user and window. */
const GENRES = 5;
/** Pages are made for one question of so many: variety is sought among hundreds of titles. */
const PAGE_EVERY = 10;
/** Cells with fewer train events are not asked for what was planted. */
const MIN_CELL_EVENTS = 20;

/** Means over test plays, 0..1; null where the data set does not tell. */
export interface Report {
  readonly learned: number;
  readonly asked: number;
  readonly hit1: number;
  readonly hit3: number;
  readonly popularHit1: number;
  readonly popularHit3: number;
  readonly withoutTimeHit1: number;
  readonly hitRate10: number;
  readonly ndcg10: number;
  /** The same of the list as a page shows it, with variety and a place to explore; of every tenth question. */
  readonly pageHitRate10: number;
  readonly pageNdcg10: number;
  readonly popularHitRate10: number;
  readonly popularNdcg10: number;
  /** Of the stated probability that a genre is among those of the title: of the first one, and of all that are written. */
  readonly calibrationError: number;
  readonly calibrationErrorOfAll: number;
  readonly recovery3: number | null;
  readonly flatRecovery3: number | null;
  readonly cells: number;
}

/** Writes `genres.csv`, `items.csv` and `prefs.csv` into a directory, which is made. The same data gives the same files. */
export async function evaluate(data: DataSet, out: string, options: ReplayOptions): Promise<Report> {
  await mkdir(out, { recursive: true });
  const files = {
    genres: openCsv(out, 'genres.csv', 'event_id,rank,genre,score'),
    items: openCsv(out, 'items.csv', 'event_id,rank,item_id'),
    prefs: openCsv(out, 'prefs.csv', 'user_id,window,rank,genre'),
  };
  try {
    return report(data, options, files);
  } finally {
    await Promise.all(Object.values(files).map((file) => finished(file.end())));
  }
}

function openCsv(directory: string, name: string, header: string): WriteStream {
  const file = createWriteStream(join(directory, name));
  file.write(`${header}\n`);
  return file;
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const line = (...values: readonly (string | number)[]): string =>
  `${values.map((value) => quoted(String(value))).join(',')}\n`;

type Files = Readonly<Record<'genres' | 'items' | 'prefs', WriteStream>>;

const MEASURES = [
  'hit1',
  'hit3',
  'popularHit1',
  'popularHit3',
  'withoutTimeHit1',
  'hitRate10',
  'ndcg10',
  'pageHitRate10',
  'pageNdcg10',
  'popularHitRate10',
  'popularNdcg10',
] as const;

function report(data: DataSet, options: ReplayOptions, files: Files): Report {
  const replay = new Replay(data, options);
  const genresOf = new Map(data.works.map(({ id, genres }) => [id, genres]));
  const nameOf = (genre: string): string => data.genreNames.get(genre) ?? genre;
  const means = Object.fromEntries(MEASURES.map((name) => [name, new Mean()])) as Record<
    (typeof MEASURES)[number],
    Mean
  >;
  const [calibration, calibrationOfAll] = [new Calibration(), new Calibration()];
  const eventsIn = new Map<string, number>();
  let learned = 0;
  for (const play of data.plays) {
    const interaction = replay.read(play);
    if (!play.isTest) {
      replay.learn(interaction);
      const cell = `${play.userId}\n${play.window}`;
      eventsIn.set(cell, (eventsIn.get(cell) ?? 0) + 1);
      learned += 1;
      continue;
    }
    const answer = replay.ask({ userId: play.userId, window: play.window, at: play.at });
    const genres = answer.genres.filter(({ genre }) => data.genreNames.has(genre));
    for (const [i, { genre, probability }] of genres.slice(0, GENRES).entries()) {
      files.genres.write(line(play.eventId, i + 1, nameOf(genre), probability.toFixed(6)));
    }
    for (const [i, id] of answer.items.entries()) files.items.write(line(play.eventId, i + 1, id));
    if (!isPlay(interaction)) continue; // left at once: says nothing of what was wanted
    const right = genresOf.get(play.itemId) ?? [];
    const ids = (of: readonly { readonly genre: string }[]): string[] => of.slice(0, 3).map(({ genre }) => genre);
    means.hit1.add(hitAt(ids(genres), right, 1));
    means.hit3.add(hitAt(ids(genres), right, 3));
    means.popularHit1.add(hitAt(answer.popularGenres, right, 1));
    means.popularHit3.add(hitAt(answer.popularGenres, right, 3));
    means.withoutTimeHit1.add(hitAt(ids(answer.genresWithoutTime), right, 1));
    for (const [list, hitRate, ndcg] of [
      [answer.items, means.hitRate10, means.ndcg10],
      ...(means.hit1.count % PAGE_EVERY === 0 ? [[answer.page(), means.pageHitRate10, means.pageNdcg10] as const] : []),
      [answer.popularItems, means.popularHitRate10, means.popularNdcg10],
    ] as const) {
      hitRate.add(hitAt(list, [play.itemId], 10));
      ndcg.add(ndcgAt(list, play.itemId, 10));
    }
    const [first] = genres;
    if (first) calibration.add(first.probability, right.includes(first.genre));
    for (const { genre, probability } of genres.slice(0, GENRES)) {
      calibrationOfAll.add(probability, right.includes(genre));
    }
  }
  const preferred = writePreferences(replay, files.prefs, data, nameOf);
  const cells = data.truth.filter(
    ({ userId, window }) => (eventsIn.get(`${userId}\n${window}`) ?? 0) >= MIN_CELL_EVENTS,
  );
  const recovery = (of: typeof cells): number | null => {
    const mean = new Mean();
    for (const { userId, window, favourite } of of) {
      mean.add(hitAt(preferred.get(`${userId}\n${window}`) ?? [], [favourite], 3));
    }
    return mean.count > 0 ? mean.value : null;
  };
  const values = Object.fromEntries(MEASURES.map((name) => [name, means[name].value])) as Record<
    (typeof MEASURES)[number],
    number
  >;
  return {
    learned,
    asked: means.hit1.count,
    ...values,
    calibrationError: calibration.error,
    calibrationErrorOfAll: calibrationOfAll.error,
    recovery3: recovery(cells),
    flatRecovery3: recovery(cells.filter(({ segment }) => segment === 'flat')),
    cells: cells.length,
  };
}

function writePreferences(
  replay: Replay,
  file: WriteStream,
  data: DataSet,
  nameOf: (genre: string) => string,
): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const userId of [...replay.users].sort()) {
    for (const window of WINDOWS) {
      const genres = replay.preferred(userId, window).filter((genre) => data.genreNames.has(genre));
      found.set(`${userId}\n${window}`, genres.slice(0, GENRES));
      for (const [i, genre] of genres.slice(0, GENRES).entries()) {
        file.write(line(userId, window.toLowerCase(), i + 1, nameOf(genre)));
      }
    }
  }
  return found;
}
