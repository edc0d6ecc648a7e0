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

export type MemberChange =
  | 'JOINED'
  | 'LEFT'
  | 'KICKED'
  | 'BANNED'
  | 'ROLE_CHANGED'
  | 'MUTED'
  | 'UNMUTED'
  | 'STATE_CHANGED';

/** What each type of event carries. The GraphQL type that shows it is named by `@eventType` in events.graphql. */
export interface RoomEventData {
  /** Never stored: how a stream begins. */
  'room.snapshot.taken': { readonly playback: PlaybackState };
  'room.room.created': { readonly name: string };
  'room.settings.changed': { readonly name: string };
  'room.member.changed': { readonly userId: string; readonly change: MemberChange };
  'room.playback.played': { readonly playback: PlaybackState };
  'room.playback.paused': { readonly playback: PlaybackState };
  'room.playback.seeked': { readonly playback: PlaybackState };
  'room.playback.ratechanged': { readonly playback: PlaybackState };
  'room.content.changed': { readonly playback: PlaybackState };
  'room.message.posted': { readonly text: string };
  'room.queue.changed': Record<string, never>;
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
