import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { RecommendationContext } from '../../subgraphs/recommendation/context.ts';
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
  DateTime: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

export type Content = {
  __typename?: 'Content';
  id: Scalars['ID']['output'];
  similar: Array<SimilarContent>;
};


export type ContentSimilarArgs = {
  first?: Scalars['Int']['input'];
};

export type Genre = {
  __typename?: 'Genre';
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
};

export type GenrePreference = {
  __typename?: 'GenrePreference';
  confidence: Scalars['Float']['output'];
  genre: Genre;
  lift: Scalars['Float']['output'];
  share: Scalars['Float']['output'];
};

export type GroupRecommendation = {
  __typename?: 'GroupRecommendation';
  content?: Maybe<Content>;
  memberScores: Array<Scalars['Float']['output']>;
  reason: Scalars['String']['output'];
  score: Scalars['Float']['output'];
};

export type HomeRow = {
  __typename?: 'HomeRow';
  id: Scalars['ID']['output'];
  items: Array<Recommendation>;
  kind: RowKind;
  title: Scalars['String']['output'];
};

export type InteractionInput = {
  contentId: Scalars['ID']['input'];
  durationMs?: InputMaybe<Scalars['Int']['input']>;
  eventId?: InputMaybe<Scalars['ID']['input']>;
  platform?: InputMaybe<Scalars['String']['input']>;
  positionMs?: InputMaybe<Scalars['Int']['input']>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
  timestamp?: InputMaybe<Scalars['DateTime']['input']>;
  type: InteractionType;
  watchProgress?: InputMaybe<Scalars['Float']['input']>;
};

export type InteractionType =
  | 'ADD_TO_LIST'
  | 'COMPLETE'
  | 'DISLIKE'
  | 'DISMISS'
  | 'LIKE'
  | 'PAUSE'
  | 'SEARCH_CLICK'
  | 'SKIP'
  | 'WATCH';

export type Mutation = {
  __typename?: 'Mutation';
  recordInteractions: RecordInteractionsPayload;
  setFavouriteGenres: User;
};


export type MutationRecordInteractionsArgs = {
  events: Array<InteractionInput>;
};


export type MutationSetFavouriteGenresArgs = {
  genres: Array<Scalars['ID']['input']>;
};

export type PlatformShare = {
  __typename?: 'PlatformShare';
  platform: Scalars['String']['output'];
  share: Scalars['Float']['output'];
};

export type Query = {
  __typename?: 'Query';
  home: Array<HomeRow>;
  recommendations: Array<Recommendation>;
  viewer: User;
};


export type QueryHomeArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  filter?: InputMaybe<RecommendationFilter>;
  perRow?: Scalars['Int']['input'];
  rows?: Scalars['Int']['input'];
  timeZone?: InputMaybe<Scalars['String']['input']>;
};


export type QueryRecommendationsArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  filter?: InputMaybe<RecommendationFilter>;
  first?: Scalars['Int']['input'];
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type Reason = {
  __typename?: 'Reason';
  confidence: Scalars['Float']['output'];
  content?: Maybe<Content>;
  genre?: Maybe<Genre>;
  kind: ReasonKind;
  text: Scalars['String']['output'];
};

export type ReasonKind =
  | 'EXPLORE'
  | 'OTHER_PLATFORM'
  | 'POPULAR'
  | 'SIMILAR_TITLE'
  | 'TASTE'
  | 'TIME_WINDOW';

export type Recommendation = {
  __typename?: 'Recommendation';
  confidence: Scalars['Float']['output'];
  content?: Maybe<Content>;
  parts: ScoreParts;
  rank: Scalars['Int']['output'];
  reason: Scalars['String']['output'];
  reasons: Array<Reason>;
  score: Scalars['Float']['output'];
  similarityScore: Scalars['Float']['output'];
  temporalBoost: Scalars['Float']['output'];
  timeContext: TimeWindow;
};

export type RecommendationFilter = {
  genres?: InputMaybe<Array<Scalars['ID']['input']>>;
  includeWatched?: Scalars['Boolean']['input'];
  maxMinAge?: InputMaybe<Scalars['Int']['input']>;
  platforms?: InputMaybe<Array<Scalars['String']['input']>>;
};

export type RecordInteractionsPayload = {
  __typename?: 'RecordInteractionsPayload';
  accepted: Scalars['Int']['output'];
  rejected: Array<RejectedInteraction>;
};

export type RejectedInteraction = {
  __typename?: 'RejectedInteraction';
  code: Scalars['String']['output'];
  index: Scalars['Int']['output'];
  message: Scalars['String']['output'];
};

export type Room = {
  __typename?: 'Room';
  id: Scalars['ID']['output'];
  memberIds: Array<Scalars['ID']['output']>;
  suggestions?: Maybe<Array<GroupRecommendation>>;
};


