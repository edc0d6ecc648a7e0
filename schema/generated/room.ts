import type { GraphQLResolveInfo } from 'graphql';
import type { RoomContext } from '../../subgraphs/room/context.ts';
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
  _FieldSet: { input: string; output: string; }
};

export type ChatMessage = {
  __typename?: 'ChatMessage';
  at: Scalars['Float']['output'];
  authorId: Scalars['ID']['output'];
  revision: Scalars['Int']['output'];
  text: Scalars['String']['output'];
};

export type CommandPayload = {
  __typename?: 'CommandPayload';
  message?: Maybe<Scalars['String']['output']>;
  outcome: Outcome;
  revision: Scalars['Int']['output'];
  room?: Maybe<Room>;
};

export type Content = {
  __typename?: 'Content';
  id: Scalars['ID']['output'];
};

export type ControlPolicy =
  | 'CONTROLLERS'
  | 'EVERYONE'
  | 'OWNER_ONLY'
  | 'PLAY_PAUSE_ALL';

export type CreateRoomInput = {
  commandId: Scalars['ID']['input'];
  contentId?: InputMaybe<Scalars['ID']['input']>;
  controlPolicy?: InputMaybe<ControlPolicy>;
  displayName?: InputMaybe<Scalars['String']['input']>;
  name: Scalars['String']['input'];
  waitPolicy?: InputMaybe<WaitPolicy>;
};

export type JoinRoomInput = {
  code: Scalars['String']['input'];
  displayName?: InputMaybe<Scalars['String']['input']>;
};

export type Member = {
  __typename?: 'Member';
  displayName: Scalars['String']['output'];
  joinedAt: Scalars['Float']['output'];
  lastSeenAt: Scalars['Float']['output'];
  muted: Scalars['Boolean']['output'];
  role: Role;
  state: MemberState;
  user?: Maybe<User>;
  userId: Scalars['ID']['output'];
};

export type MemberState =
  | 'AD'
  | 'AWAY'
  | 'BUFFERING'
  | 'DISCONNECTED'
  | 'JOINING'
  | 'PLAYING'
  | 'READY';

export type ModerateInput = {
  action: ModerationAction;
  commandId: Scalars['ID']['input'];
  role?: InputMaybe<Role>;
  roomId: Scalars['ID']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};

export type ModerationAction =
  | 'BAN'
  | 'KICK'
  | 'LOCK'
  | 'MUTE'
  | 'ROTATE_CODE'
  | 'SET_ROLE'
  | 'TRANSFER_OWNERSHIP'
  | 'UNBAN'
  | 'UNLOCK'
  | 'UNMUTE';

export type Mutation = {
  __typename?: 'Mutation';
  createRoom: RoomPayload;
  joinRoom: RoomPayload;
  leaveRoom: CommandPayload;
  moderate: CommandPayload;
  pause: CommandPayload;
  play: CommandPayload;
  react: Scalars['Boolean']['output'];
  reportPlayback: ReportPayload;
  seek: CommandPayload;
  sendMessage: CommandPayload;
  setContent: CommandPayload;
  setPlaybackRate: CommandPayload;
  updateQueue: CommandPayload;
  updateRoom: CommandPayload;
};


export type MutationCreateRoomArgs = {
  input: CreateRoomInput;
};


export type MutationJoinRoomArgs = {
  input: JoinRoomInput;
};


export type MutationLeaveRoomArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationModerateArgs = {
  input: ModerateInput;
};


export type MutationPauseArgs = {
  input: PauseInput;
};


export type MutationPlayArgs = {
  input: PlayInput;
};


export type MutationReactArgs = {
  emoji: Scalars['String']['input'];
  roomId: Scalars['ID']['input'];
};


export type MutationReportPlaybackArgs = {
  input: ReportPlaybackInput;
};


export type MutationSeekArgs = {
  input: SeekInput;
};


export type MutationSendMessageArgs = {
  input: SendMessageInput;
};


export type MutationSetContentArgs = {
  input: SetContentInput;
};


export type MutationSetPlaybackRateArgs = {
  input: SetPlaybackRateInput;
};


export type MutationUpdateQueueArgs = {
  input: UpdateQueueInput;
};


