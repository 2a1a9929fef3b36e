// What a thread knows of locks by itself: one that it takes is free then, one that it drops is its own, and one that it
// tried to take in vain is held by another.

import { substitute } from '../../checker/ir/expression.js';
import type { Expr, Program, Step } from '../../checker/ir/program.js';
import type { CodeContext } from './code_context.js';
import { isWaitingWriter } from './storage.js';

/** A step with what it knows by itself put in: a lock that it takes is free, one that it drops is its own. */
export function withOwnKnowledge(step: Step, { program, storage, variables }: CodeContext): Step {
  const { threads } = program;
  const isAfterPeriod = program.steps.some(
    (other) => other.thread === step.thread && other.to === step.from && other.memory?.kind === 'rcu',
  );
  const isDrop = (step.locks ?? []).some(({ way }) => way === 'drop');
  const isTake = (step.locks ?? []).some(({ way }) => way === 'take');
  const of = (part: Expr): Expr | undefined => {
    if (part.op === 'at' && part.thread === step.thread)
      return { op: 'const', value: part.locations.includes(step.from) ? 1 : 0, type: 'bool' };
    if (part.op !== 'read') return undefined;
    const [id] = part.cell.variables;
    const { kind } = storage[id!]!;
    const value = (is: number): Expr => ({ op: 'const', value: is, type: part.type });
    if (kind === 'bookkeeping' && (isAfterPeriod || isWaitingWriter(variables[id!]!, program)))
      return value(0);
    if (kind !== 'lock') return undefined;
    const { lock, holder } = variables[id!]!;
    if (isTake) return value(0);
    if (isDrop) return value(lock?.mode === 'shared' ? (holder === step.thread ? 1 : 0) : step.thread + 1);
    if (!isTried(step, program)) return undefined;
    const other = threads.find(({ id: one }) => one !== step.thread)?.id ?? step.thread;
    return value(lock?.mode === 'shared' ? (holder === other ? 1 : 0) : other + 1);
  };
  return { ...step, guard: substitute(step.guard, of) };
}

/** Does another outcome of the statement take a lock? */
const isTried = ({ thread, from, label }: Step, { steps }: Program): boolean =>
  steps.some(
    (other) =>
      other.thread === thread &&
      other.from === from &&
      other.label === label &&
      (other.locks ?? []).some(({ way }) => way === 'take'),
  );
