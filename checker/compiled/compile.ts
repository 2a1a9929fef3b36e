// A Program made ready to run, once for all users: its layout, the plans of its steps, and the code generated from
// them.

import type { Movers } from '../analyse/movers.js';
import type { Orbits } from '../analyse/orbits.js';
import { type SleepClass, sleepClasses } from '../analyse/sleep_sets.js';
import type { StubbornTable } from '../analyse/stubborn.js';
import { type ComposedProgram, composed } from '../ir/monitors.js';
import type { Expr, Location, Program, StepId } from '../ir/program.js';
import {
  type CodeEnvironment,
  type CodeOptions,
  conditionSets,
  type ProgramCode,
  type Watched,
  writeProgram,
  writeTruth,
} from './emit/javascript_program.js';
import type { Mark } from './emit/javascript_steps.js';
import { settledMax } from './emit/movers.js';
import type { MemoryMap } from './emit/wasm/memory_map.js';
import { writeWasm } from './emit/wasm/program.js';
import { faultOf, truthOf } from './plan/evaluate.js';
import { isInt32, isInt32Condition } from './plan/int32.js';
import { type Layout, layoutOf } from './plan/layout.js';
import { type OrbitPlan, planOrbits } from './plan/orbits.js';
import { type ConditionPlan, type ProgramPlan, planCondition, planProgram } from './plan/program.js';
import { planSleep, type SleepPlan } from './plan/sleep.js';
import { planStubborn, type StubbornPlan } from './plan/stubborn.js';

/** Successors in a batch: enough to overlap waits for memory, few enough to stay in the first-level cache. */
const batchRecords = 512;

/** A function of the state whose first word is `s[at]`. */
export type OnState<T> = (s: Int32Array, at: number) => T;

/** The successors of one state at a time, each with the step that leads there. */
export interface Successors {
  /** Records of words + 1 numbers: a successor and the step. */
  readonly batch: Int32Array;
  /** Fills the batch from its start with the successors of a state; returns how many numbers are filled. */
  readonly expand: OnState<number>;
  /** The steps that had a fault in the state expanded last, in their order. */
  readonly faults: readonly StepId[];
  /** May a state be without successors? */
  readonly isFinal: OnState<boolean>;
  /** Do threads wait for each other's locks for ever? */
  readonly hasLockCycle: OnState<boolean>;
}

/** What a search leaves out. */
export interface Reduced {
  /**
   * Where threads run alone. With any such location, a search finds fewer states, and one edge may stand for many
   * steps.
   */
  readonly movers?: Movers;
  /** A search takes the steps of a stubborn set of threads. */
  readonly stubborn?: StubbornTable;
  /** Of each orbit a search keeps one state. */
  readonly orbits?: Orbits;
}

/** For tests: where threads sleep, or none. */
export interface Asleep {
  readonly sleepClasses?: (program: ComposedProgram) => readonly SleepClass[] | undefined;
}

/** What running a Program needs. Made once by `compile`, and passed on. */
export class CompiledProgram {
  /** Composed with its monitors, if it has any. */
  readonly program: ComposedProgram;
  readonly layout: Layout;
  readonly plan: ProgramPlan;
  /** The most successors that one state can have. */
  readonly branching: number;
  readonly movers: Movers;
  readonly stubborn: StubbornPlan | undefined;
  readonly orbits: Orbits | undefined;
  /** How a state is put into the order of its orbit; undefined if every state is kept. */
  readonly orbitPlan: OrbitPlan | undefined;
  readonly #sleepClasses: NonNullable<Asleep['sleepClasses']>;
  #sleep: SleepPlan | undefined | 'not planned' = 'not planned';

  constructor(
    program: ComposedProgram,
    { movers = [], stubborn, orbits, sleepClasses: asleep = sleepClasses }: Reduced & Asleep = {},
  ) {
    this.#sleepClasses = asleep;
    this.program = program;
    this.layout = layoutOf(program);
    this.plan = planProgram(program, this.layout);
    this.movers = movers;
    this.stubborn = stubborn && planStubborn(stubborn);
    this.orbits = orbits;
    this.orbitPlan = orbits && planOrbits(orbits.symmetry, program, this.layout);
    this.branching = branchingMax(program) + settledMax * branchingAt(program, movers);
  }

  /** Does a search leave states out? */
  get isReduced(): boolean {
    return this.orbits !== undefined || this.stubborn !== undefined || this.movers.length > 0;
  }

  /** Where threads sleep in a search in WebAssembly; undefined if nowhere. Planned at the first use. */
  get sleep(): SleepPlan | undefined {
    if (this.#sleep === 'not planned') {
      const classes = this.isReduced ? undefined : this.#sleepClasses(this.program);
      this.#sleep = classes && planSleep(classes, this.program.threads.length);
    }
    return this.#sleep;
  }

  /** 32-bit numbers of a record: the words of a state and a mark. */
  get stride(): number {
    return this.layout.words + 1;
  }

