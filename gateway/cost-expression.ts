/** What an operation costs, as far as it can be told before its variables are known: numbers, and functions for the rest. Pure. */

/** The variables of one request, its defaults filled in; `run` is another for each. */
export interface Given {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly run: number;
}

/** A number where nothing depends on the variables. */
export type Cost = number | ((given: Given) => number);
/** How long a list is; undefined: not told. */
export type Size = number | ((given: Given) => number | undefined);

/** The first of the sizes that is told, or else `otherwise`. */
export function firstTold(sizes: readonly (Size | undefined)[], otherwise: number): Cost {
  const [first, ...rest] = sizes;
  if (typeof first === 'number') return first;
  if (sizes.length === 0) return otherwise;
  const others = firstTold(rest, otherwise);
  if (first === undefined) return others;
  return (given) => first(given) ?? amountOf(others, given);
}

const amountOf = (cost: Cost, given: Given): number => (typeof cost === 'number' ? cost : cost(given));

/** All together. */
export function sum(costs: readonly Cost[]): Cost {
  const varying = costs.filter((cost) => typeof cost !== 'number');
  const fixed = costs.reduce<number>((total, cost) => total + (typeof cost === 'number' ? cost : 0), 0);
  if (varying.length === 0) return fixed;
  return (given) => varying.reduce((total, cost) => total + cost(given), fixed);
}

/** A cost that many times. */
export function product(times: Cost, cost: Cost): Cost {
  if (typeof times === 'number' && typeof cost === 'number') return times * cost;
  return (given) => amountOf(times, given) * amountOf(cost, given);
}

/** Fragments in fragments: what stands in many places is worked out once for each request. */
export function oncePerRun(cost: Cost): Cost {
  if (typeof cost === 'number') return cost;
  let last = 0;
  let value = 0;
  return (given) => {
    if (given.run !== last) {
      value = cost(given);
      last = given.run;
    }
    return value;
  };
}
