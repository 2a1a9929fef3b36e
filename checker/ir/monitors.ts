// Composes monitors with a Program, for engines and exporters that do not handle monitors themselves: the product has
// their variables behind those of the model, and every step makes their updates beside its own assignments.
//
//   variables x        step a: x = 1         monitor m: m = m || x == 0
//   composed  x, m     step a: x = 1, m = m || x == 0

import { substitute } from './expression.js';
import type { Assignment, Expr, Monitor, Program, Variable, VariableId } from './program.js';

/** A Program whose steps include the updates of its monitors. */
export type ComposedProgram = Program & { readonly monitors?: never };

/** The product of a Program and its monitors; the very same Program if it has none. */
export function composed(program: Program): ComposedProgram {
  const { monitors, ...rest } = program;
  if (monitors === undefined) return program as ComposedProgram;
  const updates = monitors.map(
    ({ variable, update }): Assignment => ({ target: { variables: [variable.id] }, value: update }),
  );
  return {
    ...rest,
    variables: [...program.variables, ...monitors.map(({ variable }) => variable)],
    steps: program.steps.map((step) => ({ ...step, assignments: [...step.assignments, ...updates] })),
  };
}

/** The variable with this number, of the model or of a monitor. */
export const variableAt = (
  { variables, monitors = [] }: Pick<Program, 'variables' | 'monitors'>,
  id: VariableId,
): Variable => variables[id] ?? monitors[id - variables.length]!.variable;

/**
 * Is it the variable of a monitor, and not of the model?
 * Example: `isMonitored(program, program.variables.length) === true`
 */
export const isMonitored = ({ variables }: Pick<Program, 'variables'>, id: VariableId): boolean =>
  id >= variables.length;

/** The condition one position later in a run that has ended: the same state, after one more update of the monitors. */
export function afterRepeat(condition: Expr, monitors: readonly Monitor[]): Expr {
  const updates = new Map(monitors.map(({ variable, update }) => [variable.id, update]));
  return substitute(condition, (x) =>
    x.op === 'read' && x.cell.index === undefined ? updates.get(x.cell.variables[0]!) : undefined,
  );
}