export type RoomSuggestionsArgs = {
  first?: Scalars['Int']['input'];
};

export type RowKind =
  | 'BECAUSE_YOU_WATCHED'
  | 'CONTINUE_WATCHING'
  | 'DISCOVER_ON_OTHER_PLATFORMS'
  | 'FOR_THIS_TIME'
  | 'NEW_FOR_YOU'
  | 'POPULAR_NOW';

export type ScoreParts = {
  __typename?: 'ScoreParts';
  discovery: Scalars['Float']['output'];
  semantic: Scalars['Float']['output'];
  temporal: Scalars['Float']['output'];
  weights: Array<Scalars['Float']['output']>;
};

export type SimilarContent = {
  __typename?: 'SimilarContent';
  because: Array<Scalars['String']['output']>;
  content?: Maybe<Content>;
  similarity: Scalars['Float']['output'];
};

export type TimeWindow =
  | 'AFTERNOON'
  | 'EVENING'
  | 'MORNING'
  | 'NIGHT';

export type User = {
  __typename?: 'User';
  continueWatching: Array<WatchProgress>;
  id: Scalars['ID']['output'];
  summary: UserSummary;
  temporalPreferences: Array<WindowPreference>;
};


export type UserContinueWatchingArgs = {
  first?: Scalars['Int']['input'];
};

export type UserSummary = {
  __typename?: 'UserSummary';
  distinctContentCount: Scalars['Int']['output'];
  favouriteGenres: Array<GenrePreference>;
  firstSeenAt?: Maybe<Scalars['DateTime']['output']>;
  interactionCount: Scalars['Int']['output'];
  lastSeenAt?: Maybe<Scalars['DateTime']['output']>;
  mostActiveWindow?: Maybe<TimeWindow>;
  platforms: Array<PlatformShare>;
};

export type WatchProgress = {
  __typename?: 'WatchProgress';
  content?: Maybe<Content>;
  durationMs?: Maybe<Scalars['Int']['output']>;
  positionMs?: Maybe<Scalars['Int']['output']>;
  progress: Scalars['Float']['output'];
  updatedAt: Scalars['DateTime']['output'];
};

export type WindowPreference = {
  __typename?: 'WindowPreference';
  avgEngagement: Scalars['Float']['output'];
  contentCount: Scalars['Int']['output'];
  preferredGenres: Array<GenrePreference>;
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
  Content: ResolverTypeWrapper<Content>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Genre: ResolverTypeWrapper<Genre>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  GenrePreference: ResolverTypeWrapper<GenrePreference>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GroupRecommendation: ResolverTypeWrapper<GroupRecommendation>;
  HomeRow: ResolverTypeWrapper<HomeRow>;
  InteractionInput: InteractionInput;
  InteractionType: InteractionType;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PlatformShare: ResolverTypeWrapper<PlatformShare>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Reason: ResolverTypeWrapper<Reason>;
  ReasonKind: ReasonKind;
  Recommendation: ResolverTypeWrapper<Recommendation>;
  RecommendationFilter: RecommendationFilter;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  RecordInteractionsPayload: ResolverTypeWrapper<RecordInteractionsPayload>;
  RejectedInteraction: ResolverTypeWrapper<RejectedInteraction>;
  Room: ResolverTypeWrapper<Room>;
  RowKind: RowKind;
  ScoreParts: ResolverTypeWrapper<ScoreParts>;
  SimilarContent: ResolverTypeWrapper<SimilarContent>;
  TimeWindow: TimeWindow;
  User: ResolverTypeWrapper<User>;
  UserSummary: ResolverTypeWrapper<UserSummary>;
  WatchProgress: ResolverTypeWrapper<WatchProgress>;
  WindowPreference: ResolverTypeWrapper<WindowPreference>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Content: Content | FederationReferenceTypes['Content'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  DateTime: Scalars['DateTime']['output'];
  Genre: Genre;
  String: Scalars['String']['output'];
  GenrePreference: GenrePreference;
  Float: Scalars['Float']['output'];
  GroupRecommendation: GroupRecommendation;
  HomeRow: HomeRow;
  InteractionInput: InteractionInput;
  Mutation: Record<PropertyKey, never>;
  PlatformShare: PlatformShare;
  Query: Record<PropertyKey, never>;
  Reason: Reason;
  Recommendation: Recommendation;
  RecommendationFilter: RecommendationFilter;
  Boolean: Scalars['Boolean']['output'];
  RecordInteractionsPayload: RecordInteractionsPayload;
  RejectedInteraction: RejectedInteraction;
  Room: Room | FederationReferenceTypes['Room'];
  ScoreParts: ScoreParts;
  SimilarContent: SimilarContent;
  User: User | FederationReferenceTypes['User'];
  UserSummary: UserSummary;
  WatchProgress: WatchProgress;
  WindowPreference: WindowPreference;
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