export type MutationUpdateRoomArgs = {
  input: UpdateRoomInput;
};

export type Outcome =
  | 'APPLIED'
  | 'CONFLICT'
  | 'DUPLICATE'
  | 'FORBIDDEN'
  | 'NOOP'
  | 'RATE_LIMITED';

export type PauseInput = {
  commandId: Scalars['ID']['input'];
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  roomId: Scalars['ID']['input'];
};

export type PlayInput = {
  commandId: Scalars['ID']['input'];
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  roomId: Scalars['ID']['input'];
};

export type Playback = {
  __typename?: 'Playback';
  actorId?: Maybe<Scalars['ID']['output']>;
  content?: Maybe<Content>;
  effectiveAt: Scalars['Float']['output'];
  positionMs: Scalars['Float']['output'];
  rate: Scalars['Float']['output'];
  revision: Scalars['Int']['output'];
  status: PlaybackStatus;
  waitUntil?: Maybe<Scalars['Float']['output']>;
  waitingFor: Array<Scalars['ID']['output']>;
};

export type PlaybackStatus =
  | 'ENDED'
  | 'IDLE'
  | 'PAUSED'
  | 'PLAYING'
  | 'WAITING';

export type Query = {
  __typename?: 'Query';
  myRooms: Array<Room>;
  room?: Maybe<Room>;
  serverTime: ServerTime;
};


export type QueryRoomArgs = {
  id: Scalars['ID']['input'];
};


export type QueryServerTimeArgs = {
  t0: Scalars['Float']['input'];
};

export type QueueAction =
  | 'ADD'
  | 'MOVE'
  | 'NEXT'
  | 'REMOVE'
  | 'VOTE_SKIP';

export type QueueItem = {
  __typename?: 'QueueItem';
  addedBy: Scalars['ID']['output'];
  content?: Maybe<Content>;
  id: Scalars['ID']['output'];
  votesToSkip: Scalars['Int']['output'];
};

export type ReportPayload = {
  __typename?: 'ReportPayload';
  playback: Playback;
};

export type ReportPlaybackInput = {
  at: Scalars['Float']['input'];
  oneWayMs?: InputMaybe<Scalars['Float']['input']>;
  playbackRevision: Scalars['Int']['input'];
  positionMs: Scalars['Float']['input'];
  roomId: Scalars['ID']['input'];
  state: MemberState;
};

export type Role =
  | 'CONTROLLER'
  | 'MODERATOR'
  | 'OWNER'
  | 'VIEWER';

export type Room = {
  __typename?: 'Room';
  code: Scalars['String']['output'];
  controlPolicy: ControlPolicy;
  id: Scalars['ID']['output'];
  locked: Scalars['Boolean']['output'];
  memberIds: Array<Scalars['ID']['output']>;
  members: Array<Member>;
  messages: Array<ChatMessage>;
  name: Scalars['String']['output'];
  owner: Member;
  playback: Playback;
  queue: Array<QueueItem>;
  revision: Scalars['Int']['output'];
  waitPolicy: WaitPolicy;
};


export type RoomMessagesArgs = {
  beforeRevision?: InputMaybe<Scalars['Int']['input']>;
  last?: Scalars['Int']['input'];
};

export type RoomPayload = {
  __typename?: 'RoomPayload';
  outcome: Outcome;
  room?: Maybe<Room>;
};

export type SeekInput = {
  commandId: Scalars['ID']['input'];
  deltaMs?: InputMaybe<Scalars['Float']['input']>;
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  force?: Scalars['Boolean']['input'];
  positionMs?: InputMaybe<Scalars['Float']['input']>;
  roomId: Scalars['ID']['input'];
};

export type SendMessageInput = {
  commandId: Scalars['ID']['input'];
  roomId: Scalars['ID']['input'];
  text: Scalars['String']['input'];
};

export type ServerTime = {
  __typename?: 'ServerTime';
  t0: Scalars['Float']['output'];
  t1: Scalars['Float']['output'];
  t2: Scalars['Float']['output'];
};

export type SetContentInput = {
  commandId: Scalars['ID']['input'];
  contentId: Scalars['ID']['input'];
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  force?: Scalars['Boolean']['input'];
  positionMs?: InputMaybe<Scalars['Float']['input']>;
  roomId: Scalars['ID']['input'];
};

