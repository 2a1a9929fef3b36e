// What prove prints: the sizes that were explored, the invariants, the judges, and what is proved or not.

import {
  type Induction,
  invariantTexts,
  type LemmaOutcome,
  type Parameterised,
  type ProofAttempt,
  type Rule,
  type Sort,
  stateTexts,
  sumText,
  type Tie,
  type Unshown,
} from '../../checker/proof/index.js';
import { counted } from '../../counterexamples/text.js';
import { locate } from '../locate.js';
import { type SmallResult, sizesText } from './small.js';
import type { SolverName } from './solvers.js';

export interface Judgement {
  readonly solver: SolverName;
  readonly version: string;
  readonly questions: number;
  /** Questions with another answer than `unsat`: what they ask. */
  readonly open: readonly string[];
}

/** The sizes for which something is proved. */
export const forEvery = (sizes: ReadonlyMap<Sort, number>): string =>
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

/** The steps that no run takes at small numbers, but for those that report something. */
export const idleRules = ({ rules }: Parameterised, ties: readonly Tie[]): readonly Rule[] =>
  stepsOf(rules).filter((rule) => !ties.some(({ taken }) => taken.has(rule)));
const stepsOf = (rules: readonly Rule[]) => rules.filter(({ reports }) => reports === undefined);

/** Which steps are taken at small numbers: nothing is shown of a step that no run takes. */
export function takenText({ rules }: Parameterised, idle: readonly Rule[]): string {
  if (idle.length === 0) return `  each of ${counted(stepsOf(rules).length, 'step')} is taken there\n`;
  return idle.map((rule) => `  never taken there: ${stepText(rule)}\n`).join('');
}

const stepText = ({ family, label, source }: Rule): string =>
  `${label} of ${family.name}${source.model === undefined ? '' : ` (${locate(source.model)})`}`;

/** Of steps that no run takes at small numbers: which are never taken at all, and of which nothing is shown. */
export function idleText(never: readonly Rule[], others: readonly Rule[]): string {
  return [
    ...never.map((rule) => `  never taken at any number: ${stepText(rule)}\n`),
    ...others.map(
      (rule) => `  not taken at small numbers: ${stepText(rule)}; what is proved of it may be vacuous\n`,
    ),
  ].join('');
}

export const invariantLines = ({ clauses, sums }: ProofAttempt['invariant']): readonly string[] => [
  ...sums.map(sumText),
  ...invariantTexts(clauses),
];

export const judgementText = ({ solver, version, questions, open }: Judgement): string => {
  const how =
    open.length === 0
      ? `all ${counted(questions, 'obligation')} hold`
      : `${open.length} of ${counted(questions, 'obligation')} open`;
  return [`${solver} ${version}: ${how}`, ...open.slice(0, 5).map((asks) => `  open: ${asks}`), ''].join(
    '\n',
  );
};

/** What is violated at a size; a lemma that is false is a mistake in the claim. */
export function refutedText({ sizes, violated, lemmas }: SmallResult): string {
  const names = violated.map((name) => (lemmas.includes(name) ? `lemma ${name}` : name));
  const first = `refuted at ${sizesText(sizes)}: ${names.join(', ')}\n`;
  if (lemmas.length < violated.length) return first;
  return `${first}  no property is violated there: correct what is claimed, or remove it\n`;
}

/** A line for each lemma that the proof, or what was found of it, does not use, with the reason. */
function lemmaLines({ leftOut }: Parameterised, lemmas: readonly LemmaOutcome[]): readonly string[] {
  const unusable = leftOut.filter(({ isLemma }) => isLemma);
  return [
    ...unusable.map((one) => `  lemma ${one.name} is not used: ${reasonText(one)}`),
    ...lemmas.flatMap((one): readonly string[] => {
      if (one.is === 'kept') return [];
      if (one.is === 'not needed') return [`  lemma ${one.name} is not used: nothing that is shown needs it`];
      return [
        `  lemma ${one.name} is dropped: ${one.is === 'lost' ? `it is not inductive; ${lostBy(one.by)}` : one.why}`,
      ];
    }),
  ];
}

const reasonText = ({ why, at }: Parameterised['leftOut'][number]): string =>
  at === undefined ? why : `${why} (${locate(at)})`;

