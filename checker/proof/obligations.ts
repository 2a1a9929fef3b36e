// What the solvers are asked: a file for the initial states, one for what must follow from the invariants, and one for
// each step. Each question is a negation, so the answer that is wanted is `unsat`.

import type { Clause } from './clauses.js';
import type { BoundIndex, Parameterised, Rule, Sort, StateTerm } from './program.js';
import { Smtlib } from './smtlib.js';
import { and, not, walk } from './term.js';

export interface ProofQuestion {
  /** Unique in its file. */
  readonly id: string;
  readonly text: string;
  /** The clause that is asked for, if it is one. */
  readonly clause?: Clause;
  /** What is asked, for people. */
  readonly asks: string;
  /** The step that it is about. */
  readonly rule?: Rule;
  /** Of a step that must not be taken: what is wrong in the state before it. */
  readonly wrong?: StateTerm;
}

export interface Obligations {
  readonly name: string;
  /** What is declared and assumed in all questions. */
  readonly assumes: string;
  readonly questions: readonly ProofQuestion[];
  /** The step that it is about. */
  readonly rule?: Rule;
}

/** The initial states, what follows from the invariants, and each step. */
export const obligationsOf = (program: Parameterised, clauses: readonly Clause[]): readonly Obligations[] => [
  firstStates(program, clauses),
  consequences(program, clauses),
  ...program.rules.map((rule) => stepOf(program, clauses, rule)),
];

/** What the clauses must imply: the properties, and that no step does what it must not. */
export function consequences(
  program: Parameterised,
  clauses: readonly Clause[],
  instance?: ReadonlyMap<Sort, number>,
): Obligations {
  const smt = new Smtlib(program, instance);
  return {
    name: 'properties',
    assumes: assumed(clauses, smt),
    questions: follows(program, smt),
  };
}

/** What one step must keep; with `instance`, at these sizes alone. */
export function stepOf(
  program: Parameterised,
  clauses: readonly Clause[],
  rule: Rule,
  instance?: ReadonlyMap<Sort, number>,
): Obligations {
  const smt = new Smtlib(program, instance);
  const number = String(program.rules.indexOf(rule)).padStart(3, '0');
  const assumes = `${assumed(clauses, smt)}; ${rule.label}: ${rule.caption}\n${smt.step(rule)}`;
  const kept = clauses.filter((clause) => isTouched(clause.body, rule));
  const questions = kept.map((clause, i) => question(clause, i, smt, 'after'));
  return { name: `step_${number}`, assumes, rule, questions };
}

const assumed = (clauses: readonly Clause[], smt: Smtlib): string =>
  [
    smt.header(),
    smt.state(),
    ...clauses.map(
      (clause, i) => `; ${clause.name}\n(assert (! ${closed(clause, smt)} :named ${nameOfClause(i)}))`,
    ),
    '',
  ].join('\n');

/** The name of an assumed clause, by its position. */
export const nameOfClause = (at: number): string => `invariant_${at}`;

/** A file for a solver; with `after`, commands after each question. */
export const fileOf = (
  { assumes, questions }: Obligations,
  options: readonly string[] = [],
  after = '',
): string =>
  [
    ...options,
    assumes,
    ...questions.map(
      ({ text }, i) => `(push 1)\n(echo "question ${i}")\n${text}(check-sat)\n${after}(pop 1)`,
    ),
    '',
  ].join('\n');

/** Does a step change anything that the condition reads? */
function isTouched(x: StateTerm, rule: Rule): boolean {
  const written = new Set(rule.updates.map(({ fun }) => fun));
  let touched = false;
  walk(x, (one) => {
    if (one.op === 'read' && written.has(one.fun)) touched = true;
    if (one.op === 'at' && one.family === rule.family && rule.from !== rule.to) touched = true;
  });
  return touched;
}

const closed = ({ bound, body }: Clause, smt: Smtlib): string =>
  bound.length === 0
    ? smt.term(body)
    : `(forall (${bound.map(({ name, sort }) => `(|${name}| ${smt.sort(sort)})`).join(' ')}) ${smt.term(body)})`;

/** The negation of a clause, for constants of its own. Clauses may share a name, so their ids have a number. */
function question(clause: Clause, number: number, smt: Smtlib, when: 'before' | 'after'): ProofQuestion {
  const names = new Map(clause.bound.map(({ name }) => [name, `|some ${name}|`] as const));
  const declared = clause.bound.map(
    ({ name, sort }) => `(declare-const ${names.get(name)!} ${smt.sort(sort)})\n`,
  );
  const text = `${declared.join('')}(assert (not ${smt.term(clause.body, when, names)}))\n`;
  return { id: `${number} ${clause.name}`, text, clause, asks: clause.name };
}

/** The initial states have what is assumed of all states. */
export function firstStates(program: Parameterised, clauses: readonly Clause[]): Obligations {
  const smt = new Smtlib(program);
  const places = program.families.map((family) => {
    const bound: readonly BoundIndex[] =
      family.sort === undefined ? [] : [{ name: 'self', sort: family.sort }];
    const member: StateTerm[] = bound.map((one) => ({ op: 'var', ...one }));
    const body: StateTerm = {
      op: 'at',
      family,
      ...(member.length > 0 && { member: member[0]! }),
      locations: [family.start],
    };
    return { name: '', bound, body };
  });
  const values = program.funs.flatMap((fun): readonly Clause[] => {
    if (fun.first === 'any') return [];
    const bound = fun.args.map((sort, i) => ({ name: `x${i}`, sort }));
    const read: StateTerm = { op: 'read', fun, args: bound.map((one) => ({ op: 'var', ...one })) };
    return [{ name: '', bound, body: { op: 'eq', x: read, y: fun.first } }];
  });
  const first = [...places, ...values].map((clause) => `(assert ${closed(clause, smt)})`);
  return {
    name: 'initially',
    assumes: [smt.header(), smt.state(), ...first, ''].join('\n'),
    questions: clauses.map((clause, i) => question(clause, i, smt, 'before')),
  };
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
    const { family, picks, from, guard, locks, label, reports } = rule;
    const members = family.sort === undefined ? [] : [{ name: 'self', sort: family.sort }];
    const declared = [...members, ...picks]
      .map(({ name, sort }) => `(declare-const |${name}| ${smt.sort(sort)})\n`)
      .join('');
    const member: { member?: StateTerm } =
      members.length === 0 ? {} : { member: { op: 'var', ...members[0]! } };
    const taken = and({ op: 'at', family, ...member, locations: [from] }, guard);
    const ask = (id: string, asks: string, wrong: StateTerm): ProofQuestion => {
      const text = `${declared}(assert ${smt.term(and(taken, wrong))})\n`;
      return { id: `${i} ${id}`, asks, rule, text, wrong };
    };
    if (reports !== undefined) {
      const id = `report ${label}: ${reports}`.replaceAll('"', "'");
      return [ask(id, `that ${label} never reports: ${reports}`, { op: 'const', value: 1, type: 'bool' })];
    }
    return locks.flatMap(({ way, fun, args }): readonly ProofQuestion[] => {
      if (way === 'take') return [];
      const held: StateTerm = { op: 'read', fun, args };
      const own: StateTerm =
        fun.kind === 'share' ? held : { op: 'eq', x: held, y: { op: 'actor', family, ...member } };
      return [ask(`drop ${label} ${fun.name}`, `that ${label} drops a lock of its own`, not(own))];
    });
  });
  return [...stated, ...steps];
}
