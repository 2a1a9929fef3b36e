// From the number of a state to the path that led there first. Only parents are stored: which step was taken is
// found again by taking all of the parent's steps in their order.

import type { Program, StepId } from '../../ir/program.js';
import type { Check, Finding, Path } from '../../search/report.js';
import { branchingMax, conditionSets, type ProgramCode, programCode } from '../emit/program_code.js';
import type { Layout } from '../layout.js';

/** States by their numbers: at least those on the ways to what was found. */
export interface Ways {
  readonly words: number;
  parent(number: number): number;
  segment(number: number): Int32Array;
  /** Where a state begins in its segment. */
  offset(number: number): number;
}

/** Where a check was decided: in a state, or by a step from it. */
export interface Place {
  readonly number: number;
  readonly step?: StepId;
  readonly fault?: string;
}

/** The findings with their paths. */
export function findingsAt(
  places: ReadonlyMap<Check, Place>,
  program: Program,
  layout: Layout,
  ways: Ways,
): ReadonlyMap<Check, Finding> {
  if (places.size === 0) return new Map();
  const paths = new Paths(program, layout, ways);
  const found = [...places].map(([check, { number, step, fault }]): [Check, Finding] => {
    const path = step === undefined ? paths.to(number) : paths.to(number, step);
    return [check, fault === undefined ? { path } : { path, fault }];
  });
  return new Map(found);
}

class Paths {
  readonly #batch: Int32Array;
  readonly #code: ProgramCode;

  readonly program: Program;
  readonly states: Ways;

  constructor(program: Program, layout: Layout, states: Ways) {
    this.program = program;
    this.states = states;
    this.#batch = new Int32Array((states.words + 1) * (branchingMax(program) + 1));
    const nothing = () => {};
    const around = {
      batch: this.#batch,
      openSteps: new Uint8Array(program.steps.length),
      openConditions: new Int32Array(conditionSets(0)),
      onCondition: nothing,
      onFault: nothing,
      onReport: nothing,
      onStuck: nothing,
    };
    this.#code = programCode(program, layout, [], around, 'step');
  }

  /** The path to a state, and on with the `last` steps. */
  to(number: number, ...last: readonly StepId[]): Path {
    const back: StepId[] = [];
    let child = number;
    for (let parent = this.states.parent(child); parent >= 0; parent = this.states.parent(child)) {
      back.push(this.#stepBetween(parent, child));
      child = parent;
    }
    return { initial: child, steps: [...back.reverse(), ...last] };
  }

  #stepBetween(parent: number, child: number): StepId {
    const { states } = this;
    this.#code.sweep(states.segment(parent), states.offset(parent), parent, parent + 1, 0);
    const words = states.segment(child);
    const at = states.offset(child);
    for (let n = 0; n < this.#code.filled(); n += states.words + 1) {
      let k = 0;
      while (k < states.words && this.#batch[n + k] === words[at + k]) k++;
      if (k === states.words) return this.#batch[n + k]!;
    }
    throw new Error(`no step leads from state ${parent} to state ${child}`);
  }
}
