// Random Programs, one for each seed: two or three threads over a few variables of every kind. Small enough that every
// tool explores them at once, odd enough that they disagree if one of them reads a Program differently: assignments that
// swap, indices and values outside, words that equal nothing, texts with quotes. checker/testing/ has a generator of its
// own, for what only our engines must agree on: its numbers pass 32 bits, and its properties may have no value. Here
// nothing is drawn that another tool would refuse or mean otherwise, so no seed is lost.

import {
  allOf,
  anyOf,
  arithmetic,
  boundsOf,
  constant,
  equal,
  ifElse,
  int,
  less,
  not,
  read,
  truth,
  typeOfDomain,
} from '../checker/ir/expression.js';
import type {
  Assignment,
  Cell,
  Domain,
  Expr,
  Program,
  Step,
  Thread,
  Type,
  Variable,
} from '../checker/ir/program.js';
import type { Property } from '../checker/property/property.js';
import { type Random, random } from '../checker/testing/random.js';
import { randomLiveness } from './random_formula.js';

export interface RandomCase {
  readonly program: Program;
  readonly properties: readonly Property[];
}

export function randomCase(seed: number): RandomCase {
  const dice = new Dice(seed);
  const threads = Array.from({ length: dice.from(2, 3) }, (_, id) => thread(id, dice));
  const owner: Domain = { kind: 'owner', values: ['free', ...threads.map(({ name }) => name)] };
  const variables = variablesOf(owner, dice);
  const make = new Maker(dice, variables, threads, dice.chance(0.5));
  const steps = threads.flatMap((one) => stepsOf(one, make, dice)).map((step, id) => ({ id, ...step }));
  const calm = new Maker(dice, variables, threads, false);
  const program: Program = {
    name: `random_${seed}`,
    settings: {},
    variables,
    threads,
    steps,
    initially: dice.chance(0.2) ? calm.bool(1) : truth(true),
  };
  const expectations = ['always', 'never', 'sometimes', 'sometimes'] as const;
  const properties = expectations.map((expectation, i): Property => {
    const bools = Array.from({ length: 3 }, () => calm.bool(2));
    const condition = expectation === 'always' ? anyOf(bools) : allOf(bools);
    return { name: `p${i}`, expectation, condition, source: {} };
  });
  const runs = ['r0', 'r1'].map((name): Property => {
    const liveness = randomLiveness(dice.random, program, () => calm.bool(1));
    return { name, expectation: 'liveness', condition: truth(true), liveness, source: {} };
  });
  const stays = ['q0', 'q1'].map((name): Property => {
    const condition = anyOf([calm.bool(1), calm.bool(2)]);
    return { name, expectation: 'alwaysPossible', condition, source: {} };
  });
  return { program, properties: [...properties, ...runs, ...stays] };
}

/** Random numbers, with what this file asks of them. */
class Dice {
  readonly random: Random;

  constructor(seed: number) {
    this.random = random(seed);
  }
  /** Both ends included. */
  from(min: number, max: number): number {
    return min + this.random.below(max - min + 1);
  }
  chance(probability: number): boolean {
    return this.random.below(100) < 100 * probability;
  }
  pick<T>(all: readonly T[]): T {
    return this.random.pick(all);
  }
}

function thread(id: number, dice: Dice): Thread {
  const labels = Array.from({ length: dice.from(2, 4) }, (_, i) => `run.s${i}`);
  const locations = [...labels, 'done', 'dead'].map((label) => ({ label, path: label }));
  return { id, name: `t[${id}]`, locations, start: 0, done: labels.length, dead: labels.length + 1 };
}

function variablesOf(owner: Domain, dice: Dice): readonly Variable[] {
  const pmd: Domain = { kind: 'enum', values: ['none', 'huge', 'end'] };
  const pte: Domain = { kind: 'enum', values: ['none', 'empty'] };
  const range: Domain = { kind: 'int', min: -1, max: dice.from(1, 3) };
  const domains: readonly (readonly [string, Domain])[] = [
    ['flag', { kind: 'bool' }],
    ['state', { kind: 'int', min: 0, max: 2 }],
    ['page[0].count', range],
    ['page[1].count', range],
    ['pmd', pmd],
    ['pte', pte],
    ['ptl', owner],
    ['bit[0]', { kind: 'bool' }],
    ['bit[1]', { kind: 'bool' }],
    ['t[0]:run.mine', range],
  ];
  return domains.map(([name, domain], id) => {
    const { min, max } = boundsOf(domain);
    const values = [...Array(max - min + 1).keys()].map((i) => min + i);
    const initial = dice.chance(0.2) ? values.slice(dice.from(0, values.length - 1)) : [dice.from(0, 1)];
    const own = name.startsWith('t[') ? { thread: 0 } : {};
    return { id, name, domain, initial, ...own };
  });
}

function stepsOf(one: Thread, make: Maker, dice: Dice): readonly Omit<Step, 'id'>[] {
  return one.locations.slice(0, one.done).flatMap((_, from) =>
    Array.from({ length: dice.from(1, 3) }, (): Omit<Step, 'id'> => {
      const base = { thread: one.id, from, label: one.locations[from]!.label, caption: 'random', source: {} };
      if (dice.chance(0.05)) {
        const reports = { kind: 'bug', message: `BUG_ON(${one.id})` } as const;
        return { ...base, to: one.dead!, guard: make.bool(2), assignments: [], reports };
      }
      const reports = { kind: 'warning', message: 'WARN_ON(x > "y" \\ …)' } as const;
      return {
        ...base,
        to: dice.chance(0.7) ? from + 1 : dice.from(0, one.done),
        guard: dice.chance(0.6) ? truth(true) : make.bool(2),
        assignments: make.assignments(),
        ...(dice.chance(0.1) && { reports }),
      };
    }),
  );
}

