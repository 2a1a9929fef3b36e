// What prove prints: the sizes that were explored, the invariants, the judges, and what is proved or not.

import {
  invariantTexts,
  type Parameterised,
  type ProofAttempt,
  type Sort,
  type Tie,
  type Unshown,
} from '../../checker/proof/index.js';
import { counted } from '../../counterexamples/text.js';
import { type SmallResult, sizesText } from './small.js';
import type { SolverName } from './solvers.js';

export interface Judgement {
  readonly solver: SolverName;
  readonly version: string;
  readonly questions: number;
  /** Questions with another answer than `unsat`: what they ask. */
  readonly open: readonly string[];
}

const forEvery = (sizes: ReadonlyMap<Sort, number>): string =>
  `for every ${[...sizes].map(([name, least]) => `${name} >= ${least}`).join(', ')}`;

export const headText = ({ name, sizes }: Parameterised, settings: string): string =>
  `${[name, settings].filter((text) => text !== '').join(' ')}: ${forEvery(sizes)}\n`;

/** A line for each size. */
export const smallText = (small: readonly SmallResult[], ties: readonly Tie[]): string =>
  small
    .map(({ sizes, states, isComplete }, i) => {
      const tied = ties[i]!;
      const explored = isComplete ? counted(states, 'state') : `more than ${counted(states, 'state')}`;
      const same = tied.isTooLarge ? 'too many to compare' : 'the same as explored for the proof';
      return `  ${sizesText(sizes)}: ${explored}, nothing violated; ${same}\n`;
    })
    .join('');

export const invariantLines = ({ invariants }: ProofAttempt): readonly string[] => invariantTexts(invariants);

export const judgementText = ({ solver, version, questions, open }: Judgement): string => {
  const how =
    open.length === 0
      ? `all ${counted(questions, 'obligation')} hold`
      : `${open.length} of ${counted(questions, 'obligation')} open`;
  return [`${solver} ${version}: ${how}`, ...open.slice(0, 5).map((asks) => `  open: ${asks}`), ''].join(
    '\n',
  );
};

/** What holds for every number, once all judges agree. */
export function provedText(program: Parameterised): string {
  const reports = [
    ...new Set(program.rules.flatMap(({ reports }) => (reports === undefined ? [] : [reports]))),
  ];
  return [
    `proved ${forEvery(program.sizes)}`,
    ...program.claims.map(({ name }) => `  holds  ${name}`),
    ...reports.map((text) => `  never  ${text}`),
    ...leftOutLines(program),
    '',
  ].join('\n');
}

function leftOutLines({ leftOut }: Parameterised): readonly string[] {
  const covered = 'deadlock, stuck actors, values out of range, and the built-in checks of locks and objects';
  const lines = leftOut.map(({ name, why }) => `  not covered  ${name}: ${why}`);
  return [...lines, `  not covered  ${covered}: check them at small numbers`];
}

const failureText = ({ asks, answer, rule }: Unshown): string => {
  const step = rule === undefined ? '' : ` (step ${rule.label} of ${rule.family.name})`;
  return `  ${answer === 'sat' ? 'does not follow' : 'undecided'}: ${asks}${step}`;
};

/** Why there is no proof, and what a user can do. */
export const unknownText = ({ failed, notKept }: ProofAttempt): string =>
  [
    'unknown: no violation at small numbers, and no proof',
    ...failed.slice(0, 10).map(failureText),
    ...notKept.slice(0, 10).map(({ clause, by }) => {
      const step = by === 'initially' ? 'the initial states' : `the step ${by.label} of ${by.family.name}`;
      return `  not inductive: ${clause.name}; lost by ${step}`;
    }),
    '  A property that says why this cannot happen, added to the model with always(…), may be what is missing.',
    '',
  ].join('\n');