export type SetPlaybackRateInput = {
  commandId: Scalars['ID']['input'];
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  rate: Scalars['Float']['input'];
  roomId: Scalars['ID']['input'];
};

export type UpdateQueueInput = {
  action: QueueAction;
  commandId: Scalars['ID']['input'];
  contentId?: InputMaybe<Scalars['ID']['input']>;
  itemId?: InputMaybe<Scalars['ID']['input']>;
  roomId: Scalars['ID']['input'];
  toIndex?: InputMaybe<Scalars['Int']['input']>;
};

export type UpdateRoomInput = {
  commandId: Scalars['ID']['input'];
  controlPolicy?: InputMaybe<ControlPolicy>;
  name?: InputMaybe<Scalars['String']['input']>;
  roomId: Scalars['ID']['input'];
  waitPolicy?: InputMaybe<WaitPolicy>;
};

export type User = {
  __typename?: 'User';
  id: Scalars['ID']['output'];
  rooms: Array<Room>;
};

export type WaitPolicy =
  | 'CONTROLLERS_ONLY'
  | 'NEVER'
  | 'UP_TO_LIMIT';



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
  Room: Room;
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Room:
    ( { __typename: 'Room' }
    & GraphQLRecursivePick<FederationTypes['Room'], {"id":true}> );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  ChatMessage: ResolverTypeWrapper<ChatMessage>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  CommandPayload: ResolverTypeWrapper<CommandPayload>;
  Content: ResolverTypeWrapper<Content>;
  ControlPolicy: ControlPolicy;
  CreateRoomInput: CreateRoomInput;
  JoinRoomInput: JoinRoomInput;
  Member: ResolverTypeWrapper<Member>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  MemberState: MemberState;
  ModerateInput: ModerateInput;
  ModerationAction: ModerationAction;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Outcome: Outcome;
  PauseInput: PauseInput;
  PlayInput: PlayInput;
  Playback: ResolverTypeWrapper<Playback>;
  PlaybackStatus: PlaybackStatus;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  QueueAction: QueueAction;
  QueueItem: ResolverTypeWrapper<QueueItem>;
  ReportPayload: ResolverTypeWrapper<ReportPayload>;
  ReportPlaybackInput: ReportPlaybackInput;
  Role: Role;
  Room: ResolverTypeWrapper<Room>;
  RoomPayload: ResolverTypeWrapper<RoomPayload>;
  SeekInput: SeekInput;
  SendMessageInput: SendMessageInput;
  ServerTime: ResolverTypeWrapper<ServerTime>;
  SetContentInput: SetContentInput;
  SetPlaybackRateInput: SetPlaybackRateInput;
  UpdateQueueInput: UpdateQueueInput;
  UpdateRoomInput: UpdateRoomInput;
  User: ResolverTypeWrapper<User>;
  WaitPolicy: WaitPolicy;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ChatMessage: ChatMessage;
  Float: Scalars['Float']['output'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  CommandPayload: CommandPayload;
  Content: Content;
  CreateRoomInput: CreateRoomInput;
  JoinRoomInput: JoinRoomInput;
  Member: Member;
  Boolean: Scalars['Boolean']['output'];
  ModerateInput: ModerateInput;
  Mutation: Record<PropertyKey, never>;
  PauseInput: PauseInput;
  PlayInput: PlayInput;
  Playback: Playback;
  Query: Record<PropertyKey, never>;
  QueueItem: QueueItem;
  ReportPayload: ReportPayload;
  ReportPlaybackInput: ReportPlaybackInput;
  Room: Room | FederationReferenceTypes['Room'];
  RoomPayload: RoomPayload;
  SeekInput: SeekInput;
  SendMessageInput: SendMessageInput;
  ServerTime: ServerTime;
  SetContentInput: SetContentInput;
  SetPlaybackRateInput: SetPlaybackRateInput;
  UpdateQueueInput: UpdateQueueInput;
  UpdateRoomInput: UpdateRoomInput;
  User: User | FederationReferenceTypes['User'];
};

