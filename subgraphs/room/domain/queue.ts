/** What comes next: adding, ordering, taking, voting away. Pure. Places count from 0. */
import { AppError } from '../../../schema/errors.ts';
import { applied, asMember, conflict, type Decision, forbidden, type Moment, noop } from './decision.ts';
import { mayControl } from './permissions.ts';
import { nextOfQueue } from './playback.ts';
import { MAX_QUEUE, type QueueItem, type Room } from './room.ts';
import { checkContentId } from './text.ts';

export interface QueueCommand {
  readonly actorId: string;
  readonly action: 'ADD' | 'REMOVE' | 'MOVE' | 'NEXT' | 'VOTE_SKIP';
  readonly contentId: string | null;
  readonly itemId: string | null;
  readonly toIndex: number | null;
}

/** Changes the queue; voting is everybody's. @throws AppError BAD_USER_INPUT, TOO_MANY */
export function updateQueue(room: Room, command: QueueCommand, moment: Moment): Decision {
  return asMember(room, command.actorId, (member) => {
    if (command.action === 'VOTE_SKIP') return vote(room, command);
    if (!mayControl(room, member, 'OTHER')) return forbidden('The room’s control policy does not let you do this.');
    switch (command.action) {
      case 'ADD':
        return add(room, command);
      case 'NEXT':
        return takeNext(room, moment);
      default:
        return rearrange(room, command);
    }
  });
}

function add(room: Room, { contentId, toIndex }: QueueCommand): Decision {
  if (contentId === null) throw new AppError('BAD_USER_INPUT', 'ADD needs contentId.');
  const id = checkContentId(contentId);
  if (room.queue.length >= MAX_QUEUE) throw new AppError('TOO_MANY', `A queue holds ${MAX_QUEUE} items.`);
  const place = checkPlace(toIndex ?? room.queue.length, room.queue.length);
  // The revision makes the item's id unique in the room without chance or a counter.
  const itemId = `q${room.revision + 1}`;
  return applied({ type: 'room.queue.changed', data: { change: 'ADDED', itemId, contentId: id, toIndex: place } });
}

function takeNext(room: Room, moment: Moment): Decision {
  const first = room.queue[0];
  if (first === undefined) return noop('The queue is empty.');
  return applied(nextOfQueue(room, first, moment));
}

function rearrange(room: Room, { action, itemId, toIndex }: QueueCommand): Decision {
  const item = itemOf(room, action, itemId);
  if (item === undefined) return conflict('This item is no longer in the queue.');
  if (action === 'REMOVE') {
    return applied({ type: 'room.queue.changed', data: { change: 'REMOVED', itemId: item.id } });
  }
  if (toIndex === null) throw new AppError('BAD_USER_INPUT', 'MOVE needs toIndex.');
  const place = checkPlace(toIndex, room.queue.length - 1);
  if (room.queue[place]?.id === item.id) return noop('It is there.');
  return applied({ type: 'room.queue.changed', data: { change: 'MOVED', itemId: item.id, toIndex: place } });
}

function vote(room: Room, { actorId, action, itemId }: QueueCommand): Decision {
  const item = itemOf(room, action, itemId);
  if (item === undefined) return conflict('This item is no longer in the queue.');
  if (item.votes.includes(actorId)) return noop('You have voted.');
  const present = item.votes.filter((userId) => room.members.some((member) => member.userId === userId));
  const change = (present.length + 1) * 2 >= room.members.length ? 'REMOVED' : 'VOTED';
  return applied({ type: 'room.queue.changed', data: { change, itemId: item.id } });
}

function itemOf(room: Room, action: string, itemId: string | null): QueueItem | undefined {
  if (itemId === null) throw new AppError('BAD_USER_INPUT', `${action} needs itemId.`);
  return room.queue.find(({ id }) => id === itemId);
}

function checkPlace(index: number, last: number): number {
  if (!(Number.isInteger(index) && index >= 0 && index <= last)) {
    throw new AppError('BAD_USER_INPUT', `toIndex is 0 to ${last}, not ${index}.`);
  }
  return index;
}
