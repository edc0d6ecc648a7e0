import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Room as RoomState, Playback as PlaybackState, QueueItem as QueueItemState } from '../../subgraphs/room/domain/room.ts';
import type { MemberOfRoom, UserRef } from '../../subgraphs/room/resolvers.ts';
import type { RoomContext } from '../../subgraphs/room/context.ts';
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
  /** One event of a room as plain JSON, in the shape of schema/events/room.ts. Only the gateway sees it, to begin or resume a stream. */
  EventJSON: { input: unknown; output: unknown; }
  _FieldSet: { input: string; output: string; }
};

/** Something a member said. */
export type ChatMessage = {
  __typename?: 'ChatMessage';
  /** When. */
  at: Scalars['Float']['output'];
  /** Who said it. */
  authorId: Scalars['ID']['output'];
  /** The room revision it made. */
  revision: Scalars['Int']['output'];
  /** What was said: plain text. */
  text: Scalars['String']['output'];
};

/** How a command ended. */
export type CommandPayload = {
  __typename?: 'CommandPayload';
  /** Why not, for the person who reads it. */
  message?: Maybe<Scalars['String']['output']>;
  /** How it ended. */
  outcome: Outcome;
  /** The room's revision after it; DUPLICATE: the one the first made; 0 where the viewer is in no such room. */
  revision: Scalars['Int']['output'];
  /** The room as it is now; null for who is not, or no longer, in it. */
  room?: Maybe<Room>;
};

/** A title of the catalogue; the content subgraph knows it. */
export type Content = {
  __typename?: 'Content';
  /** The work's id. */
  id: Scalars['ID']['output'];
};

/** Who may control playback and the queue. */
export type ControlPolicy =
  /** Owner, moderators and controllers. */
  | 'CONTROLLERS'
  /** Every member does everything. */
  | 'EVERYONE'
  /** The owner alone. */
  | 'OWNER_ONLY'
  /** Everyone plays and pauses; seeking, content, rate and queue are for controllers. */
  | 'PLAY_PAUSE_ALL';

/** A new room. */
export type CreateRoomInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** What to watch; it can be chosen later. */
  contentId?: InputMaybe<Scalars['ID']['input']>;
  /** Who may control; absent: EVERYONE up to 8 members, PLAY_PAUSE_ALL up to 20, OWNER_ONLY above. */
  controlPolicy?: InputMaybe<ControlPolicy>;
  /** The owner's name in this room, 1 to 40 characters; absent: the user id. */
  displayName?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 80 characters. */
  name: Scalars['String']['input'];
  /** Whether to wait for members who are loading; absent: UP_TO_LIMIT. */
  waitPolicy?: InputMaybe<WaitPolicy>;
};

/** A way in. */
export type JoinRoomInput = {
  /** The invite code; case, spaces and hyphens do not matter, and O, I and L are read as 0, 1 and 1. */
  code: Scalars['String']['input'];
  /** The member's name in this room, 1 to 40 characters; absent: the user id. */
  displayName?: InputMaybe<Scalars['String']['input']>;
};

/** A user in a room. */
export type Member = {
  __typename?: 'Member';
  /** The name shown to the others in this room. */
  displayName: Scalars['String']['output'];
  /** When this member came. */
  joinedAt: Scalars['Float']['output'];
  /** When this member's player last reported. */
  lastSeenAt: Scalars['Float']['output'];
  /** Whether chat and reactions were taken away. */
  muted: Scalars['Boolean']['output'];
  /** What this member may do. */
  role: Role;
  /** What this member's player is doing. */
  state: MemberState;
  /** The user; other subgraphs fill it. */
  user?: Maybe<User>;
  /** Who it is. */
  userId: Scalars['ID']['output'];
};