export type ChatMessageResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['ChatMessage'] = ResolversParentTypes['ChatMessage']> = {
  at?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  authorId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CommandPayloadResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['CommandPayload'] = ResolversParentTypes['CommandPayload']> = {
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type ContentResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['Content'] = ResolversParentTypes['Content']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type MemberResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member']> = {
  displayName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  joinedAt?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  lastSeenAt?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  muted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['MemberState'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createRoom?: Resolver<ResolversTypes['RoomPayload'], ParentType, ContextType, RequireFields<MutationCreateRoomArgs, 'input'>>;
  joinRoom?: Resolver<ResolversTypes['RoomPayload'], ParentType, ContextType, RequireFields<MutationJoinRoomArgs, 'input'>>;
  leaveRoom?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationLeaveRoomArgs, 'roomId'>>;
  moderate?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationModerateArgs, 'input'>>;
  pause?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationPauseArgs, 'input'>>;
  play?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationPlayArgs, 'input'>>;
  react?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationReactArgs, 'emoji' | 'roomId'>>;
  reportPlayback?: Resolver<ResolversTypes['ReportPayload'], ParentType, ContextType, RequireFields<MutationReportPlaybackArgs, 'input'>>;
  seek?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationSeekArgs, 'input'>>;
  sendMessage?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationSendMessageArgs, 'input'>>;
  setContent?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationSetContentArgs, 'input'>>;
  setPlaybackRate?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationSetPlaybackRateArgs, 'input'>>;
  updateQueue?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationUpdateQueueArgs, 'input'>>;
  updateRoom?: Resolver<ResolversTypes['CommandPayload'], ParentType, ContextType, RequireFields<MutationUpdateRoomArgs, 'input'>>;
};

export type PlaybackResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['Playback'] = ResolversParentTypes['Playback']> = {
  actorId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType>;
  effectiveAt?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  positionMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PlaybackStatus'], ParentType, ContextType>;
  waitUntil?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  waitingFor?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  myRooms?: Resolver<Array<ResolversTypes['Room']>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType, RequireFields<QueryRoomArgs, 'id'>>;
  serverTime?: Resolver<ResolversTypes['ServerTime'], ParentType, ContextType, RequireFields<QueryServerTimeArgs, 't0'>>;
};

export type QueueItemResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['QueueItem'] = ResolversParentTypes['QueueItem']> = {
  addedBy?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  content?: Resolver<Maybe<ResolversTypes['Content']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  votesToSkip?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ReportPayloadResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['ReportPayload'] = ResolversParentTypes['ReportPayload']> = {
  playback?: Resolver<ResolversTypes['Playback'], ParentType, ContextType>;
};

export type RoomResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['Room'] = ResolversParentTypes['Room'], FederationReferenceType extends FederationReferenceTypes['Room'] = FederationReferenceTypes['Room']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Room']> | FederationReferenceType, FederationReferenceType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  controlPolicy?: Resolver<ResolversTypes['ControlPolicy'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  locked?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  memberIds?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
  members?: Resolver<Array<ResolversTypes['Member']>, ParentType, ContextType>;
  messages?: Resolver<Array<ResolversTypes['ChatMessage']>, ParentType, ContextType, RequireFields<RoomMessagesArgs, 'last'>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  owner?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  playback?: Resolver<ResolversTypes['Playback'], ParentType, ContextType>;
  queue?: Resolver<Array<ResolversTypes['QueueItem']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  waitPolicy?: Resolver<ResolversTypes['WaitPolicy'], ParentType, ContextType>;
};

export type RoomPayloadResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['RoomPayload'] = ResolversParentTypes['RoomPayload']> = {
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type ServerTimeResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['ServerTime'] = ResolversParentTypes['ServerTime']> = {
  t0?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  t1?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  t2?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = RoomContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rooms?: Resolver<Array<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = RoomContext> = {
  ChatMessage?: ChatMessageResolvers<ContextType>;
  CommandPayload?: CommandPayloadResolvers<ContextType>;
  Content?: ContentResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Playback?: PlaybackResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  QueueItem?: QueueItemResolvers<ContextType>;
  ReportPayload?: ReportPayloadResolvers<ContextType>;
  Room?: RoomResolvers<ContextType>;
  RoomPayload?: RoomPayloadResolvers<ContextType>;
  ServerTime?: ServerTimeResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
};

