import { describe, expect, test } from '@jest/globals';
import { sendMessage } from '../../../../subgraphs/room/domain/chat.ts';
import type { Decision } from '../../../../subgraphs/room/domain/decision.ts';
import { join, leave } from '../../../../subgraphs/room/domain/membership.ts';
import { type ModerationAction, moderate, updateRoom } from '../../../../subgraphs/room/domain/moderation.ts';
import { controlPolicyOf, mayControl } from '../../../../subgraphs/room/domain/permissions.ts';
import { memberOf, ownerOf, type Room } from '../../../../subgraphs/room/domain/room.ts';
import { after, applied, newRoom } from './build.ts';

type Role = 'OWNER' | 'MODERATOR' | 'CONTROLLER' | 'VIEWER';
const outcome = ({ outcome }: Decision) => outcome;
const roleOf = (room: Room, userId: string) => memberOf(room, userId)?.role;
const act = (actorId: string, action: ModerationAction, userId: string | null = null, role: Role | null = null) => ({
  actorId,
  action,
  userId,
  role,
  newCode: 'NEWCNEWC',
});
const does = (room: Room, ...command: Parameters<typeof act>) =>
  applied(room, command[0], moderate(room, act(...command)));

/** Owner, a moderator `mod`, a controller `con`, a viewer `view`. */
const staffed = (): Room => {
  const room = newRoom(['view', 'con', 'mod']);
  return does(does(room, 'owner', 'SET_ROLE', 'mod', 'MODERATOR'), 'owner', 'SET_ROLE', 'con', 'CONTROLLER');
};
const WHO = ['owner', 'mod', 'con', 'view'];

describe('control policy', () => {
  test.each([
    ['EVERYONE', 'PLAY_PAUSE', WHO],
    ['EVERYONE', 'OTHER', WHO],
    ['PLAY_PAUSE_ALL', 'PLAY_PAUSE', WHO],
    ['PLAY_PAUSE_ALL', 'OTHER', ['owner', 'mod', 'con']],
    ['CONTROLLERS', 'PLAY_PAUSE', ['owner', 'mod', 'con']],
    ['CONTROLLERS', 'OTHER', ['owner', 'mod', 'con']],
    ['OWNER_ONLY', 'PLAY_PAUSE', ['owner']],
    ['OWNER_ONLY', 'OTHER', ['owner']],
  ] as const)('%s lets %s be done by %j', (controlPolicy, control, who) => {
    const room: Room = { ...staffed(), controlPolicy };
    expect(WHO.filter((userId) => mayControl(room, memberOf(room, userId)!, control))).toEqual(who);
  });

  test.each([
    [8, 'EVERYONE'],
    [9, 'PLAY_PAUSE_ALL'],
    [20, 'PLAY_PAUSE_ALL'],
    [21, 'OWNER_ONLY'],
  ])('%i members follow %s where the owner never chose', (size, policy) => {
    const others = Array.from({ length: size - 1 }, (_, index) => `m${index}`);
    expect(controlPolicyOf(newRoom(others))).toBe(policy);
    expect(controlPolicyOf({ ...newRoom(others), controlPolicy: 'CONTROLLERS' })).toBe('CONTROLLERS');
  });
});

