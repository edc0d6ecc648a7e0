/** Events of a watch room, on `social_rooms` and in the `room_events` collection. Key: room id. Times: ms since the epoch. */

/** The shared timeline: position = positionMs + max(0, now - effectiveAt) * rate while PLAYING. */
export interface PlaybackState {
  /** Room revision that set it. */
  readonly revision: number;
  readonly status: 'IDLE' | 'WAITING' | 'PLAYING' | 'PAUSED' | 'ENDED';
  readonly contentId: string | null;
  /** Ms from the start of the content, as it stands at `effectiveAt`. */
  readonly positionMs: number;
  readonly effectiveAt: number;
  /** 1 is normal, as HTMLMediaElement.playbackRate. */
  readonly rate: number;
  readonly waitingFor: readonly string[];
  readonly waitUntil: number | null;
}

export type RoomRole = 'OWNER' | 'MODERATOR' | 'CONTROLLER' | 'VIEWER';
export type RoomControlPolicy = 'OWNER_ONLY' | 'CONTROLLERS' | 'PLAY_PAUSE_ALL' | 'EVERYONE';
export type RoomWaitPolicy = 'UP_TO_LIMIT' | 'CONTROLLERS_ONLY' | 'NEVER';

export type MemberChange =
  | 'JOINED'
  | 'LEFT'
  | 'KICKED'
  | 'BANNED'
  | 'ROLE_CHANGED'
  | 'MUTED'
  | 'UNMUTED'
  | 'STATE_CHANGED';

/** One change of the queue; places count from 0. */
export type QueueChange =
  | { readonly change: 'ADDED'; readonly itemId: string; readonly contentId: string; readonly toIndex: number }
  | { readonly change: 'REMOVED'; readonly itemId: string }
  | { readonly change: 'MOVED'; readonly itemId: string; readonly toIndex: number }
  | { readonly change: 'VOTED'; readonly itemId: string };

/**
 * What each type of event carries: enough to rebuild the room from its events alone. The GraphQL type that shows it is
 * named by `@eventType` in events.graphql, and shows only its part.
 */
export interface RoomEventData {
  /** Never stored: how a stream begins. */
  'room.snapshot.taken': { readonly playback: PlaybackState };
  'room.room.created': {
    readonly name: string;
    readonly code: string;
    readonly ownerId: string;
    readonly displayName: string;
    /** Null: follows the room's size. */
    readonly controlPolicy: RoomControlPolicy | null;
    readonly waitPolicy: RoomWaitPolicy;
    readonly playback: PlaybackState;
  };
  /** `name` always; of the rest, what changed. */
  'room.settings.changed': {
    readonly name: string;
    readonly controlPolicy?: RoomControlPolicy;
    readonly waitPolicy?: RoomWaitPolicy;
    readonly locked?: boolean;
    readonly code?: string;
    /** User who may join again. */
    readonly unbanned?: string;
  };
  'room.member.changed': {
    readonly userId: string;
    readonly change: MemberChange;
    /** JOINED. */
    readonly displayName?: string;
    /** JOINED, ROLE_CHANGED. Where it is OWNER and there was one, that one is a moderator from now on. */
    readonly role?: RoomRole;
    /** LEFT, KICKED, BANNED: who owns the room from now on, where the owner went. */
    readonly newOwnerId?: string;
  };
  /** `leftBehind`: members whom the room waited for, and waits for no longer. */
  'room.playback.played': { readonly playback: PlaybackState; readonly leftBehind?: readonly string[] };
  /** With the status WAITING or ENDED: not paused by anybody; the room holds for members who stall, or the content is over. */
  'room.playback.paused': { readonly playback: PlaybackState };
  'room.playback.seeked': { readonly playback: PlaybackState };
  'room.playback.ratechanged': { readonly playback: PlaybackState };
  /** `fromQueueItem`: the item that became the content, and left the queue. */
  'room.content.changed': { readonly playback: PlaybackState; readonly fromQueueItem?: string };
  'room.message.posted': { readonly text: string };
  'room.queue.changed': QueueChange;
}

export type RoomEventType = keyof RoomEventData;

/** One thing that happened in a room. `revision` counts up from 1 without a hole. */
export type RoomEvent = {
  [T in RoomEventType]: {
    readonly roomId: string;
    readonly revision: number;
    readonly type: T;
    readonly actorId: string | null;
    readonly commandId: string | null;
    readonly at: number;
    readonly data: RoomEventData[T];
  };
}[RoomEventType];

/** On `room_pulse`: ephemeral, may be dropped. */
export interface RoomPulse {
  readonly roomId: string;
  readonly at: number;
  readonly reactions: readonly { readonly emoji: string; readonly count: number }[];
  readonly members: readonly { readonly userId: string; readonly state: string; readonly skewMs: number | null }[];
}

/** On `room_departures`: the last socket on which this user followed the room, at one gateway, has closed. */
export interface RoomDeparture {
  readonly userId: string;
  readonly at: number;
}
