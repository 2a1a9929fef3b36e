// Which values a function of the state ever has, where each step that writes it writes a constant: so a variable that
// no step writes is constant, and of an enumeration only some words occur. Candidates for invariants leave out what is
// known this way; the solvers are asked of it as of anything else.

import { type Clause, variable } from './clauses.js';
import type { Fun, Parameterised, StateTerm } from './program.js';
import { equal, keyOf, or, substitute } from './term.js';

type Constant = Extract<StateTerm, { op: 'const' }>;

/** By function: its values, of those whose values are constants. */
export type FewValues = ReadonlyMap<Fun, readonly StateTerm[]>;

export function fewValues({ funs, rules }: Parameterised): FewValues {
  const written = new Map<Fun, StateTerm[]>();
  for (const { updates } of rules) {
    for (const { fun, value } of updates) {
      const known = written.get(fun) ?? [];
      known.push(value);
      written.set(fun, known);
    }
  }
  const isFixed = (x: StateTerm | 'any'): x is StateTerm =>
    x !== 'any' && (x.op === 'const' || x.op === 'nobody');
  return new Map(
    funs.flatMap((fun) => {
      const values = [fun.first, ...(written.get(fun) ?? [])];
      if (!values.every(isFixed)) return [];
      return [[fun, [...new Map(values.map((x) => [keyOf(x), x])).values()]] as const];
    }),
  );
}

/** What is known of a function that has fewer values than its domain: for every element. */
export const valueClauses = (program: Parameterised): readonly Clause[] =>
  [...fewValues(program)].flatMap(([fun, values]): readonly Clause[] => {
    const { range } = fun;
    const size =
      range.kind === 'enum' ? range.values.length : range.kind === 'bool' ? 2 : Number.POSITIVE_INFINITY;
    if (values.length >= size || (range.kind === 'int' && values.length > 2)) return [];
    const bound = fun.args.map((sort, i) => ({ name: `x${i}`, sort }));
    const read: StateTerm = { op: 'read', fun, args: bound.map(variable) };
    return [{ name: `values of ${fun.name}`, bound, body: or(...values.map((one) => equal(read, one))) }];
  });

/** A term, where functions with few values have no others; of two values, one is the negation of the other. */
export function withFewValues(x: StateTerm, few: FewValues): StateTerm {
  const simple = (y: StateTerm): StateTerm | undefined => {
    if (y.op === 'read') {
      const values = few.get(y.fun);
      const [only, ...others] = values ?? [];
      return only !== undefined && others.length === 0 ? only : undefined;
    }
    if (y.op !== 'eq' || y.x.op !== 'read' || y.y.op !== 'const') return undefined;
    const values = few.get(y.x.fun);
    if (values === undefined) return undefined;
    const at = values.findIndex((one) => (one as Constant).value === (y.y as Constant).value);
    if (at < 0) return { op: 'const', value: 0, type: 'bool' };
    if (values.length === 1) return { op: 'const', value: 1, type: 'bool' };
    if (values.length !== 2 || at === 0) return undefined;
    return { op: 'not', x: equal(y.x, values[0]!) };
  };
  return substitute(x, simple);
}

/** The program without what has but one value. */
export function simplified(program: Parameterised): Parameterised {
  const few = fewValues(program);
  const of = (x: StateTerm) => withFewValues(x, few);
  return {
    ...program,
    funs: program.funs.filter((fun) => few.get(fun)?.length !== 1),
    rules: program.rules.map((rule) => ({ ...rule, guard: of(rule.guard) })),
    claims: program.claims.map((claim) => ({ ...claim, condition: of(claim.condition) })),
  };
}
