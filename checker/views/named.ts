// Members that references name, and of which something is asked: they must be in view for a step to be seen as it is.

import {
  NotUniform,
  type Schema,
  type SchemaCondition,
  type SchemaExpr,
  type SchemaStep,
  slotsOf,
} from './schema.js';
import { isQuantifier, partsOf, someInside, variablesOf } from './walk.js';

/** How many there are besides actor and partners. Throws a NotUniform where each member names one. */
export function namedMembers(of: SchemaStep | SchemaCondition, schema: Schema): number {
  const slots = slotsOf(of);
  const found = new Set<string>();
  const use = (reference: SchemaExpr): void => {
    if (someInside(reference, (x) => slotIn(x) >= slots.length)) {
      const why = 'uses what a member names, for any number of members';
      throw 'bad' in of
        ? new NotUniform(`'${of.name}' ${why}`)
        : new NotUniform(`${of.label} ${why}`, of.source.model);
    }
    found.add(JSON.stringify(reference));
  };
  const visit = (x: SchemaExpr, inner: readonly number[]): void => {
    if (x.op === 'read' && x.cell.of === 'named') use(x.cell.by);
    // Two references to members out of view may name one or two: one of them has to be in view.
    if (x.op === 'eq' && mayRefer(x.x, schema, inner) && mayRefer(x.y, schema, inner)) use(x.x);
    for (const part of partsOf(x)) visit(part, isQuantifier(x) ? [...inner, x.class] : inner);
  };
  if ('bad' in of) visit(of.bad, slots);
  else {
    visit(of.guard, slots);
    for (const { each, target, value } of of.assignments) {
      const inner = each === undefined ? slots : [...slots, each];
      // A target is named as a cell that is read would be.
      visit({ op: 'read', cell: target }, inner);
      visit(value, inner);
    }
  }
  return found.size;
}

/** May its value be a reference to any member, not to one in a slot? */
function mayRefer(x: SchemaExpr, schema: Schema, slots: readonly number[]): boolean {
  if (x.op === 'if') return mayRefer(x.then, schema, slots) || mayRefer(x.else, schema, slots);
  return x.op === 'read' && variablesOf(x.cell, schema, slots).some(({ refers }) => refers);
}

/** The slot that it reads; -1 if it reads none. */
function slotIn(x: SchemaExpr): number {
  if (x.op === 'at' || x.op === 'member') return x.slot;
  return x.op === 'read' && 'slot' in x.cell ? (x.cell.slot ?? -1) : -1;
}
