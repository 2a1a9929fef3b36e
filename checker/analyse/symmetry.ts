// Which threads of a Program are interchangeable? Copies of one actor, if swapping any two of them, together with what
// belongs to them, maps the Program onto itself. belongings.ts proposes what belongs to whom; a proposal is accepted
// only if every step of the swapped Program is a step of the Program.
//
//   worker[0], worker[1]    arrived[0], arrived[1]    last: -1 … 1      swapping 0 and 1 everywhere, also as values of
//                                                                      `last`: the same steps

import { boundsOf } from '../ir/expression.js';
import type { Program, Thread, Variable } from '../ir/program.js';
import { stepDistinguishes } from './asymmetry.js';
import { proposals } from './belongings.js';
import { exprKey, stepKey } from './keys.js';
import { isMember, Swap, type Symmetry, type ThreadClass } from './swap.js';

const noSymmetry: Symmetry = { classes: [], families: [], namers: new Map(), noThread: new Map() };

/**
 * All classes of interchangeable threads that the analysis can show. It may miss some; those that it finds are
 * interchangeable.
 */
export function symmetryOf(program: Program): Symmetry {
  if (program.variables.some(({ initial }) => initial.length > 1)) return noSymmetry;
  if (program.initially.op !== 'const') return noSymmetry;
  return candidates(program).reduce((known, candidate) => {
    for (const proposal of proposals(candidate, known, program)) {
      const found = confirmed(proposal, candidate, program);
      if (found !== undefined) return found;
    }
    return known;
  }, noSymmetry);
}

/** Copies of one actor that have equally many locations. */
const candidates = ({ actors = [], threads }: Program): readonly ThreadClass[] =>
  actors.filter((all) => {
    const lengths = new Set(all.threads.map((id) => threads[id]!.locations.length));
    return all.threads.length > 1 && lengths.size === 1;
  });

/**
 * The proposal, with the value that names no thread, if swapping the first thread with each other one changes nothing.
 */
function confirmed(proposal: Symmetry, { threads }: ThreadClass, program: Program): Symmetry | undefined {
  if (program.steps.some((step) => stepDistinguishes(step, proposal, program))) return undefined;
  const outside = new Map<ThreadClass, Set<number>>();
  const isUnchanged = threads
    .slice(1)
    .every((other) => isAutomorphism(new Swap(proposal, threads[0]!, other, program, outside), program));
  if (!isUnchanged) return undefined;
  const noThread = new Map(proposal.noThread);
  for (const [id, named] of proposal.namers) {
    const all = outside.get(named) ?? new Set();
    for (const value of [...program.variables[id]!.initial].filter((one) => !isMember(one, named)))
      all.add(value);
    outside.set(named, all);
  }
  for (const [named, values] of outside) {
    if (values.size > 1) return undefined;
    for (const value of values) noThread.set(named, value);
  }
  const fits = [...proposal.namers].every(([id, named]) => {
    const { min, max } = boundsOf(program.variables[id]!.domain);
    const none = noThread.get(named);
    return none === undefined || (min <= none && none <= max);
  });
  return fits ? { ...proposal, noThread } : undefined;
}

function isAutomorphism(swap: Swap, program: Program): boolean {
  const { variables, threads, within } = program;
  const sameEnds = threads.every((thread) => endsOf(thread) === endsOf(threads[swap.thread(thread.id)]!));
  const sameLocks = variables.every((variable) => {
    return lockOf(variable) === lockOf(variables[swap.variable(variable.id)]!);
  });
  const sameBound = within === undefined || exprKey(swap.expr(within)) === exprKey(within);
  if (!sameEnds || !sameLocks || !sameBound) return false;
  const sameStart = variables.every(({ id, domain, initial }) => {
    const other = variables[swap.variable(id)]!;
    const moved = swap.value(id, initial[0]!);
    return JSON.stringify(domain) === JSON.stringify(other.domain) && moved === other.initial[0];
  });
  if (!sameStart) return false;
  const keys = new Set(program.steps.map(stepKey));
  return (
    keys.size === program.steps.length && program.steps.every((step) => keys.has(stepKey(swap.step(step))))
  );
}

/** Where a thread starts, and where it may stay. */
const endsOf = ({ start, done, dead, rests }: Thread): string => JSON.stringify([start, done, dead, rests]);

/** What it is of which lock. */
const lockOf = ({ lock, holder }: Variable): string =>
  JSON.stringify([lock?.kind, lock?.class, lock?.mode, holder !== undefined]);
