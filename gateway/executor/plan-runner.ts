/**
 * Runs a plan's schedule against the subgraphs, putting all that they send into one tree. Errors are collected, never thrown:
 * what one subgraph fails to give costs its fields.
 */
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { type Asked, type Part, putAnswer } from './answers.ts';
import { represent } from './entity-fetch.ts';
import { isObject, type JsonObject } from './json.ts';
import type { SubgraphAnswer } from './operation-merge.ts';
import type { Call, PlanSchedule, Slot, Step } from './plan-schedule.ts';
import type { SubgraphCalls } from './subgraph-calls.ts';
import { valuesAt } from './tree-path.ts';

export interface PlanRun {
  readonly supergraphSchema: GraphQLSchema;
  readonly calls: SubgraphCalls;
  /** As the client sent them; defaults are the subgraphs' business, but for conditions. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly data: JsonObject;
  readonly errors: GraphQLError[];
}

/**
 * How long a fetch that could be sent waits for those it would travel with: a subgraph that hangs must not hold back what has
 * nothing to do with it.
 */
const MAX_WAIT_MS = 250;

/** Resolves when all of the schedule has been done. */
export function runSchedule(run: PlanRun, schedule: PlanSchedule): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  new ScheduleRun(run, schedule, resolve, reject).start();
  return promise;
}

interface CallState {
  readonly ready: Step[];
  /** Steps that are not ready yet. */
  missing: number;
  timer: NodeJS.Timeout | null;
}

class ScheduleRun {
  readonly #run: PlanRun;
  readonly #schedule: PlanSchedule;
  readonly #finish: () => void;
  readonly #fail: (error: unknown) => void;
  /** By step: how many of those it needs are not done. */
  readonly #needs: number[];
  readonly #calls: readonly CallState[];
  #left: number;

  constructor(run: PlanRun, schedule: PlanSchedule, finish: () => void, fail: (error: unknown) => void) {
    this.#run = run;
    this.#schedule = schedule;
    this.#finish = finish;
    this.#fail = fail;
    this.#needs = schedule.steps.map(({ needs }) => needs.length);
    this.#calls = schedule.calls.map(({ steps }) => ({ ready: [], missing: steps.length, timer: null }));
    this.#left = schedule.steps.length;
  }

  start(): void {
    if (this.#left === 0) this.#finish();
    for (const step of this.#schedule.steps) if (step.needs.length === 0) this.#makeReady(step);
  }

  #makeReady(step: Step): void {
    const state = this.#calls[step.call.index] as CallState;
    state.ready.push(step);
    state.missing -= 1;
    if (state.missing === 0) this.#depart(step.call, state);
    else state.timer ??= setTimeout(() => this.#depart(step.call, state), MAX_WAIT_MS);
  }

  #depart(call: Call, state: CallState): void {
    if (state.timer) clearTimeout(state.timer);
    state.timer = null;
    this.#ask(call, state.ready.splice(0)).catch(this.#fail);
  }

  async #ask(call: Call, steps: readonly Step[]): Promise<void> {
    const parts = call.slots.flatMap((slot) => this.#partOf(slot, steps) ?? []);
    if (parts.length > 0) {
      const slots = parts.map(({ slot }) => slot);
      const answers = this.#run.calls.ask(call.serviceName, parts, () => this.#schedule.merged(call, slots));
      await Promise.all(parts.map((part, index) => this.#put(part, answers[index])));
    }
    this.#done(steps);
  }

  async #put(part: Part, answer: Promise<SubgraphAnswer> | undefined): Promise<void> {
    try {
      putAnswer(this.#run, part, (await answer) ?? {});
    } catch (error) {
      for (const _ of part.asked) this.#run.errors.push(error as GraphQLError);
    }
  }

  #done(steps: readonly Step[]): void {
    this.#left -= steps.length;
    for (const { allows } of steps) {
      for (const next of allows) {
        const needs = (this.#needs[next.index] ?? 0) - 1;
        this.#needs[next.index] = needs;
        if (needs === 0) this.#makeReady(next);
      }
    }
    if (this.#left === 0) this.#finish();
  }

  /** What a slot has to ask now; null: nothing. */
  #partOf(slot: Slot, steps: readonly Step[]): Part | null {
    const { data, supergraphSchema } = this.#run;
    const asked: Asked[] = [];
    for (const step of slot.steps) {
      if (!steps.includes(step)) continue;
      const entities = valuesAt(data, step.path).filter(isObject);
      if (entities.length > 0) asked.push({ step, entities });
    }
    if (asked.length === 0) return null;
    const { node } = slot;
    const variables = this.#variablesOf(slot);
    if (!node.requires) return { slot, node, asked, variables, representations: null };
    const lists = asked.map(({ entities }) => entities);
    const representations = represent(supergraphSchema, lists, node.requires, node.inputRewrites);
    if (representations.unique.length === 0) return null;
    variables['representations'] = representations.unique;
    return { slot, node, asked, variables, representations };
  }

  #variablesOf({ node }: Slot): Record<string, unknown> {
    const all = this.#run.variables;
    const variables: Record<string, unknown> = Object.create(null);
    for (const name of node.variableUsages ?? []) {
      if (Object.hasOwn(all, name) && all[name] !== undefined) variables[name] = all[name];
    }
    return variables;
  }
}
