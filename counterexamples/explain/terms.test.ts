// Which term of a condition decided it, and since when.

import { describe, expect, test } from 'vitest';
import { properties as increment, model as increment_model } from '../../models/examples/increment.js';
import {
  actor,
  any,
  array,
  type Bool,
  bool,
  int,
  model,
  not,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import { always, never, type Properties } from '../../properties/language/index.js';
import { lock_order, starvedWriter, tracesOf, use_after_free } from '../testing/models.js';
import type { Trace } from '../trace/trace.js';

/** One actor that sets x to 1, then y, then z. */
const state = shared({ x: int(0, 1), y: int(0, 1), z: bool(), cells: array(2, int(0, 1)), i: int(0, 2) });
const { x, y, z, cells, i } = state;
const c = source('terms.c');
const setting = procedure('set', () => ({
  x: c`x = 1`(x.set(1)),
  y: c`y = 1`(y.set(1), i.set(2)),
  z: c`z = true`(z.set(true)),
}));
const three = model('three', { about: 'three variables', state, actors: [actor('setter', setting)] });

async function termLines(properties: Properties): Promise<readonly string[]> {
  const [trace] = (await tracesOf(three, properties)).values();
  return linesOf(trace!);
}

/** `  false !(x && y) since 2 decides: x = 1` */
const linesOf = ({ ending }: Trace): readonly string[] =>
  ending.terms!.map(({ depth, value, text, since, decides, reads }) => {
    const read = reads.map(({ path, value }) => ` ${path}=${value}`).join('');
    return `${'  '.repeat(depth)}${value} ${text} since ${since}${decides ? ' decides' : ''}${read && `:${read}`}`;
  });

const never_ = (condition: Bool) => termLines({ property: never(condition) });
const always_ = (condition: Bool) => termLines({ property: always(condition) });

describe('terms', () => {
  test('of a conjunction that is false are those that are false', async () => {
    expect(await always_(x.eq(0).and(y.eq(0)).and(not(z)))).toMatchInlineSnapshot(`
      [
        "false x == 0 && y == 0 && !z since 1 decides",
        "  false x == 0 since 1 decides: x=1",
        "  true y == 0 since 0: y=0",
        "  true !z since 0: z=false",
      ]
    `);
  });

  test('of a disjunction that is false are all of them, each since its own step', async () => {
    expect(await always_(x.eq(0).or(y.eq(0)).or(not(z)))).toMatchInlineSnapshot(`
      [
        "false x == 0 || y == 0 || !z since 3 decides",
        "  false x == 0 since 1 decides: x=1",
        "  false y == 0 since 2 decides: y=1",
        "  false !z since 3 decides: z=true",
      ]
    `);
  });

  test('of a negation are those of what is negated', async () => {
    expect(await always_(not(x.eq(1).and(y.eq(1))))).toMatchInlineSnapshot(`
      [
        "false !(x == 1 && y == 1) since 2 decides",
        "  true x == 1 since 1 decides: x=1",
        "  true y == 1 since 2 decides: y=1",
      ]
    `);
  });

  test('of a disjunction that is true are those that are true', async () => {
    expect(await never_(z.or(y.eq(1)))).toMatchInlineSnapshot(`
      [
        "true z || y == 1 since 2 decides",
        "  false z since 0",
        "  true y == 1 since 2 decides: y=1",
      ]
    `);
  });

  test('go by the names that a condition has, and are printed with what those stand for', async () => {
    const both = x.eq(1).and(y.eq(1)).called('both are set');
    expect(await never_(both.and(not(z)))).toMatchInlineSnapshot(`
      [
        "true both are set && !z since 2 decides",
        "  true both are set since 2 decides",
        "    true x == 1 since 1 decides: x=1",
        "    true y == 1 since 2 decides: y=1",
        "  true !z since 0 decides: z=false",
      ]
    `);
  });

  test('have no value where an index is out of bounds, and say so', async () => {
    const traces = await tracesOf(three, { property: never(z.and(cells.at(i).eq(1))) });
    expect(linesOf(traces.get('formula without a value: property')!)).toMatchInlineSnapshot(`
      [
        "undefined z && cells[i] == 1 since 3 decides",
        "  true z since 3",
        "  undefined cells[i] == 1 since 2 decides: i=2",
      ]
    `);
  });

  test('of quantifiers are printed one by one', async () => {
    expect(await never_(any(2, (k) => cells.at(k).eq(0).and(z)))).toMatchInlineSnapshot(`
      [
        "true (cells[0] == 0 && z) || (cells[1] == 0 && z) since 3 decides",
        "  true cells[0] == 0 && z since 3 decides",
        "    true cells[0] == 0 since 0 decides: cells[0]=0",
        "    true z since 3 decides",
        "  true cells[1] == 0 && z since 3 decides",
        "    true cells[1] == 0 since 0 decides: cells[1]=0",
        "    true z since 3 decides",
      ]
    `);
  });

  test('of a sum that is compared name the actors that it counts', async () => {
    const trace = (await tracesOf(increment_model, increment)).get('two_hold_a_value')!;
    expect(linesOf(trace)).toMatchInlineSnapshot(`
      [
        "true (adder[0] at increment.store ? 1 : 0) + (adder[1] at increment.store ? 1 : 0) >= 2 since 2 decides: adder[0] at increment.store=true adder[1] at increment.store=true",
      ]
    `);
  });

  test('of an assertion are those that made it report, which may have been so for long', async () => {
    const [trace] = (await tracesOf(use_after_free)).values();
    expect(linesOf(trace!)).toEqual(['true page_count == 0 since 4 decides: page_count=0']);
  });

  test('of a formula about whole runs are its conditions, as they are in the end', async () => {
    expect(linesOf(await starvedWriter())).toEqual([
      'false always (eventually (writer[0] at write.low)) since undefined decides',
      '  false writer[0] at write.low since 0 decides',
    ]);
  });

  test('are not printed for a deadlock, which has no condition', async () => {
    expect((await tracesOf(lock_order)).get('no deadlock')!.ending.terms).toBeUndefined();
  });
});
