// The graph of a Program from the generated code, which marks each successor with the step that leads there. States
// are numbered as the reference engine numbers them: in the order in which they are found.

import type { Expr, Program } from '../ir/program.js';
import { EdgeLists, type StateGraph } from '../liveness/graph.js';
import { encodeInitialStates } from './initial_states.js';
import { layoutOf } from './layout.js';
import { branchingMax, conditionSets, explainCondition, programCode } from './program_code.js';

/** How many states are expanded between two reports of progress. */
const statesPerProgress = 4096;

/** Builds the graph. Yields the number of states now and then, and gives up if it is told to. */
export function* compiledGraph(program: Program): Generator<number, StateGraph | undefined, boolean> {
  const layout = layoutOf(program);
  const stride = layout.words + 1;
  const initialBatch = new Int32Array((branchingMax(program) + 1) * stride);
  const numbers = new StateNumbers(layout.words);
  for (const length of encodeInitialStates(program, layout, initialBatch)) {
    for (let at = 0; at < length; at += stride) numbers.numberOf(initialBatch, at);
  }
  const initialCount = numbers.count;
  const batch = new Int32Array((branchingMax(program) + 1) * stride);
  const nothing = () => {};
  const code = programCode(
    program,
    layout,
    [],
    {
      ...{ batch, openSteps: new Uint8Array(program.steps.length) },
      ...{ openConditions: new Int32Array(conditionSets(0)), onCondition: nothing },
      ...{ onFault: nothing, onReport: nothing, onStuck: nothing },
    },
    'step',
  );
  const edges = new EdgeLists();
  for (let i = 0; i < numbers.count; i++) {
    if (i % statesPerProgress === statesPerProgress - 1 && (yield numbers.count)) return undefined;
    edges.startState();
    code.sweep(numbers.words, i * layout.words, i, i + 1);
    const filled = code.filled();
    for (let at = 0; at < filled; at += stride) {
      edges.add(numbers.numberOf(batch, at), batch[at + layout.words]!);
    }
  }
  const letters = (conditions: readonly Expr[]): Int32Array | string => {
    const all = new Int32Array(numbers.count);
    for (const [bit, condition] of conditions.entries()) {
      const value = explainCondition(program, layout, condition);
      for (let i = 0; i < numbers.count; i++) {
        const truth = value(numbers.words, i * layout.words);
        if (typeof truth === 'string') return truth;
        if (truth) all[i]! |= 1 << bit;
      }
    }
    return all;
  };
  return { stateCount: numbers.count, initialCount, ...edges.finish(), letters };
}

/** Numbers for packed states: the states one after the other, and an open hash table of 1 + their numbers. */
class StateNumbers {
  words: Int32Array;
  count = 0;
  readonly #width: number;
  #slots = new Int32Array(1024);

  constructor(width: number) {
    this.#width = width;
    this.words = new Int32Array(1024 * width);
  }

  /** The number of the state at `from[at]`; a new one if it is new. */
  numberOf(from: Int32Array, at: number): number {
    const width = this.#width;
    const last = this.#slots.length - 1;
    let slot = hash(from, at, width) & last;
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      let k = 0;
      while (k < width && this.words[(entry - 1) * width + k] === from[at + k]) k++;
      if (k === width) return entry - 1;
      slot = (slot + 1) & last;
    }
    if ((this.count + 1) * width > this.words.length) {
      const larger = new Int32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    this.words.set(from.subarray(at, at + width), this.count * width);
    this.#slots[slot] = ++this.count;
    if (2 * this.count > this.#slots.length) this.#grow();
    return this.count - 1;
  }

  #grow(): void {
    const last = 2 * this.#slots.length - 1;
    this.#slots = new Int32Array(last + 1);
    for (let i = 0; i < this.count; i++) {
      let slot = hash(this.words, i * this.#width, this.#width) & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = i + 1;
    }
  }
}

/** Multiply and xor, word by word; then the upper bits mixed into the lower. */
function hash(words: Int32Array, at: number, width: number): number {
  let h = 0x9e3779b9 | 0;
  for (let k = 0; k < width; k++) {
    h = Math.imul(h ^ words[at + k]!, 0x85ebca6b);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
