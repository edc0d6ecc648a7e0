import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Work, WorkOffer } from '../../subgraphs/content/domain/work.ts';
import type { ContentContext } from '../../subgraphs/content/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment as RFC 3339 in UTC, such as 2026-06-24T09:30:00.000Z. */
  DateTime: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

/** A work: one film or series, whatever the number of platforms, editions and dubs it is offered in. */
export type Content = {
  __typename?: 'Content';
  /** Other titles that platforms give it. */
  alternativeTitles: Array<Scalars['String']['output']>;
  /** Actors and presenters, leading ones first. */
  cast: Array<Scalars['String']['output']>;
  /** Countries of production, ISO 3166-1 alpha-2. */
  countries: Array<Scalars['String']['output']>;
  /** A few sentences on what it is about, from the platform that tells it best. */
  description?: Maybe<Scalars['String']['output']>;
  /** Directors or creators. */
  directors: Array<Scalars['String']['output']>;
  /** Canonical genres, the most telling first. */
  genres: Array<Genre>;
  /** Stable for ever: outlives re-imports and renumbered feeds; a merged id keeps answering. */
  id: Scalars['ID']['output'];
  /** The age it is fit for, by the strictest of the platforms' labels. */
  maturity: Maturity;
  /** Moods such as intense or feel_good, derived from its genres and the words of its description. */
  moodTags: Array<Scalars['String']['output']>;
  /** Where it can be watched now: offers outside their time window are not shown. */
  offers: Array<Offer>;
  /** First release; of a series, its first season as far as the platforms tell. */
  releaseYear?: Maybe<Scalars['Int']['output']>;
  /** Length of a film in minutes; null for series. */
  runtimeMinutes?: Maybe<Scalars['Int']['output']>;
  /** Number of seasons, the most that a platform has; null for films. */
  seasonCount?: Maybe<Scalars['Int']['output']>;
  /** The title, without edition or language suffix. */
  title: Scalars['String']['output'];
  /** Film or series. */
  type: ContentType;
  /** When what is said here last changed. */
  updatedAt: Scalars['DateTime']['output'];
};


/** A work: one film or series, whatever the number of platforms, editions and dubs it is offered in. */
export type ContentCastArgs = {
  first?: Scalars['Int']['input'];
};


/** A work: one film or series, whatever the number of platforms, editions and dubs it is offered in. */
export type ContentOffersArgs = {
  country?: InputMaybe<Scalars['String']['input']>;
  platforms?: InputMaybe<Array<Platform>>;
};

