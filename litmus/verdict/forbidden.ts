// Why a test is never so: an execution that would make it so, and the axiom that forbids it.

import { enumerate } from '../execution/enumerate.js';
import type { Execution } from '../execution/event.js';
import { type Axiom, type AxiomaticModel, broken, reasonOf } from '../models/model.js';
import { compile } from '../program/compile.js';
import type { LitmusProgram } from '../program/instructions.js';
import type { FirstValues } from '../program/possible_values.js';
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
const decidingMax = 100;
export const seenMax = 20_000;

/** No execution would decide the test; or there was none among those that were enumerated, and there are more. */
export type NoForbidden = 'none' | 'too many';

/**
 * The shorter, the better. Of what is incoherent, what was read explains more than an order of writes that nobody asked
 * for.
 */
const costOf = (reason: readonly Edge[], isCoherent: boolean): number =>
  reason.length + (isCoherent ? 0 : 100 * reason.filter(({ name }) => name === 'co').length);

/** An execution that would decide the test, and that the model forbids: coherent if there is one. */
export function forbiddenOf({ test, model }: Pick<LitmusVerdict, 'test' | 'model'>): Forbidden | NoForbidden {
  const isKept = (execution: Execution) => test.filter === undefined || isTrueAtEnd(execution, test.filter);
  return forbiddenAmong(test.initial, compile(test), model, (execution) => {
    return isKept(execution) && decides(test, isTrueAtEnd(execution, test.condition.proposition));
  });
}

/** One of the executions that `isWanted` accepts. */
function forbiddenAmong(
  initial: FirstValues,
  program: LitmusProgram,
  model: AxiomaticModel,
  isWanted: (execution: Execution) => boolean,
): Forbidden | NoForbidden {
  let areAll = true;
  for (const isCoherent of [true, false]) {
    let best: (Forbidden & { readonly cost: number }) | undefined;
    let [deciding, seen] = [0, 0];
    enumerate(initial, program, {
      isCoherent,
      isPossible: () => true,
      visit: (execution) => {
        if (isWanted(execution)) {
          deciding++;
          const evaluation = evaluationOf(execution);
          const axiom = broken(evaluation, model);
          const reason = axiom && reasonOf(evaluation, axiom);
          const cost = reason && costOf(reason, isCoherent);
          if (axiom && reason && cost! < (best?.cost ?? Number.POSITIVE_INFINITY)) {
            best = { execution: execution.copy(), axiom, reason, cost: cost! };
          }
        }
        areAll = ++seen < seenMax && deciding < decidingMax;
        return areAll;
      },
    });
    if (best !== undefined) return best;
  }
  return areAll ? 'none' : 'too many';
}
