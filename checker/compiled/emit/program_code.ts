// All code that depends on the Program, written and compiled once for a search: `sweep` checks and expands states in
// their order until the batch is full. Whatever is rare is told to a listener, which may take its time.

import { type Expr, mayStayAt, type Program } from '../../ir/program.js';
import { encode, type Field, type Layout } from '../layout.js';
import { Code } from './code.js';
import {
  canFault,
  ExpressionWriter,
  flagFault,
  foldFixed,
  isText,
  requireExact,
  throwFault,
} from './expressions.js';
import { domainFault, type Mark, wordsText, writeExplanation, writeThread } from './steps.js';

/** What the code of a Program reads and writes beside the states. */
export interface Surroundings extends Listener {
  /** Records of words + 1 numbers: a successor and its mark. */
  readonly batch: Int32Array;
  /** Each step: 1 if it is news that it reports. */
  readonly openSteps: Uint8Array;
  /** For each 31 conditions a pair of bit sets: whose truth is news, whose lack of a value is news. */
  readonly openConditions: Int32Array;
}

/** Who is told what is rare. */
export interface Listener {
  /** A condition says something new about this state. */
  onCondition(number: number, s: Int32Array, at: number): void;
  onFault(number: number, step: number): void;
  onReport(number: number, step: number): void;
  /** Nothing was appended to the batch for this state. */
  onStuck(number: number, s: Int32Array, at: number): void;
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
  /** Runs the code of all locations on `samples`, so that it is optimised with all it will meet. */
  warmUp(samples: Samples): void;
  /** How many numbers of the batch the last sweep filled. */
  filled(): number;
}

/** A condition that is news if it is `wanted`. */
export interface Watched {
  readonly condition: Expr;
  readonly wanted: boolean;
}

const conditionsPerSet = 31;

/** How many numbers `openConditions` has. */
export const conditionSets = (count: number): number => 2 * Math.ceil(count / conditionsPerSet);
/** Which pair of `openConditions` a condition is in, and its bit. */
export const conditionBit = (i: number) => {
  return { at: 2 * Math.floor(i / conditionsPerSet), bit: 1 << (i % conditionsPerSet) };
};

/** The most successors that one state can have. */
export function branchingMax(program: Program): number {
  const most = new Map<number, Map<number, number>>();
  for (const { thread, from } of program.steps) {
    const at = most.get(thread) ?? new Map<number, number>();
    most.set(thread, at.set(from, (at.get(from) ?? 0) + 1));
  }
  return [...most.values()].reduce((sum, at) => sum + Math.max(...at.values()), 0);
}

/** Compiles the code of a Program. */
export function programCode(
  program: Program,
  layout: Layout,
  watched: readonly Watched[],
  around: Surroundings,
  mark: Mark = 'parent',
): ProgramCode {
  const code = writeProgram(program, layout, watched, around.batch.length, mark);
  return code.compile<Surroundings, ProgramCode>('around')(around);
}

/** Writes a function body that takes the surroundings as `around`; it needs nothing else. */
export function writeProgram(
  program: Program,
  layout: Layout,
  watched: readonly Watched[],
  batchLength: number,
  mark: Mark = 'parent',
): Code {
  const code = new Code();
  const folded = foldFixed(program, layout);
  const stride = layout.words + 1;
  const room = batchLength - stride * Math.max(1, branchingMax(program));
  code.write('const { batch, openSteps, openConditions, onCondition, onFault, onReport, onStuck } = around;');
  code.write('let filled = 0;');
  const threads = program.threads.map((thread) => writeThread(code, thread, folded, layout, mark));
  const inspects = writeConditions(code, program, layout, watched);
  const inspect = inspects.map((name) => `${name}(s, at)`).join(' || ');
  code.block('function sweep(s, at, number, end, n = 0)', () => {
    code.block(`for (; number < end && n <= ${room}; number++, at += ${stride})`, () => {
      if (inspect !== '') code.write(`if (${inspect}) onCondition(number, s, at);`);
      code.write('const before = n;');
      for (const expand of threads) code.write(`n = ${expand}(s, at, number, n);`);
      code.write('if (n === before) onStuck(number, s, at);');
    });
    code.write('filled = n;', 'return number;');
  });
  code.block('function inspect(s, at, number, end)', () => {
    if (inspect === '') return;
    code.block(`for (; number < end; number++, at += ${stride})`, () => {
      code.write(`if (${inspect}) onCondition(number, s, at);`);
    });
  });
  writeFinal(code, program, layout);
  code.block('function warmUp(samples)', () => {
    // In a thread that has run none of it yet, the first pass only makes the compiler take notes.
    code.block('for (let pass = 0; pass < 2; pass++)', () => {
      for (const [thread, expand] of threads.entries()) {
        code.block(`for (let at = 0; at < samples[${thread}].length; at += ${layout.words})`, () => {
          code.write(`${expand}(samples[${thread}], at, ${nowhere}, 0);`);
          for (const name of inspects) code.write(`${name}(samples[${thread}], at);`);
        });
      }
    });
  });
  code.write('return { sweep, inspect, isFinal, warmUp, filled: () => filled };');
  return code;
}

/** The number of no state: what is said of it is not news. */
export const nowhere = -1;
const warmUpRounds = 24;

/** Made-up states, packed one after the other, for each thread. */
export type Samples = readonly Int32Array[];

/**
 * The optimising compiler bets that a path which was never taken never will be, and loses its work when a search
 * comes to a new location. So every location is visited before, in states that need not be reachable.
 */
