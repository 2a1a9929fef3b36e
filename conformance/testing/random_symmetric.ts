// Random Programs of interchangeable threads: one thread's steps are drawn, with what they say of the others said of all
// of them alike, and every thread gets them. So each has a symmetry, of which the export with scalarsets must make use.
//
//   drawn for me:  mine == 0 && !any other's flag -> who = me     thread 1 of 3:  mine[1] == 0 && !(flag[0] || flag[2]) …

import {
  allOf,
  anyOf,
  arithmetic,
  at,
  constant,
  equal,
  ifElse,
  int,
  less,
  not,
  read,
  truth,
} from '../../checker/ir/expression.js';
import type { Assignment, Domain, Expr, Program, Step, Thread, Variable } from '../../checker/ir/program.js';
import type { Property } from '../../checker/property/property.js';
import { type Random, random } from '../../checker/testing/random.js';
import type { RandomCase } from '../random_program.js';

/** A part of a step, said of one thread. */
type Part<T> = (me: number) => T;

/** What the parts are made of; by index, what belongs to each thread. */
interface Parts {
  readonly dice: Random;
  readonly count: number;
  readonly owner: readonly string[];
  readonly flag: readonly number[];
  readonly number: readonly number[];
  /** Names a thread, or nobody: -1. */
  readonly link: readonly number[];
  readonly who: number;
  readonly total: number;
  readonly lock: number;
}

export function randomSymmetricCase(seed: number): RandomCase {
  const dice = random(seed);
  const count = 2 + dice.below(2);
  const all = [...Array(count).keys()];
  const owner = ['free', ...all.map((i) => `t[${i}]`), 'other'];
  const name: Domain = { kind: 'int', min: -1, max: count - 1 + dice.below(2) };
  const rows: readonly (readonly [string, Domain, number])[] = [
    ['flag', { kind: 'bool' }, 0],
    ['number', { kind: 'int', min: 0, max: 2 }, dice.below(2)],
    ['link', name, -1],
  ];
  const single: readonly (readonly [string, Domain, number])[] = [
    ['who', name, -1],
    ['total', { kind: 'int', min: 0, max: 2 }, 0],
    ['lock', { kind: 'owner', values: owner }, 0],
  ];
  const variables = [
    ...rows.flatMap(([text, domain, first]) =>
      all.map((i) => ({ name: `${text}[${i}]`, place: [text, i], domain, initial: [first] })),
    ),
    ...single.map(([name, domain, first]) => ({ name, place: [name], domain, initial: [first] })),
  ].map((variable, id): Variable => ({ id, ...variable }));
  const row = (k: number) => all.map((i) => k * count + i);
  const parts: Parts = {
    ...{ dice, count, owner, flag: row(0), number: row(1), link: row(2) },
    ...{ who: 3 * count, total: 3 * count + 1, lock: 3 * count + 2 },
  };
  const locations = ['a', 'b', 'c', 'done', 'dead'].map((label) => ({ label, path: label }));
  const threads = owner.slice(1).map((text, id): Thread => {
    return { id, name: text, locations, start: 0, done: 3, dead: 4 };
  });
  const own = Array.from({ length: 4 + dice.below(3) }, () => randomStep(parts));
  const other = Array.from({ length: 1 + dice.below(2) }, () => randomOtherStep(parts));
  const steps = [...all.flatMap((me) => own.map((step) => step(me))), ...other];
  const program: Program = {
    ...{ name: `symmetric_${seed}`, settings: {}, variables, threads, initially: truth(true) },
    actors: [{ name: 't', threads: all }],
    steps: steps.map((step, id) => ({ ...step, id })),
  };
  const properties = (['always', 'never', 'sometimes', 'sometimes'] as const).map(
    (expectation, i): Property => {
      const conditions = [bool(parts, 1)(0), bool(parts, 1)(1), ofAll(parts)];
      const condition = expectation === 'always' ? anyOf(conditions) : allOf(conditions.slice(dice.below(3)));
      return { name: `p${i}`, expectation, condition, source: {} };
    },
  );
  const stays: Property = { name: 'q', expectation: 'alwaysPossible', condition: ofAll(parts), source: {} };
  return { program, properties: [...properties, stays] };
}

function randomStep(parts: Parts): Part<Omit<Step, 'id'>> {
  const { dice } = parts;
  const [from, to] = [dice.below(3), dice.below(4)];
  const guard = dice.oneIn(3) ? () => truth(true) : bool(parts, 2);
  const made = Array.from({ length: 1 + dice.below(3) }, () => assignment(parts));
  const reports = { kind: 'warning', message: `WARN_ON(${dice.below(2)})` } as const;
  const isReported = dice.oneIn(8);
  return (me) => ({
    ...{ thread: me, from, to, label: `run.${'abc'[from]}`, caption: 'random', source: {} },
    ...{ guard: guard(me), assignments: onceEach(made.flatMap((one) => one(me))) },
    ...(isReported && { reports }),
  });
}

