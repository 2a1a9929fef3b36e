// The compiled engine as a System, for searches that walk state by state. A state is the number that it got when it
// was first seen.

import type { Expr, Program } from '../../ir/program.js';
import type { SeenStates, System, Transition } from '../../search/system.js';
import {
  branchingMax,
  conditionSets,
  explainCondition,
  explainStep,
  programCode,
} from '../emit/program_code.js';
import { layoutOf } from '../layout.js';
import { StateNumbers } from '../table/state_numbers.js';
import { encodeInitialStates } from './initial_states.js';

export function compiledSystem(program: Program): System<number> {
  const layout = layoutOf(program);
  const { words: width } = layout;
  const stride = width + 1;
  const batch = new Int32Array(stride * (branchingMax(program) + 1));
  const numbers = new StateNumbers(width);
  const conditions = new Map<Expr, (s: Int32Array, at: number) => boolean | string>();
  let faults: number[] = [];
  const nothing = () => {};
  const around = {
    batch,
    openSteps: new Uint8Array(program.steps.length),
    openConditions: new Int32Array(conditionSets(0)),
    onCondition: nothing,
    onFault: (_: number, step: number) => void faults.push(step),
    onReport: nothing,
    onStuck: nothing,
  };
  const code = programCode(program, layout, [], around, 'step');

  return {
    initialStates() {
      const initial: number[] = [];
      for (const length of encodeInitialStates(program, layout, batch)) {
        for (let at = 0; at < length; at += stride) initial.push(numbers.numberOf(batch, at));
      }
      return initial;
    },
    transitions(state) {
      faults = [];
      code.sweep(numbers.words, state * width, state, state + 1);
      const out: Transition<number>[] = faults.map((step) => {
        return { step, fault: explainStep(program, layout, step)(numbers.words, state * width) };
      });
      for (let n = 0; n < code.filled(); n += stride) {
        out.push({ step: batch[n + width]!, to: numbers.numberOf(batch, n) });
      }
      return faults.length === 0 ? out : out.sort((a, b) => a.step - b.step);
    },
    holds(condition, state) {
      const known = conditions.get(condition) ?? explainCondition(program, layout, condition);
      conditions.set(condition, known);
      return known(numbers.words, state * width);
    },
    isFinal: (state) => code.isFinal(numbers.words, state * width),
    seenStates: () => new SeenNumbers(),
  };
}

/** For each state, by its number, the smallest distance at which it was reached. */
class SeenNumbers implements SeenStates<number> {
  #distances = new Int32Array(1024).fill(unseen);

  add(state: number): boolean {
    return this.reach(state, 0) === 'new';
  }

  reach(state: number, distance: number): 'new' | 'nearer' | 'known' {
    if (state >= this.#distances.length) {
      const larger = new Int32Array(2 * state + 1).fill(unseen);
      larger.set(this.#distances);
      this.#distances = larger;
    }
    const before = this.#distances[state]!;
    if (distance >= before) return 'known';
    this.#distances[state] = distance;
    return before === unseen ? 'new' : 'nearer';
  }
}

const unseen = 2 ** 31 - 1;