export function warmUpSamples(program: Program, layout: Layout): Samples {
  const draw = drawing();
  const any = ({ min, max }: Field) => min + draw(max - min + 1);
  return program.threads.map(({ id }) => {
    const steps = program.steps.filter(({ thread }) => thread === id);
    const places = [...new Set(steps.map(({ from }) => from))];
    const samples = new Int32Array(warmUpRounds * places.length * layout.words);
    for (const [i, place] of places.entries()) {
      for (let round = 0; round < warmUpRounds; round++) {
        const at = layout.threads.map((field, thread) => (thread === id ? place : any(field)));
        const sample = (i * warmUpRounds + round) * layout.words;
        encode({ at, value: layout.variables.map(any) }, layout, samples, sample);
      }
    }
    return samples;
  });
}

/** The same made-up numbers every time; nothing depends on them but the speed. */
function drawing(): (bound: number) => number {
  let seed = 1;
  return (bound) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * bound);
  };
}

/** One function for every 31 conditions: does any of them say something new? */
function writeConditions(
  code: Code,
  program: Program,
  layout: Layout,
  watched: readonly Watched[],
): readonly string[] {
  const names: string[] = [];
  for (let first = 0; first < watched.length; first += conditionsPerSet) {
    const name = `inspect${names.length}`;
    const set = 2 * names.length;
    const writer = new ExpressionWriter(program, layout, flagFault);
    const body = new Code();
    for (const [i, one] of watched.slice(first, first + conditionsPerSet).entries()) {
      writeCondition(body, one, 1 << i, writer);
    }
    code.block(`function ${name}(s, at)`, () => {
      code.write(`const open = openConditions[${set}], faults = openConditions[${set + 1}];`);
      code.write(wordsText(layout), 'let fault = 0;', ...writer.declarations);
      code.write(...body.text.split('\n'), 'return false;');
    });
    names.push(name);
  }
  return names;
}

/** Writes: return true if this condition says something new. */
function writeCondition(
  code: Code,
  { condition, wanted }: Watched,
  bit: number,
  writer: ExpressionWriter,
): void {
  requireExact(condition, writer.layout, 'a property');
  const test = writer.truth(condition);
  const said = wanted ? test : `!${test}`;
  if (!canFault(condition, writer.layout)) {
    code.write(`if ((open & ${bit}) !== 0 && ${said}) return true;`);
    return;
  }
  const value = writer.temporary();
  code.block(`if (((open | faults) & ${bit}) !== 0)`, () => {
    code.write('fault = 0;', `${value} = ${said};`);
    code.write(`if (fault !== 0 ? (faults & ${bit}) !== 0 : ${value} && (open & ${bit}) !== 0) return true;`);
  });
}

function writeFinal(code: Code, program: Program, layout: Layout): void {
  const stands = (id: number, at: number) => isText(layout.threads[id]!, at);
  const dead = program.threads.flatMap(({ id, dead: at }) => (at === undefined ? [] : [stands(id, at)]));
  const quiet = program.threads.map((thread) => {
    const places = mayStayAt(thread).map((at) => stands(thread.id, at));
    return places.length === 1 ? places[0]! : `(${places.join(' || ')})`;
  });
  const all = quiet.length === 0 ? 'true' : `(${quiet.join(' && ')})`;
  code.block('function isFinal(s, at)', () => {
    code.write(wordsText(layout), `return ${[...dead, all].join(' || ')};`);
  });
}

/** A function on the state at `s[at]`. */
type OnState<T> = (s: Int32Array, at: number) => T;

/** A step or a condition without a value, in the words of the reference engine. */
class Fault extends Error {}

interface Failing {
  fail(message: string): never;
  inDomain(id: number, value: number): void;
}

const failing = (program: Program, layout: Layout): Failing => {
  const fail = (message: string): never => {
    throw new Fault(message);
  };
  return {
    fail,
    inDomain(id, value) {
      const { min, max } = layout.variables[id]!;
      if (value < min || value > max) fail(domainFault(program, id, value));
    },
  };
};

/** Why a step that leads nowhere in a state does so. Compiled when it is first needed. */
export function explainStep(program: Program, layout: Layout, step: number): OnState<string> {
  const code = new Code();
  code.write('const { fail, inDomain } = failing;');
  const write = () => writeExplanation(code, program.steps[step]!, program, layout);
  code.block('return (s, at) =>', write, '};');
  const run = code.compile<Failing, OnState<void>>('failing')(failing(program, layout));
  return (s, at) => {
    const said = attempt(() => run(s, at));
    if (typeof said === 'string') return said;
    throw new Error(`step ${step} was said to fail, and does not`);
  };
}

/** Is a condition true in a state? A text says why it has no value. Compiled when it is first needed. */
export function explainCondition(
  program: Program,
  layout: Layout,
  condition: Expr,
): OnState<boolean | string> {
  const code = new Code();
  const writer = new ExpressionWriter(program, layout, throwFault);
  const test = writer.truth(condition);
  code.write('const { fail } = failing;');
  const write = () => code.write(wordsText(layout), ...writer.declarations, `return ${test};`);
  code.block('return (s, at) =>', write, '};');
  const run = code.compile<Failing, OnState<boolean>>('failing')(failing(program, layout));
  return (s, at) => attempt(() => run(s, at));
}

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (fault) {
    if (fault instanceof Fault) return fault.message;
    throw fault;
  }
}
