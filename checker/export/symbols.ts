// The identifiers of a Program for tools that have only numbers and constants: one for each variable, each thread's
// location, each location, each word of an enum and each group of variables from which an index selects. A word keeps
// its own name if it is free, and otherwise gets the name of its type as a prefix.

import { atomsOf } from '../../properties/language/temporal.js';
import { allOf, anyOf, at, typeOfDomain, walk } from '../ir/expression.js';
import { type Cell, type Expr, mayStayAt, type Program, type Type, type VariableId } from '../ir/program.js';
import type { Check } from '../search/report.js';
import { type Dialect, infix } from './infix.js';
import { Identifiers } from './names.js';

export interface EnumSymbols {
  readonly name: string;
  readonly words: readonly string[];
  /**
   * Does some expression have a value that is not a word of its enum? Such a value equals no word, and is never stored.
   */
  readonly isOpen: boolean;
}

export interface Symbols {
  /** For names that the exporter adds. */
  readonly names: Identifiers;
  readonly variables: readonly string[];
  /** By thread: the variable that holds its location. */
  readonly at: readonly string[];
  /** By thread and location. */
  readonly locations: readonly (readonly string[])[];
  readonly enums: readonly EnumSymbols[];
  enumOf(type: readonly string[]): EnumSymbols;
  /** The groups of variables from which some index selects, and their names. */
  readonly groups: readonly VariableGroup[];
  groupOf(cell: Cell): VariableGroup;
}

export interface VariableGroup {
  readonly name: string;
  readonly variables: readonly VariableId[];
}

/** Every expression of a Program and of what is checked. */
export function expressionsOf(program: Program, checks: readonly Check[]): readonly Expr[] {
  return [
    program.initially,
    ...checks.map(({ condition }) => condition),
    ...checks.flatMap(({ liveness }) => [
      ...(liveness === undefined ? [] : atomsOf(liveness.formula)),
      ...(liveness?.assumption === undefined ? [] : atomsOf(liveness.assumption)),
    ]),
    ...program.steps.flatMap(({ guard, assignments }) => [
      guard,
      ...assignments.flatMap(({ target, value }) => [value, ...(target.index ? [target.index] : [])]),
    ]),
  ];
}

export function symbolsOf(program: Program, checks: readonly Check[], reserved: readonly string[]): Symbols {
  const names = new Identifiers(reserved);
  const roots = expressionsOf(program, checks);
  const variables = program.variables.map(({ name }) => names.take(name));
  const at = program.threads.map(({ name }) => names.take(`at_${name}`));
  const enums = enumsOf(program, roots, names);
  const locations = program.threads.map(({ name, locations: all }) =>
    all.map(({ path }) => names.take(`${name}__${path}`)),
  );
  const groups = groupsOf(program, roots, names);
  return {
    names,
    variables,
    at,
    locations,
    enums: [...enums.values()],
    enumOf: (type) => enums.get(typeKey(type))!,
    groups: [...groups.values()],
    groupOf: (cell) => groups.get(cell.variables.join())!,
  };
}

const typeKey = (words: readonly string[]): string => words.join('\n');

function enumsOf(
  program: Program,
  roots: readonly Expr[],
  names: Identifiers,
): ReadonlyMap<string, EnumSymbols> {
  const found = new Map<string, { readonly words: readonly string[]; readonly from: string }>();
  const open = new Set<string>();
  const meet = (type: Type, from: string) => {
    if (typeof type === 'string' || found.has(typeKey(type))) return;
    found.set(typeKey(type), { words: type, from });
  };
  for (const { name, domain } of program.variables) {
    meet(typeOfDomain(domain), domain.kind === 'owner' ? 'owner' : name);
  }
  for (const root of roots) {
    walk(root, (x) => {
      if (x.op !== 'const' || typeof x.type === 'string') return;
      meet(x.type, 'word');
      if (x.type[x.value] === undefined) open.add(typeKey(x.type));
    });
  }
  return new Map(
    [...found].map(([key, { words, from }]) => {
      const name = names.take(`${from}_t`);
      const own = words.map((word) => names.take(word, `${name}_${word}`));
      return [key, { name, words: own, isOpen: open.has(key) }] as const;
    }),
  );
}

function groupsOf(
  program: Program,
  roots: readonly Expr[],
  names: Identifiers,
): ReadonlyMap<string, VariableGroup> {
  const groups = new Map<string, VariableGroup>();
  const meet = ({ variables, index }: Cell) => {
    if (index === undefined || groups.has(variables.join())) return;
    const first = program.variables[variables[0]!]!.name;
    groups.set(variables.join(), { name: names.take(first.replace(/\[\d+\]/g, '')), variables });
  };
  for (const root of roots) {
    walk(root, (x) => {
      if (x.op === 'read') meet(x.cell);
    });
  }
  for (const { assignments } of program.steps) for (const { target } of assignments) meet(target);
  return groups;
}

/** The comment on `finalStates` in every language. */
export const finalText =
  'Where all actors are done or at rest, or one is dead after a bug, a run may end: not a deadlock.';

/** The states in which a run may end: some thread is dead, or all are done or at rest. */
export function finalStates(program: Program): readonly (readonly Expr[])[] {
  const dead = program.threads.flatMap(({ id, dead: place }) =>
    place === undefined ? [] : [[at(id, [place])]],
  );
  return [...dead, program.threads.map((thread) => at(thread.id, mayStayAt(thread)))];
}

/** The same as text: alternatives, each with all its parts in parentheses. */
export const finalTexts = (program: Program, dialect: Dialect): readonly string[] =>
  finalStates(program).map((all) => all.map((x) => infix(x, dialect, true)).join(` ${dialect.symbol.and} `));

/** May a run end here? As a condition. */
export const finalExpr = (program: Program): Expr => anyOf(finalStates(program).map((all) => allOf(all)));
