// What each step reads and writes, and what it only adds to. A place is what two steps can share: a variable, or
// whether a thread stands at some locations, which an expression reads with `at`.
//
//   x := x + 1 where y == 0     reads y, adds to x     (if x can leave its domain, it reads and writes x)

import { conjuncts, walk } from '../ir/expression.js';
import type { Cell, Expr, Location, Program, Step, ThreadId } from '../ir/program.js';
import { addedTo } from './added_constant.js';
import { type Bounds, boundsIn, rangeOf } from './ranges.js';
import { sumsWithinDomain } from './sums.js';

/** The number of a place: a variable's id, or a larger number for an `at`. */
export type MeetingPlace = number;

export interface StepPlaces {
  readonly reads: ReadonlySet<MeetingPlace>;
  readonly writes: ReadonlySet<MeetingPlace>;
  /**
   * The step adds a constant and reads nothing else of them; no sum can leave the domain, so the order of additions
   * does not matter.
   */
  readonly adds: ReadonlySet<MeetingPlace>;
}

/** Numbers places, and lists the places of expressions and steps. */
export class PlaceReader {
  readonly #program: Program;
  readonly #bounds: Bounds;
  /** The places of `at`: by text, with number and expression. */
  readonly #asked = new Map<string, { readonly place: MeetingPlace; readonly x: Expr & { op: 'at' } }>();
  readonly #sums: ReadonlySet<MeetingPlace>;

  /** `conditions` are evaluated in states, beside the steps: what they read with `at` is a place too. */
  constructor(program: Program, conditions: readonly Expr[]) {
    this.#program = program;
    this.#bounds = boundsIn(program.variables);
    this.#sums = sumsWithinDomain(program);
    for (const step of program.steps) for (const x of expressionsOf(step)) this.#number(x);
    for (const x of conditions) this.#number(x);
  }

  /** How many places there are. */
  get count(): number {
    return this.#program.variables.length + this.#asked.size;
  }

  /** The places on which the value of an expression may depend. */
  reads(...all: readonly Expr[]): ReadonlySet<MeetingPlace> {
    const found = new Set<MeetingPlace>();
    for (const x of all) {
      walk(x, (part) => {
        if (part.op === 'at') found.add(this.#asked.get(textOf(part))!.place);
        if (part.op === 'read') for (const id of this.#variables(part.cell)) found.add(id);
      });
    }
    return found;
  }

  /** The places of a step. */
  places(step: Step): StepPlaces {
    const adds = new Set<MeetingPlace>();
    const others = step.assignments.filter((assignment) => {
      const place = addedTo(assignment)?.variable;
      if (place === undefined || !this.#sums.has(place)) return true;
      adds.add(place);
      return false;
    });
    const indices = others.flatMap(({ target }) => target.index ?? []);
    const reads = this.reads(step.guard, ...indices, ...others.map(({ value }) => value));
    const writes = new Set<MeetingPlace>(others.flatMap(({ target }) => this.#variables(target)));
    for (const { place, x } of this.#asked.values()) {
      const stands = (location: Location) => x.locations.includes(location);
      if (x.thread === step.thread && stands(step.from) !== stands(step.to)) writes.add(place);
    }
    const alone = [...adds].filter((place) => !reads.has(place) && !writes.has(place));
    const mixed = [...adds].filter((place) => !alone.includes(place));
    return {
      reads: new Set([...reads, ...mixed]),
      writes: new Set([...writes, ...mixed]),
      adds: new Set(alone),
    };
  }

  #number(x: Expr): void {
    walk(x, (part) => {
      if (part.op === 'at' && !this.#asked.has(textOf(part)))
        this.#asked.set(textOf(part), { place: this.count, x: part });
    });
  }

  /** The variables that a cell may mean. */
  #variables({ variables, index }: Cell): readonly MeetingPlace[] {
    if (index === undefined) return variables;
    const { min, max } = rangeOf(index, this.#bounds);
    return variables.slice(Math.max(0, min), Math.max(0, max + 1));
  }
}

const textOf = ({ thread, locations }: { thread: ThreadId; locations: readonly Location[] }): string =>
  `${thread}:${locations.join()}`;

/** All expressions of a step that are evaluated. */
const expressionsOf = ({ guard, assignments }: Step): readonly Expr[] => [
  ...conjuncts(guard),
  ...assignments.flatMap(({ target, value }) => [
    value,
    ...(target.index === undefined ? [] : [target.index]),
  ]),
];
