/**
 * Makes one event of many that come within a window: the first passes at once, those that follow within the window leave
 * together at its end. A field has its latest value; a list under a rule keeps one entry per key, some of its fields summed.
 */
import type { EventValue } from './live-plan.ts';

/** Entries of one list in one window; past it the oldest go. */
const MAX_ENTRIES = 1_000;

/** How a list is merged: see `@coalesce` in schema/events.graphql. */
export interface CoalesceRule {
  readonly by: string;
  readonly sum: readonly string[];
}

export interface CoalescerOptions {
  readonly windowMs: number;
  /** By the name of the event's list field. */
  readonly rules: ReadonlyMap<string, CoalesceRule>;
  readonly deliver: (event: EventValue) => void;
}

export class Coalescer {
  readonly #options: CoalescerOptions;
  #merged: EventValue | null = null;
  #window: NodeJS.Timeout | null = null;

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  accept(event: EventValue): void {
    if (this.#window) this.#merged = this.#merged ? mergeEvents(this.#merged, event, this.#options.rules) : event;
    else this.#pass(event);
  }

  /** Forgets what waits. */
  stop(): void {
    if (this.#window) clearTimeout(this.#window);
    this.#window = null;
    this.#merged = null;
  }

  #pass(event: EventValue): void {
    this.#window = setTimeout(() => {
      const merged = this.#merged;
      this.stop();
      if (merged) this.#pass(merged);
    }, this.#options.windowMs);
    this.#options.deliver(event);
  }
}

/** The later event, its ruled lists merged with those of the earlier one. Entries keep the order in which they first came. */
export function mergeEvents(
  earlier: EventValue,
  later: EventValue,
  rules: ReadonlyMap<string, CoalesceRule>,
): EventValue {
  const merged: Record<string, unknown> = { ...earlier, ...later };
  for (const [field, rule] of rules) {
    const lists = [earlier[field], later[field]].map((list) => (Array.isArray(list) ? list : []));
    merged[field] = mergeEntries(lists.flat(), rule);
  }
  return merged;
}

function mergeEntries(entries: readonly Record<string, unknown>[], { by, sum }: CoalesceRule): unknown[] {
  const merged = new Map<unknown, Record<string, unknown>>();
  for (const entry of entries) {
    if (typeof entry !== 'object' || entry === null) continue;
    const before = merged.get(entry[by]);
    const sums = before ? sum.map((name) => [name, Number(before[name] ?? 0) + Number(entry[name] ?? 0)]) : [];
    merged.set(entry[by], { ...entry, ...Object.fromEntries(sums) });
  }
  return [...merged.values()].slice(-MAX_ENTRIES);
}
