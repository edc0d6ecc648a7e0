import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { EntityRef, RoomRef, RecommendationContext } from '../../subgraphs/recommendation/context.ts';
import type { RankedTitle } from '../../subgraphs/recommendation/domain/ranking.ts';
import type { Reason as ReasonModel } from '../../subgraphs/recommendation/domain/reasons.ts';
import type { HomeRow as HomeRowModel } from '../../subgraphs/recommendation/domain/home.ts';
import type { WindowTaste, GenrePreference as GenrePreferenceModel } from '../../subgraphs/recommendation/domain/preference.ts';
import type { Summary } from '../../subgraphs/recommendation/domain/summary.ts';
import type { TouchedTitle } from '../../subgraphs/recommendation/domain/profile.ts';
import type { SimilarTitle } from '../../subgraphs/recommendation/domain/similar.ts';
import type { GroupTitle } from '../../subgraphs/recommendation/domain/group.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment, RFC 3339 with an offset, such as 2026-06-24T09:30:00Z or 2026-06-24T15:00:00+05:30. Answers are in UTC. */
  DateTime: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

/** A title; the content subgraph knows the rest of it. */
export type Content = {
  __typename?: 'Content';
  /** The work's id. */
  id: Scalars['ID']['output'];
  /** Titles like this one, most alike first; the same for everybody. */
  similar: Array<SimilarContent>;
};


/** A title; the content subgraph knows the rest of it. */
export type ContentSimilarArgs = {
  first?: Scalars['Int']['input'];
};

/** A canonical genre, the same over all platforms. */
export type Genre = {
  __typename?: 'Genre';
  /** Such as sci_fi. */
  id: Scalars['ID']['output'];
  /** Such as Sci-Fi. */
  name: Scalars['String']['output'];
};

/** How much a user likes a genre, smoothed so that a few plays claim little. */
export type GenrePreference = {
  __typename?: 'GenrePreference';
  /** 0..1: how much of the share is certain, its lower 10 % bound over itself; grows with the number of plays. */
  confidence: Scalars['Float']['output'];
  /** The genre. */
  genre: Genre;
  /** The share over the user's own average; in a summary over everybody's. 1: no more than usual. */
  lift: Scalars['Float']['output'];
  /** 0..1: the expected part of plays that are of this genre. */
  share: Scalars['Float']['output'];
};

/** A title for a group. */
export type GroupRecommendation = {
  __typename?: 'GroupRecommendation';
  /** The title; none of the members has watched it. */
  content?: Maybe<Content>;
  /** Every member's own score, 0..1, in the order of memberIds. */
  memberScores: Array<Scalars['Float']['output']>;
  /** One sentence on what speaks for it. */
  reason: Scalars['String']['output'];
  /** 0..1: mostly the lowest of the members' scores, a little their mean. */
  score: Scalars['Float']['output'];
};

/** A row of the home screen. */
export type HomeRow = {
  __typename?: 'HomeRow';
  /** Stable for one user: the same row has the same id when the screen is loaded again. */
  id: Scalars['ID']['output'];
  /** Its titles, best first. */
  items: Array<Recommendation>;
  /** What it is for. */
  kind: RowKind;
  /** Its heading. */
  title: Scalars['String']['output'];
};

/** Something the user did with a title. */
export type InteractionInput = {
  /** Content.id. */
  contentId: Scalars['ID']['input'];
  /** Length, ms. */
  durationMs?: InputMaybe<Scalars['Int']['input']>;
  /** The client's own id of it: repeated ids count once. Absent: made by the server. */
  eventId?: InputMaybe<Scalars['ID']['input']>;
  /** Where: netflix, prime_video or hotstar, in any case. */
  platform?: InputMaybe<Scalars['String']['input']>;
  /** Where the player stood, ms from the start. */
  positionMs?: InputMaybe<Scalars['Int']['input']>;
  /** IANA name, such as Asia/Kolkata; goes before the offset of the timestamp. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
  /** When; its offset says the local time. Default now. */
  timestamp?: InputMaybe<Scalars['DateTime']['input']>;
  /** What was done. */
  type: InteractionType;
  /** Part watched, 0..1. */
  watchProgress?: InputMaybe<Scalars['Float']['input']>;
};

