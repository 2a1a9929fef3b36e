// What a step of a run reads, as evaluation goes: `a && b` reads b only where a is true. Each read is of a variable, or
// of the location of a thread.

import { type Cell, type Expr, evaluate, type Program, parts, type State } from '../../checker/index.js';
import type { AtExpr } from '../essence/meetings.js';
import { chosenBy } from '../explain/accesses.js';

export interface Reads {
  readonly variables: ReadonlySet<number>;
  readonly places: readonly AtExpr[];
}

/** What the values of the expressions depend on in a state. */
export function readsIn(program: Program, state: State, expressions: readonly Expr[]): Reads {
  const variables = new Set<number>();
  const places: AtExpr[] = [];
  const readCell = (cell: Cell): void => {
    for (const id of chosenBy(cell, state, program)) variables.add(id);
    if (cell.index !== undefined) read(cell.index);
  };
  const read = (x: Expr): void => {
    if (x.op === 'at') places.push(x);
    else if (x.op === 'read') readCell(x.cell);
    else for (const part of evaluatedParts(x, state, program)) read(part);
  };
  expressions.forEach(read);
  return { variables, places };
}

/** The operands that are evaluated; all of them where one has no value. */
function evaluatedParts(x: Expr, state: State, program: Program): readonly Expr[] {
  if (x.op !== 'and' && x.op !== 'or' && x.op !== 'if') return parts(x);
  const first = valueIn(x.x, state, program);
  if (first === undefined) return parts(x);
  if (x.op === 'if') return [x.x, first === 0 ? x.else : x.then];
  return (first === 0) === (x.op === 'and') ? [x.x] : [x.x, x.y];
}

function valueIn(x: Expr, state: State, program: Program): number | undefined {
  try {
    return evaluate(x, state, program);
  } catch {
    return undefined;
  }
}
