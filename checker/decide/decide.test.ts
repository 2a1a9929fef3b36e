// What decides each kind of check, on states that are numbers: the condition is true in state 1, has no value in 2.

import { describe, expect, test } from 'vitest';
import { int, less, truth } from '../ir/expression.js';
import { counters } from '../testing/small_programs.js';
import {
  asks,
  type Criterion,
  conditionChecks,
  deciderOf,
  hasStatedCondition,
  invariantOf,
  isDeadlock,
  needsGraph,
  reportChecks,
  verdictOf,
} from './decide.js';
import { type CheckKind, checkKindNames, checkKinds } from './kinds.js';

const [step, other] = counters(2, 1).steps;
const program = {
  ...counters(2, 1),
  steps: [{ ...step!, reports: { kind: 'bug' as const, message: 'BUG' } }, other!],
};
const condition = less('lt', int(1), int(2));
const checkOf = (kind: CheckKind): Criterion => ({ kind, name: 'BUG', condition });
const checks = checkKindNames.map(checkOf);

/** State 0: an actor can go on. 1: final. 2: no actor can go on. 3: a cycle of locks while another actor can go on. */
const engine = {
  holds: (_: unknown, state: number) => (state === 2 ? 'division by zero' : state === 1),
  isFinal: (state: number) => state === 1,
  hasLockCycle: (state: number) => state === 3,
  canGoOn: (state: number) => state === 0 || state === 3,
};

describe('what decides a check', () => {
  test.each<[CheckKind, readonly number[], readonly string[]]>([
    ['always', [0, 3], []],
    ['never', [1], []],
    ['sometimes', [1], []],
    ['lockdep', [1], []],
    ['assertion', [], ['reports']],
    ['deadlock', [2, 3], []],
    ['domain', [], ['has no value', 'reports, and has no value']],
    ['formula', [2], []],
  ])('%s is found in states %j and at steps that %j', (kind, states, steps) => {
    const decider = deciderOf(checkOf(kind), program, engine)!;
    const moves = {
      reports: { step: 0 },
      'does not': { step: 1 },
      'has no value': { step: 1, fault: 'division by zero' },
      'reports, and has no value': { step: 0, fault: 'division by zero' },
    };
    expect([0, 1, 2, 3].filter(decider.inState)).toEqual(states);
    expect(Object.entries(moves).flatMap(([name, move]) => (decider.atMove(move) ? [name] : []))).toEqual(
      steps,
    );
  });

  test('is more than a state and its steps for what stays possible, stuck actors, and liveness, and for nothing else', () => {
    const beyond = checks.filter((check) => deciderOf(check, program, engine) === undefined);
    expect(beyond.map(({ kind }) => kind)).toEqual(['alwaysPossible', 'liveness', 'stuck']);
    expect(checks.filter(needsGraph)).toEqual(beyond);
  });

  test('is a condition for always, never, lemma, sometimes and lockdep; a property states one for alwaysPossible too', () => {
    expect(conditionChecks(checks).map(({ check: { kind }, where }) => [kind, where])).toEqual([
      ['always', false],
      ['never', true],
      ['lemma', false],
      ['sometimes', true],
      ['lockdep', true],
    ]);
    expect(checks.filter(hasStatedCondition).map(({ kind }) => kind)).toEqual([
      'always',
      'never',
      'lemma',
      'sometimes',
      'alwaysPossible',
    ]);
  });

  test('as an invariant is the condition for always, and its opposite for never and sometimes', () => {
    const given = (kind: CheckKind) => invariantOf({ kind, condition: truth(true) });
    expect(given('always')).toEqual(truth(true));
    expect([given('never'), given('sometimes')]).toEqual([truth(false), truth(false)]);
    const none = (['liveness', 'alwaysPossible', 'deadlock', 'stuck'] as const).map(given);
    expect(none).toEqual(Array(4).fill(undefined));
  });

  test('is looked up by the step for what a step reports', () => {
    expect([...reportChecks(program, checks)]).toEqual([[0, checkOf('assertion')]]);
  });

  test('is no deadlock in a final state, even if actors wait there', () => {
    const final = { isFinal: () => true, hasLockCycle: () => true };
    expect([isDeadlock(final, 0, false), isDeadlock(final, 0, true)]).toEqual([false, false]);
  });
});

describe('a verdict', () => {
  test('depends on whether the finding is wanted, and is unknown until the search is complete', () => {
    const verdicts = (kind: CheckKind) => [
      verdictOf(checkOf(kind), true, false),
      verdictOf(checkOf(kind), false, true),
      verdictOf(checkOf(kind), false, false),
    ];
    for (const kind of checkKindNames) {
      const isExample = kind === 'sometimes';
      const wanted = isExample ? ['reached', 'unreached'] : ['violated', 'holds'];
      expect([kind, ...verdicts(kind)]).toEqual([kind, ...wanted, 'unknown']);
    }
  });
});

test('every Program has one check for deadlocks, one for stuck actors, and one for faults', () => {
  for (const question of ['deadlock', 'stuck', 'fault'] as const)
    expect(
      checks.filter((check) => asks(check, question)).map(({ kind }) => checkKinds[kind].askedBy),
    ).toEqual(['checker']);
});