/** A step of the thread that is alone: what it does to one it does to all. */
function randomOtherStep(parts: Parts): Omit<Step, 'id'> {
  const { dice, count, flag, number, total, lock, owner } = parts;
  const value = dice.below(2);
  const each = dice.pick([flag, number]).map((id): Assignment => {
    return { target: { variables: [id] }, value: flag.includes(id) ? truth(value === 1) : int(value) };
  });
  const shared: readonly Assignment[] = dice.oneIn(2)
    ? [{ target: { variables: [total] }, value: int(value) }]
    : [{ target: { variables: [lock] }, value: constant(dice.oneIn(2) ? 0 : count + 1, owner) }];
  return {
    ...{
      thread: count,
      from: dice.below(2),
      to: dice.below(3),
      label: 'other.a',
      caption: 'random',
      source: {},
    },
    ...{ guard: ofAll(parts), assignments: [...each, ...shared] },
  };
}

const onceEach = (all: readonly Assignment[]): readonly Assignment[] => {
  const written = new Set<number>();
  return all.filter(({ target: { variables } }) => {
    if (variables.some((id) => written.has(id))) return false;
    for (const id of variables) written.add(id);
    return true;
  });
};

const others = ({ count }: Parts, me: number): readonly number[] =>
  [...Array(count).keys()].filter((one) => one !== me);
const readOf = (id: number, type: Domain['kind'] = 'int'): Expr =>
  read({ variables: [id] }, type === 'bool' ? 'bool' : 'int');
const countOf = (all: readonly Expr[]): Expr =>
  all.map((x) => ifElse(x, int(1), int(0))).reduce((x, y) => arithmetic('add', x, y));

/** A condition on any one thread, or on all of them. */
function bool(parts: Parts, depth: number): Part<Expr> {
  const { dice, flag, number, link, who, lock, total, owner } = parts;
  const is = dice.below(3);
  switch (dice.below(depth > 0 ? 12 : 8)) {
    case 0:
      return (me) => readOf(flag[me]!, 'bool');
    case 1:
      return (me) => equal(readOf(number[me]!), int(is));
    case 2:
      return (me) => equal(readOf(who), int(is === 0 ? -1 : me));
    case 3:
      return (me) => equal(readOf(link[me]!), is === 0 ? readOf(who) : int(is === 1 ? -1 : me));
    case 4:
      return (me) => equal(read({ variables: [lock] }, owner), constant(is === 0 ? 0 : me + 1, owner));
    case 5:
      return () => less('lt', readOf(total), int(is));
    case 6:
      return (me) => at(me, is === 0 ? [0] : [0, is]);
    case 7:
      return () => ofAll(parts, is);
    case 8: {
      const inner = bool(parts, 0);
      const join = dice.oneIn(2) ? anyOf : allOf;
      return (me) => join(others(parts, me).map(inner));
    }
    case 9: {
      const inner = bool(parts, 0);
      return (me) => less('le', countOf(others(parts, me).map(inner)), int(is));
    }
    case 10: {
      const inner = bool(parts, depth - 1);
      return (me) => not(inner(me));
    }
    default: {
      const [x, y] = [bool(parts, depth - 1), bool(parts, depth - 1)];
      return dice.oneIn(2) ? (me) => allOf([x(me), y(me)]) : (me) => anyOf([x(me), y(me)]);
    }
  }
}

function ofAll({ dice, count, flag, number }: Parts, is = dice.below(3)): Expr {
  const threads = [...Array(count).keys()];
  if (is === 0) return anyOf(flag.map((id) => readOf(id, 'bool')));
  if (is === 1) return less('le', countOf(threads.map((one) => at(one, [0]))), int(1));
  return allOf(number.map((id) => less('le', readOf(id), int(1))));
}

/** One or more effects of a step. */
function assignment(parts: Parts): Part<readonly Assignment[]> {
  const { dice, flag, number, link, who, lock, total, owner } = parts;
  const condition = bool(parts, 1);
  const to = (id: number, value: Expr): Assignment => ({ target: { variables: [id] }, value });
  const [is, inc] = [dice.below(3), dice.oneIn(5)];
  const up = (id: number): Expr => {
    const next = arithmetic('add', readOf(id), int(1));
    return inc ? next : ifElse(less('lt', readOf(id), int(2)), next, int(0));
  };
  switch (dice.below(9)) {
    case 0:
      return (me) => [to(flag[me]!, condition(me))];
    case 1:
      return (me) => [to(number[me]!, up(number[me]!))];
    case 2:
      return (me) => [to(who, is === 0 ? int(-1) : is === 1 ? int(me) : readOf(link[me]!))];
    case 3:
      return (me) => [to(link[me]!, is === 0 ? int(me) : readOf(who))];
    case 4:
      return (me) => [to(link[me]!, ifElse(condition(me), readOf(who), int(-1))), to(who, int(me))];
    case 5:
      return (me) => [to(lock, constant(is === 0 ? 0 : me + 1, owner))];
    case 6:
      return () => [to(total, up(total))];
    case 7:
      return (me) => others(parts, me).map((one) => to(flag[one]!, truth(is === 0)));
    default:
      // By a name, which may be nobody's.
      return () => [{ target: { variables: flag, index: readOf(who) }, value: truth(is === 0) }];
  }
}
