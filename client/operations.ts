/** What the library asks of the API (schema/room.graphql, schema/events.graphql). Names are for a server's logs. */

export interface Operation {
  readonly name: string;
  readonly document: string;
}

const TIMELINE = 'revision status positionMs effectiveAt rate waitingFor waitUntil content { id }';

export const SERVER_TIME: Operation = {
  name: 'ServerTime',
  document: /* GraphQL */ `query ServerTime($t0: Float!) { serverTime(t0: $t0) { t1 t2 } }`,
};

export const REPORT_PLAYBACK: Operation = {
  name: 'ReportPlayback',
  document: /* GraphQL */ `mutation ReportPlayback($input: ReportPlaybackInput!) {
    reportPlayback(input: $input) { playback { ${TIMELINE} } }
  }`,
};

/** Only what events carry themselves: no subgraph is asked for anything, however large the room. */
export const ROOM_EVENTS: Operation = {
  name: 'RoomEvents',
  document: /* GraphQL */ `subscription RoomEvents($roomId: ID!, $afterRevision: Int) {
    roomEvents(roomId: $roomId, afterRevision: $afterRevision) {
      __typename revision at actorId
      ... on RoomSnapshot { playback { ${TIMELINE} } }
      ... on PlaybackChanged { commandId playback { ${TIMELINE} } }
      ... on MemberChanged { userId change }
      ... on MessagePosted { text }
    }
  }`,
};

export const JOIN_ROOM: Operation = {
  name: 'JoinRoom',
  document: /* GraphQL */ `mutation JoinRoom($input: JoinRoomInput!) {
    joinRoom(input: $input) { outcome room { id } }
  }`,
};

export const LEAVE_ROOM: Operation = {
  name: 'LeaveRoom',
  document: /* GraphQL */ `mutation LeaveRoom($roomId: ID!) { leaveRoom(roomId: $roomId) { outcome revision message } }`,
};

const COMMANDS = {
  play: 'PlayInput',
  pause: 'PauseInput',
  seek: 'SeekInput',
  setPlaybackRate: 'SetPlaybackRateInput',
  setContent: 'SetContentInput',
  updateQueue: 'UpdateQueueInput',
  sendMessage: 'SendMessageInput',
} as const;

export type CommandName = keyof typeof COMMANDS;

export const commandOperation = (name: CommandName): Operation => ({
  name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
  document: `mutation ${name[0]?.toUpperCase()}${name.slice(1)}($input: ${COMMANDS[name]}!) {
    ${name}(input: $input) { outcome revision message }
  }`,
});
