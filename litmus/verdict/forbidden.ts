// Why a test is never so: an execution that would make it so, and the axiom that forbids it.

import { enumerate } from '../execution/enumerate.js';
import type { Execution } from '../execution/event.js';
import { type Axiom, broken, reasonOf } from '../models/model.js';
import { compile } from '../program/compile.js';
import type { Edge } from '../relations/explain.js';
import { isTrueAtEnd } from './condition.js';
import { decides, evaluationOf, type LitmusVerdict } from './verdict.js';

export interface Forbidden {
  readonly execution: Execution;
  readonly axiom: Axiom;
  /** The edges that break it. */
  readonly reason: readonly Edge[];
}

/**
 * Limits: how many deciding executions are compared to print the one with the shortest reason, and how many are
 * enumerated for them.
 */
const [decidingMax, seenMax] = [100, 20_000];

/** An execution that would decide the test, and that the model forbids: coherent if there is one. */
export function forbiddenOf({ test, model }: Pick<LitmusVerdict, 'test' | 'model'>): Forbidden | undefined {
  const program = compile(test);
  for (const isCoherent of [true, false]) {
    let best: Forbidden | undefined;
    let [deciding, seen] = [0, 0];
    enumerate(test, program, {
      isCoherent,
      isPossible: () => true,
      visit: (execution) => {
        if (decides(test, isTrueAtEnd(execution, test.condition.proposition))) {
          deciding++;
          const evaluation = evaluationOf(execution);
          const axiom = broken(evaluation, model);
          const reason = axiom && reasonOf(evaluation, axiom);
          if (axiom && reason && reason.length < (best?.reason.length ?? Number.POSITIVE_INFINITY)) {
            best = { execution: execution.copy(), axiom, reason };
          }
        }
        return ++seen < seenMax && deciding < decidingMax;
      },
    });
    if (best !== undefined) return best;
  }
  return undefined;
}
