// The text language: what formulas mean, and errors that point at the character.

import { describe, expect, test } from 'vitest';
import {
  actors,
  array,
  bool,
  int,
  model,
  oneOf,
  owner,
  procedure,
  record,
  shared,
  source,
} from '../../../models/language/index.js';
import { formulaText } from '../../../properties/language/temporal.js';
import { didYouMean, lower } from '../../index.js';
import { parts } from '../../ir/expression.js';
import type { Expr } from '../../ir/program.js';
import { exprText } from '../../ir/text.js';
import { parseFormula } from './parser.js';

const c = source('example.c');
const state = shared({
  mm: array(1, record({ pmd: oneOf('none', 'huge', 'invalid'), in_i_mmap: bool() })),
  page: record({
    PG_locked: owner('mutex'),
    compound_mapcount: int(-1, 1).starts(-1),
    subpage: array(2, record({ _mapcount: int(-1, 1).starts(-1) })),
  }),
});
const truncate_inode_page = procedure('truncate_inode_page', () => ({
  test_mapped: c`look at the page`(),
  delete: c`delete the page`(),
}));
const example = model('example', {
  about: 'names to speak of',
  state,
  actors: [actors('truncate', 1, truncate_inode_page), actors('munmap', 2, truncate_inode_page)],
});
const { program } = lower(example);
const parse = (text: string) => parseFormula(text, program, didYouMean);
const parsedText = (text: string) => formulaText(parse(text), (x) => exprText(x, program));

/** The message of the error for a text. */
function complaint(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Error) return `\n${error.message}\n`;
  }
  return 'no error';
}

describe('what a formula means', () => {
  test.each([
    ['mm[0].pmd == huge', 'mm[0].pmd == huge'],
    ['huge == mm[0].pmd', 'huge == mm[0].pmd'],
    ['mm[0].pmd != none && compound_mapcount >= 0', 'mm[0].pmd != none && page.compound_mapcount >= 0'],
    ['not PG_locked == free', 'page.PG_locked != free'],
    ['1 + 2 * 3 == 7', 'true'],
    ['truncate is done', 'truncate[0] is done'],
    ['munmap[0] is dead', 'false'],
    ['truncate at truncate_inode_page.test_mapped', 'truncate[0] at truncate_inode_page.test_mapped'],
    ['truncate at test_mapped', 'truncate[0] at truncate_inode_page.test_mapped'],
    ['mm[0].in_i_mmap or PG_locked == free and false', 'mm[0].in_i_mmap'],
    [
      'G(mm[0].in_i_mmap -> F truncate is done)',
      'always (mm[0].in_i_mmap implies (eventually (truncate[0] is done)))',
    ],
    ['[] <> mm[0].in_i_mmap', 'always (eventually mm[0].in_i_mmap)'],
    [
      'mm[0].in_i_mmap U truncate is done W false',
      'mm[0].in_i_mmap until ((truncate[0] is done) weak until false)',
    ],
    ['X O mm[0].in_i_mmap', 'next (once mm[0].in_i_mmap)'],
    ['mm[0].in_i_mmap leadsTo truncate is done', 'mm[0].in_i_mmap leads to (truncate[0] is done)'],
    ['never once mm[0].in_i_mmap', 'always (not (once mm[0].in_i_mmap))'],
    ['PG_locked == truncate[0]', 'page.PG_locked == truncate[0]'],
  ])('%s', (text, meaning) => {
    expect(parsedText(text)).toBe(meaning);
  });
});

describe('names that are also words of the language', () => {
  const words = lower(
    model('words', {
      about: 'variables that C would call so',
      state: shared({
        ...{ next: int(0, 3), X: int(0, 1), at: bool(), free: int(0, 5), idle: bool(), once: bool() },
        st: oneOf('idle', 'busy', 'X', 'at'),
        lock: owner('spinlock'),
        cpu: array(2, record({ busy: bool() })),
        other: oneOf('st', 'busy'),
        kind: oneOf('kind', 'none'),
      }),
      actors: [actors('p', 1, truncate_inode_page)],
    }),
  ).program;
  const meaning = (text: string) =>
    formulaText(parseFormula(text, words, didYouMean), (x) => exprText(x, words));

  test.each([
    ['"next" <= 1', 'next <= 1'],
    ['X "once" and "at"', '(next once) and at'],
    ['"X" == 1', 'X == 1'],
    ['st == "X" or st == "at"', 'st == X || st == at'],
    ['"p[0]" at "test_mapped"', 'p[0] at truncate_inode_page.test_mapped'],
  ])('in quotes they are names: %s', (text, expected) => {
    expect(meaning(text)).toBe(expected);
  });

  test.each([
    ['st == idle', 'st == idle'],
    ['busy == st', 'st == busy'],
    ['lock == free', 'lock == free'],
    ['lock == free and free == 2', 'lock == free && free == 2'],
    ['(idle) and (st) == (idle)', 'idle && st == idle'],
  ])('beside an enum a name is its word, whatever variables are called so: %s', (text, expected) => {
    const normal = (x: string) => x.replace('busy == st', 'st == busy');
    expect(normal(meaning(text))).toBe(expected);
  });

  test.each([
    [
      'next <= 1',
      `'<=' is not expected here; 'next' is a word of the language: write "next" for the model's name`,
    ],
    ['st == X', `'X' is not expected here; 'X' is a word of the language: write "X" for the model's name`],
    ['kind == kind', "'kind' may be the variable kind or one of kind, none"],
    ['busy', "'busy' may be cpu[0].busy or cpu[1].busy"],
  ])('the message contains the possible meanings: %s', (text, problem) => {
    expect(() => meaning(text)).toThrow(problem);
  });
});

