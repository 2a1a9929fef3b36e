// The plan of a Program as JavaScript, compiled once for a search: `sweep` checks conditions in states and expands the
// states in their order, until the batch is full. Rare events are passed to callbacks, which may be slow.

import type { ConditionPlan, ProgramPlan } from '../plan/program.js';
import type { StubbornPlan } from '../plan/stubborn.js';
import { Code } from './code.js';
import { localsText, type Mark, wordsText, writeThread } from './javascript_steps.js';
import { testText } from './javascript_values.js';
import { noteText, writeLockCycle } from './lock_cycle.js';
import { writeMovers } from './movers.js';
import { type WriteExpansion, writeStubborn } from './stubborn.js';

/** The data that the code of a Program reads and writes beside the states. */
export interface CodeEnvironment extends RareEvents {
  /** Records of words + 1 numbers: a successor and its mark. */
  readonly batch: Int32Array;
  /** For each step: 1 while a report of it would be a new finding. */
  readonly openSteps: Uint8Array;
  /**
   * A pair of bit sets for every 31 conditions: those whose truth would be new, and those whose missing value would be
   * new.
   */
  readonly openConditions: Int32Array;
}

/** Callbacks for rare events of a sweep. */
export interface RareEvents {
  /** A condition has a new result in this state. */
  onCondition(number: number, s: Int32Array, at: number): void;
  /** A step has a fault in this state. */
  onFault(number: number, step: number): void;
  /** A step with a report that is still open was taken in this state. */
  onReport(number: number, step: number): void;
  /** Nothing was appended to the batch for this state. */
  onStuck(number: number, s: Int32Array, at: number): void;
  /** Threads wait for each other's locks for ever in this state. */
  onLockCycle(number: number): void;
}

export interface ProgramCode {
  /**
   * Checks and expands the states from `number` on, the first at `s[at]`, up to `end` or until the batch has no
   * room for another; the batch is filled from index `n` on, by default from its start. Sets `filled`, and returns the next state.
   */
  sweep(s: Int32Array, at: number, number: number, end: number, n?: number): number;
  /** Only checks the conditions. */
  inspect(s: Int32Array, at: number, number: number, end: number): void;
  /** May the state be without successors? */
  isFinal(s: Int32Array, at: number): boolean;
  /** Do threads wait for each other's locks for ever? `among` are their bits: -1 for all. */
  hasLockCycle(s: Int32Array, at: number, among: number): boolean;
  /** Runs the code of all locations on `samples`, so that V8 optimises it for all of them. */
  warmUp(samples: Samples): void;
  /** How many numbers of the batch the last sweep filled. */
  filled(): number;
}

/** Made-up states, packed one after the other, for each thread. */
export type Samples = readonly Int32Array[];

/** The number of no state: events there are not new. */
export const nowhere = -1;

/** A condition that is new where it is `wanted`. */
export interface Watched {
  readonly condition: ConditionPlan;
  readonly wanted: boolean;
}

/** The inputs of a search's code other than the plan. */
export interface CodeOptions {
  readonly watched?: readonly Watched[];
  /** 32-bit numbers of the batch. */
  readonly batchLength: number;
  /** The most successors of a state. */
  readonly branching: number;
  readonly mark?: Mark;
  /** By thread: the locations at which it runs alone, without storing states on its way. Absent: none. */
  readonly movers?: readonly ReadonlySet<number>[];
  /** Take the steps of a stubborn set of threads. */
  readonly stubborn?: StubbornPlan | undefined;
}

export const conditionsPerSet = 31;

/** How many numbers `openConditions` has. */
export const conditionSets = (count: number): number => 2 * Math.ceil(count / conditionsPerSet);
/** Which pair of `openConditions` a condition is in, and its bit. */
export const conditionBit = (i: number) => {
  return { at: 2 * Math.floor(i / conditionsPerSet), bit: 1 << (i % conditionsPerSet) };
};

