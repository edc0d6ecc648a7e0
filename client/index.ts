/** The library for apps: see README.md. */
export { type ClockEstimate, type Exchange, estimateClock } from './clock-estimate.ts';
export { ClockSync } from './clock-sync.ts';
export { correctDrift, DRIFT_LIMITS, type DriftLimits, type DriftState, NO_DRIFT } from './drift-ladder.ts';
export { joinRoom } from './join-room.ts';
export { PlaybackFollower, type UserAction } from './playback-follower.ts';
export type { Player, PlayerEvent } from './player.ts';
export { type CommandResult, RoomClient, type RoomClientOptions } from './room-client.ts';
export type { RoomEvent } from './room-events.ts';
export type { StreamStatus } from './room-stream.ts';
export { type MemberState, type PlaybackStatus, positionAt, type Timeline } from './timeline.ts';
export { systemTimers, type Timers } from './timers.ts';
export { ConnectionLostError, RequestError, type RoomTransport, socketTransport } from './transport.ts';