/** What a person did with a title. */
export type InteractionType =
  /** Put it on a list for later. */
  | 'ADD_TO_LIST'
  /** Watched it to the end. */
  | 'COMPLETE'
  /** Said that it is bad: it is not recommended again. */
  | 'DISLIKE'
  /** Asked not to be shown it: it is not recommended again. */
  | 'DISMISS'
  /** Said that it is good. */
  | 'LIKE'
  /** Stopped for now; the position is where to resume. */
  | 'PAUSE'
  /** Opened it from a search. */
  | 'SEARCH_CLICK'
  /** Left it at once: says slightly that it was not wanted. */
  | 'SKIP'
  /** Watched some of it; watchProgress says how much. */
  | 'WATCH';

/** The entry points for writing. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Takes what the user did; learned from within a second. Each event is accepted or rejected on its own. */
  recordInteractions: RecordInteractionsPayload;
  /** Says what the user likes before anything was watched; replaces what was said before, an empty list takes it back. */
  setFavouriteGenres: User;
};


/** The entry points for writing. */
export type MutationRecordInteractionsArgs = {
  events: Array<InteractionInput>;
};


/** The entry points for writing. */
export type MutationSetFavouriteGenresArgs = {
  genres: Array<Scalars['ID']['input']>;
};

/** How much of a user's watching is on one platform. */
export type PlatformShare = {
  __typename?: 'PlatformShare';
  /** netflix, prime_video, hotstar, or another's name as its producer writes it, in lower case. */
  platform: Scalars['String']['output'];
  /** 0..1; recent plays count more. */
  share: Scalars['Float']['output'];
};

/** The entry points for reading. */
export type Query = {
  __typename?: 'Query';
  /** The home screen, row by row. Rows without items are left out. Nobody signed in: only what is popular. */
  home: Array<HomeRow>;
  /** What to watch, best first; never fewer than asked for while enough titles pass the filter. Nobody signed in: what is popular. */
  recommendations: Array<Recommendation>;
  /** Whoever the token names. UNAUTHENTICATED without one. */
  viewer: User;
};


/** The entry points for reading. */
export type QueryHomeArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  filter?: InputMaybe<RecommendationFilter>;
  perRow?: Scalars['Int']['input'];
  rows?: Scalars['Int']['input'];
  timeZone?: InputMaybe<Scalars['String']['input']>;
};


/** The entry points for reading. */
export type QueryRecommendationsArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  filter?: InputMaybe<RecommendationFilter>;
  first?: Scalars['Int']['input'];
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

/** One thing that speaks for a title. */
export type Reason = {
  __typename?: 'Reason';
  /** 0..1: how sure it is. */
  confidence: Scalars['Float']['output'];
  /** The title it is about, if about one: what the user watched. */
  content?: Maybe<Content>;
  /** The genre it is about, if about one. */
  genre?: Maybe<Genre>;
  /** What kind of thing. */
  kind: ReasonKind;
  /** A sentence for the user. */
  text: Scalars['String']['output'];
};

/** Why a title is offered. */
export type ReasonKind =
  /** Nothing is known that speaks for it in particular: worth a try. */
  | 'EXPLORE'
  /** It is on a platform that the user has not used for this genre. */
  | 'OTHER_PLATFORM'
  /** Many people watch it. */
  | 'POPULAR'
  /** It is like a title that the user watched. */
  | 'SIMILAR_TITLE'
  /** The user often watches this genre, or named it a favourite. */
  | 'TASTE'
  /** The user watches this genre more in this part of the day than otherwise, on sufficient evidence. */
  | 'TIME_WINDOW';

