// Does a reduced search judge a Program as the full search does? Reports are compared with their paths and messages; only
// the numbers of states differ.

import { expect } from 'vitest';
import { type ExploreOptions, explore } from '../explore.js';
import { printProgram } from '../ir/print.js';
import type { Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { EngineError } from '../search/engine_error.js';
import type { Explored, ReductionChoice } from '../search/evidence.js';
import type { Report } from '../search/report.js';
import { randomLocals } from './random_locals.js';
import { randomProgram } from './random_program.js';

/** Both searches: their states, and the report of the full one. */
export interface Alike {
  readonly whole: number;
  readonly reduced: number;
  readonly report: Report<Explored>;
}

/** The results, or with symmetry what it leaves of them: another shortest trace may be found, in which copies are exchanged. */
const results = ({ properties }: Report, isSymmetric: boolean): readonly object[] =>
  isSymmetric
    ? properties.map(({ check, verdict, reason, finding }) => {
        return { name: check.name, verdict, reason, steps: finding?.path.steps.length };
      })
    : properties;

/** Explores with a reduction and without, and expects the same; undefined if the engine refuses the Program. */
export async function judgedAlike(
  program: Program,
  properties: readonly Property[],
  reduce: ReductionChoice,
  options: ExploreOptions = {},
): Promise<Alike | undefined> {
  const without: ExploreOptions = { without: ['stuck'], ...options };
  try {
    const whole = await explore(program, properties, without);
    const reduced = await explore(program, properties, { ...without, reduce });
    const isSymmetric = reduced.evidence.reductions.includes('symmetry');
    const [own, wanted] = [reduced, whole].map((report) => results(report, isSymmetric));
    if (JSON.stringify(own) !== JSON.stringify(wanted)) expect(own, printProgram(program)).toEqual(wanted);
    expect(reduced.verdict).toBe(whole.verdict);
    if (reduce !== 'auto') expect(reduced.evidence.reductions).toEqual([reduce]);
    expect(reduced.evidence.exhaustive).toBe(true);
    return { whole: whole.evidence.states, reduced: reduced.evidence.states, report: whole };
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** Of many random Programs: their states in both searches, how many the reduction made smaller, and what was found. */
export interface RandomlyAlike {
  readonly whole: number;
  readonly reduced: number;
  readonly smaller: number;
  /** `always violated`, sorted. */
  readonly kinds: readonly string[];
}

/** Judges two random Programs for each seed, from 1. */
export async function randomlyJudgedAlike(count: number, reduce: ReductionChoice): Promise<RandomlyAlike> {
  const kinds = new Set<string>();
  let [whole, reduced, smaller] = [0, 0, 0];
  for (let seed = 1; seed <= count; seed++) {
    for (const { program, properties } of [randomProgram(seed), randomLocals(seed)]) {
      const result = await judgedAlike(program, properties, reduce);
      if (result === undefined) continue;
      whole += result.whole;
      reduced += result.reduced;
      if (result.reduced < result.whole) smaller++;
      for (const { check, verdict } of result.report.properties) kinds.add(`${check.kind} ${verdict}`);
    }
  }
  return { whole, reduced, smaller, kinds: [...kinds].sort() };
}

/** What random Programs show of a reduction: bugs, deadlocks, faults and properties, found or not. */
export const randomKinds = [
  'always holds',
  'always unknown',
  'always violated',
  'assertion holds',
  'assertion violated',
  'deadlock holds',
  'deadlock violated',
  'domain holds',
  'domain violated',
  'formula violated',
  'lockdep holds',
  'lockdep violated',
  'never holds',
  'never unknown',
  'never violated',
  'sometimes reached',
  'sometimes unknown',
  'sometimes unreached',
] as const;
