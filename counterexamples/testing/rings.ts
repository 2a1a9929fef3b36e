// Random Programs of threads that go round in rings, waiting for bits and setting them: what is bad is that all stand
// at their last location at once. Many runs of them have no end.

import { allOf, at, constant, not, read, truth } from '../../checker/ir/expression.js';
import type { Expr, Program, Step, Thread, Variable } from '../../checker/ir/program.js';
import type { Property } from '../../checker/property/property.js';
import { type Random, random } from '../../checker/testing/random.js';

const bitCount = 2;
const bit = (id: number): Variable => ({ id, name: `bit${id}`, domain: { kind: 'bool' }, initial: [0] });
const readOf = (id: number): Expr => read({ variables: [id] }, 'bool');

/** Two threads, or three; now and then a step leaves its ring, and its thread is done. */
export function randomRings(seed: number): {
  readonly program: Program;
  readonly properties: readonly Property[];
} {
  const dice = random(seed);
  const threads = Array.from({ length: dice.oneIn(4) ? 3 : 2 }, (_, id) => ring(id, 2 + dice.below(2)));
  const steps = threads.flatMap((thread) =>
    Array.from({ length: thread.done }, (_, from) => randomStep(dice, thread, from)),
  );
  const program: Program = {
    name: `rings ${seed}`,
    settings: {},
    variables: Array.from({ length: bitCount }, (_, id) => bit(id)),
    threads,
    steps: steps.map((step, id) => ({ ...step, id })),
    initially: truth(true),
  };
  const condition = allOf(threads.map(({ id, done }) => at(id, [done - 1])));
  return { program, properties: [{ name: 'all are last', expectation: 'never', condition, source: {} }] };
}

function ring(id: number, size: number): Thread {
  const locations = Array.from({ length: size + 1 }, (_, i) => ({ label: `l${i}`, path: `l${i}` }));
  return { id, name: `thread${id}`, locations, start: 0, done: size };
}

function randomStep(dice: Random, { id: thread, done: size }: Thread, from: number): Omit<Step, 'id'> {
  const value = readOf(dice.below(bitCount));
  const target = { variables: [dice.below(bitCount)] };
  const effect = dice.pick([constant(0, 'bool'), constant(1, 'bool'), value]);
  return {
    thread,
    from,
    to: from + 1 < size || dice.oneIn(4) ? from + 1 : 0,
    label: `s${from}`,
    caption: '',
    source: {},
    guard: dice.pick([truth(true), value, not(value)]),
    assignments: dice.oneIn(4) ? [] : [{ target, value: effect }],
  };
}
