// Expressions, threads and locations in TLA+: locations, words and threads are strings with the model's own names.

import { walk } from '../../ir/expression.js';
import type { Expr, Program } from '../../ir/program.js';
import { type Dialect, infix } from '../infix.js';
import { plainText } from '../names.js';

/** A text as a string of TLA+. */
export const string = (text: string): string => `"${plainText(text)}"`;
const noWord = '"(no word)"';

/** The TLA+ syntax of expressions; `variables` are their names, by number. */
export function dialectOf(program: Program, variables: readonly string[]): Dialect {
  return {
    symbol: {
      and: '/\\',
      or: '\\/',
      eq: '=',
      ne: '#',
      lt: '<',
      le: '<=',
      gt: '>',
      ge: '>=',
      add: '+',
      sub: '-',
      mul: '*',
      div: '\\div',
      mod: '%',
    },
    not: '~',
    constant(value, type, named) {
      if (named !== undefined) return named;
      if (type === 'bool') return value === 0 ? 'FALSE' : 'TRUE';
      if (type === 'int') return value < 0 ? `(${value})` : String(value);
      const word = type[value];
      return word === undefined ? noWord : string(word);
    },
    read({ variables: ids, index }) {
      if (index === undefined) return variables[ids[0]!]!;
      const i = infix(index, this, true);
      return `(CASE ${ids.map((id, k) => `${i} = ${k} -> ${variables[id]}`).join(' [] ')})`;
    },
    at: (thread, location) =>
      `at[${threadText(thread, program)}] = ${locationText(thread, location, program)}`,
    ifElse: (x, yes, no) => `IF ${x} THEN ${yes} ELSE ${no}`,
    divide: (op, x, y) => `${op === 'div' ? 'Quotient' : 'Remainder'}(${x}, ${y})`,
  };
}

/** A thread by its name. */
export const threadText = (thread: number, program: Program): string => string(program.threads[thread]!.name);

/** A location by its path, numbered where paths are the same. */
export function locationText(thread: number, location: number, program: Program): string {
  const { locations } = program.threads[thread]!;
  const { path } = locations[location]!;
  const same = locations.flatMap((other, i) => (other.path === path ? [i] : []));
  const number = same.indexOf(location);
  return string(number === 0 ? path : `${path} (${number + 1})`);
}

/**
 * A condition of an action. TLC follows each true side of a disjunction, and counts a state for each; an equation it
 * evaluates as a value.
 */
export function conditionText(x: Expr, dialect: Dialect): string {
  const text = infix(x, dialect, true);
  return isSplit(x) ? `${text} = TRUE` : text;
}

/** Does it contain a disjunction outside of what TLC evaluates as a value? */
function isSplit(x: Expr): boolean {
  let found = false;
  walk(x, (y) => {
    found ||= y.op === 'or' || y.op === 'if' || (y.op === 'at' && y.locations.length > 1);
  });
  return found;
}
