// Two traces side by side: the steps that both begin with, where they part, and what differs in their states there and
// at their ends. Behind the parting, steps that both take in the same order stand beside each other.
//
//   a b c d f      a b | c d f         common 2: a b; then c d f beside d f
//   a b d f            |   d f

import type { Trace, TraceStep, Value } from './trace.js';

/** A name with its value in each trace; undefined where a trace does not have it. */
export interface ValueDifference {
  readonly name: string;
  readonly first: Value | undefined;
  readonly second: Value | undefined;
}

/** A step of either trace, or of both; numbers are those of the trace, from 1. */
export interface StepPair {
  readonly first?: NumberedStep;
  readonly second?: NumberedStep;
}
interface NumberedStep {
  readonly number: number;
  readonly step: TraceStep;
}

export interface TraceDifference {
  readonly settings: readonly ValueDifference[];
  /** How many steps both begin with: the same steps of the same actors, which store the same. */
  readonly common: number;
  /** The later steps. */
  readonly pairs: readonly StepPair[];
  /** What differs in the states after the common steps, before either trace goes its own way. */
  readonly before: readonly ValueDifference[];
  /** After one more step of each; empty where one of them has none. */
  readonly after: readonly ValueDifference[];
  readonly ends: readonly ValueDifference[];
}

export function traceDifference(first: Trace, second: Trace): TraceDifference {
  const common = commonSteps(first.steps, second.steps);
  const [longer, shorter] = [first, second].map(({ steps }) => steps.length).toSorted((a, b) => b - a);
  const isWhole = common === longer;
  const statesAt = (i: number) => valueDifferences(valuesAt(first, i), valuesAt(second, i));
  return {
    settings: valueDifferences(first.settings, second.settings),
    common,
    pairs: isWhole ? [] : pairsFrom(common, first.steps, second.steps),
    before: statesAt(common),
    after: common < shorter! ? statesAt(common + 1) : [],
    ends: valueDifferences(valuesAt(first, first.steps.length), valuesAt(second, second.steps.length)),
  };
}

const keyOf = ({ actor, path, writes }: TraceStep): string => JSON.stringify([actor, path, writes]);
const nameOf = ({ actor, path }: TraceStep): string => JSON.stringify([actor, path]);

function commonSteps(first: readonly TraceStep[], second: readonly TraceStep[]): number {
  let common = 0;
  while (
    common < first.length &&
    common < second.length &&
    keyOf(first[common]!) === keyOf(second[common]!)
  ) {
    common += 1;
  }
  return common;
}

/** The values and locations after so many steps; the last ones there are, where a fault ends the trace. */
function valuesAt({ states }: Trace, steps: number): { readonly [name: string]: Value } {
  const { at, values } = states[Math.min(steps, states.length - 1)]!;
  const places = Object.entries(at).map(([actor, label]) => [`${actor} at`, label] as const);
  return { ...values, ...Object.fromEntries(places) };
}

function valueDifferences(
  first: { readonly [name: string]: Value },
  second: { readonly [name: string]: Value },
): readonly ValueDifference[] {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  const of = (values: typeof first, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  return names.flatMap((name) => {
    const [one, other] = [of(first, name), of(second, name)];
    return one === other ? [] : [{ name, first: one, second: other }];
  });
}

/** To find the longest row of equal steps takes time and memory that grow with the product of both lengths. */
const productMax = 4_000_000;

function pairsFrom(
  from: number,
  first: readonly TraceStep[],
  second: readonly TraceStep[],
): readonly StepPair[] {
  const [one, other] = [first.slice(from), second.slice(from)];
  const numbered = (steps: readonly TraceStep[], i: number): NumberedStep | undefined =>
    i < steps.length ? { number: from + i + 1, step: steps[i]! } : undefined;
  const pair = (i: number | undefined, j: number | undefined): StepPair => {
    const [a, b] = [
      i === undefined ? undefined : numbered(one, i),
      j === undefined ? undefined : numbered(other, j),
    ];
    return { ...(a && { first: a }), ...(b && { second: b }) };
  };
  if (one.length * other.length > productMax) {
    return Array.from({ length: Math.max(one.length, other.length) }, (_, i) => pair(i, i));
  }
  const pairs: StepPair[] = [];
  let [i, j] = [0, 0];
  for (const [a, b] of [...longestCommon(one.map(nameOf), other.map(nameOf)), [one.length, other.length]]) {
    for (; i < a!; i++) pairs.push(pair(i, undefined));
    for (; j < b!; j++) pairs.push(pair(undefined, j));
    if (a! < one.length && b! < other.length) pairs.push(pair(i++, j++));
  }
  return pairs;
}

/** Places of a longest common subsequence, as pairs; of several, the one that comes first in the first list. */
function longestCommon(
  first: readonly string[],
  second: readonly string[],
): readonly (readonly [number, number])[] {
  const width = second.length + 1;
  const lengths = new Int32Array((first.length + 1) * width);
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        first[i] === second[j]
          ? 1 + lengths[(i + 1) * width + j + 1]!
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const found: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < first.length && j < second.length; ) {
    if (first[i] === second[j]) found.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return found;
}
