// The analysis of ownership applied to a Program: what each thread owns at each of its locations.

import type { Location, Program, Step, ThreadId, VariableId } from '../ir/program.js';
import { type Ownership, ownership } from './ownership.js';

const allLocks = ({ variables }: Program): readonly VariableId[] =>
  variables.flatMap(({ id, lock }) => (lock === undefined ? [] : [id]));

/**
 * What a thread owns of some locks, by default of all. Absent for locations that the thread's control flow cannot
 * reach.
 */
export function ownershipIn(
  program: Program,
  thread: ThreadId,
  locks = allLocks(program),
): ReadonlyMap<Location, Ownership> {
  const { start, dead } = program.threads[thread]!;
  const cells = ({ locks = [] }: Step, way: 'take' | 'drop') =>
    locks.filter((change) => change.way === way).map(({ lock }) => lock.variables);
  const edges = program.steps
    .filter((step) => step.thread === thread && step.to !== dead)
    .map((step) => ({
      from: step.from,
      to: step.to,
      takes: cells(step, 'take'),
      drops: cells(step, 'drop'),
    }));
  const dropsOnlyOwn = !program.without?.includes('lock-balance');
  const nests = new Set(locks.filter((id) => program.variables[id]!.lock!.nests));
  return ownership(start, edges, locks, { dropsOnlyOwn, nests });
}
