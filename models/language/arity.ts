// How many arguments a method or a word takes: JavaScript drops those that are too many, so they are refused.

import { ModelError } from './location.js';

/**
 * JavaScript drops additional arguments: `a.and(b, c)` would be `a.and(b)`, and `page.at(1, 2)` the same as
 * `page.at(1)`, and `n.inc(2)` would add 1. So the methods of these classes refuse them, except those that take any number
 * (`isIn`).
 */
export function refuseMoreArguments(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) withoutMoreArguments(prototype);
}

/** The object itself, whose methods refuse additional arguments likewise. */
export function withoutMoreArguments<T extends object>(methods: T): T {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(methods))) {
    const { value } = property;
    if (typeof value !== 'function' || name === 'constructor') continue;
    const method = function (this: unknown, ...args: readonly unknown[]): unknown {
      if (args.length > value.length) refuseBeyond(value, args, `.${name}`, joining[name]);
      return value.apply(this, args);
    };
    Object.defineProperty(methods, name, { ...property, value: method });
  }
  return methods;
}

/**
 * A word of the language that refuses more arguments than it has parameters: `mutex_lock(m, 1)`. It may be given to
 * `map`, which passes the index and the list as well.
 */
export const exactly = <F extends (...args: never[]) => unknown>(word: string, f: F): F =>
  ((...args: never[]) => {
    if (args.length > f.length && !isMapped(args)) refuseBeyond(f, args, word);
    return f(...args);
  }) as F;

/** The same for a word with several signatures, whose implementation takes `args` in all. */
export function refuseMore(word: string, most: number, args: readonly unknown[]): void {
  if (args.length > most && !isMapped(args)) throw tooMany(word, most);
}

/** Are these the arguments that `list.map(word)` passes? */
const isMapped = ([element, index, list, ...more]: readonly unknown[]): boolean =>
  more.length === 0 && Array.isArray(list) && typeof index === 'number' && list[index] === element;

/** A word of the language without parameters, which refuses arguments: `bool(true)` would start false. */
export const withoutArguments =
  <T>(word: string, made: () => T, instead = ''): (() => T) =>
  (...args: readonly unknown[]) => {
    if (args.length > 0) throw new ModelError(`${word}() takes no argument${instead}`);
    return made();
  };

const joining: { readonly [name: string]: string } = {
  and: ': write .and(x).and(y), or allOf(x, y, z)',
  or: ': write .or(x).or(y), or anyOf(x, y, z)',
  is: ": write .isIn('x', 'y')",
  isnt: ": write not(….isIn('x', 'y'))",
  inc: ': write .set(x.plus(2))',
  dec: ': write .set(x.minus(2))',
  at: ': an array inside an array is .at(i).at(j)',
};

/** Throws a ModelError if there are more arguments than the function has parameters. */
function refuseBeyond(
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  name: string,
  instead = '',
): void {
  const most = parametersOf(String(f));
  if (args.length > most) throw tooMany(name, most, instead);
}

function tooMany(name: string, most: number, instead = ''): ModelError {
  const count = most === 1 ? 'one argument' : `${most} arguments`;
  return new ModelError(
    most === 0 ? `${name}() takes no argument${instead}` : `${name}() takes ${count}, not more${instead}`,
  );
}

/**
 * How many arguments a function can use, from its text: `length` counts neither parameters with a default nor the rest.
 * Infinity if there is a rest.
 */
export function parametersOf(text: string): number {
  if (/^(async\s+)?[\w$]+\s*=>/.test(text)) return 1;
  const parameters: string[] = [''];
  let depth = 0;
  for (const [token] of text.slice(text.indexOf('(')).matchAll(tokens)) {
    if (/^[)\]}]/.test(token)) depth--;
    if (depth === 0 && token === ')') break;
    if (depth === 1 && token === ',') parameters.push('');
    else if (depth > 0 && !token.startsWith('/*') && !token.startsWith('//'))
      parameters[parameters.length - 1] += token.trim();
    if (/^[([{]/.test(token)) depth++;
  }
  if (parameters.some((each) => each.startsWith('...'))) return Number.POSITIVE_INFINITY;
  return parameters.filter((each) => each !== '').length;
}

/** Of the head of a function: comments, texts, and anything else character by character. */
const tokens = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'])*'|"(?:\\.|[^"])*"|`(?:\\.|[^`])*`|\.\.\.|[\s\S]/g;
