/**
 * Updates of the embedded store: applies MongoDB's update operators to one document. Pure but for the document given.
 * What MongoDB refuses (a number added to a string, a push on something that is no array) is refused here, not passed over.
 */
import { AppError } from '../../schema/errors.ts';
import { compileFilter } from './embedded-store-filter.ts';
import { compareValues } from './embedded-store-values.ts';
import { isObject, type Json, type JsonObject } from './embedded-store-wire.ts';

const bad = (detail: string): AppError => new AppError('BAD_USER_INPUT', detail);

/** The place a path leads to. `get` is undefined where nothing is there. */
interface Slot {
  get(): Json | undefined;
  set(value: Json): void;
  remove(): void;
}

type Operator = (slot: Slot, operand: Json, path: string) => void;

const OPERATORS: Readonly<Record<string, Operator>> = {
  $set: (slot, operand) => slot.set(operand),
  $setOnInsert: (slot, operand) => slot.set(operand),
  $unset: (slot) => slot.remove(),
  $inc: (slot, operand, path) => {
    const before = slot.get() ?? (slot.get() === undefined ? 0 : null);
    if (typeof operand !== 'number' || typeof before !== 'number') throw bad(`$inc of what is no number: "${path}".`);
    slot.set(before + operand);
  },
  $max: (slot, operand) => {
    const before = slot.get();
    if (before === undefined || compareValues(operand, before) > 0) slot.set(operand);
  },
  $min: (slot, operand) => {
    const before = slot.get();
    if (before === undefined || compareValues(operand, before) < 0) slot.set(operand);
  },
  $push: (slot, operand, path) => slot.set(pushed(arrayAt(slot, '$push', path) ?? [], operand)),
  $addToSet: (slot, operand, path) => {
    const set = [...(arrayAt(slot, '$addToSet', path) ?? [])];
    for (const item of each(operand)) {
      if (!set.some((existing) => compareValues(existing, item) === 0)) set.push(item);
    }
    slot.set(set);
  },
  $pull: (slot, operand, path) => {
    const before = arrayAt(slot, '$pull', path);
    if (before) slot.set(before.filter((item) => !isPulled(item, operand)));
  },
};

function arrayAt(slot: Slot, operator: string, path: string): Json[] | undefined {
  const value = slot.get();
  if (value !== undefined && !Array.isArray(value)) throw bad(`${operator} on what is no array: "${path}".`);
  return value;
}

function each(operand: Json): Json[] {
  if (!isObject(operand) || !Object.hasOwn(operand, '$each')) return [operand];
  if (!Array.isArray(operand.$each)) throw bad('$each needs an array.');
  return operand.$each;
}

function pushed(before: readonly Json[], operand: Json): Json[] {
  const { $position, $sort, $slice } = isObject(operand) && Object.hasOwn(operand, '$each') ? operand : {};
  const after = [...before];
  after.splice(typeof $position === 'number' ? $position : after.length, 0, ...each(operand));
  if (typeof $sort === 'number') after.sort((a, b) => compareValues(a, b) * $sort);
  else if ($sort !== undefined) throw bad('$sort in $push: only 1 and -1 are served.');
  if (typeof $slice !== 'number') return after;
  return $slice < 0 ? after.slice($slice) : after.slice(0, $slice);
}

function isPulled(item: Json, operand: Json): boolean {
  if (!isObject(operand)) return compareValues(item, operand) === 0;
  if (Object.keys(operand).some((key) => key.startsWith('$'))) return compileFilter({ item: operand })({ item });
  return isObject(item) && compileFilter(operand)(item);
}

/**
 * Applies `update` in place.
 * @throws AppError BAD_USER_INPUT for unknown operators, two changes of one path, a change of `_id`, unfit values
 */
export function applyUpdate(document: JsonObject, update: JsonObject, inserting: boolean): void {
  const changes = changesOf(update);
  for (const { operator, path, operand } of changes) {
    if (operator === '$setOnInsert' && !inserting) continue;
    if (path === '_id' && !inserting && (operator !== '$set' || operand !== document._id)) {
      throw bad('A document keeps its _id.');
    }
    const creates = operator !== '$unset' && operator !== '$pull';
    const slot = slotAt(document, path, creates);
    if (slot) OPERATORS[operator]!(slot, operand, path);
  }
}

