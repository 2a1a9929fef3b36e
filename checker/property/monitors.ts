// Monitors, which a property adds to a Program to record what has happened: every step updates them, from the state
// before the step, and only properties read them. A past formula becomes a condition on the state:
//
//   once p:   bool was = false;   every step: was = was || p;   true now if  was || p

import { ModelError } from '../../models/language/index.js';
import { type Formula, isFutureOperator, mentions } from '../../properties/language/temporal.js';
import { meaningOf } from '../analyse/meaning.js';
import { and, anyOf, equal, isFalse, not, or, read } from '../ir/expression.js';
import { composed } from '../ir/monitors.js';
import type { Domain, Expr, Monitor, Program } from '../ir/program.js';

/** The monitors of one Program, in the order in which they are added. */
export class Monitors {
  readonly #program: Program;
  readonly #all: Monitor[];
  /** Equal formulas share a monitor. */
  readonly #known = new Map<string, Expr>();

  constructor(program: Program) {
    this.#program = program;
    this.#all = [...(program.monitors ?? [])];
  }

  /** All monitors so far, including those that the Program had before. */
  get all(): readonly Monitor[] {
    return this.#all;
  }

  /** Adds a monitor; `update` gives the value that every step stores in it, from an expression that reads it. */
  add(name: string, domain: Domain, initial: number, update: (own: Expr) => Expr): Expr {
    const id = this.#program.variables.length + this.#all.length;
    const own = read({ variables: [id] }, domain.kind === 'bool' ? 'bool' : 'int');
    this.#all.push({ variable: { id, name, domain, initial: [initial] }, update: update(own) });
    return own;
  }

  /** The Program with the monitors; the very same Program if none was added. */
  program(): Program {
    const before = this.#program.monitors?.length ?? 0;
    return this.#all.length === before ? this.#program : { ...this.#program, monitors: [...this.#all] };
  }

  /** A formula without future operators, as a condition on the state. `name` distinguishes its monitors from others. */
  present(formula: Formula<Expr>, name: string): Expr {
    const inner = (x: Formula<Expr>) => this.present(x, name);
    switch (formula.op) {
      case 'state':
        return formula.x;
      case 'not':
        return not(inner(formula.x));
      case 'and':
        return and(inner(formula.x), inner(formula.y));
      case 'or':
        return or(inner(formula.x), inner(formula.y));
      case 'implies':
        return or(not(inner(formula.x)), inner(formula.y));
      case 'iff':
        return equal(inner(formula.x), inner(formula.y));
      case 'once': {
        const x = inner(formula.x);
        return this.#remember(name, 'once', false, [x], (before) => or(before, x));
      }
      case 'historically': {
        const x = inner(formula.x);
        return this.#remember(name, 'historically', true, [x], (before) => and(before, x));
      }
      case 'since': {
        const [x, y] = [inner(formula.x), inner(formula.y)];
        return this.#remember(name, 'since', false, [x, y], (before) => or(y, and(before, x)));
      }
      case 'previously': {
        const x = inner(formula.x);
        return this.#share(`previously ${JSON.stringify(x)}`, () =>
          this.add(this.#nameOf(name, 'previously'), { kind: 'bool' }, 0, () => x),
        );
      }
      default:
        throw new ModelError(
          `'${formula.op}' is an operator of the future, where only those of the past are allowed`,
        );
    }
  }

  /** The same formula with its past parts turned into conditions. Throws for a past operator over the future. */
  forgetPast(formula: Formula<Expr>, name: string): Formula<Expr> {
    if (!mentions(formula, isFutureOperator)) return { op: 'state', x: this.present(formula, name) };
    switch (formula.op) {
      case 'state':
        return formula;
      case 'previously':
      case 'once':
      case 'historically':
      case 'since':
        throw new ModelError(
          `'${formula.op}' cannot contain operators of the future: rewrite the formula without that`,
        );
      default: {
        const x = this.forgetPast(formula.x, name);
        return 'y' in formula
          ? { op: formula.op, x, y: this.forgetPast(formula.y, name) }
          : { op: formula.op, x };
      }
    }
  }

  #remember(name: string, what: string, initial: boolean, of: readonly Expr[], now: (before: Expr) => Expr) {
    const own = this.#share(`${what} ${JSON.stringify(of)}`, () =>
      this.add(this.#nameOf(name, what), { kind: 'bool' }, Number(initial), now),
    );
    return now(own);
  }

  #share(key: string, make: () => Expr): Expr {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known;
  }

  #nameOf(name: string, what: string): string {
    const base = `${name}.${what}`;
    const isTaken = (text: string) =>
      [...this.#program.variables, ...this.#all.map(({ variable }) => variable)].some((v) => v.name === text);
    if (!isTaken(base)) return base;
    let i = 2;
    while (isTaken(`${base}_${i}`)) i++;
    return `${base}_${i}`;
  }
}

/** Has the run ended: is no step enabled? A step with a fault leads to no state. */
export function ended(bare: Program): Expr {
  const program = composed(bare);
  const guards = program.threads.map(() => new Map<number, Expr[]>());
  for (const step of program.steps) {
    const { isTaken, isFault } = meaningOf(step, program);
    const own = guards[step.thread]!;
    const from = own.get(step.from) ?? [];
    from.push(isFalse(isFault) ? step.guard : isTaken);
    own.set(step.from, from);
  }
  const waiting = guards.map((own, thread) =>
    anyOf([...own].map(([from, any]) => and({ op: 'at', thread, locations: [from] }, anyOf(any)))),
  );
  return not(anyOf(waiting));
}

/**
 * A table of numbers, indexed by the truth of the atoms, as one expression: a decision tree without redundant tests.
 */
export function decide(atoms: readonly Expr[], result: (letter: number) => Expr): Expr {
  const tree = (i: number, letter: number): { readonly key: string; readonly expr: Expr } => {
    const atom = atoms[i];
    if (atom === undefined) {
      const expr = result(letter);
      return { key: JSON.stringify(expr), expr };
    }
    const yes = tree(i + 1, letter | (1 << i));
    const no = tree(i + 1, letter);
    if (yes.key === no.key) return yes;
    return { key: `${i}(${yes.key},${no.key})`, expr: { op: 'if', x: atom, then: yes.expr, else: no.expr } };
  };
  return tree(0, 0).expr;
}
