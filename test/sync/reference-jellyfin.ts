/**
 * Jellyfin's SyncPlay (jellyfin: MediaBrowser.Controller/SyncPlay, jellyfin-web: src/plugins/syncPlay/core): clock by the best of
 * eight exchanges over HTTP, starts scheduled by the slowest member's ping, pause and seek at once, the whole group waits for
 * whoever loads or has stalled for 3 s. Correcting drift is off as shipped; on, it plays 0.2 to 4 times as fast for a second.
 */
import type { Timers } from '../../client/timers.ts';
import type { MemberSetup, Policy, SimMember } from './policy.ts';
import type { SimPlayer } from './sim-player.ts';

const DEFAULT_PING_MS = 500;
const STALL_TOLD_AFTER_MS = 3_000;
const SPEED = { fromMs: 60, toMs: 3_000, forMs: 1_000, least: 0.2 };
const SKIP_FROM_MS = 400;
const CHECK_EVERY_MS = 1_500;
const CLOCK_FIRST_MS = 1_000;
const CLOCK_LATER_MS = 60_000;
const MAX_EXCHANGES = 8;

interface Command {
  readonly kind: 'unpause' | 'pause' | 'seek';
  readonly when: number;
  readonly positionMs: number;
}

class JellyfinGroup {
  readonly #time: Timers;
  readonly #correct: boolean;
  readonly #members = new Map<string, (command: Command) => void>();
  readonly #pings = new Map<string, number>();
  readonly #notReady = new Set<string>();
  readonly waits: { from: number; to: number }[] = [];
  readonly lastRevision = 0;
  #state: 'paused' | 'waiting' | 'playing' = 'paused';
  #positionMs = 0;
  #since: number;

  constructor(time: Timers, correct: boolean) {
    this.#time = time;
    this.#correct = correct;
    this.#since = time.now();
  }

  positionAt(now: number): number {
    return this.#positionMs + (this.#state === 'playing' ? Math.max(0, now - this.#since) : 0);
  }

