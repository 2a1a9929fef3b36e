// What is said of the condition that decided.

import { describe, expect, test } from 'vitest';
import { reader, model as readers_writers_model } from '../../models/examples/readers_writers.js';
import {
  actor,
  all,
  any,
  array,
  int,
  model,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import {
  always,
  eventually,
  type Properties,
  property,
  weaklyFair,
} from '../../properties/language/index.js';
import { tracesOf } from '../testing/models.js';
import { verdictLines } from './verdict.js';

/** One actor that counts in the last of eight cells. */
const state = shared({ cells: array(8, int(0, 1)), i: int(0, 8) });
const { cells, i } = state;
const c = source('cells.c');
const counting = procedure('count', () => ({
  last: c`cells[7] = 1`(cells.at(7).set(1)),
  beyond: c`i = 8`(i.set(8)),
}));
const eight = model('eight', { about: 'eight cells', state, actors: [actor('counter', counting)] });

/** The lines below the name of the property, with their looks. */
async function linesBelow(
  of: typeof eight,
  properties: Properties,
  name = 'wanted',
): Promise<readonly string[]> {
  const trace = (await tracesOf(of, properties)).get(name)!;
  return verdictLines(trace)
    .slice(1)
    .map(({ text, indent = 0, look }) => {
      const words = '  '.repeat(indent) + text.replaceAll('\u00a0', ' ');
      return look === undefined ? words : `${words} [${look}]`;
    });
}

describe('the verdict', () => {
  test('counts the terms that do not decide where they are many', async () => {
    expect(
      await linesBelow(eight, { wanted: always(all(8, (k) => cells.at(k).eq(0))) }),
    ).toMatchInlineSnapshot(`
      [
        "always cells[0] == 0 && cells[1] == 0 && cells[2] == 0 && cells[3] == 0 && cells[4] == 0 && cells[5] == 0 && cells[6] == 0 && cells[7] == 0",
        "turned false at step 1 (count.last)",
        "  true  7 other terms [dim]",
        "  false  cells[7] == 0 (cells[7] = 1; since step 1) [bad]",
      ]
    `);
  });

  test('says which term has no value', async () => {
    const wanted = always(any(2, (k) => cells.at(k).eq(1)).or(cells.at(i).eq(0)));
    const lines = await linesBelow(eight, { wanted }, 'formula without a value: wanted');
    expect(lines).toMatchInlineSnapshot(`
      [
        "the condition of a property has a value in every state",
        "index 8 is outside 0 … 7 of cells[0] and its neighbours",
        "cells[0] == 1 || cells[1] == 1 || cells[i] == 0 has no value",
        "  false  cells[0] == 1 (cells[0] = 0) [dim]",
        "  false  cells[1] == 1 (cells[1] = 0) [dim]",
        "  no value  cells[i] == 0 (i = 8; since step 2) [bad]",
      ]
    `);
  });

  test('says of a lasso which condition comes and goes in its loop', async () => {
    const wanted = property(eventually(always(reader.of(0).at('read.compare'))), 'it goes on', {
      fair: [weaklyFair()],
    });
    expect(await linesBelow(readers_writers_model, { wanted })).toMatchInlineSnapshot(`
      [
        "it goes on",
        "eventually (always (reader[0] at read.compare))",
        "is false of this run",
        "  false  reader[0] at read.compare (not throughout the loop)",
      ]
    `);
  });
});
