// The way of an actor through its code, as far as what it read decided it: what a test leads to stands under its condition,
// and what follows a wait, too.

import type { Expr, Program, Step, ThreadId } from '../../checker/index.js';
import { Control } from '../story/control.js';
import type { RunIndex } from '../story/recorded_run.js';
import type { Branch } from './statements.js';

export class ActorWay {
  readonly #control: Control;
  /** The last step from each location. */
  readonly #lastAt = new Map<number, RunIndex>();
  /** By step: the tests and waits that led there. */
  readonly #led = new Map<RunIndex, readonly RunIndex[]>();
  readonly #branches = new Map<RunIndex, Branch>();
  readonly #waits: RunIndex[] = [];

  constructor(program: Program, thread: ThreadId) {
    this.#control = new Control(program, thread);
  }

  /** The actor comes to a step of the run. */
  arrive(i: RunIndex, { from }: Step): void {
    const tests = this.#control.decidersOf(from).flatMap((location) => this.#lastAt.get(location) ?? []);
    const all = tests.flatMap((test) => [test, ...this.#led.get(test)!]);
    this.#led.set(
      i,
      [...new Set([...all, ...this.#waits])].sort((a, b) => a - b),
    );
    this.#lastAt.set(from, i);
  }

  /** What was read at a step decides how the actor goes on. */
  decide(i: RunIndex, condition: Expr, { from }: Pick<Step, 'from'>): void {
    this.#branches.set(i, { index: i, condition });
    if (!this.#control.isTest(from)) this.#waits.push(i);
  }

  isDecided = (i: RunIndex): boolean => this.#branches.has(i);

  /** The conditions under which a step is taken, the outermost first. */
  before = (i: RunIndex): readonly Branch[] =>
    (this.#led.get(i) ?? []).flatMap((test) => this.#branches.get(test) ?? []);

  /** And what the step itself has found, so far. */
  within = (i: RunIndex): readonly Branch[] => [...this.before(i), ...optional(this.#branches.get(i))];
}

const optional = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);
