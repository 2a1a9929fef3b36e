// The analysis of ownership, asked of a Program: what each thread owns at each of its locations.

import type { Location, Program, Step, ThreadId } from '../ir/program.js';
import { type Ownership, ownership } from './ownership.js';

/** Absent where the thread's own control flow never leads. */
export function ownershipIn(program: Program, thread: ThreadId): ReadonlyMap<Location, Ownership> {
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
  const locks = program.variables.flatMap(({ id, lock }) => (lock === undefined ? [] : [id]));
  const dropsOnlyOwn = !program.without?.includes('lock-balance');
  const nests = new Set(locks.filter((id) => program.variables[id]!.lock!.nests));
  return ownership(start, edges, locks, { dropsOnlyOwn, nests });
}
