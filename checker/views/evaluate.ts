// What a Schema does in a configuration: the same as checker/reference/semantics.ts does with a Program, where
// quantifiers range over the members in view.

import { compute } from '../ir/expression.js';
import { type Configuration, type MemberState, outOfView } from './configuration.js';
import { nobody, threadReference } from './membership.js';
import {
  type Schema,
  type SchemaAssignment,
  type SchemaCell,
  type SchemaCondition,
  type SchemaExpr,
  type SchemaStep,
  type SchemaVariable,
  slotsOf,
} from './schema.js';

/** A step or a condition that has no value here. */
class NoValue extends Error {}
/** It depends on a member out of view: another configuration, which has that member in view, decides. */
class OutOfView extends Error {}

/** The places of the members in slots. */
type SlotPlaces = readonly number[];

export type StepEffect =
  | { readonly slots: SlotPlaces; readonly to: Configuration }
  | { readonly slots: SlotPlaces; readonly fault: string };

export class SchemaEvaluator {
  readonly schema: Schema;
  constructor(schema: Schema) {
    this.schema = schema;
  }

  /** What the step does, for each choice of its actor and partners for which it is enabled. */
  effects(step: SchemaStep, here: Configuration): readonly StepEffect[] {
    const { by, from } = step;
    if ('thread' in by && here.at[by.thread] !== from) return [];
    return choices(slotsOf(step), here).flatMap((slots): readonly StepEffect[] => {
      if ('class' in by && here.members[slots[0]!]!.at !== from) return [];
      try {
        if (!this.value(step.guard, here, slots)) return [];
        return [{ slots, to: this.#taken(step, here, slots) }];
      } catch (error) {
        if (error instanceof OutOfView) return [];
        if (error instanceof NoValue) return [{ slots, fault: error.message }];
        throw error;
      }
    });
  }

  /** The members for which the condition is true, or has no value; undefined if there are none. */
  badFor({ bad, partners }: SchemaCondition, here: Configuration): SlotPlaces | undefined {
    return choices(partners, here).find((slots) => {
      try {
        return this.value(bad, here, slots) !== 0;
      } catch (error) {
        if (error instanceof OutOfView) return false;
        if (error instanceof NoValue) return true;
        throw error;
      }
    });
  }

  /** The value of an expression; truths are 0 and 1. Throws a NoValue. */
  value(x: SchemaExpr, here: Configuration, slots: SlotPlaces): number {
    const value = (y: SchemaExpr) => this.value(y, here, slots);
    switch (x.op) {
      case 'const':
        return x.value;
      case 'size':
        return here.members.filter((one) => one.class === x.class).length + x.plus;
      case 'nobody':
        return nobody;
      case 'thread':
        return threadReference(x.thread);
      case 'member':
        return slots[x.slot]!;
      case 'read':
        return this.#read(x.cell, here, slots);
      case 'at':
        return Number(x.locations.includes(here.members[slots[x.slot]!]!.at));
      case 'thread at':
        return Number(x.locations.includes(here.at[x.thread]!));
      case 'not':
        return 1 - value(x.x);
      case 'and':
        return Number(x.all.every((one) => value(one) !== 0));
      case 'or':
        return Number(x.all.some((one) => value(one) !== 0));
      case 'add':
        return x.all.reduce((sum, one) => sum + value(one), 0);
      case 'every':
        return Number(others(x.class, here, slots).every((p) => this.value(x.x, here, [...slots, p]) !== 0));
      case 'some':
        return Number(others(x.class, here, slots).some((p) => this.value(x.x, here, [...slots, p]) !== 0));
      case 'sum':
        return others(x.class, here, slots).reduce((sum, p) => sum + this.value(x.x, here, [...slots, p]), 0);
      case 'if':
        return value(x.x) ? value(x.then) : value(x.else);
      case 'eq': {
        const [a, b] = [value(x.x), value(x.y)];
        if (a === outOfView && b === outOfView) throw new OutOfView();
        return Number(a === b);
      }
      case 'lt':
        return Number(value(x.x) < value(x.y));
      case 'le':
        return Number(value(x.x) <= value(x.y));
      default: {
        const result = compute(x.op, value(x.x), value(x.y));
        if (result === undefined) throw new NoValue('division by zero');
        return result;
      }
    }
  }

  #read(cell: SchemaCell, here: Configuration, slots: SlotPlaces): number {
    const { place, variable } = this.#find(cell, here, slots);
    return (place === undefined ? here.values : here.members[place]!.values)[variable]!;
  }

  /** The variable that a cell is: a shared one, or that of the member at `place`. */
  #find(
    cell: SchemaCell,
    here: Configuration,
    slots: SlotPlaces,
  ): { readonly place: number | undefined; readonly variable: number } {
    switch (cell.of) {
      case 'all':
        return { place: undefined, variable: cell.variable };
      case 'member':
        return { place: slots[cell.slot]!, variable: cell.variable };
      case 'named': {
        const place = this.value(cell.by, here, slots);
        if (place === outOfView) throw new OutOfView();
        if (place <= nobody) throw new NoValue('an index outside its array: it names nobody');
        return { place, variable: cell.variable };
      }
      case 'array': {
        const index = this.value(cell.index, here, slots);
        const variable = cell.variables[index];
        if (variable === undefined) throw new NoValue(`index ${index} is outside its array`);
        return { place: cell.slot === undefined ? undefined : slots[cell.slot]!, variable };
      }
    }
  }

  #taken(step: SchemaStep, here: Configuration, slots: SlotPlaces): Configuration {
    const values = [...here.values];
    const at = [...here.at];
    const members = here.members.map((one): { -readonly [K in keyof MemberState]: MemberState[K] } => ({
      ...one,
    }));
    if ('thread' in step.by) at[step.by.thread] = step.to;
    else members[slots[0]!]!.at = step.to;
    const store = ({ target, value }: SchemaAssignment, inner: SlotPlaces): void => {
      const { place, variable } = this.#find(target, here, inner);
      const stored = this.value(value, here, inner);
      if (place === undefined) {
        values[variable] = inDomain(this.schema.variables[variable]!, stored);
        return;
      }
      const member = members[place]!;
      const own = inDomain(this.schema.classes[member.class]!.variables[variable]!, stored);
      member.values = member.values.with(variable, own);
    };
    for (const one of step.assignments) {
      if (one.each === undefined) store(one, slots);
      else for (const p of others(one.each, here, slots)) store(one, [...slots, p]);
    }
    return { at, values, members };
  }
}

function inDomain({ name, refers, min, max }: SchemaVariable, value: number): number {
  if (refers || (value >= min && value <= max)) return value;
  throw new NoValue(`${name} would become ${value}, outside ${min} … ${max}`);
}

/** The members of a class that are in no slot. */
function others(index: number, { members }: Configuration, slots: SlotPlaces): readonly number[] {
  const all: number[] = [];
  for (const [place, one] of members.entries()) {
    if (one.class === index && !slots.includes(place)) all.push(place);
  }
  return all;
}

/** All ways to fill slots of these classes with different members. */
function choices(classes: readonly number[], here: Configuration): readonly SlotPlaces[] {
  return classes.reduce<readonly SlotPlaces[]>(
    (all, index) => all.flatMap((slots) => others(index, here, slots).map((place) => [...slots, place])),
    [[]],
  );
}
