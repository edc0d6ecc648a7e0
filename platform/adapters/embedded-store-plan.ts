/**
 * Turns a filter into SQL as far as that is safe: SQL may let too many documents through, never too few; `exact` says that it
 * lets through just the right ones. Pushed down are conditions on `_id` and on indexed fields, which hold scalars only.
 */

import type { Sort } from '../ports/store.ts';
import { orderSql, presentSql, rankSql, valueSql } from './embedded-store-index.ts';
import { TYPE_RANK, typeRank } from './embedded-store-values.ts';
import { isObject, type Json, type JsonObject } from './embedded-store-wire.ts';

/** What the plan may rely on: fields known to hold scalars, and those of them that partial indexes ask to be present. */
export interface IndexedFields {
  readonly scalar: ReadonlySet<string>;
  readonly partial: ReadonlySet<string>;
}

export interface Plan {
  /** `WHERE …`, or empty. */
  readonly where: string;
  /** `ORDER BY …`, or empty; null: the sort is left to the caller. */
  readonly order: string | null;
  readonly parameters: readonly string[];
  /** The filter needs no second look. */
  readonly exact: boolean;
  /** Documents found for which this holds need none either; null: not known. For compare-and-set on big documents. */
  readonly sure: { readonly sql: string; readonly parameters: readonly string[] } | null;
}

export function planFilter(filter: JsonObject, sort: Sort, indexed: IndexedFields): Plan {
  const terms = new Terms(indexed);
  terms.addFilter(filter);
  const where = terms.sql.length === 0 ? '' : ` WHERE ${terms.sql.join(' AND ')}`;
  const sure = { sql: terms.sure.join(' AND '), parameters: terms.sureParameters };
  return {
    where,
    order: planSort(sort, indexed, terms),
    parameters: terms.parameters,
    exact: terms.exact && terms.sure.length === 0,
    sure: terms.exact && terms.sure.length > 0 ? sure : null,
  };
}

function planSort(sort: Sort, indexed: IndexedFields, terms: Terms): string | null {
  const fields = Object.entries(sort);
  if (!fields.every(([field]) => field === '_id' || indexed.scalar.has(field))) return null;
  const order = fields
    // SQLite does not see that what the filter holds fixed needs no sorting, and would leave the index for it.
    .filter(([field]) => !terms.oneValue.has(field))
    .map(([field, direction]) => orderSql(field, direction, terms.oneType.has(field)));
  return order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
}

const PLAIN_FIELD = /^[A-Za-z_]\w*$/;
const COMPARISONS: Readonly<Record<string, '>' | '>=' | '<' | '<='>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

class Terms {
  readonly sql: string[] = [];
  readonly parameters: string[] = [];
  exact = true;
  /** What besides makes a document pass for sure. */
  readonly sure: string[] = [];
  readonly sureParameters: string[] = [];
  /** Fields that hold one and the same value, or values of one type, in all documents the filter matches. */
  readonly oneValue = new Set<string>();
  readonly oneType = new Set<string>();
  readonly #indexed: IndexedFields;

  constructor(indexed: IndexedFields) {
    this.#indexed = indexed;
  }

  addFilter(filter: JsonObject): void {
    for (const [field, condition] of Object.entries(filter)) {
      if (field === '$and' && Array.isArray(condition)) {
        for (const part of condition) if (isObject(part)) this.addFilter(part);
      } else if (field !== '_id' && !this.#indexed.scalar.has(field)) {
        if (!this.#addSure(field, condition)) this.exact = false;
      } else if (isObject(condition) && Object.keys(condition).some((key) => key.startsWith('$'))) {
        for (const [operator, operand] of Object.entries(condition)) this.#add(field, operator, operand);
      } else {
        this.#add(field, '$eq', condition);
      }
    }
  }

  /** A whole number in a plain field is told by SQL; what does not pass (an array may hold it) is looked at again. */
  #addSure(field: string, condition: Json): boolean {
    if (!Number.isSafeInteger(condition) || !PLAIN_FIELD.test(field)) return false;
    const path = `'$."${field}"'`;
    this.sure.push(`json_type(doc, ${path}) = 'integer' AND json_extract(doc, ${path}) = CAST(? AS INTEGER)`);
    this.sureParameters.push(String(condition));
    return true;
  }

  #add(field: string, operator: string, operand: Json): void {
    const pushed = field === '_id' ? this.#addId(operator, operand) : this.#addField(field, operator, operand);
    if (!pushed) this.exact = false;
  }

  /** `_id` is a column of strings, so nothing else needs to be looked for in it. */
  #addId(operator: string, operand: Json): boolean {
    const comparison = operator === '$eq' ? '=' : COMPARISONS[operator];
    if (comparison && typeof operand === 'string') {
      this.#push(`_id ${comparison} ?`, operand);
      return true;
    }
    if (operator !== '$in' || !Array.isArray(operand)) return false;
    const strings = operand.filter((value) => typeof value === 'string');
    this.#push('_id IN (SELECT value FROM json_each(?))', JSON.stringify(strings));
    return true;
  }

  /** Says whether what was added is exact. Numbers never are: SQLite reads some a last bit apart from JavaScript. */
  #addField(field: string, operator: string, operand: Json): boolean {
    if (operator === '$in' && Array.isArray(operand)) return this.#addIn(field, operand);
    if (operator === '$exists' && operand === true && this.#indexed.partial.has(field)) {
      this.#push(presentSql(field));
      return true;
    }
    const comparison = operator === '$eq' ? '=' : COMPARISONS[operator];
    if (!comparison || typeof operand === 'object') {
      if (operator !== '$eq' || operand !== null) return false;
      this.#push(`${rankSql(field)} = ${TYPE_RANK.null}`);
      return true;
    }
    this.#addPresent(field);
    this.#push(`${rankSql(field)} = ${typeRank(operand)}`);
    this.oneType.add(field);
    if (operator === '$eq') this.oneValue.add(field);
    if (typeof operand === 'string') {
      this.#push(`${valueSql(field)} ${comparison} ?`, operand);
      return true;
    }
    // A bound that is off by a last bit must not exclude its neighbours.
    const tolerant = comparison === '>' ? '>=' : comparison === '<' ? '<=' : comparison;
    this.#push(`${valueSql(field)} ${tolerant} json_extract(?, '$')`, JSON.stringify(operand));
    return false;
  }

  #addIn(field: string, operand: readonly Json[]): boolean {
    const scalars = operand.filter((value) => typeof value !== 'object' || value === null);
    const ranks = [...new Set(scalars.map(typeRank))].sort();
    if (!ranks.includes(TYPE_RANK.null)) this.#addPresent(field);
    this.#push(`${rankSql(field)} IN (${ranks.join(', ')})`);
    this.#push(`${valueSql(field)} IN (SELECT coalesce(value, 0) FROM json_each(?))`, JSON.stringify(scalars));
    return ranks.length === 1 && ranks[0] === TYPE_RANK.string;
  }

  /** Without this SQLite cannot know that a partial index has all that is asked for. */
  #addPresent(field: string): void {
    if (this.#indexed.partial.has(field)) this.#push(presentSql(field));
  }

  #push(term: string, ...parameters: string[]): void {
    this.sql.push(term);
    this.parameters.push(...parameters);
  }
}
