// The barriers that the actors of a run pass. Interleavings need none, so the run has none: they are found by going the
// same way through the Program of the same model in which each barrier is a step.

import { type Program, type Step, stepsFrom, type ThreadId } from '../../checker/index.js';
import { LitmusError } from '../../litmus/index.js';
import { placeOfStep } from '../../litmus/translate/place.js';
import type { RunIndex } from '../story/recorded_run.js';

/** By the step before which they stand: `smp_mb`. */
export type PassedFences = ReadonlyMap<RunIndex, readonly string[]>;

/** `steps` are those of the run; `fenced` is the Program with barriers. */
export function fencesPassed(fenced: Program, steps: readonly Step[]): PassedFences {
  const passed = new Map<RunIndex, readonly string[]>();
  const at = new Map<ThreadId, number>();
  for (const [i, step] of steps.entries()) {
    const { thread } = step;
    const names: string[] = [];
    let from = at.get(thread) ?? fenced.threads[thread]!.start;
    for (;;) {
      const ways = stepsFrom(fenced, thread, from);
      const same = ways.find((way) => keyOf(way) === keyOf(step));
      if (same !== undefined) {
        at.set(thread, same.to);
        break;
      }
      const fence = ways.find(
        ({ memory, assignments }) => memory?.kind === 'fence' && assignments.length === 0,
      );
      if (fence?.memory?.kind !== 'fence')
        throw new LitmusError(
          `${step.label} is not found again among the steps with barriers`,
          placeOfStep(step),
        );
      names.push(`smp_${fence.memory.fence}`);
      from = fence.to;
    }
    if (names.length > 0) passed.set(i, names);
  }
  return passed;
}

/** What a step is, whatever its number and its locations. */
const keyOf = ({ label, armPath, reports, guard, assignments }: Step): string =>
  JSON.stringify(
    [label, armPath, reports?.message, guard, assignments.filter(({ reset }) => !reset)],
    (key, value) => (key === 'locations' ? undefined : value),
  );
