/**
 * Tells, on the topic that `@tellDepartures` names, that a viewer's last subscription to a stream in this process has ended:
 * `{userId, at}` under the stream's key. Later, and only of those who are not back by then; best effort: whoever must know for
 * certain goes by what it hears from the viewer. Times: ms.
 */
import { Kind, parse, valueFromASTUntyped } from 'graphql';
import type { Logger } from 'pino';
import type { EventLog } from '../platform/ports/event-log.ts';

/** Who connects anew within this time was never gone. */
const TOLD_AFTER_MS = 2_000;
const MAX_WAITING = 10_000;

/** Who left which stream. */
export interface Departure {
  readonly topic: string;
  readonly fieldName: string;
  readonly key: string | null;
  readonly userId: string;
}

type IsThere = (fieldName: string, key: string | null, userId: string) => boolean;

/** Topics by subscription field. */
export function readDepartureTopics(sdl: string): ReadonlyMap<string, string> {
  const topics = new Map<string, string>();
  for (const type of parse(sdl).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const { name, directives = [] } of type.fields ?? []) {
      const topic = directives
        .find((each) => each.name.value === 'tellDepartures')
        ?.arguments?.find((each) => each.name.value === 'topic');
      if (topic) topics.set(name.value, String(valueFromASTUntyped(topic.value)));
    }
  }
  return topics;
}

export class Departures {
  readonly #log: EventLog;
  readonly #logger: Logger;
  readonly #isThere: IsThere;
  readonly #toldAfterMs: number;
  #waiting: (Departure & { readonly at: number })[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(log: EventLog, logger: Logger, isThere: IsThere, toldAfterMs = TOLD_AFTER_MS) {
    this.#log = log;
    this.#logger = logger;
    this.#isThere = isThere;
    this.#toldAfterMs = toldAfterMs;
  }

  note(departure: Departure): void {
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push({ ...departure, at: Date.now() });
    this.#timer ??= setTimeout(() => void this.#tell(), this.#toldAfterMs).unref();
  }

  /** A process that stops tells nothing: its viewers go to another. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  async #tell(): Promise<void> {
    this.#timer = undefined;
    const gone = this.#waiting.filter(({ fieldName, key, userId }) => !this.#isThere(fieldName, key, userId));
    this.#waiting = [];
    for (const topic of new Set(gone.map((departure) => departure.topic))) {
      const events = gone.flatMap(({ topic: its, key, userId, at }) =>
        its === topic && key !== null ? [{ key, value: JSON.stringify({ userId, at }) }] : [],
      );
      await this.#log.publish(topic, events).catch((error: unknown) => {
        this.#logger.debug({ err: error, topic }, 'departures not told');
      });
    }
  }
}
