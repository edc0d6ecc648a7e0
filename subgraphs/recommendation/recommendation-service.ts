/** Use cases over ports; who may see what is decided here. Times: ms since the epoch. */
import type { Identity } from '../../platform/identity.ts';
import type { Clock } from '../../platform/ports/clock.ts';
import type { EventLog } from '../../platform/ports/event-log.ts';
import { AppError } from '../../schema/errors.ts';
import { SOCIAL_ROOMS } from '../../schema/events/topics.ts';
import type { InteractionInput } from '../../schema/generated/recommendation.ts';
import type { Moment } from './arguments.ts';
import type { RoomRef } from './context.ts';
import type { Catalogue } from './domain/catalogue.ts';
import { explorationSeed } from './domain/exploration.ts';
import { labelId } from './domain/genres.ts';
import { type GroupTitle, recommendToGroup } from './domain/group.ts';
import { buildHome, type HomeRow } from './domain/home.ts';
import { tasteOf, type WindowTaste, windowTasteOf } from './domain/preference.ts';
import { emptyProfile, type Profile, type TouchedTitle, unfinished } from './domain/profile.ts';
import { type RankedTitle, recommend, type TitleFilter } from './domain/ranking.ts';
import type { Evidence } from './domain/reasons.ts';
import { type ScoringOptions, scoreTitles, type Weights } from './domain/scoring.ts';
import { type SimilarTitle, similarTitles } from './domain/similar.ts';
import type { Snapshot, Snapshots } from './domain/snapshot.ts';
import { type Summary, summaryOf } from './domain/summary.ts';
import { viewerOf } from './domain/viewer.ts';
import { WINDOWS, windowAt } from './domain/windows.ts';
import { announce } from './learner.ts';
import type { Loaders } from './loaders.ts';
import { type ReasonWriter, templateWriter } from './models/reason-writer.ts';
import type { TitleVectors } from './models/title-vectors.ts';
import { wordReasons } from './models/worded-reasons.ts';
import type { Profiles } from './profiles.ts';
import { type Recorded, recordInteractions } from './recording.ts';

const MAX_FAVOURITES = 20;
/** Scoring costs milliseconds per member. */
const MAX_MEMBERS = 25;

export interface ServicePorts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly profiles: Pick<Profiles, 'setFavourites'>;
  readonly catalogue: Catalogue;
  readonly snapshots: Snapshots;
  /** Of the parts of a score; default: .40, .35, .25. */
  readonly weights?: Weights | undefined;
  /** Words for reasons; default: the templates. */
  readonly writer?: ReasonWriter | undefined;
  /** Default: likeness is by words. */
  readonly titleVectors?: TitleVectors | undefined;
}

/** Whose operation it is, and the reads of its request. */
export interface Caller {
  readonly identity: Identity;
  readonly loaders: Loaders;
}

export class RecommendationService {
  readonly #ports: ServicePorts;

  constructor(ports: ServicePorts) {
    this.#ports = ports;
  }

  now(): number {
    return this.#ports.clock.now();
  }

  /** @throws AppError UNAUTHENTICATED */
  viewerId({ identity }: Caller): string {
    if (identity.userId === null) throw new AppError('UNAUTHENTICATED', 'This is about whoever the token names.');
    return identity.userId;
  }