describe('moderation', () => {
  const allowed: Record<string, string[]> = { KICK: ['owner', 'mod'], BAN: ['owner', 'mod'], MUTE: ['owner', 'mod'] };
  for (const action of ['KICK', 'BAN', 'MUTE'] as const) {
    test.each(['owner', 'mod', 'con', 'stranger'])(`${action} of a viewer by %s`, (actorId) => {
      const expected = allowed[action]?.includes(actorId) ? 'APPLIED' : 'FORBIDDEN';
      expect(outcome(moderate(staffed(), act(actorId, action, 'view')))).toBe(expected);
    });
    test(`${action} of the owner, of oneself and of an equal is refused`, () => {
      expect(outcome(moderate(staffed(), act('mod', action, 'owner')))).toBe('FORBIDDEN');
      expect(outcome(moderate(staffed(), act('mod', action, 'mod')))).toBe('FORBIDDEN');
      expect(outcome(moderate(staffed(), act('owner', action, 'owner')))).toBe('FORBIDDEN');
    });
  }

  test('a kicked member may come back, a banned one may not until unbanned', () => {
    const enter = { actorId: 'view', code: 'ABCDEFGH', displayName: 'V' };
    const kicked = does(staffed(), 'mod', 'KICK', 'view');
    expect(memberOf(kicked, 'view')).toBeUndefined();
    expect(outcome(join(kicked, enter))).toBe('APPLIED');
    const banned = does(kicked, 'mod', 'BAN', 'view');
    expect(outcome(join(banned, enter))).toBe('FORBIDDEN');
    expect(outcome(join(does(banned, 'owner', 'UNBAN', 'view'), enter))).toBe('APPLIED');
  });

  test('a muted member does not talk', () => {
    const muted = does(staffed(), 'mod', 'MUTE', 'view');
    expect(outcome(sendMessage(muted, { actorId: 'view', text: 'hi' }))).toBe('FORBIDDEN');
    expect(outcome(sendMessage(does(muted, 'mod', 'UNMUTE', 'view'), { actorId: 'view', text: 'hi' }))).toBe('APPLIED');
  });

  test('a locked room and a void code let nobody in', () => {
    const enter = { actorId: 'new', code: 'ABCDEFGH', displayName: 'N' };
    expect(outcome(join(does(staffed(), 'mod', 'LOCK'), enter))).toBe('FORBIDDEN');
    const rotated = does(staffed(), 'mod', 'ROTATE_CODE');
    expect(outcome(join(rotated, enter))).toBe('FORBIDDEN');
    expect(outcome(join(rotated, { ...enter, code: 'NEWCNEWC' }))).toBe('APPLIED');
  });

  test('a moderator gives lower roles only; ownership passes by transfer, and the owner becomes a moderator', () => {
    expect(outcome(moderate(staffed(), act('mod', 'SET_ROLE', 'view', 'CONTROLLER')))).toBe('APPLIED');
    expect(outcome(moderate(staffed(), act('mod', 'SET_ROLE', 'view', 'MODERATOR')))).toBe('FORBIDDEN');
    expect(outcome(moderate(staffed(), act('mod', 'TRANSFER_OWNERSHIP', 'view')))).toBe('FORBIDDEN');
    const passed = does(staffed(), 'owner', 'TRANSFER_OWNERSHIP', 'view');
    expect(ownerOf(passed)?.userId).toBe('view');
    expect(roleOf(passed, 'owner')).toBe('MODERATOR');
  });

  test('what names nobody is bad input', () => {
    const bad = expect.objectContaining({ code: 'BAD_USER_INPUT' });
    expect(() => moderate(staffed(), act('owner', 'KICK'))).toThrow(bad);
    expect(() => moderate(staffed(), act('owner', 'SET_ROLE', 'view'))).toThrow(bad);
    expect(() => moderate(staffed(), act('owner', 'SET_ROLE', 'view', 'OWNER'))).toThrow(bad);
  });
});

describe('coming and going', () => {
  test.each([
    ['moderator', staffed, 'mod'],
    ['controller', () => does(staffed(), 'owner', 'KICK', 'mod'), 'con'],
    ['longest present', () => newRoom(['first', 'second']), 'first'],
  ] as const)('the owner’s room passes to the %s', (_, build, heir) => {
    const room = build();
    const left = applied(room, 'owner', leave(room, 'owner'));
    expect(ownerOf(left)?.userId).toBe(heir);
    expect(left.members.filter(({ role }) => role === 'OWNER')).toHaveLength(1);
  });

  test('who enters an empty room owns it', () => {
    const room = newRoom();
    const empty = applied(room, 'owner', leave(room, 'owner'));
    expect(empty.members).toEqual([]);
    const again = applied(empty, 'new', join(empty, { actorId: 'new', code: 'ABCDEFGH', displayName: 'N' }));
    expect(ownerOf(again)?.userId).toBe('new');
  });

  test('joining twice is done already', () => {
    expect(outcome(join(newRoom(['a']), { actorId: 'a', code: 'ABCDEFGH', displayName: 'A' }))).toBe('NOOP');
  });

  test('a full room takes nobody more', () => {
    const room = newRoom(Array.from({ length: 999 }, (_, index) => `m${index}`));
    const enter = () => join(room, { actorId: 'late', code: 'ABCDEFGH', displayName: 'L' });
    expect(enter).toThrow(expect.objectContaining({ code: 'TOO_MANY' }));
  });
});

describe('settings', () => {
  const update = (actorId: string, change: object) => ({
    actorId,
    name: null,
    controlPolicy: null,
    waitPolicy: null,
    ...change,
  });
  test.each([
    ['owner', { name: 'New' }, 'APPLIED'],
    ['mod', { name: 'New' }, 'APPLIED'],
    ['con', { name: 'New' }, 'FORBIDDEN'],
    ['owner', { controlPolicy: 'CONTROLLERS' }, 'APPLIED'],
    ['mod', { controlPolicy: 'CONTROLLERS' }, 'FORBIDDEN'],
    ['owner', { name: 'Friday' }, 'NOOP'],
    ['owner', {}, 'NOOP'],
  ])('%s changing %j: %s', (actorId, change, expected) => {
    expect(outcome(updateRoom(staffed(), update(actorId, change)))).toBe(expected);
  });

  test('what a later version adds counts as a revision and changes nothing else', () => {
    const room = newRoom();
    expect(after(room, 'owner', { type: 'room.new.thing', data: {} } as never)).toEqual({ ...room, revision: 2 });
  });
});
