// Candidates for invariants that are true in all states of small instances. Which of them are invariants, solvers decide.

import type { Location } from '../ir/program.js';
import { elementAtoms, elementOf, freeIn, groundAtoms, isPlain, memberAtoms } from './atoms.js';
import { type Clause, selfOf, standsAt, variable } from './clauses.js';
import type { InstanceState } from './evaluation.js';
import type { FiniteInstance } from './instance.js';
import type { Family, Fun, Parameterised, StateTerm } from './program.js';
import { equal, implies, keyOf, not, or, walk } from './term.js';
import { termText } from './text.js';
import { fewValues, withFewValues } from './values.js';

export interface Sample {
  readonly instance: FiniteInstance;
  readonly states: readonly InstanceState[];
}

/** Candidates that no sample refutes. */
export function minedClauses(program: Parameterised, samples: readonly Sample[]): readonly Clause[] {
  const all = [
    ...program.families.flatMap((family) => atPlaces(family, program)),
    ...ofFreeLocks(program),
    ...betweenAtoms(program),
  ];
  return notRefuted(all, samples);
}

/** Candidates that relate simple conditions to each other, whoever stands where. */
export function betweenClauses(program: Parameterised, samples: readonly Sample[]): readonly Clause[] {
  const few = fewValues(program);
  const simple = betweenAtoms(program).flatMap((clause) => {
    const body = withFewValues(clause.body, few);
    return isPlain(clause.body) && !isInLoop(body) ? [{ ...clause, name: termText(body), body }] : [];
  });
  return notRefuted(simple, samples);
}

const isInLoop = (x: StateTerm): boolean => {
  let found = false;
  walk(x, (one) => {
    if (one.op === 'read' && one.fun.kind !== 'shared') found = true;
  });
  return found;
};

const notRefuted = (all: readonly Clause[], samples: readonly Sample[]): readonly Clause[] =>
  withoutDuplicates(all).filter((clause) => samples.every((sample) => isTrueIn(clause, sample)));

/** Where a member stands, something is true; of a loop, for the elements that it has done. */
function atPlaces(family: Family, program: Parameterised): readonly Clause[] {
  const places = reached(family, program);
  const here = memberAtoms(family, program);
  const bound = selfOf(family);
  const simple = places.flatMap((at) =>
    signed(here).map((x): Clause => {
      return { ...named(family, at, termText(x)), bound, body: implies(standsAt(family, [at]), x) };
    }),
  );
  const loops = program.funs.filter((fun) => fun.kind === 'to do' && fun.family === family);
  const done = loops.flatMap((todo) => places.flatMap((at) => doneBy(todo, family, at, program)));
  return [...simple, ...done];
}

/** For a loop: what is true of the elements that are done, and of those but the one that is worked on. */
function doneBy(todo: Fun, family: Family, at: Location, program: Parameterised): readonly Clause[] {
  const element = elementOf(todo.args[0]!);
  const [m, members] = [variable(element), selfOf(family).map(variable)];
  const isTodo: StateTerm = { op: 'read', fun: todo, args: [m, ...members] };
  const index = program.funs.find(({ name }) => name === todo.name.replace(/todo$/, 'index'))!;
  const isWorkedOn = equal(m, { op: 'read', fun: index, args: members });
  const bound = [element, ...selfOf(family)];
  const here = not(standsAt(family, [at]));
  const all = elementAtoms(element.sort, program);
  const none: Clause = {
    name: `${family.name} at ${at}: nothing to do in ${todo.name}`,
    bound,
    body: or(here, not(isTodo)),
  };
  const taken: Clause = {
    ...named(family, at, `the index in work is not to do in ${todo.name}`),
    bound: selfOf(family),
    body: or(
      here,
      not({ op: 'read', fun: todo, args: [{ op: 'read', fun: index, args: members }, ...members] }),
    ),
  };
  return [
    taken,
    none,
    ...signed(all).flatMap((x): readonly Clause[] => [
      { ...named(family, at, `for all m: ${termText(x)}`), bound, body: or(here, x) },
      { ...named(family, at, `for all m that are done: ${termText(x)}`), bound, body: or(here, isTodo, x) },
      {
        ...named(family, at, `for all m that are done, but the one in work: ${termText(x)}`),
        bound,
        body: or(here, isTodo, isWorkedOn, x),
      },
    ]),
  ];
}

/** While nobody holds a lock, something is true of what it protects. */
function ofFreeLocks(program: Parameterised): readonly Clause[] {
  const owners = program.funs.filter(({ range, args }) => range.kind === 'owner' && args.length <= 1);
  return owners.flatMap((fun) => {
    const bound = fun.args.map(elementOf);
    const isFree = equal({ op: 'read', fun, args: bound.map(variable) }, { op: 'nobody' });
    const atoms = [...groundAtoms(program), ...fun.args.flatMap((sort) => elementAtoms(sort, program))];
    return signed(atoms).map((x) => ({
      name: `${fun.name} is free: ${termText(x)}`,
      bound,
      body: implies(isFree, x),
    }));
  });
}

/** One condition implies another, of one element or without. */
function betweenAtoms(program: Parameterised): readonly Clause[] {
  const ground = groundAtoms(program);
  return [undefined, ...program.sizes.keys()].flatMap((sort) => {
    const bound = sort === undefined ? [] : [elementOf(sort)];
    const own = sort === undefined ? ground : elementAtoms(sort, program);
    const others = sort === undefined ? [] : ground;
    const pairs = signed(own).flatMap((x) => signed([...own, ...others]).map((y) => [x, y] as const));
    const single = signed(own).map((x): Clause => ({ name: termText(x), bound, body: x }));
    const both = pairs.map(
      ([x, y]): Clause => ({ name: `${termText(x)} or ${termText(y)}`, bound, body: or(x, y) }),
    );
    return [...single, ...both];
  });
}

const signed = (xs: readonly StateTerm[]): readonly StateTerm[] => xs.flatMap((x) => [x, not(x)]);
const named = (family: Family, at: Location, says: string): Pick<Clause, 'name' | 'place'> => ({
  name: `${family.name} at ${family.locations[at]!.path}: ${says}`,
  place: { family, at, says },
});

/** The places of a family that its steps lead to. */
function reached(family: Family, { rules }: Parameterised): readonly Location[] {
  const own = rules.filter((rule) => rule.family === family);
  const all = new Set([family.start, ...own.flatMap(({ from, to }) => [from, to])]);
  return [...all].filter((at) => at !== family.dead).sort((a, b) => a - b);
}

function withoutDuplicates(clauses: readonly Clause[]): readonly Clause[] {
  const byBody = new Map<string, Clause>();
  for (const clause of clauses) {
    if (clause.body.op === 'const') continue;
    const key = keyOf(clause.body);
    if (!byBody.has(key)) byBody.set(key, clause);
  }
  return [...byBody.values()];
}

/** Is the clause true in all states of a sample, for all values of its variables? */
export function isTrueIn(clause: Clause, { instance, states }: Sample): boolean {
  const holds = instance.compile(closedTerm(clause));
  return states.every((state) => holds(state, []) !== 0);
}

/** A clause as one condition, for all values of its variables. */
export function closedTerm({ bound, body }: Clause): StateTerm {
  const free = freeIn(body);
  const variables = bound.filter(({ name }) => free.has(name));
  return variables.reduceRight<StateTerm>((x, one) => ({ op: 'all', bound: one, x }), body);
}