/** What a member's player is doing, as it last reported. */
export type MemberState =
  /** Showing an advertisement of its platform. */
  | 'AD'
  /** Silent for more than 12 s. */
  | 'AWAY'
  /** Stalled for data. */
  | 'BUFFERING'
  /** Silent for more than 90 s, or gone. */
  | 'DISCONNECTED'
  /** In the room, nothing reported yet. */
  | 'JOINING'
  /** Playing. */
  | 'PLAYING'
  /** Loaded and able to start at once. */
  | 'READY';

/** To keep order. */
export type ModerateInput = {
  /** What to do. */
  action: ModerationAction;
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** The new role: SET_ROLE. */
  role?: InputMaybe<Role>;
  /** The room's id. */
  roomId: Scalars['ID']['input'];
  /** To whom; not used by LOCK, UNLOCK and ROTATE_CODE. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** What a moderator may do. */
export type ModerationAction =
  /** Removes a user and refuses every later join. */
  | 'BAN'
  /** Removes a member, who may come back with the code. */
  | 'KICK'
  /** Nobody joins any more. */
  | 'LOCK'
  /** Takes a member's chat and reactions away. */
  | 'MUTE'
  /** Replaces the invite code; the old one is void. */
  | 'ROTATE_CODE'
  /** Makes a member MODERATOR, CONTROLLER or VIEWER. */
  | 'SET_ROLE'
  /** Makes another member the owner; the owner becomes a moderator. Who lost the room by silence takes it back so, within 10 min. */
  | 'TRANSFER_OWNERSHIP'
  /** Lets a banned user join again. */
  | 'UNBAN'
  /** The code opens the room again. */
  | 'UNLOCK'
  /** Gives them back. */
  | 'UNMUTE';

/** Every command answers with how it ended; a refused one changes nothing. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Opens a room with the viewer as its owner. */
  createRoom: RoomPayload;
  /** Enters a room by its invite code; 10 attempts a minute. */
  joinRoom: RoomPayload;
  /** Leaves. An owner's room passes to its longest-serving moderator, else controller, else member. */
  leaveRoom: CommandPayload;
  /** Keeps order: owner and moderators, never against someone of equal or higher role. */
  moderate: CommandPayload;
  /** Stops for everyone at one instant a little ahead. Never a conflict: pause wins. */
  pause: CommandPayload;
  /** Starts for everyone at one instant a little ahead; WAITING first where members are still loading, 4 s at most, 12 s before new content. NOOP if playing or waiting; CONFLICT if somebody else paused less than 700 ms ago, unseen by the caller. */
  play: CommandPayload;
  /** Shows an emoji to everyone now; it is not kept. False: the member is muted. More than 10 a second are TOO_MANY. */
  react: Scalars['Boolean']['output'];
  /**
   * A player's heartbeat: every 5 s and at each change of state. Answers with the truth. While the room is WAITING a player that
   * stands loaded at `positionMs` reports READY with that Playback.revision, and the room starts when the last one has. In mid
   * play 2 s of BUFFERING make a room of up to 8 members wait for 6 s at most, for one member three times in 10 min. A joiner
   * reports JOINING until it plays, and no room waits for it. A player that reported and is then silent is AWAY after 12 s, and
   * leaves the room after 90 s, an owner after 120 s, who never reported after 24 h; the room passes on, and the owner has 10 min to come back and take it with
   * TRANSFER_OWNERSHIP to itself. When the content is over, by the longest `durationMs` that members told, the first item of the
   * queue follows; where there is none the room is ENDED, and play starts it again.
   */
  reportPlayback: ReportPayload;
  /** Moves the shared position; a playing room is WAITING until its members have loaded, 4 s at most, and goes on playing. An absolute seek from a stale state is a CONFLICT unless forced or following the caller's own command; a relative one applies to what is current. */
  seek: CommandPayload;
  /** Says something to the room. */
  sendMessage: CommandPayload;
  /** Chooses what is watched; the room is paused at its start, or at `positionMs`. */
  setContent: CommandPayload;
  /** Changes the speed without a jump. */
  setPlaybackRate: CommandPayload;
  /** Changes what comes next. */
  updateQueue: CommandPayload;
  /** Changes the room's name (owner, moderators) and policies (owner). */
  updateRoom: CommandPayload;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationCreateRoomArgs = {
  input: CreateRoomInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationJoinRoomArgs = {
  input: JoinRoomInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationLeaveRoomArgs = {
  roomId: Scalars['ID']['input'];
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationModerateArgs = {
  input: ModerateInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationPauseArgs = {
  input: PauseInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationPlayArgs = {
  input: PlayInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationReactArgs = {
  emoji: Scalars['String']['input'];
  roomId: Scalars['ID']['input'];
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationReportPlaybackArgs = {
  input: ReportPlaybackInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationSeekArgs = {
  input: SeekInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationSendMessageArgs = {
  input: SendMessageInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationSetContentArgs = {
  input: SetContentInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationSetPlaybackRateArgs = {
  input: SetPlaybackRateInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationUpdateQueueArgs = {
  input: UpdateQueueInput;
};


/** Every command answers with how it ended; a refused one changes nothing. */
export type MutationUpdateRoomArgs = {
  input: UpdateRoomInput;
};

/** How a command ended. Only APPLIED changes the room. */
export type Outcome =
  /** Done: the room has a new revision. */
  | 'APPLIED'
  /** It was decided on an older state than the room's; the payload carries the current one. */
  | 'CONFLICT'
  /** This commandId was applied before; `revision` is the one it made. */
  | 'DUPLICATE'
  /** The member may not do this, or there is no such room for this user. */
  | 'FORBIDDEN'
  /** The room already was as wished. */
  | 'NOOP'
  /**
   * Too many attempts. Joining: 10 a minute. Playback: 5 in 10 s for each member, 12 in 10 s for the room. Chat: 8 at once,
   * then one a second.
   */
  | 'RATE_LIMITED';

/** To stop. */
export type PauseInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** Playback.revision that the member saw. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The room's id. */
  roomId: Scalars['ID']['input'];
};

/** To start. */
export type PlayInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** Playback.revision that the member saw. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The room's id. */
  roomId: Scalars['ID']['input'];
};

/** The shared timeline: position = positionMs + max(0, now - effectiveAt) * rate while PLAYING. */
export type Playback = {
  __typename?: 'Playback';
  /** Who set it. */
  actorId?: Maybe<Scalars['ID']['output']>;
  /** What is watched; null while IDLE. */
  content?: Maybe<Content>;
  /** From when this holds; may lie in the future: a scheduled start. */
  effectiveAt: Scalars['Float']['output'];
  /** Position as it stands at `effectiveAt`. */
  positionMs: Scalars['Float']['output'];
  /** 1 is normal speed. */
  rate: Scalars['Float']['output'];
  /** Room revision that set it. */
  revision: Scalars['Int']['output'];
  /** What it is doing. */
  status: PlaybackStatus;
  /** When waiting ends in any case. */
  waitUntil?: Maybe<Scalars['Float']['output']>;
  /** Members whom the room waits for, while WAITING. */
  waitingFor: Array<Scalars['ID']['output']>;
};

/** What the shared timeline is doing. */
export type PlaybackStatus =
  /** The content is over. */
  | 'ENDED'
  /** Nothing is chosen yet. */
  | 'IDLE'
  /** Standing still at `positionMs`. */
  | 'PAUSED'
  /** Playing, or scheduled to play where `effectiveAt` lies in the future. */
  | 'PLAYING'
  /** About to play: standing at `positionMs` until the members in `waitingFor` report READY, until `waitUntil` at the latest. */
  | 'WAITING';

/** Where reading begins. */
export type Query = {
  __typename?: 'Query';
  /** The rooms the viewer is a member of, last joined first, 200 at most. */
  myRooms: Array<Room>;
  /** A room the viewer is a member of; null for anybody else, and where there is none. */
  room?: Maybe<Room>;
  /** How the gateway begins or resumes a room's stream: without `afterRevision` one snapshot, with it the events after it, or a snapshot where more than 500 are missing. */
  roomEventsSince: Array<Scalars['EventJSON']['output']>;
  /** One four-stamp clock exchange: the client notes t3 when the answer arrives. */
  serverTime: ServerTime;
};


/** Where reading begins. */
export type QueryRoomArgs = {
  id: Scalars['ID']['input'];
};


/** Where reading begins. */
export type QueryRoomEventsSinceArgs = {
  afterRevision?: InputMaybe<Scalars['Int']['input']>;
  roomId: Scalars['ID']['input'];
};


/** Where reading begins. */
export type QueryServerTimeArgs = {
  t0: Scalars['Float']['input'];
};

/** What may be done to the queue. */
export type QueueAction =
  /** Puts `contentId` at the end, or at `toIndex`. */
  | 'ADD'
  /** Moves `itemId` to `toIndex`. */
  | 'MOVE'
  /** Makes the first item the room's content; a playing room goes on as soon as its members have loaded it, within 12 s. */
  | 'NEXT'
  /** Takes `itemId` out. */
  | 'REMOVE'
  /** Votes to take `itemId` out; it goes when half of the members have voted. */
  | 'VOTE_SKIP';

/** Something to watch later. */
export type QueueItem = {
  __typename?: 'QueueItem';
  /** Who put it there. */
  addedBy: Scalars['ID']['output'];
  /** What it is. */
  content?: Maybe<Content>;
  /** Unique within the room. */
  id: Scalars['ID']['output'];
  /** How many members voted to take it out. */
  votesToSkip: Scalars['Int']['output'];
};

/** The answer to a heartbeat. */
export type ReportPayload = {
  __typename?: 'ReportPayload';
  /** The truth, for a client that drifted or missed something. */
  playback: Playback;
};

/** What a player is doing. */
export type ReportPlaybackInput = {
  /** Server time, as the client estimates it, at which it was there. */
  at: Scalars['Float']['input'];
  /** How long the content is, once the player knows: no seek goes beyond the longest that members told. Absent: as before. */
  durationMs?: InputMaybe<Scalars['Float']['input']>;
  /** False: the member has no platform that shows the content, so that nobody waits for it. Absent: true. */
  entitled?: InputMaybe<Scalars['Boolean']['input']>;
  /** Delay from the server to this client, as it estimates it, 0 to 10 000 ms. */
  oneWayMs?: InputMaybe<Scalars['Float']['input']>;
  /** Playback.revision that the player follows. */
  playbackRevision: Scalars['Int']['input'];
  /** Its position. */
  positionMs: Scalars['Float']['input'];
  /** The room's id. */
  roomId: Scalars['ID']['input'];
  /** Its state. */
  state: MemberState;
};

/** What a member is in the room, from most to least say. */
export type Role =
  /** Controls playback and the queue where not everyone may. */
  | 'CONTROLLER'
  /** Keeps order: kicks, bans, mutes, locks, and controls playback. */
  | 'MODERATOR'
  /** Owns the room: may do everything. There is exactly one. */
  | 'OWNER'
  /** Watches and chats; what else, the control policy says. */
  | 'VIEWER';

/** A group of people watching one thing at one time. Only members see it. Empty for a day, it is gone. */
export type Room = {
  __typename?: 'Room';
  /** The invite code: 8 characters of Crockford's base 32. */
  code: Scalars['String']['output'];
  /** Who may control; where the owner never chose, it follows the room's size. */
  controlPolicy: ControlPolicy;
  /** Opaque and stable. */
  id: Scalars['ID']['output'];
  /** Whether joining is closed. */
  locked: Scalars['Boolean']['output'];
  /** Their user ids, in the same order. */
  memberIds: Array<Scalars['ID']['output']>;
  /** Everyone in the room, in order of joining. */
  members: Array<Member>;
  /** Chat, oldest first. */
  messages: Array<ChatMessage>;
  /** What its members call it. */
  name: Scalars['String']['output'];
  /** Who owns it; passes on when the owner leaves. */
  owner: Member;
  /** Where the shared timeline stands. */
  playback: Playback;
  /** What comes next, first to last. */
  queue: Array<QueueItem>;
  /** Revision of the last durable event: counts up from 1 without a hole. */
  revision: Scalars['Int']['output'];
  /** Whether the room waits for members who are loading. */
  waitPolicy: WaitPolicy;
};


/** A group of people watching one thing at one time. Only members see it. Empty for a day, it is gone. */
export type RoomMessagesArgs = {
  beforeRevision?: InputMaybe<Scalars['Int']['input']>;
  last?: Scalars['Int']['input'];
};

/** How creating or joining ended. */
export type RoomPayload = {
  __typename?: 'RoomPayload';
  /** How it ended. */
  outcome: Outcome;
  /** The room; null when refused. */
  room?: Maybe<Room>;
};

/** To move. Exactly one of `positionMs` and `deltaMs`. */
export type SeekInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** How far from where the room is, back or forth; it stops at the content's ends. */
  deltaMs?: InputMaybe<Scalars['Float']['input']>;
  /** Playback.revision that the member saw. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** Applies even from a stale state. */
  force?: Scalars['Boolean']['input'];
  /** Where to, from the start of the content. */
  positionMs?: InputMaybe<Scalars['Float']['input']>;
  /** The room's id. */
  roomId: Scalars['ID']['input'];
};

/** To say something. */
export type SendMessageInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** The room's id. */
  roomId: Scalars['ID']['input'];
  /** 1 to 500 characters of plain text. */
  text: Scalars['String']['input'];
};

/** The server's half of a clock exchange, in ms. */
export type ServerTime = {
  __typename?: 'ServerTime';
  /** What the client sent. */
  t0: Scalars['Float']['output'];
  /** The server's clock when the request came. */
  t1: Scalars['Float']['output'];
  /** The server's clock when the answer left. */
  t2: Scalars['Float']['output'];
};

/** To watch something else. */
export type SetContentInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** The work's id. */
  contentId: Scalars['ID']['input'];
  /** Playback.revision that the member saw. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** Applies even from a stale state. */
  force?: Scalars['Boolean']['input'];
  /** Where to begin; absent: at the start. */
  positionMs?: InputMaybe<Scalars['Float']['input']>;
  /** The room's id. */
  roomId: Scalars['ID']['input'];
};

/** To change the speed. */
export type SetPlaybackRateInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** Playback.revision that the member saw. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** 0.25 to 4; 1 is normal. */
  rate: Scalars['Float']['input'];
  /** The room's id. */
  roomId: Scalars['ID']['input'];
};

/** To change what comes next. */
export type UpdateQueueInput = {
  /** What to do. */
  action: QueueAction;
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** The work's id: ADD. */
  contentId?: InputMaybe<Scalars['ID']['input']>;
  /** The item: REMOVE, MOVE, VOTE_SKIP. */
  itemId?: InputMaybe<Scalars['ID']['input']>;
  /** The room's id. */
  roomId: Scalars['ID']['input'];
  /** Place in the queue from 0: MOVE, and ADD if it is not to be the end. */
  toIndex?: InputMaybe<Scalars['Int']['input']>;
};

/** To change the room itself. */
export type UpdateRoomInput = {
  /** The client's own id of this command, 1 to 100 characters; a repeat answers DUPLICATE. */
  commandId: Scalars['ID']['input'];
  /** Who may control. */
  controlPolicy?: InputMaybe<ControlPolicy>;
  /** 1 to 80 characters. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The room's id. */
  roomId: Scalars['ID']['input'];
  /** Whether to wait for members who are loading. */
  waitPolicy?: InputMaybe<WaitPolicy>;
};

/** Somebody who signs in. */
export type User = {
  __typename?: 'User';
  /** The token's `sub`. */
  id: Scalars['ID']['output'];
  /** The rooms this user is in; a viewer may ask only for their own. */
  rooms: Array<Room>;
};

/** Whether the room waits for members who are loading. */
export type WaitPolicy =
  /** Waits for owner, moderators and controllers only. */
  | 'CONTROLLERS_ONLY'
  /** Never waits: who is late catches up. */
  | 'NEVER'
  /** Waits for everyone, within limits of room size, time and frequency. */
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
  CommandPayload: ResolverTypeWrapper<Omit<CommandPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  Content: ResolverTypeWrapper<Content>;
  ControlPolicy: ControlPolicy;
  CreateRoomInput: CreateRoomInput;
  EventJSON: ResolverTypeWrapper<Scalars['EventJSON']['output']>;
  JoinRoomInput: JoinRoomInput;
  Member: ResolverTypeWrapper<MemberOfRoom>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  MemberState: MemberState;
  ModerateInput: ModerateInput;
  ModerationAction: ModerationAction;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Outcome: Outcome;
  PauseInput: PauseInput;
  PlayInput: PlayInput;
  Playback: ResolverTypeWrapper<PlaybackState>;
  PlaybackStatus: PlaybackStatus;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  QueueAction: QueueAction;
  QueueItem: ResolverTypeWrapper<QueueItemState>;
  ReportPayload: ResolverTypeWrapper<Omit<ReportPayload, 'playback'> & { playback: ResolversTypes['Playback'] }>;
  ReportPlaybackInput: ReportPlaybackInput;
  Role: Role;
  Room: ResolverTypeWrapper<RoomState>;
  RoomPayload: ResolverTypeWrapper<Omit<RoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  SeekInput: SeekInput;
  SendMessageInput: SendMessageInput;
  ServerTime: ResolverTypeWrapper<ServerTime>;
  SetContentInput: SetContentInput;
  SetPlaybackRateInput: SetPlaybackRateInput;
  UpdateQueueInput: UpdateQueueInput;
  UpdateRoomInput: UpdateRoomInput;
  User: ResolverTypeWrapper<UserRef>;
  WaitPolicy: WaitPolicy;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ChatMessage: ChatMessage;
  Float: Scalars['Float']['output'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  CommandPayload: Omit<CommandPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  Content: Content;
  CreateRoomInput: CreateRoomInput;
  EventJSON: Scalars['EventJSON']['output'];
  JoinRoomInput: JoinRoomInput;
  Member: MemberOfRoom;
  Boolean: Scalars['Boolean']['output'];
  ModerateInput: ModerateInput;
  Mutation: Record<PropertyKey, never>;
  PauseInput: PauseInput;
  PlayInput: PlayInput;
  Playback: PlaybackState;
  Query: Record<PropertyKey, never>;
  QueueItem: QueueItemState;
  ReportPayload: Omit<ReportPayload, 'playback'> & { playback: ResolversParentTypes['Playback'] };
  ReportPlaybackInput: ReportPlaybackInput;
  Room: RoomState;
  RoomPayload: Omit<RoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  SeekInput: SeekInput;
  SendMessageInput: SendMessageInput;
  ServerTime: ServerTime;
  SetContentInput: SetContentInput;
  SetPlaybackRateInput: SetPlaybackRateInput;
  UpdateQueueInput: UpdateQueueInput;
  UpdateRoomInput: UpdateRoomInput;
  User: UserRef;
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

export interface EventJsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['EventJSON'], any> {
  name: 'EventJSON';
}

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
  roomEventsSince?: Resolver<Array<ResolversTypes['EventJSON']>, ParentType, ContextType, RequireFields<QueryRoomEventsSinceArgs, 'roomId'>>;
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
  EventJSON?: GraphQLScalarType;
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