/** A page of the catalogue. */
export type ContentConnection = {
  __typename?: 'ContentConnection';
  /** The works of this page, with their cursors. */
  edges: Array<ContentEdge>;
  /** Whether and where it goes on. */
  pageInfo: PageInfo;
  /** Works on all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** A work in its place on a page. */
export type ContentEdge = {
  __typename?: 'ContentEdge';
  /** To go on after this work. */
  cursor: Scalars['String']['output'];
  /** The work. */
  node: Content;
};

/** Narrows a list of works; what is left out, or an empty list, does not narrow. All that is given must hold. */
export type ContentFilter = {
  /** Where it can be watched, ISO 3166-1 alpha-2. An offer that names no country passes: its platform does not say. */
  country?: InputMaybe<Scalars['String']['input']>;
  /** Canonical genre ids, any of them. */
  genres?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Parental lock: at most this age in years. Unrated titles are left out when it is set. */
  maxMinAge?: InputMaybe<Scalars['Int']['input']>;
  /** Watchable now on any of these platforms. */
  platforms?: InputMaybe<Array<Platform>>;
  /** First released in this year or later; titles without a year are left out. */
  releasedFrom?: InputMaybe<Scalars['Int']['input']>;
  /** First released in this year or earlier; titles without a year are left out. */
  releasedTo?: InputMaybe<Scalars['Int']['input']>;
  /** Of any of these types. */
  types?: InputMaybe<Array<ContentType>>;
};

/** The order of a catalogue page. Titles that tie are in the order of their ids. */
export type ContentSort =
  /** Offered on most platforms first, among equals the most recently added. No platform publishes viewing figures. */
  | 'POPULARITY'
  /** When a platform last added it, newest first; undated titles last. */
  | 'RECENTLY_ADDED'
  /** First release, newest first; titles without a year last. */
  | 'RELEASE_YEAR'
  /** By title from A to Z, without regard to case, accents and a leading article. */
  | 'TITLE';

/** What a work is; a film and a series of one name are two works. */
export type ContentType =
  /** A film, short, special or recorded show: one thing to watch. */
  | 'MOVIE'
  /** Something in episodes, all its seasons together. */
  | 'SERIES';

/** Links that open the title in the platform's own player. */
export type DeepLink = {
  __typename?: 'DeepLink';
  /** For Fire TV: an Android intent URI that starts the platform's app. */
  fireTv: Scalars['String']['output'];
  /** For a browser. Where the platform's real id is not known, its search for the title. */
  web: Scalars['String']['output'];
};

/** One property of the works found. */
export type Facet = {
  __typename?: 'Facet';
  /** One of platform, type, genre, maturity. */
  name: Scalars['String']['output'];
  /** Its values among the works found, the most frequent first. */
  values: Array<FacetValue>;
};

/** How many works found have one value. */
export type FacetValue = {
  __typename?: 'FacetValue';
  /** Number of works. */
  count: Scalars['Int']['output'];
  /** As a ContentFilter takes it: NETFLIX, MOVIE, sci_fi; for maturity a MaturityBand. */
  value: Scalars['String']['output'];
};

/** A genre of the one vocabulary that all platforms' labels are mapped to. */
export type Genre = {
  __typename?: 'Genre';
  /** In snake_case, such as sci_fi. */
  id: Scalars['ID']['output'];
  /** English name to show, such as Science fiction. */
  name: Scalars['String']['output'];
};

/** A feed that stopped half way, or a full snapshot that would take too much away: nothing was removed by it. */
export type HeldFeed = {
  __typename?: 'HeldFeed';
  /** When it was read. */
  at: Scalars['DateTime']['output'];
  /** What was wrong, in words for an operator. */
  reason: Scalars['String']['output'];
};

/** From what age a work is fit to watch. */
export type Maturity = {
  __typename?: 'Maturity';
  /** India's band for that age. */
  band: MaturityBand;
  /** What each platform says in its own words. */
  labels: Array<MaturityLabel>;
  /** Age in years, by the strictest label; null where it is unrated. */
  minAge?: Maybe<Scalars['Int']['output']>;
};

/** Age bands of India (IT Rules 2021, CBFC since November 2024); of several platforms' labels the strictest counts. */
export type MaturityBand =
  /** Adults only, from 18 years. */
  | 'A'
  /** For everybody. */
  | 'U'
  /** From 7 years, below with parents. */
  | 'UA_7'
  /** From 13 years, below with parents; the parental lock starts here. */
  | 'UA_13'
  /** From 16 years, below with parents. */
  | 'UA_16'
  /** No platform gives an age: locked whenever a parental limit is set. */
  | 'UNRATED';

/** A platform's own age label. */
export type MaturityLabel = {
  __typename?: 'MaturityLabel';
  /** As the platform writes it, such as TV-14 or U/A 13+. */
  label: Scalars['String']['output'];
  /** Who says so. */
  platform: Platform;
};

/** What an offer costs the viewer. */
export type Monetization =
  /** Paid once, to keep. */
  | 'BUY'
  /** Free of charge, perhaps with advertisements. */
  | 'FREE'
  /** Paid for a limited time. */
  | 'RENT'
  /** Included for the platform's subscribers. */
  | 'SUBSCRIPTION';

/** One way to watch a work: on one platform, in one edition. */
export type Offer = {
  __typename?: 'Offer';
  /** It can be watched from this moment on; null: already for long. */
  availableFrom?: Maybe<Scalars['DateTime']['output']>;
  /** It can be watched until this moment; null: no end is known. */
  availableUntil?: Maybe<Scalars['DateTime']['output']>;
  /** Where it can be watched, ISO 3166-1 alpha-2; empty: the platform does not say. */
  countries: Array<Scalars['String']['output']>;
  /** How to open it. */
  deepLink: DeepLink;
  /** Such as 4K UHD or Hindi; null for the plain one. */
  edition?: Maybe<Scalars['String']['output']>;
  /** When the platform last told us of it. */
  lastSeenAt: Scalars['DateTime']['output'];
  /** What it costs. */
  monetization: Monetization;
  /** Where. */
  platform: Platform;
  /** The platform's own id of it. */
  platformId: Scalars['ID']['output'];
  /** The title as the platform spells it, edition included. */
  title: Scalars['String']['output'];
};

/** Whether a list goes on after this page. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Give it as `after` for the next page; null on an empty page. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** True: there is at least one more. */
  hasNextPage: Scalars['Boolean']['output'];
};

