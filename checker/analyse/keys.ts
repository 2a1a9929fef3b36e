// Steps, assignments and expressions as text: equal texts mean the same, whatever the order of operands and of effects
// where it does not matter.
//
//   flag[1] && flag[0]  and  flag[0] && flag[1]:  one key

import { mayFault } from '../ir/expression.js';
import type { Assignment, Cell, Expr, Step } from '../ir/program.js';

/** A step as text, the same for those that do the same. */
export const stepKey = ({ thread, from, to, guard, assignments, reports }: Step): string =>
  JSON.stringify([...[thread, from, to, exprKey(guard), reports], assignments.map(assignmentKey).sort()]);

/** An assignment as text, the same for those that do the same. */
export const assignmentKey = ({ target, value }: Assignment): string =>
  `${cellKey(target)}=${exprKey(value)}`;
const cellKey = ({ variables, index }: Cell): string =>
  `${variables.join()}[${index === undefined ? '' : exprKey(index)}]`;

/** An expression as text, the same for two that differ only in the order of operands where order does not matter. */
export function exprKey(x: Expr): string {
  const unordered = (all: readonly Expr[]) => all.map(exprKey).sort().join();
  switch (x.op) {
    case 'const':
      return `${x.value}:${x.type}`;
    case 'read':
      return `read ${cellKey(x.cell)}`;
    case 'at':
      return `at ${x.thread} ${[...x.locations].sort((a, b) => a - b).join()}`;
    case 'not':
      return `not(${exprKey(x.x)})`;
    case 'and':
    case 'or':
    case 'add': {
      const all = operands(x, x.op);
      // Order matters here: the right side may have no value where the left side decides.
      return `${x.op}(${all.some(mayFault) && x.op !== 'add' ? all.map(exprKey).join() : unordered(all)})`;
    }
    case 'eq':
    case 'mul':
      return `${x.op}(${unordered([x.x, x.y])})`;
    case 'if':
      return `if(${[x.x, x.then, x.else].map(exprKey).join()})`;
    default:
      return `${x.op}(${[x.x, x.y].map(exprKey).join()})`;
  }
}

/** The operands of a chain of one operator. */
export const operands = (x: Expr, op: 'and' | 'or' | 'add'): readonly Expr[] =>
  x.op === op ? [...operands(x.x, op), ...operands(x.y, op)] : [x];
