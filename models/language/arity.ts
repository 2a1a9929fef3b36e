// How many arguments a method or a word takes: JavaScript drops those that are too many, so they are refused.

import { ModelError } from './location.js';

/**
 * JavaScript drops additional arguments: `a.and(b, c)` would be `a.and(b)`, and `page.at(1, 2)` the same as
 * `page.at(1)`, and `n.inc(2)` would add 1. So the methods of these classes refuse them, except those that take any number
 * (`isIn`) or have defaults (`take`).
 */
export function refuseMoreArguments(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) withoutMoreArguments(prototype);
}

/** The object itself, whose methods refuse additional arguments likewise. */
export function withoutMoreArguments<T extends object>(methods: T): T {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(methods))) {
    const { value } = property;
    if (typeof value !== 'function' || name === 'constructor') continue;
    // The length does not count parameters with a default, nor the rest.
    if (value.length === 0 && !/^(\w+\s*)?\(\s*\)/.test(String(value))) continue;
    const method = function (this: unknown, ...args: readonly unknown[]): unknown {
      if (args.length > value.length) throw tooMany(name, value.length);
      return value.apply(this, args);
    };
    Object.defineProperty(methods, name, { ...property, value: method });
  }
  return methods;
}

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

const tooMany = (name: string, count: number): ModelError =>
  new ModelError(
    count === 0
      ? `.${name}() takes no argument${joining[name] ?? ''}`
      : `.${name}() takes ${count === 1 ? 'one argument' : `${count} arguments`}, not more${joining[name] ?? ''}`,
  );
