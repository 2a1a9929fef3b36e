// The compiled engine as a System, for searches that go state by state. States are numbered in the order in which they
// are first seen.

import type { Expr } from '../../ir/program.js';
import type { SeenStates, System, Transition } from '../../search/system.js';
import type { CompiledProgram, OnState } from '../compile.js';
import { StateNumbers } from '../table/state_numbers.js';
import { encodeInitialStates } from './initial_states.js';

export function compiledSystem(compiled: CompiledProgram): System<number> {
  const { words: width } = compiled.layout;
  const { stride } = compiled;
  const { batch, expand, faults, isFinal, hasLockCycle } = compiled.successors();
  const numbers = new StateNumbers(width);
  const truths = new Map<Expr, OnState<boolean | string>>();
  return {
    initialStates() {
      const initial: number[] = [];
      for (const length of encodeInitialStates(compiled, batch)) {
        for (let at = 0; at < length; at += stride) initial.push(numbers.numberOf(batch, at));
      }
      return initial;
    },
    transitions(state) {
      const filled = expand(numbers.words, state * width);
      const out: Transition<number>[] = faults.map((step) => {
        return { step, fault: compiled.fault(step, numbers.words, state * width) };
      });
      for (let n = 0; n < filled; n += stride) {
        out.push({ step: batch[n + width]!, to: numbers.numberOf(batch, n) });
      }
      return faults.length === 0 ? out : out.sort((a, b) => a.step - b.step);
    },
    holds(condition, state) {
      const truth = truths.get(condition) ?? compiled.truth(compiled.condition(condition));
      truths.set(condition, truth);
      return truth(numbers.words, state * width);
    },
    isFinal: (state) => isFinal(numbers.words, state * width),
    hasLockCycle: (state) => hasLockCycle(numbers.words, state * width),
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