  add(setup: MemberSetup): SimMember {
    const { userId, network } = setup;
    const client = new JellyfinClient(setup, this.#correct, {
      exchange: (answer) => network.up(() => answer(this.#time.now())),
      ping: (ms) => network.up(() => void this.#pings.set(userId, ms)),
      buffering: () => network.up(() => this.#buffering(userId)),
      ready: () => network.up(() => this.#ready(userId)),
    });
    this.#members.set(userId, (command) => network.down(() => client.obey(command)));
    return {
      play: () => network.up(() => this.#unpause()),
      pause: () => network.up(() => this.#pause('paused')),
      seek: (positionMs) => network.up(() => this.#seek(positionMs)),
      say: () => undefined,
      stop: () => undefined,
      serverNow: () => client.believed,
      revisions: [],
      fingerprint: '',
    };
  }

  #send(command: Command): void {
    for (const tell of this.#members.values()) tell(command);
  }

  #unpause(): void {
    if (this.#state === 'playing') return;
    const worstPingMs = Math.max(...[...this.#members.keys()].map((id) => this.#pings.get(id) ?? DEFAULT_PING_MS));
    const when = this.#time.now() + Math.max(2 * worstPingMs, DEFAULT_PING_MS);
    this.#endWait(when);
    this.#state = 'playing';
    this.#since = when;
    this.#send({ kind: 'unpause', when, positionMs: this.#positionMs });
  }

  #pause(to: 'paused' | 'waiting'): void {
    const now = this.#time.now();
    this.#positionMs = this.positionAt(now);
    this.#state = to;
    this.#send({ kind: 'pause', when: now, positionMs: this.#positionMs });
  }

  #seek(positionMs: number): void {
    const resumes = this.#state !== 'paused';
    this.#positionMs = positionMs;
    if (resumes) {
      this.#beginWait();
      for (const userId of this.#members.keys()) this.#notReady.add(userId);
      this.#state = 'waiting';
    }
    this.#send({ kind: 'seek', when: this.#time.now(), positionMs });
  }

  #buffering(userId: string): void {
    if (this.#state === 'paused') return;
    this.#notReady.add(userId);
    if (this.#state === 'waiting') return;
    this.#beginWait();
    this.#pause('waiting');
  }

  #ready(userId: string): void {
    this.#notReady.delete(userId);
    if (this.#state === 'waiting' && this.#notReady.size === 0) this.#unpause();
  }

  #beginWait(): void {
    if (this.#state !== 'waiting') this.waits.push({ from: this.#time.now(), to: this.#time.now() });
  }

  #endWait(at: number): void {
    const open = this.waits.at(-1);
    if (this.#state === 'waiting' && open !== undefined) open.to = at;
  }
}

interface ToServer {
  exchange(answer: (serverNow: number) => void): void;
  ping(ms: number): void;
  buffering(): void;
  ready(): void;
}

class JellyfinClient {
  readonly #setup: MemberSetup;
  readonly #server: ToServer;
  readonly #player: SimPlayer;
  #exchanges: { offsetMs: number; rttMs: number }[] = [];
  #count = 0;
  #current: Command | null = null;
  #syncFrom = 0;
  #due: unknown;
  #stallTimer: unknown;
  #awaitsSeek = false;
  #toldStall = false;

  constructor(setup: MemberSetup, correct: boolean, server: ToServer) {
    this.#setup = setup;
    this.#server = server;
    this.#player = setup.player;
    this.#player.load('movie', 0);
    this.#player.listen((event) => {
      if (event === 'waiting') this.#stallTimer = setup.timers.setTimeout(() => this.#tellStall(), STALL_TOLD_AFTER_MS);
      if (event === 'playing') this.#stallOver();
      if (event === 'seeked') this.#seekOver();
    });
    this.#measure();
    if (correct) this.#check();
  }

  get believed(): { now: number; uncertaintyMs: number } | null {
    const best = this.#best;
    return best && { now: this.#setup.timers.now() + best.offsetMs, uncertaintyMs: best.rttMs / 2 };
  }

  obey(command: Command): void {
    const { timers } = this.#setup;
    timers.clearTimeout(this.#due);
    this.#current = command;
    this.#syncFrom = Number.POSITIVE_INFINITY;
    this.#player.setPlaybackRate(1);
    const inMs = command.when - this.#serverNow();
    if (command.kind === 'unpause') this.#unpauseIn(inMs, command);
    else {
      if (command.kind === 'seek') this.#player.play();
      else this.#player.pause();
      this.#awaitsSeek = command.kind === 'seek';
      this.#player.seek(command.positionMs);
    }
  }

  #unpauseIn(inMs: number, { positionMs }: Command): void {
    const { timers } = this.#setup;
    if (inMs > 0) {
      if (Math.abs(this.#player.positionMs - positionMs) > SKIP_FROM_MS) this.#player.seek(positionMs);
      this.#due = timers.setTimeout(() => this.#player.play(), inMs);
    } else {
      this.#player.play();
      this.#player.seek(positionMs - inMs);
    }
    this.#syncFrom = timers.now() + Math.max(0, inMs) + CHECK_EVERY_MS;
  }

  #seekOver(): void {
    if (!this.#awaitsSeek) return;
    this.#awaitsSeek = false;
    this.#player.pause();
    this.#server.ready();
  }

  #tellStall(): void {
    this.#toldStall = true;
    this.#server.buffering();
    // What is paused while it stalls is ready when its data are there.
    this.#setup.timers.setTimeout(() => this.#stallOver(), this.#player.stallLeftMs);
  }

  #stallOver(): void {
    this.#setup.timers.clearTimeout(this.#stallTimer);
    if (this.#toldStall) this.#server.ready();
    this.#toldStall = false;
  }

  #check(): void {
    const { timers } = this.#setup;
    timers.setTimeout(() => this.#check(), CHECK_EVERY_MS);
    const command = this.#current;
    if (command?.kind !== 'unpause' || timers.now() < this.#syncFrom || !this.#player.isMoving) return;
    const behindMs = command.positionMs + this.#serverNow() - command.when - this.#player.positionMs;
    const sizeMs = Math.abs(behindMs);
    if (sizeMs >= SPEED.fromMs && sizeMs < SPEED.toMs) this.#speedUp(behindMs);
    else if (sizeMs >= SKIP_FROM_MS) {
      this.#player.seek(this.#player.positionMs + behindMs);
      this.#syncFrom = timers.now() + CHECK_EVERY_MS;
    }
  }

  #speedUp(behindMs: number): void {
    const { timers } = this.#setup;
    const plain = 1 + behindMs / SPEED.forMs;
    const [rate, forMs] =
      plain > SPEED.least ? [plain, SPEED.forMs] : [SPEED.least, Math.abs(behindMs) / (1 - SPEED.least)];
    this.#player.setPlaybackRate(rate);
    this.#syncFrom = timers.now() + forMs;
    timers.setTimeout(() => this.#player.setPlaybackRate(1), forMs);
  }

  #serverNow(): number {
    return this.#setup.timers.now() + (this.#best?.offsetMs ?? 0);
  }

  get #best(): { offsetMs: number; rttMs: number } | null {
    return this.#exchanges.toSorted((a, b) => a.rttMs - b.rttMs)[0] ?? null;
  }

  #measure(): void {
    const { timers, network } = this.#setup;
    const t0 = timers.now();
    this.#server.exchange((serverNow) =>
      network.down(() => {
        const t3 = timers.now();
        this.#exchanges = [...this.#exchanges, { offsetMs: serverNow - (t0 + t3) / 2, rttMs: t3 - t0 }].slice(
          -MAX_EXCHANGES,
        );
        this.#server.ping((this.#best?.rttMs ?? 0) / 2);
      }),
    );
    this.#count += 1;
    timers.setTimeout(() => this.#measure(), this.#count < 3 ? CLOCK_FIRST_MS : CLOCK_LATER_MS);
  }
}

export const jellyfin = (correct: boolean): Policy => ({
  name: correct ? 'Jellyfin, correction on' : 'Jellyfin as shipped',
  open: (time) => new JellyfinGroup(time, correct),
});
