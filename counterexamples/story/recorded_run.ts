// A run, recorded for slicing: what each step reads, which earlier steps stored that, and which test led its thread there.
// Locks are apart: to take one and drop it again stores nothing.

import {
  type Expr,
  initialStates,
  isEnabled,
  type Path,
  type Program,
  type State,
  type Step,
  stepsFrom,
  type ThreadId,
  take,
  type VariableId,
} from '../../checker/index.js';
import type { AtExpr } from '../essence/meetings.js';
import { chosenBy } from '../explain/accesses.js';
import { Control } from './control.js';
import { type Reads, readsIn } from './run_reads.js';

/** The index of a step in the run. */
export type RunIndex = number;

export interface RecordedStep {
  readonly step: Step;
  readonly reads: ReadonlySet<VariableId>;
  /** The steps that last stored what it reads, locks aside. */
  readonly storedBy: readonly RunIndex[];
  /** The same for its guard alone. */
  readonly guardStoredBy: readonly RunIndex[];
  /** The locks that its guard reads. */
  readonly guardLocks: readonly VariableId[];
  /** The test that led its thread here. */
  readonly decidedBy: RunIndex | undefined;
  /** Is it one of several ways on from a test? */
  readonly isTest: boolean;
  /** Could its thread have gone another way in the same state? */
  readonly isChoice: boolean;
  /** Do other threads write what it reads, or what that was computed from? */
  readonly isForeign: boolean;
}

export class RecordedRun {
  readonly program: Program;
  readonly steps: readonly RecordedStep[];
  /** One more than steps, unless the last step has no value. */
  readonly states: readonly State[];
  readonly #writers: ReadonlyMap<VariableId, ReadonlySet<ThreadId>>;
  /** The steps that stored a variable, though it may have kept its value. */
  readonly #stores: StepsByVariable = new Map();
  readonly #changes: StepsByVariable = new Map();

  constructor(program: Program, path: Path) {
    this.program = program;
    this.states = statesOf(program, path);
    this.#writers = writersOf(program);
    const controls = program.threads.map(({ id }) => new Control(program, id));
    const lastAt = controls.map(() => new Map<number, RunIndex>());
    const recorded: RecordedStep[] = [];
    for (const [i, id] of path.steps.entries()) {
      const step = program.steps[id]!;
      const deciders = controls[step.thread]!.decidersOf(step.from).flatMap(
        (test) => lastAt[step.thread]!.get(test) ?? [],
      );
      const decidedBy = deciders.length === 0 ? undefined : Math.max(...deciders);
      const isTest = controls[step.thread]!.isTest(step.from);
      recorded.push({ ...this.#recorded(i, step, isTest, recorded), decidedBy, isTest });
      lastAt[step.thread]!.set(step.from, i);
      if (i + 1 < this.states.length) this.#noteStores(i, step);
    }
    this.steps = recorded;
  }

  /** The steps before `i` that last stored what is read, locks aside. */
  storersOf({ variables, places }: Reads, i: RunIndex, steps = this.steps): readonly RunIndex[] {
    const stored = [...variables].flatMap((id) => (this.isLock(id) ? [] : lastBefore(this.#stores, id, i)));
    return [...new Set([...stored, ...places.flatMap((place) => lastMove(steps, i, place))])];
  }

  isLock = (id: VariableId): boolean => this.program.variables[id]?.lock !== undefined;

  /** The last step before `i` that changed a variable, in a list; an empty list if there is none. */
  lastChange = (id: VariableId, i: RunIndex): readonly RunIndex[] => lastBefore(this.#changes, id, i);

  #recorded(
    i: RunIndex,
    step: Step,
    isTest: boolean,
    before: readonly RecordedStep[],
  ): Omit<RecordedStep, 'decidedBy' | 'isTest'> {
    const state = this.states[i]!;
    const monitored = (this.program.monitors ?? []).flatMap(({ variable, update }) =>
      this.states[i + 1]?.value.get(variable.id) === state.value.get(variable.id) ? [] : [update],
    );
    const guard = readsIn(this.program, state, [step.guard]);
    const whole = readsIn(this.program, state, [step.guard, ...valuesOf(step), ...monitored]);
    const storedBy = this.storersOf(whole, i, before);
    const isOfOther = (j: RunIndex) => before[j]!.step.thread !== step.thread || before[j]!.isForeign;
    return {
      step,
      reads: whole.variables,
      storedBy,
      guardStoredBy: this.storersOf(guard, i, before),
      guardLocks: [...guard.variables].filter(this.isLock),
      isChoice: isTest && this.#waysOn(step, state) > 1,
      isForeign:
        [...whole.variables].some((id) => this.#isWrittenByOthers(id, step.thread)) ||
        storedBy.some(isOfOther),
    };
  }

  #isWrittenByOthers = (id: VariableId, thread: ThreadId): boolean =>
    [...(this.#writers.get(id) ?? [])].some((writer) => writer !== thread);

  #waysOn = ({ thread, from }: Step, state: State): number =>
    stepsFrom(this.program, thread, from).filter(
      (step) => step.reports === undefined && isEnabled(step, state, this.program),
    ).length;

  #noteStores(i: RunIndex, step: Step): void {
    const [before, after] = [this.states[i]!, this.states[i + 1]!];
    const made = step.assignments.filter(({ reset }) => reset === undefined);
    const stored = made.flatMap(({ target }) => chosenBy(target, before, this.program));
    const changed = [...after.value.keys()].filter((id) => before.value.get(id) !== after.value.get(id));
    for (const id of changed) noted(this.#changes, id, i);
    for (const id of new Set([...stored, ...changed])) noted(this.#stores, id, i);
  }
}

/** The steps that did something to a variable, ascending. */
type StepsByVariable = Map<VariableId, RunIndex[]>;

function noted(all: StepsByVariable, id: VariableId, i: RunIndex): void {
  const known = all.get(id);
  if (known === undefined) all.set(id, [i]);
  else known.push(i);
}

/** Found by halving: a lock may change hands in every other step of a long run. */
function lastBefore(all: StepsByVariable, id: VariableId, i: RunIndex): readonly RunIndex[] {
  const steps = all.get(id) ?? [];
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < i) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? [] : [steps[low - 1]!];
}

/** The states of a run; without the last one if the last step has no value. */
function statesOf(program: Program, { initial, steps }: Path): readonly State[] {
  const states = [initialStates(program)[initial]!];
  for (const id of steps) {
    try {
      states.push(take(program.steps[id]!, states.at(-1)!, program));
    } catch {
      break;
    }
  }
  return states;
}

/** The threads whose steps may write each variable. */
function writersOf({ steps }: Program): ReadonlyMap<VariableId, ReadonlySet<ThreadId>> {
  const writers = new Map<VariableId, Set<ThreadId>>();
  for (const { thread, assignments } of steps) {
    for (const id of assignments.flatMap(({ target }) => target.variables)) {
      writers.set(id, (writers.get(id) ?? new Set()).add(thread));
    }
  }
  return writers;
}

const valuesOf = ({ assignments }: Step): readonly Expr[] =>
  assignments.flatMap(({ target, value }) => (target.index === undefined ? [value] : [target.index, value]));

/** The step before `i` that last changed whether the thread stands at one of the locations. */
function lastMove(
  steps: readonly RecordedStep[],
  i: RunIndex,
  { thread, locations }: AtExpr,
): readonly RunIndex[] {
  for (let j = i - 1; j >= 0; j--) {
    const { step } = steps[j]!;
    if (step.thread === thread && locations.includes(step.from) !== locations.includes(step.to)) return [j];
  }
  return [];
}
