// Large expressions and deep nesting: chains of any length work, deeper nesting is refused by name, and numbers that
// would not be exact are refused with their line.

import { describe, expect, test } from 'vitest';
import {
  type ActorsNode,
  actor,
  actors,
  type Block,
  type Bool,
  bool,
  Call,
  config,
  Either,
  If,
  ifElse,
  int,
  model,
  not,
  type ProcedureNode,
  procedure,
  shared,
  source,
  While,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { parts } from '../ir/expression.js';
import type { Expr } from '../ir/program.js';
import { lower } from './lower.js';
import { refusalsIn } from './testing/small.js';

const c = source('deep.c');
const settings = config({ valueOf: int(0, 2), toString: bool() });
const state = shared({ n: int(0, 5), b: bool(), big: int(0, 2 ** 30) });
const { n, b, big } = state;
const refusal = refusalsIn(import.meta.url);

const lowered = (root: ProcedureNode, also: readonly { readonly actors: ActorsNode }[] = []) =>
  lower(model('deep', { about: '', settings, state, actors: [actor('p', root), ...also] }));
const waiting = (cond: Bool) => lowered(procedure('run', () => ({ step: c`step`(when(cond), n.set(1)) })));
const times = <T>(count: number, first: T, next: (x: T, i: number) => T): T =>
  Array.from({ length: count }).reduce<T>((x, _, i) => next(x, i), first);

const depthOf = (x: Expr): number => 1 + Math.max(0, ...parts(x).map(depthOf));
const both = ['compiled', 'reference'] as const;

describe('chains', () => {
  const first = n.le(5);
  test.each([
    ['to the left', times(5_000, first, (x) => x.and(n.le(4)))],
    ['to the right', times(5_000, first, (x) => n.le(4).and(x))],
    ['of or', times(5_000, n.eq(5), (x) => x.or(n.le(4)))],
  ])('of thousands of conditions are shallow: %s', async (_, cond) => {
    const { program, properties } = waiting(cond);
    expect(depthOf(program.steps[0]!.guard)).toBeLessThan(120);
    for (const engine of both) {
      expect((await explore(program, properties, { engine })).evidence.states).toBe(2);
    }
  });

  test('a short chain nests as it is written', () => {
    const { program } = waiting(times(50, first, (x) => x.and(n.le(4))));
    expect(depthOf(program.steps[0]!.guard)).toBe(52);
  });

  test('evaluation of a long chain ends where it is decided, as of a short one', () => {
    const outside = state.n.plus(1).dividedBy(0).eq(1);
    const decided = times(200, n.le(5).and(not(n.le(5))), (x) => x.and(n.le(4)));
    expect(waiting(decided.or(outside).or(b)).program.steps).toHaveLength(1);
  });
});

describe('nesting', () => {
  const deep = (count: number) => times(count, n.plus(0), (x, i) => ifElse(b, x, i % 5)).ge(0);

  test('runs up to 500 expressions, and is refused with its line beyond', async () => {
    const { program, properties } = waiting(deep(495));
    for (const engine of both) {
      expect((await explore(program, properties, { engine })).evidence.states).toBe(2);
    }
    const run = procedure('run', () => ({
      step: c`step`(when(deep(500))), // <-
    }));
    expect(refusal(() => lowered(run))).toBe('more than 500 nested expressions: split them');
  });

  const step: Block = { step: c`step`(n.set(1)) };
  test.each<[string, (inner: Block, i: number) => Block]>([
    ['If', (inner, i) => ({ [`l${i}`]: If(b, inner) })],
    ['While', (inner, i) => ({ [`l${i}`]: While(b, inner) })],
    ['Either', (inner, i) => ({ [`l${i}`]: Either({ [`a${i}`]: inner, [`b${i}`]: {} }) })],
  ])('runs up to 300 blocks of %s, and is refused beyond', async (_, around) => {
    const nested = (count: number) => procedure('run', () => times(count, step, around));
    const { program, properties } = lowered(nested(100));
    for (const engine of both) await explore(program, properties, { engine });
    expect(() => lowered(nested(1_500))).toThrow('run: more than 299 nested statements');
  });

  test('counts calls too', () => {
    const chain = (count: number) =>
      times<ProcedureNode>(
        count,
        procedure('leaf', () => step),
        (callee, i) => procedure(`p${i}`, () => ({ call: Call(callee as never) })),
      );
    expect(lowered(chain(250)).program.steps).toHaveLength(1);
    expect(() => lowered(chain(2_000))).toThrow('more than 300 nested blocks, calls included');
  });
});

describe('numbers beyond 2^53', () => {
  test('are refused where they are computed', () => {
    const cube = procedure('cube', () => ({
      step: c`step`(n.set(big.times(big).mod(2))), // <-
    }));
    expect(refusal(() => lowered(cube))).toBe(
      'big * big computes numbers beyond 2^53, which are not exact: narrow the domains',
    );
    const constant = procedure('constant', () => ({
      step: c`step`(n.set(big.minus(2 ** 53).mod(2))), // <-
    }));
    expect(refusal(() => lowered(constant))).toBe(
      '9007199254740992 is beyond 2^53: such numbers are not exact',
    );
  });

  test('smaller numbers are computed', () => {
    expect(waiting(big.times(2 ** 22).ge(0)).program.steps).toHaveLength(1);
  });
});

test('settings and locals may have the names of properties of every JavaScript object', async () => {
  const locals = { constructor: int(0, 1), toString: bool() };
  const callee = procedure('callee', locals, (own) => ({
    step: c`step`(own.constructor.set(1), n.set(ifElse(own.toString, 2, settings.valueOf.plus(1)))),
  }));
  const run = procedure('run', () => ({ call: Call(callee), again: Call(callee) }));
  const { program, properties } = lowered(run);
  expect(program.settings).toEqual({ valueOf: 0, toString: false });
  for (const engine of both) {
    expect((await explore(program, properties, { engine })).evidence).toMatchObject({
      states: 3,
      depth: 2,
    });
  }
  expect(() => lower(model('deep', { about: '', state, actors: [actors('p', 1, run)] }))).toThrow(
    "the model 'deep' has no setting 'valueOf'",
  );
});
