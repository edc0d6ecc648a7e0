/**
 * One of Apollo's query plans as calls to subgraphs. The plan says what must come before what; here each fetch gets a level,
 * and those of one subgraph and level become one call. A fetch that need not be early moves to a later call of its subgraph,
 * but never so far that the plan takes more levels than before. Made once per plan and values of its conditions.
 */
import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import { type MergedOperation, mergeOperations, withoutName } from './operation-merge.ts';

/** A fetch of the plan, at its place in the answer. */
export interface Step {
  readonly index: number;
  readonly node: FetchNode;
  readonly path: ResponsePath;
  readonly call: Call;
  /** Fetches that must be done before. */
  readonly needs: readonly Step[];
  /** Fetches that wait for this one. */
  readonly allows: readonly Step[];
}

/** Fetches that ask the same of entities, at whatever places: they are asked as one. */
export interface Slot {
  readonly node: FetchNode;
  readonly steps: readonly Step[];
}

export interface Call {
  readonly index: number;
  readonly serviceName: string;
  readonly steps: readonly Step[];
  readonly slots: readonly Slot[];
}

/** Different sets of slots for which a call's merged document is kept; past it they are merged anew. */
const MAX_MERGES = 100;

export class PlanSchedule {
  readonly steps: readonly Step[];
  readonly calls: readonly Call[];
  readonly #merges = new Map<string, MergedOperation | null>();

  /** @throws GraphQLError for a plan with @defer */
  constructor(plan: PlanNode | undefined, conditions: Readonly<Record<string, unknown>>) {
    const drafts: Draft[] = [];
    if (plan) collect(plan, [], [], conditions, drafts);
    setLevels(drafts);
    const calls = new Map<string, WritableCall>();
    const steps: WritableStep[] = [];
    for (const [index, { node, path, level, needs }] of drafts.entries()) {
      const key = `${level} ${node.serviceName}`;
      const call = calls.get(key) ?? { index: calls.size, serviceName: node.serviceName, steps: [], slots: [] };
      calls.set(key, call);
      const step: WritableStep = {
        index,
        node,
        path,
        call,
        needs: needs.map((each) => steps[each.index] as Step),
        allows: [],
      };
      for (const each of needs) steps[each.index]?.allows.push(step);
      steps.push(step);
      call.steps.push(step);
    }
    for (const call of calls.values()) call.slots.push(...slotsOf(call.steps));
    this.steps = steps;
    this.calls = [...calls.values()];
  }

  /** One document for these slots of one call; null where they cannot be merged. */
  merged(call: Call, slots: readonly Slot[]): MergedOperation | null {
    const key = `${call.index}:${slots.map((slot) => call.slots.indexOf(slot)).join()}`;
    let merged = this.#merges.get(key);
    if (merged === undefined) {
      merged = mergeOperations(slots.map(({ node }) => node));
      if (this.#merges.size >= MAX_MERGES) this.#merges.clear();
      this.#merges.set(key, merged);
    }
    return merged;
  }
}

interface Draft {
  readonly index: number;
  readonly node: FetchNode;
  readonly path: ResponsePath;
  readonly needs: readonly Draft[];
  level: number;
}
type WritableStep = Omit<Step, 'allows'> & { readonly allows: Step[] };
type WritableCall = Omit<Call, 'steps' | 'slots'> & { readonly steps: Step[]; readonly slots: Slot[] };

/** @returns the fetches that what comes next in a sequence has to wait for */
function collect(
  node: PlanNode,
  path: ResponsePath,
  needs: readonly Draft[],
  conditions: Readonly<Record<string, unknown>>,
  into: Draft[],
): readonly Draft[] {
  switch (node.kind) {
    case 'Sequence':
      return node.nodes.reduce((before, each) => collect(each, path, before, conditions, into), needs);
    case 'Parallel':
      return [...new Set(node.nodes.flatMap((each) => collect(each, path, needs, conditions, into)))];
    case 'Flatten':
      return collect(node.node, [...path, ...node.path], needs, conditions, into);
    case 'Condition': {
      const branch = conditions[node.condition] === true ? node.ifClause : node.elseClause;
      return branch ? collect(branch, path, needs, conditions, into) : needs;
    }
    case 'Fetch': {
      const draft = { index: into.length, node, path, needs, level: 0 };
      into.push(draft);
      return [draft];
    }
    case 'Defer':
      throw new GraphQLError('@defer is not supported.');
  }
}

/** As early as it can be, unless a later level that does no harm has a call of its subgraph already. */
function setLevels(drafts: readonly Draft[]): void {
  const earliest = new Map<Draft, number>();
  for (const draft of drafts)
    earliest.set(draft, Math.max(0, ...draft.needs.map((each) => (earliest.get(each) ?? 0) + 1)));
  const last = Math.max(0, ...earliest.values());
  const latest = new Map<Draft, number>(drafts.map((draft) => [draft, last]));
  for (const draft of [...drafts].reverse()) {
    for (const each of draft.needs)
      latest.set(each, Math.min(latest.get(each) ?? last, (latest.get(draft) ?? last) - 1));
  }
  const key = (draft: Draft, level: number) => `${level} ${draft.node.serviceName}`;
  const taken = new Set(
    drafts.filter((each) => earliest.get(each) === latest.get(each)).map((each) => key(each, latest.get(each) ?? 0)),
  );
  for (const draft of drafts) {
    const from = Math.max(0, ...draft.needs.map(({ level }) => level + 1));
    const to = latest.get(draft) ?? from;
    draft.level = from;
    for (let level = from; level <= to; level += 1) {
      if (!taken.has(key(draft, level))) continue;
      draft.level = level;
      break;
    }
    taken.add(key(draft, draft.level));
  }
}

function slotsOf(steps: readonly Step[]): Slot[] {
  const slots = new Map<string, { readonly node: FetchNode; readonly steps: Step[] }>();
  for (const step of steps) {
    const { node } = step;
    const { requires, inputRewrites, outputRewrites } = node;
    const key = requires
      ? JSON.stringify([withoutName(node), requires, inputRewrites, outputRewrites])
      : String(step.index);
    const slot = slots.get(key);
    if (slot) slot.steps.push(step);
    else slots.set(key, { node, steps: [step] });
  }
  return [...slots.values()];
}