  /** The length of a batch for so many records, by default those of a search, plus all successors of one more state. */
  batchLength(records = batchRecords): number {
    return this.recordsOf(records) * this.stride;
  }

  /** The records of such a batch. */
  recordsOf(records = batchRecords): number {
    return records + this.branching;
  }

  /** The text of the code of a search, a function body that takes its `Surroundings` as `around`. */
  text(batchLength: number, watched: readonly Watched[], mark: Mark = 'parent'): string {
    return writeProgram(this.plan, this.#options(batchLength, watched, mark)).text;
  }

  /** The code of a search. */
  code(around: CodeEnvironment, watched: readonly Watched[], mark: Mark = 'parent'): ProgramCode {
    const code = writeProgram(this.plan, this.#options(around.batch.length, watched, mark));
    return code.compile<CodeEnvironment, ProgramCode>('around')(around);
  }

  /** Can WebAssembly do this search? Numbers beyond 32 bits are left to JavaScript. */
  fitsWasm(watched: readonly Watched[]): boolean {
    return isInt32(this.plan) && watched.every(({ condition }) => isInt32Condition(condition));
  }

  /** The same search as a WebAssembly module; undefined if it does not fit. */
  wasm(watched: readonly Watched[], map: MemoryMap): Uint8Array<ArrayBuffer> | undefined {
    if (!this.fitsWasm(watched)) return undefined;
    const { movers, stubborn } = this;
    const sleep = map.sleepAt === undefined ? undefined : this.sleep;
    return writeWasm(this.plan, watched, map, { movers, stubborn, sleep });
  }

  /** The code for walks state by state. */
  successors(): Successors {
    const batch = new Int32Array(this.batchLength(1));
    const faults: StepId[] = [];
    const nothing = () => {};
    const around: CodeEnvironment = {
      batch,
      openSteps: new Uint8Array(this.program.steps.length),
      openConditions: new Int32Array(conditionSets(0)),
      onCondition: nothing,
      onFault: (_, step) => void faults.push(step),
      onReport: nothing,
      onStuck: nothing,
      onLockCycle: nothing,
    };
    const { sweep, isFinal, hasLockCycle, filled } = this.code(around, [], 'step');
    const expand: OnState<number> = (s, at) => {
      faults.length = 0;
      sweep(s, at, 0, 1);
      return filled();
    };
    return { batch, expand, faults, isFinal, hasLockCycle: (s, at) => hasLockCycle(s, at, -1) };
  }

  /** The plan of a condition. Throws an EngineError for what cannot be computed exactly. */
  condition(condition: Expr): ConditionPlan {
    return planCondition(condition, this.program, this.layout);
  }

  /** Is a condition true? A text says why it has no value. Compiled: for many states. */
  truth(condition: ConditionPlan): OnState<boolean | string> {
    const run = writeTruth(condition, this.layout.words).compile<undefined, OnState<number>>('none')(
      undefined,
    );
    return (s, at) => {
      const truth = run(s, at);
      return truth < 0 ? this.explain(condition, s, at) : truth === 1;
    };
  }

  /** As `truth`, without generating code for the condition: for few states. */
  explain({ test }: ConditionPlan, s: Int32Array, at: number): boolean | string {
    return truthOf(test, this.program, s, at);
  }

  /** Why a step has a fault in a state, in the words of the reference engine. */
  fault(step: StepId, s: Int32Array, at: number): string {
    const said = faultOf(this.plan.steps.get(step)!, this.program, s, at);
    if (said === undefined)
      throw new Error(`step ${step} has no fault in the state where its code found one`);
    return said;
  }

  #options(batchLength: number, watched: readonly Watched[], mark: Mark): CodeOptions {
    const { branching, movers, stubborn } = this;
    return { batchLength, watched, mark, branching, movers, stubborn };
  }
}

/** Makes a Program ready to run. Throws an EngineError for what the engine cannot do exactly. */
export const compile = (program: Program, reduced?: Reduced & Asleep): CompiledProgram =>
  new CompiledProgram(composed(program), reduced);

/** By thread and location: how many steps leave it. */
function stepCounts({ threads, steps }: Program): readonly ReadonlyMap<Location, number>[] {
  const counts = threads.map(() => new Map<Location, number>());
  for (const { thread, from } of steps) counts[thread]!.set(from, (counts[thread]!.get(from) ?? 0) + 1);
  return counts;
}

const branchingMax = (program: Program): number =>
  stepCounts(program).reduce((sum, counts) => sum + Math.max(0, ...counts.values()), 0);

/** The most steps that leave a mover location. */
const branchingAt = (program: Program, movers: Movers): number =>
  stepCounts(program)
    .flatMap((counts, thread) => [...counts].filter(([location]) => movers[thread]?.has(location)))
    .reduce((most, [, count]) => Math.max(most, count), 0);
