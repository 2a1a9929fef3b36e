// Small parts of the evaluation of terms in an instance, and the positions of values with several indices.

/** One number for each location and each value. */
export type InstanceState = readonly number[];

/** Evaluates a term in a state; `indices` are the values of the variables that are not bound in it. */
export type Compiled = (state: InstanceState, indices: number[]) => number;

/** Where an index stands among others. */
export const position = (args: readonly number[], sizes: readonly number[]): number =>
  args.reduce((at, arg, i) => at * sizes[i]! + arg, 0);

/** A term with one value. */
export const always =
  (value: number): Compiled =>
  () =>
    value;

/** The negation of a condition. */
export const negated =
  (x: Compiled): Compiled =>
  (state, indices) =>
    1 - x(state, indices);

/** What operators of two numbers give. */
export const operations = {
  eq: (x: number, y: number) => (x === y ? 1 : 0),
  lt: (x: number, y: number) => (x < y ? 1 : 0),
  le: (x: number, y: number) => (x <= y ? 1 : 0),
  add: (x: number, y: number) => x + y,
  sub: (x: number, y: number) => x - y,
  mul: (x: number, y: number) => x * y,
} as const;

/** The indices that stand there. */
export function indicesAt(at: number, sizes: readonly number[]): readonly number[] {
  const indices: number[] = [];
  let rest = at;
  for (const size of [...sizes].reverse()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices;
}
