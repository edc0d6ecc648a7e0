/** Who may do what in a room. Pure; knows roles and the control policy, nothing of transport or tokens. */
import type { RoomControlPolicy, RoomRole } from '../../../schema/events/room.ts';
import type { Member, Room } from './room.ts';

const RANK: Readonly<Record<RoomRole, number>> = { OWNER: 3, MODERATOR: 2, CONTROLLER: 1, VIEWER: 0 };

/** Small rooms trust everyone; crowds do not (Syncplay issue 428: fine for 2-5, chaotic from 8 on). */
const EVERYONE_UP_TO = 8;
const PLAY_PAUSE_UP_TO = 20;

/** The policy in force: the owner's choice, else what fits the room's size. */
export function controlPolicyOf(room: Room): RoomControlPolicy {
  if (room.controlPolicy !== null) return room.controlPolicy;
  if (room.members.length <= EVERYONE_UP_TO) return 'EVERYONE';
  return room.members.length <= PLAY_PAUSE_UP_TO ? 'PLAY_PAUSE_ALL' : 'OWNER_ONLY';
}

/** Whether the member may do what `control` names: `PLAY_PAUSE`, or any other control of playback and queue. */
export function mayControl(room: Room, member: Member, control: 'PLAY_PAUSE' | 'OTHER'): boolean {
  switch (controlPolicyOf(room)) {
    case 'EVERYONE':
      return true;
    case 'PLAY_PAUSE_ALL':
      return control === 'PLAY_PAUSE' || RANK[member.role] >= RANK.CONTROLLER;
    case 'CONTROLLERS':
      return RANK[member.role] >= RANK.CONTROLLER;
    case 'OWNER_ONLY':
      return member.role === 'OWNER';
  }
}

/** Owner, moderators and controllers. */
export const isController = (member: Member): boolean => RANK[member.role] >= RANK.CONTROLLER;

/** Owner and moderators keep order. */
export const mayModerate = (member: Member): boolean => RANK[member.role] >= RANK.MODERATOR;

/** Whether `member` stands above a role: nobody acts against an equal. */
export const outranks = (member: Member, role: RoomRole): boolean => RANK[member.role] > RANK[role];