/** A streaming platform whose catalogue is taken in. */
export type Platform =
  /** Disney+ Hotstar, now JioHotstar. */
  | 'HOTSTAR'
  /** Netflix. */
  | 'NETFLIX'
  /** Amazon Prime Video. */
  | 'PRIME_VIDEO';

/** What has been taken in from one platform. */
export type PlatformStatus = {
  __typename?: 'PlatformStatus';
  /** The platform's last feed, where it was not taken in as a whole; null: it was. */
  held?: Maybe<HeldFeed>;
  /** When one of its records last changed; null: never. */
  lastChangeAt?: Maybe<Scalars['DateTime']['output']>;
  /** When a full snapshot last told us something; null: never. */
  lastSnapshotAt?: Maybe<Scalars['DateTime']['output']>;
  /** The platform. */
  platform: Platform;
  /** Its rows and events of the last 30 days that could not be used; they wait in content_sync.dlq with the reason. */
  quarantined: Scalars['Int']['output'];
  /** Its records that are in and not deleted; several may be one work. */
  sourceRecords: Scalars['Int']['output'];
  /** Works it offers now. */
  works: Scalars['Int']['output'];
};

/** Where every question to the catalogue starts. */
export type Query = {
  __typename?: 'Query';
  /** Works that can be watched now, page by page. A page goes on after its cursor even when titles come and go meanwhile. */
  catalogue: ContentConnection;
  /** How much of each platform is in, and how fresh it is: a row per platform, always in the same order. */
  catalogueStatus: Array<PlatformStatus>;
  /** One work by its id; null where there is none. A merged id keeps answering, with the work it went into. */
  content?: Maybe<Content>;
  /** The work that a platform offers under its own id; null where the platform offers none. */
  contentByPlatformId?: Maybe<Content>;
  /**
   * Works by title, alternative title, person or genre word, best first. Forgives typing errors, accents, punctuation and
   * numbers in words ("brooklyn 99"); the last word may be unfinished.
   */
  search: SearchConnection;
  /** Titles that begin like what has been typed so far, best first. */
  suggest: Array<Suggestion>;
};


/** Where every question to the catalogue starts. */
export type QueryCatalogueArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ContentFilter>;
  first?: Scalars['Int']['input'];
  sort?: ContentSort;
};


/** Where every question to the catalogue starts. */
export type QueryContentArgs = {
  id: Scalars['ID']['input'];
};


/** Where every question to the catalogue starts. */
export type QueryContentByPlatformIdArgs = {
  platform: Platform;
  platformId: Scalars['ID']['input'];
};


/** Where every question to the catalogue starts. */
export type QuerySearchArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ContentFilter>;
  first?: Scalars['Int']['input'];
  query: Scalars['String']['input'];
};


/** Where every question to the catalogue starts. */
export type QuerySuggestArgs = {
  first?: Scalars['Int']['input'];
  prefix: Scalars['String']['input'];
};

