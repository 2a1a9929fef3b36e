// The search for an invariant, with answers that are made up: what is kept of a clause that a step loses.

import { expect, test } from 'vitest';
import {
  actors,
  array,
  bool,
  config,
  expects,
  Goto,
  int,
  model,
  not,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import { checkNames } from '../ir/built_in_checks.js';
import { lower } from '../lower/lower.js';
import { type Clause, ofPlaces } from './clauses.js';
import { parameterised } from './decode.js';
import { type Ask, BackwardSearch } from './needed.js';
import type { ProofQuestion } from './obligations.js';
import type { Rule } from './program.js';

const c = source('flags.c');
const settings = config({ NR: int(1, 4) });
const { NR } = settings;
const state = shared({ flag: array(NR, bool()), broken: bool() });
const run = procedure('run', { k: int(0, 3) }, ({ k }) => ({
  raise: c`flag[k] = 1`(state.flag.at(k).set(true)),
  work: c`work`(),
  check: c`check`(expects(not(state.broken), 'it is broken')),
  lower: c`flag[k] = 0`(state.flag.at(k).set(false)),
  again: Goto('raise'),
}));
const all = [actors('a', NR, run, (k) => ({ k }))];
const flags = model('flags', { about: 'flags', settings, state, actors: all });
const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');
const program = parameterised(lower(flags, {}, {}, { without, open: new Map([['NR', 1]]) }));

const [family] = program.families;
const at = (label: string): number => family!.locations.findIndex((one) => one.label === `run.${label}`);
const flag = program.funs.find(({ name }) => name.startsWith('flag'))!;
const self = { name: 'self', sort: 'NR' };
const isRaised = { op: 'read', fun: flag, args: [{ op: 'var', ...self }] } as const;
const raisedAt = (...labels: readonly string[]): Clause =>
  ofPlaces({ family: family!, at: labels.map(at), says: 'its flag is raised', body: isRaised }, [self]);

interface Asked {
  readonly question: ProofQuestion;
  readonly rule: Rule | undefined;
}

/** Searches where all that is assumed is needed, and steps keep all but what is said of them. */
async function searched(clause: Clause, isLost: (asked: Asked) => boolean) {
  const asked: Asked[] = [];
  const ask: Ask = async (obligations) =>
    obligations.flatMap(({ questions, rule, assumes }) =>
      questions.map((question) => {
        asked.push({ question, rule });
        const core = new Set(Array.from(assumes.matchAll(/:named (\w+)\)/g), ([, name]) => name!));
        return isLost({ question, rule })
          ? { answer: 'sat' as const, core: new Set<string>() }
          : { answer: 'unsat' as const, core };
      }),
    );
  const { invariant, dropped } = await new BackwardSearch(
    program,
    { clauses: [clause], sums: [] },
    ask,
  ).search([]);
  const names = invariant.clauses.map(({ name }) => name);
  return { names, dropped: [...dropped.keys()].map((one) => (one as Clause).name), asked };
}

const stands = ({ question: { clause } }: Asked, label: string): boolean =>
  clause?.places?.at.includes(at(label)) === true;

test('A clause that a step loses is split into one clause for each place, of which the wrong one is dropped', async () => {
  const { names, dropped } = await searched(
    raisedAt('work', 'check', 'lower'),
    (one) => one.rule?.from === at('lower') && stands(one, 'check'),
  );
  expect(names).toEqual(['a at run.work: its flag is raised', 'a at run.lower: its flag is raised']);
  expect(dropped).toEqual(['a at run.check: its flag is raised']);
});

test('A step that reports something is never asked to keep anything: that it is not taken is asked', async () => {
  const { asked } = await searched(raisedAt('work', 'check', 'lower'), () => false);
  const reporting = program.rules.filter(({ reports }) => reports !== undefined);
  expect(reporting.map(({ label, reports }) => `${label}: ${reports}`)).toEqual(['run.check: it is broken']);
  expect(asked.filter(({ rule }) => rule !== undefined && reporting.includes(rule))).toEqual([]);
  expect(asked.map(({ question }) => question.asks)).toContain('that run.check never reports: it is broken');
});