interface Change {
  readonly operator: string;
  readonly path: string;
  readonly operand: Json;
}

function changesOf(update: JsonObject): Change[] {
  const changes: Change[] = [];
  const operators = Object.entries(update);
  if (operators.length === 0) throw bad('An update needs operators such as $set.');
  for (const [operator, fields] of operators) {
    if (!Object.hasOwn(OPERATORS, operator)) throw bad(`"${operator}" is no update operator served here.`);
    if (!isObject(fields)) throw bad(`${operator} needs an object of fields.`);
    for (const [path, operand] of Object.entries(fields)) changes.push({ operator, path, operand });
  }
  const paths = changes.map(({ path }) => path).sort();
  for (const path of paths) {
    if (path === '' || path.split('.').includes('')) throw bad(`"${path}" is no path.`);
    if (path.split('.').some((part) => part.startsWith('$'))) throw bad(`Positional paths are not served: "${path}".`);
    const sharing = paths.filter((other) => other === path || other.startsWith(`${path}.`));
    if (sharing.length > 1) throw bad(`Two changes of "${path}" in one update.`);
  }
  return changes;
}

/** The place of `path`, made where missing if `creates`; undefined: nothing there and nothing to make. */
function slotAt(document: JsonObject, path: string, creates: boolean): Slot | undefined {
  const parts = path.split('.');
  const last = parts.pop()!;
  let container: Json = document;
  for (const part of parts) {
    const slot = slotIn(container, part, path, creates);
    let inner = slot?.get();
    if (inner === undefined) {
      if (!creates || !slot) return undefined;
      inner = {};
      slot.set(inner);
    }
    container = inner;
  }
  return slotIn(container, last, path, creates);
}

function slotIn(container: Json, part: string, path: string, creates: boolean): Slot | undefined {
  if (isObject(container)) return fieldSlot(container, part);
  if (Array.isArray(container) && /^(0|[1-9]\d*)$/.test(part)) return elementSlot(container, Number(part));
  if (creates) throw bad(`"${path}" goes through a value that has no fields.`);
  return undefined;
}

const fieldSlot = (container: JsonObject, field: string): Slot => ({
  get: () => (Object.hasOwn(container, field) ? container[field] : undefined),
  set: (value) => {
    // defineProperty: a field named __proto__ must not become the prototype.
    Object.defineProperty(container, field, { value, enumerable: true, configurable: true, writable: true });
  },
  remove: () => {
    delete container[field];
  },
});

/** MongoDB's limit to how many nulls an update may fill in. */
const MAX_FILL = 1_500_000;

const elementSlot = (container: Json[], index: number): Slot => ({
  get: () => container[index],
  set: (value) => {
    if (index - container.length > MAX_FILL) throw bad(`Index ${index} lies too far beyond the array.`);
    while (container.length < index) container.push(null);
    container[index] = value;
  },
  remove: () => {
    if (index < container.length) container[index] = null;
  },
});

/** What an upsert starts from: the fields the filter holds equal to a value. */
export function seedOf(filter: JsonObject): JsonObject {
  const seed: JsonObject = {};
  for (const [field, condition] of Object.entries(filter)) {
    if (field === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isObject(part)) applySeed(seed, seedOf(part));
    } else if (!field.startsWith('$')) {
      const operators = isObject(condition) && Object.keys(condition).some((key) => key.startsWith('$'));
      if (!operators) applySeed(seed, { [field]: condition });
      else if (Object.hasOwn(condition, '$eq')) applySeed(seed, { [field]: condition.$eq! });
    }
  }
  return seed;
}

function applySeed(seed: JsonObject, fields: JsonObject): void {
  for (const [path, value] of Object.entries(fields)) slotAt(seed, path, true)?.set(value);
}