describe('numbers that are not exact, and deep nesting', () => {
  const big = '9007199254740993';

  test.each([
    [`compound_mapcount == ${big}`, 'a number beyond 2^53 is not exact'],
    ['99999999999 * 99999999999 == 0', 'this computes numbers beyond 2^53, which are not exact'],
    ['compound_mapcount * 9007199254740991 + 1 == 0', 'this computes numbers beyond 2^53'],
    [`0 - 9007199254740991 - 1 == 0`, 'this computes numbers beyond 2^53'],
    [`${'('.repeat(501)}true${')'.repeat(501)}`, 'more than 500 nested formulas: split the formula'],
    [`${'not '.repeat(501)}true`, 'more than 500 nested formulas'],
    [`${'1 + '.repeat(500)}1 == 0`, 'more than 500 operands: split the formula'],
  ])('are refused: %#', (text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });

  test('the largest and the smallest exact numbers are accepted', () => {
    expect(parsedText('compound_mapcount < 9007199254740991 - 1')).toBe(
      'page.compound_mapcount < 9007199254740990',
    );
    expect(parsedText('compound_mapcount == -9007199254740991')).toContain('== -9007199254740991');
  });

  test.each(['or', 'and'])('thousands of operands of %s do not count as nested', (op) => {
    const text = Array.from({ length: 5_000 }, () => 'compound_mapcount == 1').join(` ${op} `);
    const { x } = parse(text) as { readonly x: Expr };
    expect(depthOf(x)).toBeLessThan(120);
    expect(exprText(x, program).split(op === 'or' ? '||' : '&&')).toHaveLength(5_000);
  });

  const depthOf = (x: Expr): number => 1 + Math.max(0, ...parts(x).map(depthOf));
});

describe('mistakes in formulas', () => {
  test('an unknown name is pointed at, with the nearest one that exists', () => {
    expect(complaint('truncate is done and compond_mapcount >= 0')).toBe(`
no variable, actor or word is named 'compond_mapcount'; did you mean 'compound_mapcount'?
  truncate is done and compond_mapcount >= 0
                       ^
`);
  });

  test('an ambiguous name is refused', () => {
    expect(complaint('_mapcount == 0')).toBe(`
'_mapcount' may be page.subpage[0]._mapcount or page.subpage[1]._mapcount
  _mapcount == 0
  ^
`);
  });

  test('a label that the actor is never at', () => {
    expect(complaint('F (truncate at test_maped)')).toBe(`
truncate[0] is never at 'test_maped'
  F (truncate at test_maped)
                 ^
`);
  });

  test('a word of another enum', () => {
    expect(complaint('mm[0].pmd == gone')).toBe(`
'gone' is none of none, huge, invalid
  mm[0].pmd == gone
               ^
`);
  });

  test.each([
    ['G(mm[0].in_i_mmap', "')' is missing for the '(' at character 2", 17],
    ['compound_mapcount', 'a number is neither true nor false', 0],
    ['1 < 2 < 3', 'comparisons cannot be chained: use `and`', 6],
    ['mm[0].in_i_mmap and', 'something is missing here', 19],
    ['mm[0].in_i_mmap U', 'something is missing here', 17],
    ['(F true) == true', 'a temporal formula has no value to compare or calculate with', 0],
    ['mm[0].pmd < huge', "'<' compares numbers only, not one of none, huge, invalid", 10],
    ['mm[0].pmd == 1', 'a number is compared with one of none, huge, invalid', 13],
    ['truncate is ready', "an actor 'is done', 'is dead' or 'is enabled', not 'ready'", 12],
    ['nobody is done', "no actor is named 'nobody'", 0],
    ['munmap is done', "'munmap' may be munmap[0] or munmap[1]", 0],
    ['true $', "'$' means nothing here", 5],
    ['true true', "'true' is not expected here", 5],
  ])('%s', (text, problem, position) => {
    expect(complaint(text)).toBe(`\n${problem}\n  ${text}\n  ${' '.repeat(position)}^\n`);
  });
});
