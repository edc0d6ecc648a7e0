/** What a room's stream brings, as the library hands it on. */
import type { Timeline } from './timeline.ts';

export interface RoomEvent {
  readonly __typename:
    | 'RoomSnapshot'
    | 'PlaybackChanged'
    | 'MemberChanged'
    | 'MessagePosted'
    | 'QueueChanged'
    | 'RoomUpdated';
  readonly revision: number;
  /** Server time, ms. */
  readonly at: number;
  readonly actorId: string | null;
  /** PlaybackChanged: the sender's own id of the command. */
  readonly commandId?: string | null;
  /** RoomSnapshot, PlaybackChanged. */
  readonly timeline: Timeline | null;
  /** MemberChanged. */
  readonly userId?: string;
  readonly change?: string;
  /** MessagePosted. */
  readonly text?: string;
}

type RawTimeline = Omit<Timeline, 'contentId'> & { readonly content: { readonly id: string } | null };

export const readTimeline = ({ content, ...rest }: RawTimeline): Timeline => ({
  ...rest,
  contentId: content?.id ?? null,
});
