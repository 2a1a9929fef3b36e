// What the solvers are asked: a file for the initial states, one for what must follow from the invariants, and one for
// each step. Each question is a negation, so the answer that is wanted is `unsat`.

import type { Clause } from './clauses.js';
import { patternsOf } from './patterns.js';
import {
  type BoundIndex,
  type Family,
  type Parameterised,
  type Rule,
  type Sort,
  type StateTerm,
  self,
} from './program.js';
import { Smtlib } from './smtlib.js';
import { axiomsOf, type SumRule, sumInitially, sumKept, sumText } from './sums.js';
import { and, isTouched, not } from './term.js';

/** What is true in every state: clauses, and how counters are sums. */
export interface ProofInvariant {
  readonly clauses: readonly Clause[];
  readonly sums: readonly SumRule[];
}

export interface ProofQuestion {
  /** Unique in its file. */
  readonly id: string;
  readonly text: string;
  /** The clause that is asked for, if it is one. */
  readonly clause?: Clause;
  /** The rule of a sum that is asked for, if it is one. */
  readonly sum?: SumRule;
  /** What is asked, for people. */
  readonly asks: string;
  /** The step that it is about. */
  readonly rule?: Rule;
  /** Of a step that must not be taken: what is wrong in the state before it. */
  readonly wrong?: StateTerm;
}

/** By the id of a question: its answer. */
export type SolverAnswers = ReadonlyMap<string, 'unsat' | 'sat' | 'unknown'>;

export interface Obligations {
  readonly name: string;
  /** What is declared and assumed in all questions. */
  readonly assumes: string;
  /** Behind it: the step, or the initial states. */
  readonly given: string;
  readonly questions: readonly ProofQuestion[];
  /** The step that it is about. */
  readonly rule?: Rule;
}

/** The initial states, what follows from the invariants, and each step. */
export function obligationsOf(program: Parameterised, invariant: ProofInvariant): readonly Obligations[] {
  const of = new ObligationsFor(program, invariant);
  return [of.first(), of.consequences(), ...stepsOf(program).map((rule) => of.step(rule))];
}

/**
 * The steps that must keep an invariant: all but those that report something. That these are never taken follows from
 * the invariant, which is asked of each of them.
 */
export const stepsOf = ({ rules }: Parameterised): readonly Rule[] =>
  rules.filter(({ reports }) => reports === undefined);

/** Which questions are made. */
type IsWanted = (part: Clause | SumRule) => boolean;
const all: IsWanted = () => true;

/** The obligations of one invariant; all but those of the initial states assume the same. */
export class ObligationsFor {
  readonly #program: Parameterised;
  readonly #invariant: ProofInvariant;
  readonly #smt: Smtlib;
  readonly #assumes: string;

  /** With `instance`, at these sizes alone. */
  constructor(program: Parameterised, invariant: ProofInvariant, instance?: ReadonlyMap<Sort, number>) {
    this.#program = program;
    this.#invariant = invariant;
    this.#smt = new Smtlib(program, instance);
    this.#assumes = assumed(invariant, this.#smt);
  }

