// The litmus test of a race: the steps of its essence and what stands between them, for herd7, klitmus7 and ourselves.

import type { Check, Program, Step, VariableId } from '../../checker/index.js';
import { type EssentialLock, locksThatOrder } from '../essence/locks_that_order.js';
import type { Orderings } from '../essence/orderings.js';
import { type AskedOrdering, askedOf } from './asked.js';
import { AmbiguousError, type ExistsTerm, requireTerms, termsOf } from './condition.js';
import { fencesPassed } from './fences.js';
import { type Included, includedIn } from './included.js';
import { Numbering } from './numbering.js';
import type { LocationKey, PlacedStatement, TestThread } from './statements.js';
import { threadCode } from './thread_code.js';

/** A race to write as a litmus test. */
export interface RaceSource {
  readonly program: Program;
  readonly check: Check;
  /** Its essence. */
  readonly found: Orderings;
  /** The Program of the same model and settings with a step for each barrier. */
  readonly fenced: Program;
}

export interface RaceTest {
  readonly program: Program;
  /** Of the run. */
  readonly steps: readonly Step[];
  readonly included: Included;
  readonly numbering: Numbering;
  readonly asked: readonly AskedOrdering[];
  readonly threads: readonly TestThread[];
  readonly locations: readonly LocationKey[];
  readonly terms: readonly ExistsTerm[];
  /** Locks that would have ordered the steps, had the others held them, too. */
  readonly advice: readonly EssentialLock[];
}

/** Throws a LitmusError, with the line of the model, for a race that no litmus test says. */
export function raceTest(race: RaceSource): RaceTest {
  const numbered = new Set<VariableId>();
  for (;;) {
    try {
      return testWith(race, numbered);
    } catch (error) {
      if (!(error instanceof AmbiguousError) || numbered.has(error.variable)) throw error;
      numbered.add(error.variable);
    }
  }
}

/** `numbered`: variables whose stores have a number each. */
function testWith(
  { program, check, found, fenced }: RaceSource,
  numbered: ReadonlySet<VariableId>,
): RaceTest {
  const asked = askedOf(program, check, found);
  const included = includedIn(program, found, asked);
  const fences = fencesPassed(
    fenced,
    found.taken.slice(0, found.run.taken).map(({ step }) => step),
  );
  const numbering = new Numbering(program, found, included, numbered);
  const source = { program, found, asked, included, fences, numbering };
  const actors = included.threads.map((thread) => threadCode(source, thread));
  const threads = [...actors, ...asked.flatMap((one) => observerOf(one))];
  const terms = termsOf({ program, found, included, numbering, threads }, asked);
  requireTerms(terms);
  const used = threads.flatMap(({ statements }) =>
    statements.flatMap(({ statement }) => ('of' in statement ? [statement.of] : [])),
  );
  const locks = new Set(used.filter((key) => key.startsWith('lock ')));
  const advice = locksThatOrder(program, found).filter(({ lock }) => locks.has(`lock ${lock}`));
  const steps = found.taken.map(({ step }) => step);
  return {
    program,
    steps,
    included,
    numbering,
    asked,
    threads,
    locations: [...new Set(used)],
    terms,
    advice,
  };
}

/** A thread that looks at what the property reads: at the earlier change first. */
function observerOf(asked: AskedOrdering): readonly TestThread[] {
  if (asked.kind !== 'observed') return [];
  const [first, then] = [asked.change, asked.later].map(
    ({ variable, index }): LocationKey => (variable === undefined ? `mark ${index}` : `variable ${variable}`),
  );
  const placed = (statement: PlacedStatement['statement']): PlacedStatement => ({
    statement,
    index: -1,
    under: [],
  });
  return [
    {
      name: 'the property',
      statements: [
        placed({ kind: 'read', of: first!, to: 0, order: 'once' }),
        placed({ kind: 'call', name: 'smp_rmb' }),
        placed({ kind: 'read', of: then!, to: 1, order: 'once' }),
      ],
      registers: [
        { index: asked.first, of: first!, value: 0 },
        { index: asked.then, of: then!, value: 0 },
      ],
    },
  ];
}

/** The test with a lock of its advice, which those that do not hold it take around all that they do. */
export function withLock(test: RaceTest, { lock, notBy }: EssentialLock): RaceTest {
  const placed = (kind: 'lock' | 'unlock'): PlacedStatement => ({
    statement: { kind, of: `lock ${lock}` },
    index: -1,
    under: [],
  });
  const threads = test.threads.map((thread) =>
    notBy.includes(thread.name)
      ? { ...thread, statements: [placed('lock'), ...thread.statements, placed('unlock')] }
      : thread,
  );
  return { ...test, threads };
}
