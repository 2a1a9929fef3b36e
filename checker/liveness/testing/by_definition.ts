// For tests: linear temporal logic by its definition. A run is enumerated position by position, a formula is evaluated
// at each of them, and the runs of a small graph are all of them, up to a length. It is simple, and shares no code with
// what it is compared with.

import { type Formula, isPastOperator, operands } from '../../../properties/language/temporal.js';
import type { Fairness } from '../../property/property.js';

/** A graph whose edges are numbered; `to` is undefined where an edge leads to no state. */
export interface SmallGraph {
  readonly initial: readonly string[];
  readonly edges: readonly { readonly id: number; readonly from: string; readonly to: string | undefined }[];
}

/** A sequence of states; the last step leads back to the one at `loop`. A run that has ended has no loop. */
export interface WrittenRun {
  readonly states: readonly string[];
  readonly edges: readonly number[];
  readonly loop: number | undefined;
}

const edgesFrom = ({ edges }: SmallGraph, state: string) =>
  edges.filter(({ from, to }) => from === state && to !== undefined);

/** All runs of at most so many steps, a loop's last step included. */
export function runsOf(graph: SmallGraph, stepsMax: number): readonly WrittenRun[] {
  const runs: WrittenRun[] = [];
  const visit = (states: readonly string[], edges: readonly number[]): void => {
    const out = edgesFrom(graph, states.at(-1)!);
    if (out.length === 0) runs.push({ states, edges, loop: undefined });
    if (edges.length === stepsMax) return;
    for (const { id, to } of out) {
      for (const [loop, state] of states.entries()) {
        if (state === to) runs.push({ states, edges: [...edges, id], loop });
      }
      visit([...states, to!], [...edges, id]);
    }
  };
  for (const state of graph.initial) visit([state], []);
  return runs;
}

/** Is the formula true at the first position of the run? */
export function isTrueOf(
  formula: Formula<string>,
  { states, loop = states.length - 1 }: WrittenRun,
  holds: (atom: string, state: string) => boolean,
): boolean {
  // The values of a past formula in the loop repeat once the loop has been in its past.
  const rounds = pastDepth(formula);
  const round = states.slice(loop);
  const word = [...states, ...Array.from({ length: rounds }, () => round).flat()];
  const back = loop + rounds * round.length;
  return valuesOf(formula, word, back, holds)[0]!;
}

const pastDepth = (x: Formula<string>): number =>
  Math.max(0, ...operands(x).map(pastDepth)) + (isPastOperator(x.op) ? 1 : 0);

/** The formula at each position of a word; the last position is followed by the one at `back`. */
function valuesOf(
  formula: Formula<string>,
  word: readonly string[],
  back: number,
  holds: (atom: string, state: string) => boolean,
): readonly boolean[] {
  if (formula.op === 'state') return word.map((state) => holds(formula.x, state));
  const [x, y = []] = operands(formula).map((inner) => valuesOf(inner, word, back, holds)) as [
    readonly boolean[],
    (readonly boolean[])?,
  ];
  const next = (i: number) => (i + 1 < word.length ? i + 1 : back);
  /** The positions at or after i, as often as they may matter. */
  const from = (i: number) => {
    const all = [i];
    for (let j = next(i); all.length < 2 * word.length; j = next(j)) all.push(j);
    return all;
  };
  const upTo = (i: number) => word.map((_, j) => j).slice(0, i + 1);
  /** Is there one where `found` is true, with `before` true at all positions before it? */
  const until = (all: readonly number[], before: (i: number) => boolean, found: (i: number) => boolean) => {
    const first = all.findIndex(found);
    return first >= 0 && all.slice(0, first).every(before);
  };
  const at = (i: number): boolean => {
    switch (formula.op) {
      case 'not':
        return !x[i];
      case 'and':
        return x[i]! && y[i]!;
      case 'or':
        return x[i]! || y[i]!;
      case 'implies':
        return !x[i] || y[i]!;
      case 'iff':
        return x[i] === y[i];
      case 'next':
        return x[next(i)]!;
      case 'eventually':
        return from(i).some((j) => x[j]);
      case 'always':
        return from(i).every((j) => x[j]);
      case 'until':
        return until(
          from(i),
          (j) => x[j]!,
          (j) => y[j]!,
        );
      case 'weakUntil':
        return (
          from(i).every((j) => x[j]) ||
          until(
            from(i),
            (j) => x[j]!,
            (j) => y[j]!,
          )
        );
      case 'release':
        return (
          from(i).every((j) => y[j]) ||
          until(
            from(i),
            (j) => y[j]!,
            (j) => x[j]! && y[j]!,
          )
        );
      case 'leadsTo':
        return from(i).every((j) => !x[j] || from(j).some((k) => y[k]));
      case 'previously':
        return i > 0 && x[i - 1]!;
      case 'once':
        return upTo(i).some((j) => x[j]);
      case 'historically':
        return upTo(i).every((j) => x[j]);
      case 'since':
        return until(
          upTo(i).reverse(),
          (j) => x[j]!,
          (j) => y[j]!,
        );
    }
  };
  return word.map((_, i) => at(i));
}

/** Is the run fair to all that it should be fair to? */
export function isFairRun(
  { states, edges, loop }: WrittenRun,
  { strength, steps }: Fairness,
  graph: SmallGraph,
): boolean {
  if (loop === undefined) return true;
  const isEnabled = (state: string) => edgesFrom(graph, state).some(({ id }) => steps.includes(id));
  const round = states.slice(loop);
  const isAsked = strength === 'weak' ? round.every(isEnabled) : round.some(isEnabled);
  return !isAsked || edges.slice(loop).some((id) => steps.includes(id));
}