/** A page of search results. */
export type SearchConnection = {
  __typename?: 'SearchConnection';
  /** The works found, best first. */
  edges: Array<SearchEdge>;
  /** What all works found are like, to narrow the search further. */
  facets: Array<Facet>;
  /** Whether and where it goes on. */
  pageInfo: PageInfo;
  /** Works found on all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** A work that was found. */
export type SearchEdge = {
  __typename?: 'SearchEdge';
  /** To go on after this work. */
  cursor: Scalars['String']['output'];
  /** Where the query was found: title, alternativeTitles, people, genres. */
  matched: Array<Scalars['String']['output']>;
  /** The work. */
  node: Content;
  /** How well it fits the query: comparable within one query only. */
  score: Scalars['Float']['output'];
};

/** A title to offer while the viewer types. */
export type Suggestion = {
  __typename?: 'Suggestion';
  /** The work it belongs to. */
  content: Content;
  /** The title to show. */
  text: Scalars['String']['output'];
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
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Content:
    ( { __typename: 'Content' }
    & GraphQLRecursivePick<FederationTypes['Content'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Content: ResolverTypeWrapper<Work>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  ContentConnection: ResolverTypeWrapper<Omit<ContentConnection, 'edges'> & { edges: Array<ResolversTypes['ContentEdge']> }>;
  ContentEdge: ResolverTypeWrapper<Omit<ContentEdge, 'node'> & { node: ResolversTypes['Content'] }>;
  ContentFilter: ContentFilter;
  ContentSort: ContentSort;
  ContentType: ContentType;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeepLink: ResolverTypeWrapper<DeepLink>;
  Facet: ResolverTypeWrapper<Facet>;
  FacetValue: ResolverTypeWrapper<FacetValue>;
  Genre: ResolverTypeWrapper<Genre>;
  HeldFeed: ResolverTypeWrapper<HeldFeed>;
  Maturity: ResolverTypeWrapper<Maturity>;
  MaturityBand: MaturityBand;
  MaturityLabel: ResolverTypeWrapper<MaturityLabel>;
  Monetization: Monetization;
  Offer: ResolverTypeWrapper<WorkOffer>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Platform: Platform;
  PlatformStatus: ResolverTypeWrapper<PlatformStatus>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SearchConnection: ResolverTypeWrapper<Omit<SearchConnection, 'edges'> & { edges: Array<ResolversTypes['SearchEdge']> }>;
  SearchEdge: ResolverTypeWrapper<Omit<SearchEdge, 'node'> & { node: ResolversTypes['Content'] }>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Suggestion: ResolverTypeWrapper<Omit<Suggestion, 'content'> & { content: ResolversTypes['Content'] }>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Content: Work;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  ContentConnection: Omit<ContentConnection, 'edges'> & { edges: Array<ResolversParentTypes['ContentEdge']> };
  ContentEdge: Omit<ContentEdge, 'node'> & { node: ResolversParentTypes['Content'] };
  ContentFilter: ContentFilter;
  DateTime: Scalars['DateTime']['output'];
  DeepLink: DeepLink;
  Facet: Facet;
  FacetValue: FacetValue;
  Genre: Genre;
  HeldFeed: HeldFeed;
  Maturity: Maturity;
  MaturityLabel: MaturityLabel;
  Offer: WorkOffer;
  PageInfo: PageInfo;
  PlatformStatus: PlatformStatus;
  Query: Record<PropertyKey, never>;
  SearchConnection: Omit<SearchConnection, 'edges'> & { edges: Array<ResolversParentTypes['SearchEdge']> };
  SearchEdge: Omit<SearchEdge, 'node'> & { node: ResolversParentTypes['Content'] };
  Float: Scalars['Float']['output'];
  Suggestion: Omit<Suggestion, 'content'> & { content: ResolversParentTypes['Content'] };
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
};

export type CacheControlDirectiveArgs = {
  inheritMaxAge?: Maybe<Scalars['Boolean']['input']>;
  maxAge?: Maybe<Scalars['Int']['input']>;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = ContentContext, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ContentResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['Content'] = ResolversParentTypes['Content'], FederationReferenceType extends FederationReferenceTypes['Content'] = FederationReferenceTypes['Content']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Content']> | FederationReferenceType, FederationReferenceType, ContextType>;
  alternativeTitles?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  cast?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType, RequireFields<ContentCastArgs, 'first'>>;
  countries?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  directors?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  genres?: Resolver<Array<ResolversTypes['Genre']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  maturity?: Resolver<ResolversTypes['Maturity'], ParentType, ContextType>;
  moodTags?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  offers?: Resolver<Array<ResolversTypes['Offer']>, ParentType, ContextType, Partial<ContentOffersArgs>>;
  releaseYear?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  runtimeMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  seasonCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['ContentType'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ContentConnectionResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['ContentConnection'] = ResolversParentTypes['ContentConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ContentEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ContentEdgeResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['ContentEdge'] = ResolversParentTypes['ContentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Content'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeepLinkResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['DeepLink'] = ResolversParentTypes['DeepLink']> = {
  fireTv?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  web?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type FacetResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['Facet'] = ResolversParentTypes['Facet']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  values?: Resolver<Array<ResolversTypes['FacetValue']>, ParentType, ContextType>;
};

export type FacetValueResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['FacetValue'] = ResolversParentTypes['FacetValue']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GenreResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['Genre'] = ResolversParentTypes['Genre']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type HeldFeedResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['HeldFeed'] = ResolversParentTypes['HeldFeed']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MaturityResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['Maturity'] = ResolversParentTypes['Maturity']> = {
  band?: Resolver<ResolversTypes['MaturityBand'], ParentType, ContextType>;
  labels?: Resolver<Array<ResolversTypes['MaturityLabel']>, ParentType, ContextType>;
  minAge?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type MaturityLabelResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['MaturityLabel'] = ResolversParentTypes['MaturityLabel']> = {
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  platform?: Resolver<ResolversTypes['Platform'], ParentType, ContextType>;
};

export type OfferResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['Offer'] = ResolversParentTypes['Offer']> = {
  availableFrom?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  availableUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  countries?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  deepLink?: Resolver<ResolversTypes['DeepLink'], ParentType, ContextType>;
  edition?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastSeenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  monetization?: Resolver<ResolversTypes['Monetization'], ParentType, ContextType>;
  platform?: Resolver<ResolversTypes['Platform'], ParentType, ContextType>;
  platformId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type PlatformStatusResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['PlatformStatus'] = ResolversParentTypes['PlatformStatus']> = {
  held?: Resolver<Maybe<ResolversTypes['HeldFeed']>, ParentType, ContextType>;
  lastChangeAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastSnapshotAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  platform?: Resolver<ResolversTypes['Platform'], ParentType, ContextType>;
  quarantined?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sourceRecords?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  works?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  catalogue?: Resolver<ResolversTypes['ContentConnection'], ParentType, ContextType, RequireFields<QueryCatalogueArgs, 'first' | 'sort'>>;
  catalogueStatus?: Resolver<Array<ResolversTypes['PlatformStatus']>, ParentType, ContextType>;
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType, RequireFields<QueryContentArgs, 'id'>>;
  contentByPlatformId?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType, RequireFields<QueryContentByPlatformIdArgs, 'platform' | 'platformId'>>;
  search?: Resolver<ResolversTypes['SearchConnection'], ParentType, ContextType, RequireFields<QuerySearchArgs, 'first' | 'query'>>;
  suggest?: Resolver<Array<ResolversTypes['Suggestion']>, ParentType, ContextType, RequireFields<QuerySuggestArgs, 'first' | 'prefix'>>;
};

export type SearchConnectionResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['SearchConnection'] = ResolversParentTypes['SearchConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SearchEdge']>, ParentType, ContextType>;
  facets?: Resolver<Array<ResolversTypes['Facet']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SearchEdgeResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['SearchEdge'] = ResolversParentTypes['SearchEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  matched?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Content'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type SuggestionResolvers<ContextType = ContentContext, ParentType extends ResolversParentTypes['Suggestion'] = ResolversParentTypes['Suggestion']> = {
  content?: Resolver<ResolversTypes['Content'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = ContentContext> = {
  Content?: ContentResolvers<ContextType>;
  ContentConnection?: ContentConnectionResolvers<ContextType>;
  ContentEdge?: ContentEdgeResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeepLink?: DeepLinkResolvers<ContextType>;
  Facet?: FacetResolvers<ContextType>;
  FacetValue?: FacetValueResolvers<ContextType>;
  Genre?: GenreResolvers<ContextType>;
  HeldFeed?: HeldFeedResolvers<ContextType>;
  Maturity?: MaturityResolvers<ContextType>;
  MaturityLabel?: MaturityLabelResolvers<ContextType>;
  Offer?: OfferResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PlatformStatus?: PlatformStatusResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  SearchConnection?: SearchConnectionResolvers<ContextType>;
  SearchEdge?: SearchEdgeResolvers<ContextType>;
  Suggestion?: SuggestionResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = ContentContext> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
