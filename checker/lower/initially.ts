// Which combinations of first values are initial states. A condition that no combination satisfies is refused: without
// states every property would hold.

import { ModelError } from '../../models/language/index.js';
import { constant, isTrue, mayFault, rewrite, truth, walk } from '../ir/expression.js';
import type { Expr, Thread, Variable, VariableId } from '../ir/program.js';
import { lowerExpr } from './expressions.js';
import { rootScope, type World } from './scope.js';

export function lowerInitially(world: World, threads: readonly Thread[]): Expr {
  const { model, state } = world;
  if (model.initially === undefined) return truth(true);
  const initially = lowerExpr(model.initially, rootScope(world));
  if (mayFault(initially)) {
    const problem = 'initially divides by, or indexes with, something that varies: it may have no value';
    throw new ModelError(problem, model.at);
  }
  const read = new Set<VariableId>();
  walk(initially, (x) => {
    if (x.op === 'read') read.add(x.cell.variables[0]!);
  });
  for (const values of combinations([...read].map((id) => state.variables[id]!))) {
    if (isTrue(decided(initially, values, threads))) return initially;
  }
  throw new ModelError('no first values satisfy initially: there is no initial state', model.at);
}

/** The value of a condition that reads only these variables, in an initial state. */
const decided = (
  condition: Expr,
  values: ReadonlyMap<VariableId, number>,
  threads: readonly Thread[],
): Expr =>
  rewrite(condition, (x) => {
    if (x.op === 'at') return truth(x.locations.includes(threads[x.thread]!.start));
    return x.op === 'read' ? constant(values.get(x.cell.variables[0]!)!, x.type) : x;
  });

/** Every combination of the first values of these variables. */
function* combinations(
  variables: readonly Variable[],
  chosen: ReadonlyMap<VariableId, number> = new Map(),
): Generator<ReadonlyMap<VariableId, number>, void, void> {
  const [first, ...rest] = variables;
  if (first === undefined) {
    yield chosen;
    return;
  }
  for (const value of first.initial) yield* combinations(rest, new Map(chosen).set(first.id, value));
}