/** A title that is offered, with the arithmetic behind it. */
export type Recommendation = {
  __typename?: 'Recommendation';
  /** 0..1: how probable it is that the user's next play in this part of the day is of this title's likeliest genre. */
  confidence: Scalars['Float']['output'];
  /** The title. */
  content?: Maybe<Content>;
  /** The three parts of the score and their weights. */
  parts: ScoreParts;
  /** Its place in the list, from 1. */
  rank: Scalars['Int']['output'];
  /** One sentence, such as "Matches your morning preference for comedy": the largest term of the score. */
  reason: Scalars['String']['output'];
  /** Everything that speaks for it, the largest term of the score first. */
  reasons: Array<Reason>;
  /** 0..1: the sum of the three parts, each times its weight. */
  score: Scalars['Float']['output'];
  /** 0..1: the semantic part before weighting; the title most like the user's taste has 1. */
  similarityScore: Scalars['Float']['output'];
  /** The window's lift that was applied, 0.7..1.3; 1 where the evidence carries none. */
  temporalBoost: Scalars['Float']['output'];
  /** The part of the day that it was made for. */
  timeContext: TimeWindow;
};

/** Which titles may be offered. Every part that is given must hold. */
export type RecommendationFilter = {
  /** Only titles of one of these genres, by canonical id such as sci_fi. */
  genres?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Whether titles that the user has watched may appear again. */
  includeWatched?: Scalars['Boolean']['input'];
  /** Parental lock: only titles for this age or younger; unrated titles are left out when it is set. */
  maxMinAge?: InputMaybe<Scalars['Int']['input']>;
  /** Only titles on one of these platforms: netflix, prime_video, hotstar, in any case. */
  platforms?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** What became of the events. */
export type RecordInteractionsPayload = {
  __typename?: 'RecordInteractionsPayload';
  /** How many are stored and will be learned from. */
  accepted: Scalars['Int']['output'];
  /** Those that are not, in order. */
  rejected: Array<RejectedInteraction>;
};

/** An event that cannot be used. */
export type RejectedInteraction = {
  __typename?: 'RejectedInteraction';
  /** A code of the table of errors. */
  code: Scalars['String']['output'];
  /** Its place in the argument, from 0. */
  index: Scalars['Int']['output'];
  /** What is wrong with it, for the developer. */
  message: Scalars['String']['output'];
};

/** A watch room; the room subgraph knows the rest of it. */
export type Room = {
  __typename?: 'Room';
  /** The room's id. */
  id: Scalars['ID']['output'];
  /** Who is in it. */
  memberIds: Array<Scalars['ID']['output']>;
  /** What to watch together: for all members, fair to the least happy one. At most 25 members are weighed. FORBIDDEN to others. */
  suggestions?: Maybe<Array<GroupRecommendation>>;
};


/** A watch room; the room subgraph knows the rest of it. */
export type RoomSuggestionsArgs = {
  first?: Scalars['Int']['input'];
};

/** What a row of the home screen is for. */
export type RowKind =
  /** Titles like one the user watched lately. */
  | 'BECAUSE_YOU_WATCHED'
  /** Started and not finished, the latest first. */
  | 'CONTINUE_WATCHING'
  /** Titles on platforms that the user has not used, or not for this genre. */
  | 'DISCOVER_ON_OTHER_PLATFORMS'
  /** The best for the user in this part of the day. */
  | 'FOR_THIS_TIME'
  /** The latest additions, the best for the user first. */
  | 'NEW_FOR_YOU'
  /** What everybody watches; where nobody has watched anything yet, what is offered most widely. */
  | 'POPULAR_NOW';

/** The parts of a score, each 0..1 and not yet weighted. */
export type ScoreParts = {
  __typename?: 'ScoreParts';
  /** Popularity over all platforms, with a bonus for where the user has something to discover. */
  discovery: Scalars['Float']['output'];
  /** Likeness of its text (title, genres, moods, people, description) to what the user watched. */
  semantic: Scalars['Float']['output'];
  /** What is popular among people of this taste, and goes with what the user watched, times the lift of the part of the day. */
  temporal: Scalars['Float']['output'];
  /** The weights of temporal, semantic and discovery, in this order; their sum is 1. */
  weights: Array<Scalars['Float']['output']>;
};

/** A title like another. */
export type SimilarContent = {
  __typename?: 'SimilarContent';
  /** What they share, most telling first: genres, moods, people and words. */
  because: Array<Scalars['String']['output']>;
  /** The title. */
  content?: Maybe<Content>;
  /** 0..1: cosine of their weighted words, genres, moods and people. */
  similarity: Scalars['Float']['output'];
};

/** The part of the day, by the user's local time. */
export type TimeWindow =
  /** From 12 to 17 o'clock. */
  | 'AFTERNOON'
  /** From 17 to 22 o'clock. */
  | 'EVENING'
  /** From 5 to 12 o'clock. */
  | 'MORNING'
  /** From 22 to 5 o'clock. */
  | 'NIGHT';

/** A person. Everything here is for that person alone: FORBIDDEN to others. */
export type User = {
  __typename?: 'User';
  /** Titles started and not finished, the latest first. */
  continueWatching: Array<WatchProgress>;
  /** The token's subject. */
  id: Scalars['ID']['output'];
  /** What is known of the user, in short. */
  summary: UserSummary;
  /** What the user likes in each part of the day: always the four windows, in order. */
  temporalPreferences: Array<WindowPreference>;
};


/** A person. Everything here is for that person alone: FORBIDDEN to others. */
export type UserContinueWatchingArgs = {
  first?: Scalars['Int']['input'];
};

/** What is known of a user, in short. */
export type UserSummary = {
  __typename?: 'UserSummary';
  /** With how many titles. */
  distinctContentCount: Scalars['Int']['output'];
  /** The genres watched or named as favourites, best first. */
  favouriteGenres: Array<GenrePreference>;
  /** The time of the earliest interaction. */
  firstSeenAt?: Maybe<Scalars['DateTime']['output']>;
  /** How many interactions were learned from. */
  interactionCount: Scalars['Int']['output'];
  /** The time of the latest interaction. */
  lastSeenAt?: Maybe<Scalars['DateTime']['output']>;
  /** The part of the day with the most plays; null without any. */
  mostActiveWindow?: Maybe<TimeWindow>;
  /** Where the user watches, most used first. */
  platforms: Array<PlatformShare>;
};

/** How far a user is in a title. */
export type WatchProgress = {
  __typename?: 'WatchProgress';
  /** The title. */
  content?: Maybe<Content>;
  /** Length, ms, if a player said so. */
  durationMs?: Maybe<Scalars['Int']['output']>;
  /** Where to resume, ms from the start, if a player said so. */
  positionMs?: Maybe<Scalars['Int']['output']>;
  /** Part watched, 0..1. */
  progress: Scalars['Float']['output'];
  /** When this was last heard of. */
  updatedAt: Scalars['DateTime']['output'];
};

/** What a user likes in one part of the day. */
export type WindowPreference = {
  __typename?: 'WindowPreference';
  /** Mean part watched, 0..1; 0 where nothing was watched. */
  avgEngagement: Scalars['Float']['output'];
  /** How many titles were watched; one watched on two days counts twice. */
  contentCount: Scalars['Int']['output'];
  /** The genres watched, best first; empty where nothing was watched. */
  preferredGenres: Array<GenrePreference>;
  /** The part of the day. */
  window: TimeWindow;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Content: Content;
  Room: Room;
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Content:
    ( { __typename: 'Content' }
    & GraphQLRecursivePick<FederationTypes['Content'], {"id":true}> );
  Room:
    ( { __typename: 'Room' }
    & GraphQLRecursivePick<FederationTypes['Room'], {"id":true}>
    & ( Record<PropertyKey, never>
        | GraphQLRecursivePick<FederationTypes['Room'], {"memberIds":true}> ) );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Content: ResolverTypeWrapper<EntityRef>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Genre: ResolverTypeWrapper<string>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  GenrePreference: ResolverTypeWrapper<GenrePreferenceModel>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GroupRecommendation: ResolverTypeWrapper<GroupTitle>;
  HomeRow: ResolverTypeWrapper<HomeRowModel>;
  InteractionInput: InteractionInput;
  InteractionType: InteractionType;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PlatformShare: ResolverTypeWrapper<PlatformShare>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Reason: ResolverTypeWrapper<ReasonModel>;
  ReasonKind: ReasonKind;
  Recommendation: ResolverTypeWrapper<RankedTitle>;
  RecommendationFilter: RecommendationFilter;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  RecordInteractionsPayload: ResolverTypeWrapper<RecordInteractionsPayload>;
  RejectedInteraction: ResolverTypeWrapper<RejectedInteraction>;
  Room: ResolverTypeWrapper<RoomRef>;
  RowKind: RowKind;
  ScoreParts: ResolverTypeWrapper<ScoreParts>;
  SimilarContent: ResolverTypeWrapper<SimilarTitle>;
  TimeWindow: TimeWindow;
  User: ResolverTypeWrapper<EntityRef>;
  UserSummary: ResolverTypeWrapper<Summary>;
  WatchProgress: ResolverTypeWrapper<TouchedTitle>;
  WindowPreference: ResolverTypeWrapper<WindowTaste>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Content: EntityRef;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  DateTime: Scalars['DateTime']['output'];
  Genre: string;
  String: Scalars['String']['output'];
  GenrePreference: GenrePreferenceModel;
  Float: Scalars['Float']['output'];
  GroupRecommendation: GroupTitle;
  HomeRow: HomeRowModel;
  InteractionInput: InteractionInput;
  Mutation: Record<PropertyKey, never>;
  PlatformShare: PlatformShare;
  Query: Record<PropertyKey, never>;
  Reason: ReasonModel;
  Recommendation: RankedTitle;
  RecommendationFilter: RecommendationFilter;
  Boolean: Scalars['Boolean']['output'];
  RecordInteractionsPayload: RecordInteractionsPayload;
  RejectedInteraction: RejectedInteraction;
  Room: RoomRef;
  ScoreParts: ScoreParts;
  SimilarContent: SimilarTitle;
  User: EntityRef;
  UserSummary: Summary;
  WatchProgress: TouchedTitle;
  WindowPreference: WindowTaste;
};

export type ContentResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['Content'] = ResolversParentTypes['Content'], FederationReferenceType extends FederationReferenceTypes['Content'] = FederationReferenceTypes['Content']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Content']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  similar?: Resolver<Array<ResolversTypes['SimilarContent']>, ParentType, ContextType, RequireFields<ContentSimilarArgs, 'first'>>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type GenreResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['Genre'] = ResolversParentTypes['Genre']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GenrePreferenceResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['GenrePreference'] = ResolversParentTypes['GenrePreference']> = {
  confidence?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  genre?: Resolver<ResolversTypes['Genre'], ParentType, ContextType>;
  lift?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type GroupRecommendationResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['GroupRecommendation'] = ResolversParentTypes['GroupRecommendation']> = {
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType>;
  memberScores?: Resolver<Array<ResolversTypes['Float']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type HomeRowResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['HomeRow'] = ResolversParentTypes['HomeRow']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  items?: Resolver<Array<ResolversTypes['Recommendation']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RowKind'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  recordInteractions?: Resolver<ResolversTypes['RecordInteractionsPayload'], ParentType, ContextType, RequireFields<MutationRecordInteractionsArgs, 'events'>>;
  setFavouriteGenres?: Resolver<ResolversTypes['User'], ParentType, ContextType, RequireFields<MutationSetFavouriteGenresArgs, 'genres'>>;
};

export type PlatformShareResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['PlatformShare'] = ResolversParentTypes['PlatformShare']> = {
  platform?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  home?: Resolver<Array<ResolversTypes['HomeRow']>, ParentType, ContextType, RequireFields<QueryHomeArgs, 'perRow' | 'rows'>>;
  recommendations?: Resolver<Array<ResolversTypes['Recommendation']>, ParentType, ContextType, RequireFields<QueryRecommendationsArgs, 'first'>>;
  viewer?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type ReasonResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['Reason'] = ResolversParentTypes['Reason']> = {
  confidence?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType>;
  genre?: Resolver<Maybe<ResolversTypes['Genre']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ReasonKind'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RecommendationResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['Recommendation'] = ResolversParentTypes['Recommendation']> = {
  confidence?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType>;
  parts?: Resolver<ResolversTypes['ScoreParts'], ParentType, ContextType>;
  rank?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reasons?: Resolver<Array<ResolversTypes['Reason']>, ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  similarityScore?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  temporalBoost?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  timeContext?: Resolver<ResolversTypes['TimeWindow'], ParentType, ContextType>;
};

export type RecordInteractionsPayloadResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['RecordInteractionsPayload'] = ResolversParentTypes['RecordInteractionsPayload']> = {
  accepted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rejected?: Resolver<Array<ResolversTypes['RejectedInteraction']>, ParentType, ContextType>;
};

export type RejectedInteractionResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['RejectedInteraction'] = ResolversParentTypes['RejectedInteraction']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RoomResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['Room'] = ResolversParentTypes['Room'], FederationReferenceType extends FederationReferenceTypes['Room'] = FederationReferenceTypes['Room']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Room']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  suggestions?: Resolver<Maybe<Array<ResolversTypes['GroupRecommendation']>>, ParentType, ContextType, RequireFields<RoomSuggestionsArgs, 'first'>>;
};

export type ScorePartsResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['ScoreParts'] = ResolversParentTypes['ScoreParts']> = {
  discovery?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  semantic?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  temporal?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  weights?: Resolver<Array<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type SimilarContentResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['SimilarContent'] = ResolversParentTypes['SimilarContent']> = {
  because?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType>;
  similarity?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  continueWatching?: Resolver<Array<ResolversTypes['WatchProgress']>, ParentType, ContextType, RequireFields<UserContinueWatchingArgs, 'first'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['UserSummary'], ParentType, ContextType>;
  temporalPreferences?: Resolver<Array<ResolversTypes['WindowPreference']>, ParentType, ContextType>;
};

export type UserSummaryResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['UserSummary'] = ResolversParentTypes['UserSummary']> = {
  distinctContentCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  favouriteGenres?: Resolver<Array<ResolversTypes['GenrePreference']>, ParentType, ContextType>;
  firstSeenAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  interactionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lastSeenAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  mostActiveWindow?: Resolver<Maybe<ResolversTypes['TimeWindow']>, ParentType, ContextType>;
  platforms?: Resolver<Array<ResolversTypes['PlatformShare']>, ParentType, ContextType>;
};

export type WatchProgressResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['WatchProgress'] = ResolversParentTypes['WatchProgress']> = {
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType>;
  durationMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  positionMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type WindowPreferenceResolvers<ContextType = RecommendationContext, ParentType extends ResolversParentTypes['WindowPreference'] = ResolversParentTypes['WindowPreference']> = {
  avgEngagement?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  contentCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  preferredGenres?: Resolver<Array<ResolversTypes['GenrePreference']>, ParentType, ContextType>;
  window?: Resolver<ResolversTypes['TimeWindow'], ParentType, ContextType>;
};

export type Resolvers<ContextType = RecommendationContext> = {
  Content?: ContentResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Genre?: GenreResolvers<ContextType>;
  GenrePreference?: GenrePreferenceResolvers<ContextType>;
  GroupRecommendation?: GroupRecommendationResolvers<ContextType>;
  HomeRow?: HomeRowResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PlatformShare?: PlatformShareResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Reason?: ReasonResolvers<ContextType>;
  Recommendation?: RecommendationResolvers<ContextType>;
  RecordInteractionsPayload?: RecordInteractionsPayloadResolvers<ContextType>;
  RejectedInteraction?: RejectedInteractionResolvers<ContextType>;
  Room?: RoomResolvers<ContextType>;
  ScoreParts?: ScorePartsResolvers<ContextType>;
  SimilarContent?: SimilarContentResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserSummary?: UserSummaryResolvers<ContextType>;
  WatchProgress?: WatchProgressResolvers<ContextType>;
  WindowPreference?: WindowPreferenceResolvers<ContextType>;
};

