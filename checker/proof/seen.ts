// States of an instance that were seen, each once, in the order in which they came.

import type { InstanceState } from './evaluation.js';

/** Short, for a set. Numbers beyond 16 bits would be mixed up, so such states have a longer one. */
const keyOfState = (state: InstanceState): string =>
  state.every((value) => value > -0x8000 && value < 0x8000) ? String.fromCharCode(...state) : state.join();

/** States, each once. */
export class Seen {
  readonly states: InstanceState[];
  readonly #keys: Set<string>;

  constructor(first: InstanceState) {
    this.states = [first];
    this.#keys = new Set([keyOfState(first)]);
  }

  add(state: InstanceState): void {
    const key = keyOfState(state);
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.states.push(state);
  }
}
