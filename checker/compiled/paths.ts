// From the number of a state to the path that led there first. Only parents are stored: which step was taken is
// found again by taking all of the parent's steps in their order.

import type { Program, StepId } from '../ir/program.js';
import type { Path } from '../search/report.js';
import type { Layout } from './layout.js';
import { branchingMax, conditionSets, type ProgramCode, programCode } from './program_code.js';
import type { States } from './states.js';

export class Paths {
  readonly #batch: Int32Array;
  readonly #code: ProgramCode;

  readonly program: Program;
  readonly states: States;

  constructor(program: Program, layout: Layout, states: States) {
    this.program = program;
    this.states = states;
    this.#batch = new Int32Array(states.stride * (branchingMax(program) + 1));
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
    for (let n = 0; n < this.#code.filled(); n += states.stride) {
      let k = 0;
      while (k < states.words && this.#batch[n + k] === words[at + k]) k++;
      if (k === states.words) return this.#batch[n + k]!;
    }
    throw new Error(`no step leads from state ${parent} to state ${child}`);
  }
}
