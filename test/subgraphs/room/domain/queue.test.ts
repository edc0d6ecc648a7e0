import { describe, expect, test } from '@jest/globals';
import { play } from '../../../../subgraphs/room/domain/playback.ts';
import { type QueueCommand, updateQueue } from '../../../../subgraphs/room/domain/queue.ts';
import { MAX_QUEUE, type Room } from '../../../../subgraphs/room/domain/room.ts';
import { applied, newRoom, T0 } from './build.ts';

const NOW = { now: T0 + 60_000, delaysMs: [] };
const command = (action: QueueCommand['action'], rest: Partial<QueueCommand> = {}): QueueCommand => ({
  actorId: 'owner',
  action,
  contentId: null,
  itemId: null,
  toIndex: null,
  ...rest,
});
const does = (room: Room, given: QueueCommand) => applied(room, given.actorId, updateQueue(room, given, NOW), NOW.now);
const contents = (room: Room) => room.queue.map(({ contentId }) => contentId);
const filled = (others: string[] = []): Room =>
  ['x', 'y', 'z'].reduce((room, contentId) => does(room, command('ADD', { contentId })), newRoom(others));

describe('the queue', () => {
  test('adds at the end or at a place, moves and removes', () => {
    const room = does(filled(), command('ADD', { contentId: 'w', toIndex: 0 }));
    expect(contents(room)).toEqual(['w', 'x', 'y', 'z']);
    const moved = does(room, command('MOVE', { itemId: room.queue[0]?.id, toIndex: 2 } as QueueCommand));
    expect(contents(moved)).toEqual(['x', 'y', 'w', 'z']);
    const removed = does(moved, command('REMOVE', { itemId: moved.queue[1]?.id } as QueueCommand));
    expect(contents(removed)).toEqual(['x', 'w', 'z']);
  });

  test('next makes the first item the content, and goes on playing', () => {
    const room = filled();
    const playing = applied(
      room,
      'owner',
      play(room, { actorId: 'owner', expectedRevision: null }, { now: T0, delaysMs: [] }),
    );
    const next = does(playing, command('NEXT'));
    expect(contents(next)).toEqual(['y', 'z']);
    expect(next.playback).toMatchObject({
      status: 'PLAYING',
      contentId: 'x',
      positionMs: 0,
      effectiveAt: NOW.now + 1_500,
    });
    expect(updateQueue(newRoom(), command('NEXT'), NOW).outcome).toBe('NOOP');
  });

  test('an item goes when half of the members have voted, each once', () => {
    const room = filled(['a', 'b', 'c']);
    const itemId = room.queue[1]?.id ?? null;
    const once = does(room, command('VOTE_SKIP', { actorId: 'a', itemId }));
    expect(once.queue[1]?.votes).toEqual(['a']);
    expect(updateQueue(once, command('VOTE_SKIP', { actorId: 'a', itemId }), NOW).outcome).toBe('NOOP');
    expect(contents(does(once, command('VOTE_SKIP', { actorId: 'b', itemId })))).toEqual(['x', 'z']);
  });

  test('an item that is gone is a conflict, bad places are bad input, a full queue takes no more', () => {
    const room = filled();
    const bad = expect.objectContaining({ code: 'BAD_USER_INPUT' });
    expect(updateQueue(room, command('REMOVE', { itemId: 'q99' }), NOW).outcome).toBe('CONFLICT');
    for (const toIndex of [-1, 4, 0.5]) {
      expect(() => updateQueue(room, command('ADD', { contentId: 'w', toIndex }), NOW)).toThrow(bad);
    }
    expect(() => updateQueue(room, command('ADD'), NOW)).toThrow(bad);
    const full: Room = {
      ...room,
      queue: Array.from({ length: MAX_QUEUE }, (_, i) => ({ ...room.queue[0]!, id: `q${i}` })),
    };
    expect(() => updateQueue(full, command('ADD', { contentId: 'w' }), NOW)).toThrow(
      expect.objectContaining({ code: 'TOO_MANY' }),
    );
  });
});
