// How many members must be in view so that a step, or a condition, is seen as it is? Where a step can be taken with any
// number of members, it can be taken in the view of so many of them that the actor, its partners and the witnesses
// counted here are among them, and it has the same effect on the view. A condition on all members needs no witness: it
// stays true where fewer are in view. One that asks for a member needs that one. What would need as many witnesses as
// there are members is refused.
//
//   when every other is out                  0        (the view is more permissive)
//   when some other has committed            1
//   count of those inside >= 2               2
//   for each there is some other that …      refused
//
// A member that a reference names is needed as well where one of its variables is used: also where the answer would not
// depend on it, so that every part has a value.

import { namedMembers } from './named.js';
import {
  NotUniform,
  type Schema,
  type SchemaCell,
  type SchemaCondition,
  type SchemaExpr,
  type SchemaStep,
  slotsOf,
} from './schema.js';
import { isQuantifier, partsOf, someInside, variablesOf } from './walk.js';

/** So many members besides actor and partners. Throws a NotUniform. */
export function witnessesOf(of: SchemaStep | SchemaCondition, schema: Schema): number {
  const reach = new Reach(schema, of);
  if ('bad' in of) return reach.truth(of.bad, true) + namedMembers(of, schema);
  const needs = of.assignments.map(({ each, target, value }) => {
    const count = () => reach.cell(target) + reach.exact(value);
    return each === undefined ? count() : reach.forEvery(each, count);
  });
  return reach.truth(of.guard, true) + sum(needs) + namedMembers(of, schema);
}

const sum = (all: readonly number[]): number => all.reduce((x, y) => x + y, 0);
const hasCount = (x: SchemaExpr): boolean => someInside(x, ({ op }) => op === 'sum' || op === 'size');
/** May it have no value in some configuration? */
const mayFault = (x: SchemaExpr): boolean =>
  someInside(x, (y) => {
    if (y.op === 'div' || y.op === 'mod') return y.y.op !== 'const' || y.y.value === 0;
    return y.op === 'read' && (y.cell.of === 'array' || y.cell.of === 'named');
  });

type SchemaComparison = Extract<SchemaExpr, { op: 'lt' | 'le' | 'eq' }>;

/** A part of a sum, added or taken away. */
interface Summand {
  readonly x: SchemaExpr;
  readonly sign: 1 | -1;
}
/** The number of members of a class for which a condition is true, as a part of a sum. */
interface Count extends Summand {
  readonly class: number;
}

/** Bounds on numbers of witnesses; each method throws a NotUniform where there is none. */
class Reach {
  readonly #schema: Schema;
  readonly #of: SchemaStep | SchemaCondition;
  /** The classes of the members in slots, those that quantifiers bind included. */
  #slots: readonly number[];

  constructor(schema: Schema, of: SchemaStep | SchemaCondition) {
    this.#schema = schema;
    this.#of = of;
    this.#slots = slotsOf(of);
  }

