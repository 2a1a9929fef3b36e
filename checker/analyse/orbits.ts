// The orbits of a Program's states: states that differ only in which copy of an actor is which. One state of each orbit
// stands for all of them. A condition that names a copy is asked for every copy: some state of an orbit makes it true
// if and only if the one that was kept makes one of its images true.
//
//   increment with adder[0], adder[1]:   adder[0] at b, adder[1] at a   and   adder[0] at a, adder[1] at b: one orbit
//   at(adder[0], b)                      its images: at(adder[0], b), at(adder[1], b)

import type { ComposedProgram } from '../ir/monitors.js';
import type { Expr, StepId } from '../ir/program.js';
import { distinguishes } from './asymmetry.js';
import { exprKey, stepKey } from './keys.js';
import { boundsIn, canFault } from './ranges.js';
import { Swap, type Symmetry, type ThreadClass } from './swap.js';
import { symmetryOf } from './symmetry.js';

/** A condition with more images than this names its copies in too many ways. */
const imagesMax = 120;

/** The swap of two interchangeable threads, and what it makes of each step. */
export interface Exchange {
  readonly swap: Swap;
  readonly steps: readonly StepId[];
}

/** A condition as it is after some exchanges, by their numbers, one after the other. */
export interface Image {
  readonly condition: Expr;
  readonly exchanges: readonly number[];
}

/** Which threads are interchangeable for a search, and the images of the conditions that it asks. */
export interface Orbits {
  readonly symmetry: Symmetry;
  /** They generate all permutations. */
  readonly exchanges: readonly Exchange[];
  /** The first image is the condition itself. */
  images(condition: Expr): readonly Image[];
}

/** A condition that a search asks, with the name by which a refusal mentions it. */
export interface AskedCondition {
  readonly name: string;
  readonly condition: Expr;
}

/**
 * The orbits that a search for these conditions may use: of the classes of interchangeable threads those whose numbers
 * no condition depends on. A text says why there are none.
 */
export function orbitsFor(program: ComposedProgram, asked: readonly AskedCondition[]): Orbits | string {
  const all = symmetryOf(program);
  if (all.classes.length === 0) return 'no copies of an actor are shown to be interchangeable';
  const reasons: string[] = [];
  const classes = all.classes.filter((one) => {
    const own = only(all, [one]);
    const exchanges = exchangesOf(own, program);
    const against = asked.find(({ condition }) => imagesOf(condition, own, exchanges, program) === undefined);
    if (against !== undefined) reasons.push(`'${against.name}' depends on which ${one.name} is which`);
    return against === undefined;
  });
  const symmetry = only(all, classes);
  const exchanges = exchangesOf(symmetry, program);
  const images = (condition: Expr) => imagesOf(condition, symmetry, exchanges, program);
  const many = asked.find(({ condition }) => images(condition) === undefined);
  if (many !== undefined) return `'${many.name}' names copies of actors in more than ${imagesMax} ways`;
  if (classes.length === 0) return reasons[0]!;
  const known = new Map(asked.map(({ condition }) => [condition, images(condition)!]));
  return {
    ...{ symmetry, exchanges },
    images: (condition) => known.get(condition) ?? [{ condition, exchanges: [] }],
  };
}

/** The symmetry of some classes alone: exchanging these threads leaves those of other classes as they are. */
function only(all: Symmetry, classes: readonly ThreadClass[]): Symmetry {
  return {
    classes,
    families: all.families.filter(({ of }) => classes.includes(of)),
    namers: new Map([...all.namers].filter(([, of]) => classes.includes(of))),
    noThread: new Map([...all.noThread].filter(([of]) => classes.includes(of))),
  };
}

/** The swaps of the first thread of each class with each other one. */
function exchangesOf(symmetry: Symmetry, program: ComposedProgram): readonly Exchange[] {
  const byKey = new Map(program.steps.map((step) => [stepKey(step), step.id]));
  return symmetry.classes.flatMap(({ threads: [first, ...others] }) =>
    others.map((other): Exchange => {
      const swap = new Swap(symmetry, first!, other, program);
      return { swap, steps: program.steps.map((step) => byKey.get(stepKey(swap.step(step)))!) };
    }),
  );
}

/**
 * All images of a condition; undefined where it depends on the numbers of the threads, or has too many. What may have no
 * value is asked as it is: then it must have no other image.
 */
function imagesOf(
  condition: Expr,
  symmetry: Symmetry,
  exchanges: readonly Exchange[],
  program: ComposedProgram,
): readonly Image[] | undefined {
  if (distinguishes(condition, symmetry, program)) return undefined;
  const images: Image[] = [{ condition, exchanges: [] }];
  const known = new Set([exprKey(condition)]);
  for (const image of images) {
    for (const [i, { swap }] of exchanges.entries()) {
      const next = swap.expr(image.condition);
      const key = exprKey(next);
      if (known.has(key)) continue;
      if (images.length === imagesMax) return undefined;
      known.add(key);
      images.push({ condition: next, exchanges: [...image.exchanges, i] });
    }
  }
  return images.length > 1 && canFault(condition, boundsIn(program.variables)) ? undefined : images;
}
