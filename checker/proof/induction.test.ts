// Counterexamples to induction: what a solver claims of a state is evaluated before it is shown.

import { describe, expect, test } from 'vitest';
import {
  actors,
  array,
  bool,
  config,
  For,
  Goto,
  int,
  model,
  not,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { checkNames } from '../ir/built_in_checks.js';
import { lower } from '../lower/lower.js';
import { parameterised } from './decode.js';
import type { InstanceState } from './evaluation.js';
import { inductionBreaks } from './induction.js';
import { type ProofAttempt, type Solver, suggested } from './prove.js';
import { stateTexts } from './state_text.js';

const c = source('flags.c');
const settings = config({ NR: int(1, 4) });
const { NR } = settings;
const state = shared({ flag: array(NR, bool()) });
const { flag } = state;
/** Each raises its flag, and looks at those of all others one by one. */
const run = procedure('run', { k: int(0, 3) }, ({ k }) => ({
  raise: c`flag[k] = 1`(flag.at(k).set(true)),
  look: For(NR, (j) => ({ wait: c`while (flag[j]);`(when(j.eq(k).or(not(flag.at(j))))) })),
  lower: c`flag[k] = 0`(flag.at(k).set(false)),
  again: Goto('raise'),
}));
const a = actors('a', NR, run, (k) => ({ k }));
const flags = model('flags', { about: 'flags', settings, state, actors: [a] });
const stated = { mutual_exclusion: never(a.count((x) => x.at('run.lower')).ge(2), 'two are inside') };
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');

const program = parameterised(lower(flags, {}, stated, { without, open: new Map([['NR', 1]]) }));
const claim = suggested(program, []).asked.find(({ name }) => name === 'mutual_exclusion')!;
const [by] = program.rules.filter(({ family, to }) => family.locations[to]!.label === 'run.lower');
const attempt: ProofAttempt = {
  ...{ obligations: [], invariant: { clauses: [], sums: [] }, candidates: 1, dropped: [], lemmas: [] },
  failed: [{ asks: 'the property mutual_exclusion', answer: 'sat' }],
  notKept: [{ clause: claim, by: by! }],
};
const sizes = [new Map([['NR', 2]])];

/** Says of each question that there is a state, and gives these numbers. */
const solverThatSays = (values: readonly number[]): Solver => ({
  ask: async ({ questions }) => new Map(questions.map(({ id }) => [id, 'sat' as const])),
  cores: async () => [],
  values: async () => values,
});

const places = (label: string): number =>
  program.families[0]!.locations.findIndex((one) => one.label === `run.${label}`);

/** Two members' places, two flags, the indices of their loops, what is to do by index and member; self. */
const lastLook: readonly number[] = [
  ...[places('lower'), places('wait')],
  ...[1, 1],
  ...[0, 1],
  ...[0, 0, 0, 0],
];

describe('A state that a solver finds', () => {
  test('is shown with the step from it and what that breaks', async () => {
    const found = await inductionBreaks(program, attempt, sizes, solverThatSays([...lastLook, 1]));
    expect(found?.breaks).toBe('mutual_exclusion');
    const texts = (of: InstanceState) => stateTexts(found!.instance, of);
    expect(texts(found!.before)).toEqual([
      'a[0] is at run.lower',
      'a[1] is at run.wait[*]',
      'flag[0] = true',
      'flag[1] = true',
      'a[1] in its loop over NR: at 1, nothing left to do',
    ]);
    expect(texts(found!.after!)[1]).toBe('a[1] is at run.lower');
    expect(found!.isReached).toBe(false);
  });

  test.each([
    ['waits', 1, [...lastLook.slice(0, 5), 0, ...lastLook.slice(6)]],
    ['stands elsewhere', 0, lastLook],
    ['breaks nothing', 1, [places('raise'), ...lastLook.slice(1)]],
    ['is not alone before', 1, [places('lower'), places('lower'), ...lastLook.slice(2)]],
  ])('is not shown if its member %s', async (_, self, values) => {
    expect(await inductionBreaks(program, attempt, sizes, solverThatSays([...values, self]))).toBeUndefined();
  });
});
