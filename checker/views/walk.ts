// The parts of an expression of a Schema, and the variables of its cells.

import type { Schema, SchemaCell, SchemaExpr, SchemaQuantifier, SchemaVariable } from './schema.js';

/** The expressions directly inside, those of cells included. */
export function partsOf(x: SchemaExpr): readonly SchemaExpr[] {
  switch (x.op) {
    case 'and':
    case 'or':
    case 'add':
      return x.all;
    case 'if':
      return [x.x, x.then, x.else];
    case 'read':
      if (x.cell.of === 'named') return [x.cell.by];
      return x.cell.of === 'array' ? [x.cell.index] : [];
    case 'not':
    case 'every':
    case 'some':
    case 'sum':
      return [x.x];
    default:
      return 'y' in x ? [x.x, x.y] : [];
  }
}

/** Is it so of the expression or one inside it? */
export const someInside = (x: SchemaExpr, is: (x: SchemaExpr) => boolean): boolean =>
  is(x) || partsOf(x).some((part) => someInside(part, is));

export const isQuantifier = (x: SchemaExpr): x is Extract<SchemaExpr, { op: SchemaQuantifier }> =>
  x.op === 'every' || x.op === 'some' || x.op === 'sum';

/** The variables that a cell may be; `slots`: the classes of the members in slots. */
export function variablesOf(
  cell: SchemaCell,
  { variables, classes }: Schema,
  slots: readonly number[],
): readonly SchemaVariable[] {
  const ids = cell.of === 'array' ? cell.variables : [cell.variable];
  if (cell.of === 'named') return ids.map((id) => classes[cell.class]!.variables[id]!);
  const slot = cell.of === 'all' ? undefined : cell.slot;
  const from = slot === undefined ? variables : classes[slots[slot]!]!.variables;
  return ids.map((id) => from[id]!);
}
