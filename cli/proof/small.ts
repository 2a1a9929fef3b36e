// The model at small sizes: is anything violated there, and has the parameterised Program the same states?

import { checkKinds, explore, type Lowered, stateStream } from '../../checker/index.js';
import {
  FiniteInstance,
  type Parameterised,
  type Sample,
  type Sort,
  sampled,
  type Tie,
  tie,
} from '../../checker/proof/index.js';

export type SmallSizes = ReadonlyMap<Sort, number>;

/** As settings. */
export const settingsOf = (sizes: SmallSizes): { readonly [name: string]: number } =>
  Object.fromEntries(sizes);
export const sizesText = (sizes: SmallSizes): string =>
  [...sizes].map(([name, n]) => `${name}=${n}`).join(' ');

/** More states than this are not explored and compared, unless `--max-states` says so. */
export const comparedStatesMax = 300_000;
/** Of a size that has more, so many show which steps are taken. */
const untiedStatesMax = 60_000;
/** In so many states candidates are tried: of one more element of arrays, of one more actor, and of one more of each. */
const samplesMax = { array: 60_000, actors: 10_000, each: 40_000 } as const;

/** All sizes alike, from the least on, and each alone one more, as far as the settings go. */
export function smallSizes(
  least: ReadonlyMap<Sort, number>,
  most: (name: string) => number,
): readonly SmallSizes[] {
  const names = [...least.keys()];
  const alike = [0, 1, 2].map((more) => larger(least, names, more, most));
  const single = names.map((name) => larger(least, [name], 1, most));
  const all = [...alike.slice(0, 1), ...single, ...alike.slice(1)];
  return all.filter((sizes, i) => all.findIndex((one) => sizesText(one) === sizesText(sizes)) === i);
}

const larger = (
  least: ReadonlyMap<Sort, number>,
  names: readonly Sort[],
  more: number,
  most: (name: string) => number,
): SmallSizes =>
  new Map(
    [...least].map(([name, from]) => {
      return [name, names.includes(name) ? Math.min(most(name), from + more) : from] as const;
    }),
  );

export interface SmallResult {
  readonly sizes: SmallSizes;
  readonly states: number;
  /** What is violated of single states and steps. */
  readonly violated: readonly string[];
  /** Of these, what is claimed for the proof alone. */
  readonly lemmas: readonly string[];
  /** What else is violated, which no proof for any number claims. */
  readonly others: readonly string[];
  readonly isComplete: boolean;
}

/** Explores the model at these sizes. */
export async function exploreSmall(
  { program, properties }: Lowered,
  sizes: SmallSizes,
  statesMax: number,
): Promise<SmallResult> {
  const { evidence, properties: results } = await explore(program, properties, {
    statesMax,
    stuckStatesMax: 0,
  });
  const violated = results.filter(({ verdict }) => verdict === 'violated').map(({ check }) => check);
  const isClaimed = ({ kind }: (typeof violated)[number]) =>
    ['safety', 'assertion'].includes(checkKinds[kind].failure) && checkKinds[kind].isExample !== true;
  return {
    sizes,
    states: evidence.kind === 'explored' ? evidence.states : 0,
    violated: violated.filter(isClaimed).map(({ name }) => name),
    lemmas: violated.filter(({ kind }) => kind === 'lemma').map(({ name }) => name),
    others: violated.filter((check) => !isClaimed(check)).map(({ name }) => name),
    isComplete: evidence.kind === 'explored' && evidence.exhaustive,
  };
}

/** Compares the states of both lowerings; where there are too many, some show which steps are taken. */
export const tieAt = (
  program: Parameterised,
  { sizes, isComplete }: Pick<SmallResult, 'sizes' | 'isComplete'>,
  { program: ordinary }: Lowered,
  statesMax: number,
): Tie =>
  tie(
    program,
    sizes,
    ordinary,
    stateStream(ordinary),
    isComplete ? statesMax : Math.min(statesMax, untiedStatesMax),
  );

/** Were states compared with more than one of it? With one, nothing is seen of how several interact. */
export const isTiedBeyondOne = (setting: Sort, ties: readonly Tie[]): boolean =>
  ties.some(({ sizes, isTooLarge }) => !isTooLarge && sizes.get(setting)! > 1);

/** The states in which candidates are tried: each size one more for itself, then all. */
export function samplesOf(program: Parameterised, most: (name: string) => number): readonly Sample[] {
  const least = program.sizes;
  const names = [...least.keys()];
  const isArray = (name: Sort) =>
    program.funs.some(({ kind, args }) => kind === 'shared' && args.includes(name));
  const all = [...names.map((name) => [name]), names];
  return all.map((those) => {
    const sizes = larger(least, those, 1, most);
    const [only, ...others] = those;
    const max = samplesMax[others.length > 0 ? 'each' : isArray(only!) ? 'array' : 'actors'];
    const instance = new FiniteInstance(program, { sizes, order: 'any', statesMax: max });
    return { instance, states: sampled(instance, max) };
  });
}