/** Writes a function body that takes the `Surroundings` as `around`; it needs nothing else, and returns `ProgramCode`. */
export function writeProgram(plan: ProgramPlan, options: CodeOptions): Code {
  const { watched = [], batchLength, branching, mark = 'parent' } = options;
  const { layout } = plan;
  const code = new Code();
  const stride = layout.words + 1;
  code.write('const { batch, openSteps, openConditions, onCondition, onFault, onReport } = around;');
  code.write('const { onStuck, onLockCycle } = around;');
  code.write('let filled = 0;');
  writeLockCycle(code, plan);
  const onFault = options.stubborn === undefined ? '' : 'faulted = 1; ';
  if (onFault !== '') code.write('let faulted = 0;');
  const expands = plan.threads.map((own) => {
    const places = plan.locks.filter(({ thread }) => thread === own.thread);
    return writeThread(code, own, { layout, mark, onFault }, (here) => {
      const place = places.find(({ at }) => at === here);
      return place && noteText(place, layout.threads.length);
    });
  });
  const expand = writeExpansion(code, plan, options, expands);
  const inspects = writeConditions(code, watched, layout.words);
  const inspect = inspects.map((name) => `${name}(s, at)`).join(' || ');
  code.block('function sweep(s, at, number, end, n = 0)', () => {
    const last = batchLength - stride * Math.max(1, branching);
    code.block(`for (; number < end && n <= ${last}; number++, at += ${stride})`, () => {
      if (inspect !== '') code.write(`if (${inspect}) onCondition(number, s, at);`);
      code.write('const before = n;');
      expand();
      code.write('if (n === before) onStuck(number, s, at);');
      if (plan.locks.length === 0) return;
      code.block('if (blocked !== 0)', () => {
        code.write('if ((blocked & holders) !== 0 && hasLockCycle(s, at, blocked)) onLockCycle(number);');
        code.write('blocked = holders = 0;');
      });
    });
    code.write('filled = n;', 'return number;');
  });
  code.block('function inspect(s, at, number, end)', () => {
    if (inspect === '') return;
    code.block(`for (; number < end; number++, at += ${stride})`, () => {
      code.write(`if (${inspect}) onCondition(number, s, at);`);
    });
  });
  code.block('function isFinal(s, at)', () => {
    code.write(wordsText(layout.words), `return ${testText(plan.isFinal)};`);
  });
  writeWarmUp(code, expands, inspects, layout.words);
  code.write('return { sweep, inspect, isFinal, hasLockCycle, warmUp, filled: () => filled };');
  return code;
}

/** Writes what the expansion of a state needs: of all threads, of a stubborn set of them, or of one that runs alone. */
function writeExpansion(
  code: Code,
  plan: ProgramPlan,
  { movers, stubborn }: CodeOptions,
  expands: readonly string[],
): WriteExpansion {
  const all =
    stubborn === undefined
      ? () => code.write(...expands.map((expand) => `n = ${expand}(s, at, number, n);`))
      : writeStubborn(code, plan, stubborn, expands);
  if (!movers?.some(({ size }) => size > 0)) return all;
  const alone = writeMovers(code, plan, expands, movers);
  return () => {
    code.write(`n = ${alone.expand}(s, at, number, n);`);
    code.block('if (n === before)', all);
    code.write(`n = ${alone.settle}(number, before, n);`);
  };
}

function writeWarmUp(
  code: Code,
  expands: readonly string[],
  inspects: readonly string[],
  words: number,
): void {
  code.block('function warmUp(samples)', () => {
    // In a new thread the first pass only collects type feedback for the compiler.
    code.block('for (let pass = 0; pass < 2; pass++)', () => {
      for (const [thread, expand] of expands.entries()) {
        code.block(`for (let at = 0; at < samples[${thread}].length; at += ${words})`, () => {
          code.write(`${expand}(samples[${thread}], at, ${nowhere}, 0);`);
          for (const name of inspects) code.write(`${name}(samples[${thread}], at);`);
          code.write(`hasLockCycle(samples[${thread}], at, -1);`);
        });
      }
    });
  });
}

/** One function for every 31 conditions: has any of them a new result? Returns their names. */
function writeConditions(code: Code, watched: readonly Watched[], words: number): readonly string[] {
  const names: string[] = [];
  for (let first = 0; first < watched.length; first += conditionsPerSet) {
    const name = `inspect${names.length}`;
    const set = 2 * names.length;
    const some = watched.slice(first, first + conditionsPerSet);
    code.block(`function ${name}(s, at)`, () => {
      code.write(`const open = openConditions[${set}], faults = openConditions[${set + 1}];`);
      code.write(wordsText(words), 'let fault = 0;');
      code.write(...localsText(Math.max(...some.map(({ condition }) => condition.locals))));
      some.forEach((one, i) => {
        writeCondition(code, one, 1 << i);
      });
      code.write('return false;');
    });
    names.push(name);
  }
  return names;
}

/** Writes: return true if this condition has a new result. */
function writeCondition(code: Code, { condition, wanted }: Watched, bit: number): void {
  const test = testText(condition.test);
  const decides = wanted ? test : `!${test}`;
  if (!condition.canFault) {
    code.write(`if ((open & ${bit}) !== 0 && ${decides}) return true;`);
    return;
  }
  code.block(`if (((open | faults) & ${bit}) !== 0)`, () => {
    code.write('fault = 0;', `const value = ${decides};`);
    code.write(`if (fault !== 0 ? (faults & ${bit}) !== 0 : value && (open & ${bit}) !== 0) return true;`);
  });
}

/** Writes a function body that returns a function of a state at `s[at]`: is the condition 1, 0, or without a value (-1)? */
export function writeTruth({ test, locals }: ConditionPlan, words: number): Code {
  const code = new Code();
  const body = () => {
    code.write(wordsText(words), 'let fault = 0;', ...localsText(locals));
    code.write(`const value = ${testText(test)};`, 'return fault !== 0 ? -1 : value ? 1 : 0;');
  };
  code.block('return (s, at) =>', body, '};');
  return code;
}
