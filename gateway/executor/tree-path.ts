/** Where the paths of a plan lead in the tree of data; `@` stands for every element of a list. */
import type { ResponsePath } from '@apollo/query-planner';
import type { JsonObject } from './json.ts';
import type { Path } from './response-shape.ts';

/** The values that a path leads to, but for nulls and what is not there. */
export function valuesAt(data: JsonObject, path: ResponsePath): unknown[] {
  let level: unknown[] = [data];
  for (const step of path) {
    const next: unknown[] = [];
    for (const value of level) {
      if (step !== '@') {
        const child = Object.hasOwn(value as JsonObject, step) ? (value as JsonObject)[step] : null;
        if (child !== undefined && child !== null) next.push(child);
      } else if (Array.isArray(value)) {
        for (const element of value) if (element !== undefined && element !== null) next.push(element);
      }
    }
    level = next;
  }
  return level;
}

/** The whole path of each of those values, in the same order. */
export function pathsOf(data: JsonObject, path: ResponsePath): Path[] {
  const found: Path[] = [];
  const walk = (value: unknown, depth: number, sofar: Path): void => {
    if (value === undefined || value === null) return;
    const step = path[depth];
    if (step === undefined) found.push(sofar);
    else if (step !== '@') {
      if (Object.hasOwn(value as JsonObject, step)) {
        walk((value as JsonObject)[step], depth + 1, [...sofar, step]);
      }
    } else if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) walk(element, depth + 1, [...sofar, index]);
    }
  };
  walk(data, 0, []);
  return found;
}