/** Is every value of an int in the other's domain? */
const isWithin = (inner: Domain, outer: Domain): boolean =>
  inner.kind === 'int' && outer.kind === 'int' && inner.min >= outer.min && inner.max <= outer.max;

/** Makes expressions and assignments over some variables. */
class Maker {
  readonly #dice: Dice;
  readonly #variables: readonly Variable[];
  readonly #threads: readonly Thread[];
  /** May they have no value: divisions, indices? */
  readonly #mayFault: boolean;

  constructor(dice: Dice, variables: readonly Variable[], threads: readonly Thread[], mayFault: boolean) {
    this.#dice = dice;
    this.#variables = variables;
    this.#threads = threads;
    this.#mayFault = mayFault;
  }

  bool(depth: number): Expr {
    const dice = this.#dice;
    const kind = depth === 0 ? dice.from(0, 2) : dice.from(0, 7);
    switch (kind) {
      case 0:
        return this.#read('bool', depth);
      case 1:
        return this.#at();
      case 2:
        return this.#sameWord(depth);
      case 3:
        return not(this.bool(depth - 1));
      case 4:
        return { op: dice.pick(['and', 'or']), x: this.bool(depth - 1), y: this.bool(depth - 1) };
      case 5:
        return equal(this.int(depth - 1), this.int(depth - 1));
      case 6:
        return less(dice.pick(['lt', 'le']), this.int(depth - 1), this.int(depth - 1));
      default:
        return ifElse(this.bool(depth - 1), this.bool(depth - 1), this.bool(depth - 1));
    }
  }

  int(depth: number): Expr {
    const dice = this.#dice;
    const kind = depth <= 0 ? dice.from(0, 2) : dice.from(0, 5);
    if (kind <= 1) return this.#read('int', depth);
    if (kind === 2) return int(dice.from(-1, 2));
    if (kind === 3) return ifElse(this.bool(depth - 1), this.int(depth - 1), this.int(depth - 1));
    const op = dice.pick(
      this.#mayFault ? (['add', 'sub', 'mul', 'div', 'mod'] as const) : (['add', 'sub'] as const),
    );
    return arithmetic(op, this.int(depth - 1), this.int(depth - 1));
  }

  /** Up to three assignments, no variable twice. */
  assignments(): readonly Assignment[] {
    const dice = this.#dice;
    const used = new Set<number>();
    return Array.from({ length: dice.from(0, 3) }).flatMap((): readonly Assignment[] => {
      const target = this.#cell(dice.pick(this.#variables), 1);
      if (target.variables.some((id) => used.has(id))) return [];
      for (const id of target.variables) used.add(id);
      return [{ target, value: this.#valueFor(this.#variables[target.variables[0]!]!) }];
    });
  }

  #valueFor({ id, domain }: Variable): Expr {
    const dice = this.#dice;
    if (domain.kind === 'bool') return this.bool(2);
    if (domain.kind !== 'int') return this.#word(typeOfDomain(domain) as readonly string[], 2);
    if (this.#mayFault && dice.chance(0.2)) return this.int(2);
    const same = this.#variables.filter((other) => isWithin(other.domain, domain));
    const x = read({ variables: [dice.chance(0.5) ? id : dice.pick(same).id] }, 'int');
    if (dice.chance(0.3)) return int(dice.from(domain.min, domain.max));
    if (dice.chance(0.3)) return x;
    // Counts on, and begins again at the end.
    return ifElse(less('lt', x, int(domain.max)), arithmetic('add', x, int(1)), int(domain.min));
  }

  #at(): Expr {
    const dice = this.#dice;
    const { id, locations } = dice.pick(this.#threads);
    const all = [...locations.keys()].filter(() => dice.chance(0.4));
    return { op: 'at', thread: id, locations: all };
  }

  #sameWord(depth: number): Expr {
    const domain = this.#dice.pick(
      this.#variables.filter(({ domain: { kind } }) => kind === 'enum' || kind === 'owner'),
    );
    const type = typeOfDomain(domain.domain) as readonly string[];
    return equal(this.#read(type, 0), this.#word(type, depth));
  }

  #word(type: readonly string[], depth: number): Expr {
    const dice = this.#dice;
    if (dice.chance(0.4)) return this.#read(type, depth);
    // -1 is a word that the type lacks: it equals nothing and cannot be stored.
    if (this.#mayFault && dice.chance(0.05)) return constant(-1, type);
    return constant(dice.from(0, type.length - 1), type);
  }

  #read(type: Type, depth: number): Expr {
    const fitting = this.#variables.filter(({ domain }) => String(typeOfDomain(domain)) === String(type));
    return read(this.#cell(this.#dice.pick(fitting), depth), type);
  }

  /** The variable, or with its neighbour by an index. */
  #cell({ id, name }: Variable, depth: number): Cell {
    const dice = this.#dice;
    if (!this.#mayFault || !/\[\d\]/.test(name) || name.startsWith('t[') || dice.chance(0.5)) {
      return { variables: [id] };
    }
    const first = name.includes('[0]') ? id : id - 1;
    const index = dice.chance(0.3) ? this.int(depth - 1) : ifElse(this.bool(0), int(0), int(1));
    return { variables: [first, first + 1], index };
  }
}
