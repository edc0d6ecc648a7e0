/**
 * How fast members may act: research 4.3, "limits". Kept in memory, so each process counts what it serves: the limits keep
 * rooms usable and this process alive, they are no bill. Time: ms, given by the caller.
 */
import { type AttemptLimit, AttemptLimiter } from './attempt-limiter.ts';

export interface RoomLimits {
  /** Attempts to enter, per user. */
  readonly joins: AttemptLimit;
  /** Playback commands, per member. */
  readonly memberPlayback: AttemptLimit;
  /** Playback commands that change the room, per room: who may not control cannot use them up. */
  readonly roomPlayback: AttemptLimit;
  readonly reactions: AttemptLimit;
  /** Messages per member: a burst, then one more for every `refillMs`. */
  readonly chat: { readonly burst: number; readonly refillMs: number; readonly maxKeys: number };
}

export const ROOM_LIMITS: RoomLimits = {
  joins: { attempts: 10, windowMs: 60_000, maxKeys: 10_000 },
  memberPlayback: { attempts: 5, windowMs: 10_000, maxKeys: 50_000 },
  roomPlayback: { attempts: 12, windowMs: 10_000, maxKeys: 50_000 },
  reactions: { attempts: 10, windowMs: 1_000, maxKeys: 50_000 },
  chat: { burst: 8, refillMs: 1_000, maxKeys: 50_000 },
};

/** A bucket that fills by itself; of more keys than it remembers, the one used longest ago is forgotten. */
export class BurstLimiter {
  readonly #limit: RoomLimits['chat'];
  readonly #buckets = new Map<string, { readonly left: number; readonly at: number }>();

  constructor(limit: RoomLimits['chat']) {
    this.#limit = limit;
  }

  /** Takes one; false: there is none. */
  take(key: string, now: number): boolean {
    const { burst, refillMs, maxKeys } = this.#limit;
    const { left, at } = this.#buckets.get(key) ?? { left: burst, at: now };
    const filled = Math.min(burst, left + Math.max(0, now - at) / refillMs);
    const allowed = filled >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: allowed ? filled - 1 : filled, at: now });
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > maxKeys && !oldest.done) this.#buckets.delete(oldest.value);
    return allowed;
  }
}

/** What a command counts against. */
export type Quota = 'PLAYBACK' | 'CHAT';

export class RoomLimiters {
  readonly joins: AttemptLimiter;
  readonly reactions: AttemptLimiter;
  readonly #memberPlayback: AttemptLimiter;
  readonly #roomPlayback: AttemptLimiter;
  readonly #chat: BurstLimiter;

  constructor(limits: RoomLimits) {
    this.joins = new AttemptLimiter(limits.joins);
    this.reactions = new AttemptLimiter(limits.reactions);
    this.#memberPlayback = new AttemptLimiter(limits.memberPlayback);
    this.#roomPlayback = new AttemptLimiter(limits.roomPlayback);
    this.#chat = new BurstLimiter(limits.chat);
  }

  /** Before a command is decided. */
  takeForMember(quota: Quota, roomId: string, userId: string, now: number): boolean {
    const limiter = quota === 'CHAT' ? this.#chat : this.#memberPlayback;
    return limiter.take(JSON.stringify([roomId, userId]), now);
  }

  /** Before its event is stored. */
  takeForRoom(quota: Quota, roomId: string, now: number): boolean {
    return quota === 'CHAT' || this.#roomPlayback.take(roomId, now);
  }
}