  /** What the invariant must imply: the properties, and that no step does what it must not. */
  consequences(): Obligations {
    const questions = follows(this.#program, this.#smt);
    return { name: 'properties', assumes: this.#assumes, given: '', questions };
  }

  /** That these steps are never taken, whatever is known of all states. */
  neverTaken(rules: readonly Rule[]): Obligations {
    const isTrue: StateTerm = { op: 'const', value: 1, type: 'bool' };
    const questions = rules.map((rule, i) =>
      aboutStep(this.#smt, rule, `${i} ${rule.label}`, `that ${rule.label} is never taken`, isTrue),
    );
    return { name: 'idle', assumes: this.#assumes, given: '', questions };
  }

  /** What one step must keep. */
  step(rule: Rule, wanted: IsWanted = all): Obligations {
    const smt = this.#smt;
    const { clauses, sums } = this.#invariant;
    const number = String(this.#program.rules.indexOf(rule)).padStart(3, '0');
    const given = `; ${rule.label}: ${rule.caption}\n${smt.step(rule)}`;
    const questions = [
      ...clauses.flatMap((clause, i) =>
        wanted(clause) && isTouched(clause.body, rule) ? [question(clause, i, smt, 'after')] : [],
      ),
      ...sums.flatMap((sum, i) =>
        wanted(sum) ? sumKept(sum, i, rule, smt).map((one) => ({ ...one, sum })) : [],
      ),
    ];
    return { name: `step_${number}`, assumes: this.#assumes, given, rule, questions };
  }

  /** The initial states have what is assumed of all states. */
  first(wanted: IsWanted = all): Obligations {
    const smt = this.#smt;
    const { clauses, sums } = this.#invariant;
    return {
      name: 'initially',
      assumes: [smt.header(), smt.state()].join('\n'),
      given: [...firstStates(this.#program).map((one) => `(assert ${closed(one, smt)})`), ''].join('\n'),
      questions: [
        ...clauses.flatMap((clause, i) => (wanted(clause) ? [question(clause, i, smt, 'before')] : [])),
        ...sums.flatMap((sum, i) =>
          wanted(sum) ? sumInitially(sum, i, smt).map((one) => ({ ...one, sum })) : [],
        ),
      ],
    };
  }
}

const assumed = ({ clauses, sums }: ProofInvariant, smt: Smtlib): string =>
  [
    smt.header(),
    smt.state(),
    ...clauses.map(
      (clause, i) => `; ${clause.name}\n(assert (! ${closed(clause, smt)} :named ${nameOfClause(i)}))`,
    ),
    ...sums.flatMap((sum, i) => [
      `; ${sumText(sum)}`,
      ...axiomsOf(sum).map((x, j) => `(assert (! ${closed(x, smt)} :named ${nameOfSum(i)}${j}))`),
    ]),
    '',
  ].join('\n');

/** The name of an assumed clause, by its position. */
export const nameOfClause = (at: number): string => `invariant_${at}`;
/** How the names of the theorems of a sum begin, by its position. */
export const nameOfSum = (at: number): string => `sum_${at}_`;

/** A file for a solver; with `after`, commands after each question. */
export const fileOf = (
  { assumes, given, questions }: Obligations,
  options: readonly string[] = [],
  after = '',
): string =>
  [...options, assumes, given, ...questions.map(({ text }, i) => asked(i, text, after)), ''].join('\n');

const asked = (at: number, text: string, after: string): string =>
  `(push 1)\n(echo "question ${at}")\n${text}(check-sat)\n${after}(pop 1)`;

/** A file for a solver with the questions of several obligations that assume the same. */
export function fileOfAll(all: readonly Obligations[], options: readonly string[] = [], after = ''): string {
  let count = 0;
  const texts = all.map(({ given, questions }) => {
    const each = questions.map(({ text }) => asked(count++, text, after));
    return `(push 1)\n${given}\n${each.join('\n')}\n(pop 1)`;
  });
  return [...options, all[0]?.assumes ?? '', ...texts, ''].join('\n');
}

/** A clause for all values of its variables, with hints for which values a solver shall look. */
function closed({ bound, body }: Pick<Clause, 'bound' | 'body'>, smt: Smtlib): string {
  if (bound.length === 0) return smt.term(body);
  const variables = bound.map(({ name, sort }) => `(|${name}| ${smt.sort(sort)})`).join(' ');
  const hints = patternsOf(bound, body).map((terms) => {
    return ` :pattern (${terms.map((x) => smt.pattern(x)).join(' ')})`;
  });
  const text = smt.term(body);
  return `(forall (${variables}) ${hints.length === 0 ? text : `(! ${text}${hints.join('')})`})`;
}

/** The negation of a clause, for constants of its own. Clauses may share a name, so their ids have a number. */
function question(clause: Clause, number: number, smt: Smtlib, when: 'before' | 'after'): ProofQuestion {
  const names = new Map(clause.bound.map(({ name }) => [name, `|some ${name}|`] as const));
  const declared = clause.bound.map(
    ({ name, sort }) => `(declare-const ${names.get(name)!} ${smt.sort(sort)})\n`,
  );
  const text = `${declared.join('')}(assert (not ${smt.term(clause.body, when, names)}))\n`;
  return { id: `${number} ${clause.name}`, text, clause, asks: clause.name };
}

/** What is true of the initial states, and of no others. */
function firstStates({ families, funs }: Parameterised): readonly Clause[] {
  const places = families.map((family): Clause => {
    const bound: readonly BoundIndex[] =
      family.sort === undefined ? [] : [{ name: 'self', sort: family.sort }];
    const [member] = bound.map((one): StateTerm => ({ op: 'var', ...one }));
    const at: StateTerm = { op: 'at', family, ...(member && { member }), locations: [family.start] };
    return { name: '', bound, body: at };
  });
  const values = funs.flatMap((fun): readonly Clause[] => {
    if (fun.first === 'any') return [];
    const bound = fun.args.map((sort, i) => ({ name: `x${i}`, sort }));
    const read: StateTerm = { op: 'read', fun, args: bound.map((one) => ({ op: 'var', ...one })) };
    return [{ name: '', bound, body: { op: 'eq', x: read, y: fun.first } }];
  });
  return [...places, ...values];
}

/** The member of a family that takes a step. */
const memberOf = (family: Family): { readonly family: Family; readonly member?: StateTerm } => {
  const member = self(family);
  return { family, ...(member !== undefined && { member }) };
};

/** That in no state a step can be taken while something is true. */
function aboutStep(smt: Smtlib, rule: Rule, id: string, asks: string, wrong: StateTerm): ProofQuestion {
  const { family, picks, from, guard } = rule;
  const members: readonly BoundIndex[] =
    family.sort === undefined ? [] : [{ name: 'self', sort: family.sort }];
  const declared = [...members, ...picks].map(
    ({ name, sort }) => `(declare-const |${name}| ${smt.sort(sort)})\n`,
  );
  const taken = and({ op: 'at', ...memberOf(family), locations: [from] }, guard, wrong);
  return { id, asks, rule, text: `${declared.join('')}(assert ${smt.term(taken)})\n`, wrong };
}

/** The properties, no report, no number outside its domain, and no lock that is dropped by another. */
function follows(program: Parameterised, smt: Smtlib): readonly ProofQuestion[] {
  const stated = program.claims.map(({ name, condition }): ProofQuestion => {
    return {
      id: `property ${name}`,
      text: `(assert (not ${smt.term(condition)}))\n`,
      asks: `the property ${name}`,
    };
  });
  const steps = program.rules.flatMap((rule, i): readonly ProofQuestion[] => {
    const { family, locks, label, reports } = rule;
    const ask = (id: string, asks: string, wrong: StateTerm): ProofQuestion =>
      aboutStep(smt, rule, `${i} ${id}`, asks, wrong);
    if (reports !== undefined) {
      const id = `report ${label}: ${reports}`.replaceAll('"', "'");
      return [ask(id, `that ${label} never reports: ${reports}`, { op: 'const', value: 1, type: 'bool' })];
    }
    return locks.flatMap(({ way, fun, args }, j): readonly ProofQuestion[] => {
      if (way === 'take') return [];
      const held: StateTerm = { op: 'read', fun, args };
      const own: StateTerm =
        fun.kind === 'share' ? held : { op: 'eq', x: held, y: { op: 'actor', ...memberOf(family) } };
      return [ask(`drop ${j} ${label} ${fun.name}`, `that ${label} drops a lock of its own`, not(own))];
    });
  });
  return [...stated, ...steps];
}
