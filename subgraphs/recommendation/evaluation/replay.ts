/**
 * Puts a data set through the product's own learning and ranking: `train` plays are learned in the order of time, `test` plays are
 * asked about and never learned. What is known when a question is asked is what was learned up to its time.
 */
import { Catalogue } from '../domain/catalogue.ts';
import { CoOccurrence } from '../domain/co-occurrence.ts';
import { explorationSeed } from '../domain/exploration.ts';
import type { Interaction } from '../domain/interaction.ts';
import { Popularity } from '../domain/popularity.ts';
import { type GenrePreference, tasteOf, windowTasteOf } from '../domain/preference.ts';
import { emptyProfile, learn, type Profile } from '../domain/profile.ts';
import { NO_FILTER, offeredBy, recommend } from '../domain/ranking.ts';
import { scoreTitles, type Weights } from '../domain/scoring.ts';
import { Snapshots } from '../domain/snapshot.ts';
import type { TitleIndex } from '../domain/title-index.ts';
import { topRows } from '../domain/top-rows.ts';
import { viewerOf } from '../domain/viewer.ts';
import type { Window } from '../domain/windows.ts';
import { readInteraction } from '../user-events.ts';
import { covering, GenresTogether } from './covering.ts';
import type { DataSet, LoggedPlay } from './data-set.ts';

export interface Question {
  readonly userId: string;
  readonly window: Window;
  readonly at: number;
}

export interface Answer {
  /** The most probable first, then what adds most: for the user and the window, and for the user alone. */
  readonly genres: readonly GenrePreference[];
  readonly genresWithoutTime: readonly GenrePreference[];
  /** Of everybody, most watched first. */
  readonly popularGenres: readonly string[];
  /** Best first, ten of each: by score, as a page would show them (costs more than all else), and by popularity. */
  readonly items: readonly string[];
  readonly page: () => readonly string[];
  readonly popularItems: readonly string[];
}

export interface ReplayOptions {
  /** Whether titles that the user has watched may be recommended. */
  readonly withHistory: boolean;
  readonly weights?: Weights;
}

const ITEMS = 10;
/** Popularity and co-occurrence are read anew for questions so far apart, as a server does after a second; ms. */
const SNAPSHOT_MS = 3_600_000;

export class Replay {
  readonly #options: ReplayOptions;
  readonly #catalogue = new Catalogue();
  readonly #popularity = new Popularity();
  readonly #coOccurrence = new CoOccurrence();
  readonly #snapshots = new Snapshots(this.#catalogue, this.#popularity, this.#coOccurrence);
  readonly #profiles = new Map<string, Profile>();
  #snapshotAt = 0;
  #lastAt = 0;
  /** Of the popularity that stands beside it. */
  #together: { readonly plays: Float32Array; readonly genres: GenresTogether } | null = null;

  constructor({ works }: DataSet, options: ReplayOptions) {
    this.#options = options;
    for (const work of works) this.#catalogue.put(work);
  }

  /** As an event of `user_events` is read. */
  read(play: LoggedPlay): Interaction {
    return readInteraction(play.event, this.#catalogue, play.at);
  }

  learn(interaction: Interaction): void {
    let profile = this.#profiles.get(interaction.userId);
    if (profile === undefined) {
      profile = emptyProfile();
      this.#profiles.set(interaction.userId, profile);
    }
    const work = this.#catalogue.find(interaction.contentId);
    const genres = work?.genres ?? interaction.genres;
    learn(profile, interaction, genres, work !== undefined);
    this.#popularity.add(interaction, genres, interaction.zone ?? 'UTC');
    this.#coOccurrence.fold(interaction);
    this.#lastAt = Math.max(this.#lastAt, interaction.at);
  }

  ask({ userId, window, at }: Question): Answer {
    this.#snapshotAt = Math.abs(at - this.#snapshotAt) >= SNAPSHOT_MS ? at : this.#snapshotAt;
    const { index, popularity, crowd, neighbours, openOffers } = this.#snapshots.at(this.#snapshotAt);
    const profile = this.#profiles.get(userId) ?? emptyProfile();
    const find = (id: string) => this.#catalogue.find(id);
    const viewer = viewerOf(profile, window, crowd, index, find, openOffers.bitsIn(null));
    const { weights, withHistory: includeWatched } = this.#options;
    const scores = scoreTitles(index, popularity, viewer, { weights, neighbours, includeWatched });
    const filter = { ...NO_FILTER, includeWatched };
    const offered = offeredBy(index, filter, viewer);
    const idsBy = (values: Float32Array): string[] =>
      topRows(index.size, ITEMS, (row) => values[row] as number, offered).map((row) => index.works[row]?.id ?? '');
    const together = this.#genresTogether(index, popularity.plays);
    return {
      genres: covering(byProbability(viewer.windowTaste.genres.values()), together),
      genresWithoutTime: covering(byProbability(viewer.taste.genres.values()), together),
      popularGenres: [...crowd.genres].sort((a, b) => crowd.presence(b) - crowd.presence(a)),
      items: idsBy(scores.total),
      page: () =>
        recommend({ index, popularity, viewer, scores }, filter, ITEMS, explorationSeed(userId, at)).map(
          ({ contentId }) => contentId,
        ),
      popularItems: idsBy(popularity.plays),
    };
  }

  #genresTogether(index: TitleIndex, plays: Float32Array): GenresTogether {
    if (this.#together?.plays !== plays) this.#together = { plays, genres: new GenresTogether(index, plays) };
    return this.#together.genres;
  }

  /** What the user is drawn to in the window, after all that was learned. */
  preferred(userId: string, window: Window): string[] {
    const { crowd } = this.#snapshots.at(this.#lastAt + SNAPSHOT_MS);
    const profile = this.#profiles.get(userId) ?? emptyProfile();
    const taste = windowTasteOf(profile, tasteOf(profile, crowd), window, crowd);
    return [...taste.genres.values()].sort((a, b) => b.share - a.share || order(a, b)).map(({ genre }) => genre);
  }

  get users(): IterableIterator<string> {
    return this.#profiles.keys();
  }
}

const order = (a: GenrePreference, b: GenrePreference): number => (a.genre < b.genre ? -1 : 1);

const byProbability = (genres: Iterable<GenrePreference>): GenrePreference[] =>
  [...genres].sort((a, b) => b.probability - a.probability || order(a, b));