const lostBy = (by: ProofAttempt['notKept'][number]['by']): string =>
  `lost by ${by === 'initially' ? 'the initial states' : `the step ${by.label} of ${by.family.name}`}`;

/** What holds for every number, once all judges agree. */
export function provedText(program: Parameterised, lemmas: readonly LemmaOutcome[]): string {
  const reports = [
    ...new Set(program.rules.flatMap(({ reports }) => (reports === undefined ? [] : [reports]))),
  ];
  return [
    `proved ${forEvery(program.sizes)}`,
    ...program.claims.map(({ name }) => `  holds  ${name}`),
    ...reports.map((text) => `  never  ${text}`),
    ...program.assumed.map((text) => `  assumed  ${text}`),
    ...lemmaLines(program, lemmas),
    ...leftOutLines(program),
    '',
  ].join('\n');
}

function leftOutLines({ leftOut }: Parameterised): readonly string[] {
  const covered = 'deadlock, stuck actors, values out of range, and the built-in checks of locks and objects';
  const lines = leftOut
    .filter(({ isLemma }) => !isLemma)
    .map((one) => `  not covered  ${one.name}: ${reasonText(one)}`);
  return [...lines, `  not covered  ${covered}: check them at small numbers`];
}

const failureText = ({ asks, answer, rule }: Unshown): string => {
  const step = rule === undefined ? '' : ` (step ${rule.label} of ${rule.family.name})`;
  return `  ${answer === 'sat' ? 'does not follow' : 'undecided'}: ${asks}${step}`;
};

/** Why there is no proof, and what a user can do. */
export const unknownText = (
  program: Parameterised,
  { failed, notKept, lemmas }: ProofAttempt,
  broken: Induction | undefined,
): string =>
  [
    'unknown: no violation at small numbers, and no proof',
    ...failed.slice(0, 10).map(failureText),
    ...notKept
      .filter(({ clause }) => !clause.isLemma)
      .slice(0, 10)
      .map(({ clause, by }) => `  not inductive: ${clause.name}; ${lostBy(by)}`),
    ...lemmaLines(program, lemmas),
    ...(broken === undefined ? nothingBroken : inductionLines(broken)),
    '',
  ].join('\n');

const nothingBroken: readonly string[] = [
  '  No step of a small instance shows why. A condition that does, added to the properties with lemma(…), may be what',
  '  is missing.',
];

const adviceOn = (isReached: boolean | undefined): readonly string[] =>
  isReached === true
    ? ['Runs reach the first state, so this is no invariant: it is asked only as a way to prove the rest.']
    : [
        isReached === undefined
          ? 'Whether runs reach the first state at this size is not known.'
          : 'No run reaches the first state at this size.',
        'If none does at any number, say why, with lemma(…) in the properties; if a counter is wrong, say what it is,',
        'with contributes(…). What is claimed there is a candidate for the invariant.',
      ];

/** A counterexample to induction, and what may be added against it. */
function inductionLines({
  instance,
  sizes,
  before,
  rule,
  chosen,
  after,
  breaks,
  isReached,
  excludedBy,
}: Induction): readonly string[] {
  const [first, second] = [before, after ?? before].map((state) => stateTexts(instance, state));
  const { family, label, caption, source } = rule;
  const member = family.sort === undefined ? '' : `[${chosen.get('self')}]`;
  const picks = rule.picks.map(({ name, sort }) => `, with ${chosen.get(name)} of ${sort}`).join('');
  const where = source.model === undefined ? '' : ` (${locate(source.model)})`;
  const news = second!.filter((text) => !first!.includes(text));
  const names = excludedBy.slice(0, 3).map(({ name }) => `    ${name}`);
  return [
    `A state that nothing known of all numbers excludes, at ${sizesText(sizes)}:`,
    ...first!.map((text) => `    ${text}`),
    `and a step from it: ${family.name}${member} ${label}: ${caption}${picks}${where}`,
    ...(after === undefined ? [] : ['    then:', ...news.map((text) => `    ${text}`)]),
    `which breaks: ${breaks}`,
    ...adviceOn(isReached),
    ...(names.length === 0
      ? []
      : ['True in all states that were explored, not in this one, and not inductive by itself:', ...names]),
  ];
}
