// From the number of a state to the path that first reached it. Only parents are stored: the step is found again by
// taking the parent's steps in their order.

import type { StepId } from '../../ir/program.js';
import type { Check, Finding, Path } from '../../search/report.js';
import type { CompiledProgram, Successors } from '../compile.js';
import type { PathStates } from '../table/parents.js';

/** Where a check was decided: in a state, or by a step from it. */
export interface FoundAt {
  readonly number: number;
  readonly step?: StepId;
  readonly fault?: string;
}

/** The findings with their paths. */
export function findingsAt(
  places: ReadonlyMap<Check, FoundAt>,
  compiled: CompiledProgram,
  states: PathStates,
): ReadonlyMap<Check, Finding> {
  if (places.size === 0) return new Map();
  const paths = new Paths(compiled, states);
  const found = [...places].map(([check, { number, step, fault }]): [Check, Finding] => {
    const path = step === undefined ? paths.to(number) : paths.to(number, step);
    return [check, fault === undefined ? { path } : { path, fault }];
  });
  return new Map(found);
}

class Paths {
  readonly #successors: Successors;
  readonly #states: PathStates;

  constructor(compiled: CompiledProgram, states: PathStates) {
    this.#successors = compiled.successors();
    this.#states = states;
  }

  /** The path to a state, followed by the `last` steps. */
  to(number: number, ...last: readonly StepId[]): Path {
    const back: StepId[] = [];
    let child = number;
    for (let parent = this.#states.parent(child); parent >= 0; parent = this.#states.parent(child)) {
      back.push(this.#stepBetween(parent, child));
      child = parent;
    }
    return { initial: child, steps: [...back.reverse(), ...last] };
  }

  #stepBetween(parent: number, child: number): StepId {
    const states = this.#states;
    const { batch, expand } = this.#successors;
    const filled = expand(states.segment(parent), states.offset(parent));
    const words = states.segment(child);
    const at = states.offset(child);
    for (let n = 0; n < filled; n += states.words + 1) {
      let k = 0;
      while (k < states.words && batch[n + k] === words[at + k]) k++;
      if (k === states.words) return batch[n + k]!;
    }
    throw new Error(`no step leads from state ${parent} to state ${child}`);
  }
}