  #refuse(why: string): never {
    const of = this.#of;
    if ('bad' in of) throw new NotUniform(`'${of.name}' ${why}`);
    throw new NotUniform(`${of.label} ${why}`, of.source.model);
  }

  /** Counts inside a part about one more member. */
  #about<T>(index: number, count: () => T): T {
    const before = this.#slots;
    this.#slots = [...before, index];
    const found = count();
    this.#slots = before;
    return found;
  }

  /** A part that is said of every member of a class: nothing in it may need a witness. */
  forEvery(index: number, count: () => number): 0 {
    if (this.#about(index, count) === 0) return 0;
    return this.#refuse('says something of every member that depends on a further one for each');
  }

  /** So many that the condition has this value in view wherever it has it. */
  truth(x: SchemaExpr, is: boolean): number {
    // It has no value where a part has none: then both answers of the parts before that matter.
    return mayFault(x) && someInside(x, isQuantifier) ? this.exact(x) : this.#truth(x, is);
  }

  #truth(x: SchemaExpr, is: boolean): number {
    switch (x.op) {
      case 'not':
        return this.#truth(x.x, !is);
      case 'and':
      case 'or': {
        const needs = x.all.map((one) => this.#truth(one, is));
        return (x.op === 'and') === is ? sum(needs) : Math.max(...needs);
      }
      case 'every':
      case 'some': {
        const inside = () => this.#truth(x.x, is);
        return (x.op === 'every') === is ? this.forEvery(x.class, inside) : 1 + this.#about(x.class, inside);
      }
      case 'if':
        return this.exact(x.x) + Math.max(this.#truth(x.then, is), this.#truth(x.else, is));
      case 'lt':
      case 'le':
      case 'eq':
        return hasCount(x) ? this.#comparison(x, is) : this.exact(x);
      default:
        return this.exact(x);
    }
  }

  /** So many that the value in view is the value. */
  exact(x: SchemaExpr): number {
    switch (x.op) {
      case 'size':
        return this.#refuse('uses the number of members for more than a comparison with a count');
      case 'sum':
        return this.#refuse('uses a count of members for more than a comparison');
      case 'every':
      case 'some':
        return Math.max(this.#truth(x, true), this.#truth(x, false));
      case 'if':
        return this.exact(x.x) + Math.max(this.exact(x.then), this.exact(x.else));
      case 'read':
        return this.cell(x.cell);
      case 'lt':
      case 'le':
      case 'eq':
        if (hasCount(x)) return Math.max(this.#comparison(x, true), this.#comparison(x, false));
        break;
      default:
    }
    return sum(partsOf(x).map((part) => this.exact(part)));
  }

  /** So many that the cell is the same in view, besides the member that a reference names. */
  cell(cell: SchemaCell): number {
    if (cell.of === 'named') return this.exact(cell.by);
    return cell.of === 'array' ? this.exact(cell.index) : 0;
  }

  #comparison({ op, x, y }: SchemaComparison, is: boolean): number {
    /** low + difference <= high */
    const ordered = (low: SchemaExpr, high: SchemaExpr, difference: number) =>
      this.#atLeast([...terms(high, 1), ...terms(low, -1)], difference);
    if (op === 'lt') return is ? ordered(x, y, 1) : ordered(y, x, 0);
    if (op === 'le') return is ? ordered(x, y, 0) : ordered(y, x, 1);
    return is ? ordered(x, y, 0) + ordered(y, x, 0) : Math.max(ordered(x, y, 1), ordered(y, x, 1));
  }

  /** So many that the sum of the terms is at least `min` in view wherever it is. */
  #atLeast(all: readonly Summand[], min: number): number {
    const { counts, rest } = this.#withoutSizes(all);
    const adding = counts.filter(({ sign }) => sign > 0);
    const taking = counts.filter(({ sign }) => sign < 0);
    // With fewer in view less is taken away, as long as nothing counts in view that does not count in full.
    for (const one of taking) this.forEvery(one.class, () => this.#truth(one.x, false));
    const ofRest = sum(rest.map(({ x }) => this.exact(x)));
    if (adding.length === 0) return ofRest;
    if (taking.length > 0) this.#refuse('compares a count of members with another one');
    const added = rest.map(
      ({ x, sign }) =>
        least(x, sign, this.#schema, this.#slots) ??
        this.#refuse('compares a count of members with a number that is calculated'),
    );
    const missing = Math.max(0, min - sum(added));
    const needs = adding.map((one) => this.#about(one.class, () => this.#truth(one.x, true)));
    return ofRest + missing * (1 + Math.max(...needs));
  }

  /** What is counted, and what else is added. The size less those for which p is true is those for which it is not. */
  #withoutSizes(all: readonly Summand[]): {
    readonly counts: readonly Count[];
    readonly rest: readonly Summand[];
  } {
    const counts: Count[] = [];
    const rest: Summand[] = [];
    for (const { x, sign } of all) {
      if (x.op === 'sum') {
        const p =
          counted(x.x) ?? this.#refuse('adds up values of members: only counts of them can be compared');
        counts.push({ x: p, sign, class: x.class });
      } else if (x.op !== 'size') rest.push({ x, sign });
    }
    for (const { x, sign } of all) {
      if (x.op !== 'size') continue;
      const place = counts.findIndex((one) => one.class === x.class && one.sign === -sign);
      if (place < 0) this.#refuse('compares the number of members with something that is no count of them');
      counts.splice(place, 1, { x: { op: 'not', x: counts[place]!.x }, sign, class: x.class });
      // The members in slots are not among those that are counted.
      const besides = this.#slots.filter((one) => one === x.class).length;
      rest.push({ x: { op: 'const', value: x.plus + besides }, sign });
    }
    return { counts, rest };
  }
}

/** The condition that is counted; undefined if values are added up. */
function counted(x: SchemaExpr): SchemaExpr | undefined {
  if (x.op !== 'if' || x.then.op !== 'const' || x.else.op !== 'const') return undefined;
  if (x.then.value === 1 && x.else.value === 0) return x.x;
  return x.then.value === 0 && x.else.value === 1 ? { op: 'not', x: x.x } : undefined;
}

/** The least that a term adds; undefined if it is calculated. */
function least(x: SchemaExpr, sign: number, schema: Schema, slots: readonly number[]): number | undefined {
  if (x.op === 'const') return sign * x.value;
  if (x.op === 'if') {
    const sides = [x.then, x.else].map((side) => least(side, sign, schema, slots));
    return sides.includes(undefined) ? undefined : Math.min(...(sides as number[]));
  }
  if (x.op !== 'read') return undefined;
  return Math.min(...variablesOf(x.cell, schema, slots).map(({ min, max }) => (sign > 0 ? min : -max)));
}

/** What an expression adds up. */
function terms(x: SchemaExpr, sign: 1 | -1): readonly Summand[] {
  if (x.op === 'add') return x.all.flatMap((one) => terms(one, sign));
  if (x.op === 'sub') return [...terms(x.x, sign), ...terms(x.y, sign === 1 ? -1 : 1)];
  return [{ x, sign }];
}