  async recommendations(caller: Caller, moment: Moment, filter: TitleFilter, first: number): Promise<RankedTitle[]> {
    const { userId } = caller.identity;
    const seed = userId === null ? null : explorationSeed(userId, moment.at);
    const { writer = templateWriter, catalogue } = this.#ports;
    const page = recommend(await this.#evidence(caller, moment, filter), filter, first, seed);
    return wordReasons(writer, catalogue, page);
  }

  async home(
    caller: Caller,
    moment: Moment,
    options: { readonly filter: TitleFilter; readonly rows: number; readonly perRow: number },
  ): Promise<HomeRow[]> {
    const anonymous = caller.identity.userId === null;
    return buildHome(await this.#evidence(caller, moment, options.filter), { ...options, anonymous });
  }

  /** @throws AppError FORBIDDEN unless it is the user themself */
  async temporalPreferences(caller: Caller, userId: string): Promise<WindowTaste[]> {
    const profile = await this.#ownProfile(caller, userId);
    const { crowd } = this.#snapshot();
    const taste = tasteOf(profile, crowd);
    return WINDOWS.map((window) => windowTasteOf(profile, taste, window, crowd));
  }

  /** @throws AppError FORBIDDEN unless it is the user themself */
  async summary(caller: Caller, userId: string): Promise<Summary> {
    return summaryOf(await this.#ownProfile(caller, userId), this.#snapshot().crowd);
  }

  /** Of titles in the catalogue. @throws AppError FORBIDDEN unless it is the user themself */
  async continueWatching(caller: Caller, userId: string, first: number): Promise<TouchedTitle[]> {
    const profile = await this.#ownProfile(caller, userId);
    const { catalogue } = this.#ports;
    const known = unfinished(profile, (id) => catalogue.find(id)?.id ?? id).flatMap((title) => {
      const work = catalogue.find(title.id);
      return work ? [{ ...title, id: work.id }] : [];
    });
    return known.slice(0, first);
  }

  /** Empty for a title that is not in the catalogue. */
  similar(contentId: string, first: number): SimilarTitle[] {
    const { index, openOffers } = this.#snapshot();
    return similarTitles(index, openOffers.bitsIn(null), contentId, first);
  }

  /** @throws AppError FORBIDDEN unless for the room's own audience or one of its members */
  async suggestions({ identity, loaders }: Caller, room: RoomRef, first: number): Promise<GroupTitle[]> {
    const memberIds = room.memberIds ?? [];
    const isMember = identity.userId !== null && memberIds.includes(identity.userId);
    if (!isMember && identity.audience !== `${SOCIAL_ROOMS.name}:${room.id}`) {
      throw new AppError('FORBIDDEN', 'Suggestions are for the members of the room.');
    }
    const profiles = await Promise.all(memberIds.slice(0, MAX_MEMBERS).map((id) => loaders.profile.load(id)));
    const snapshot = this.#snapshot();
    const members = profiles.map((profile) => this.#viewer(profile, snapshot, { at: this.now(), zone: null }));
    return recommendToGroup(snapshot.index, snapshot.popularity, members, first, this.#scoring(snapshot));
  }

  /** @throws AppError UNAUTHENTICATED, BAD_USER_INPUT for more than 500 */
  async recordInteractions(caller: Caller, inputs: readonly InteractionInput[]): Promise<Recorded> {
    return recordInteractions(this.#ports, this.#ports.catalogue, this.viewerId(caller), inputs);
  }

  /** @throws AppError UNAUTHENTICATED, BAD_USER_INPUT for more than 20 or a genre that no title has */
  async setFavouriteGenres(caller: Caller, genres: readonly string[]): Promise<string> {
    const userId = this.viewerId(caller);
    const wanted = [...new Set(genres.map(labelId))];
    if (genres.length > MAX_FAVOURITES) throw new AppError('BAD_USER_INPUT', `More than ${MAX_FAVOURITES} genres.`);
    const known = new Set(this.#snapshot().index.genres);
    const unknown = genres.find((genre) => !known.has(labelId(genre)));
    if (unknown !== undefined) {
      throw new AppError('BAD_USER_INPUT', `No title is of the genre ${JSON.stringify(unknown.slice(0, 60))}.`);
    }
    const profile = await this.#ports.profiles.setFavourites(userId, wanted);
    caller.loaders.profile.clear(userId);
    await announce(this.#ports.log, this.#ports.clock, [profile]);
    return userId;
  }

  #snapshot(): Snapshot {
    return this.#ports.snapshots.at(this.now());
  }

  async #evidence({ identity, loaders }: Caller, moment: Moment, { includeWatched }: TitleFilter): Promise<Evidence> {
    const profile = identity.userId === null ? emptyProfile() : await loaders.profile.load(identity.userId);
    const snapshot = this.#snapshot();
    const viewer = this.#viewer(profile, snapshot, moment);
    const { index, popularity, neighbours } = snapshot;
    const options = { ...this.#scoring(snapshot), neighbours, includeWatched };
    return { index, popularity, viewer, scores: scoreTitles(index, popularity, viewer, options) };
  }

  /** As configured. */
  #scoring({ index }: Snapshot): ScoringOptions {
    return { weights: this.#ports.weights, vectors: this.#ports.titleVectors?.of(index) ?? null };
  }

  #viewer(profile: Profile, { crowd, index, openOffers }: Snapshot, moment: Moment) {
    const zone = moment.zone ?? profile.zone;
    const find = (id: string) => this.#ports.catalogue.find(id);
    return viewerOf(profile, windowAt(moment.at, zone ?? 'UTC'), crowd, index, find, openOffers.bitsIn(zone));
  }

  async #ownProfile({ identity, loaders }: Caller, userId: string): Promise<Profile> {
    if (identity.userId !== userId) throw new AppError('FORBIDDEN', "Another person's taste is not yours to see.");
    return loaders.profile.load(userId);
  }
}
