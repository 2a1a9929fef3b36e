// Requirements of the words of the language on their arguments. TypeScript checks most of it, but a model may be plain
// JavaScript, or its types unchecked: then the message says what to write, instead of JavaScript's own message.

import { describe } from './expression.js';
import { ModelError } from './location.js';

/** Throws a ModelError unless `x` is a text. Example: `requireText(about, "the 'about' of the model")`. */
export function requireText(x: unknown, what: string): void {
  if (typeof x !== 'string') throw new ModelError(`${what} is a text, not ${describe(x)}`);
}

/** Throws a ModelError unless `x` is a function. `example` is how it would be written: `any(2, (i) => …)`. */
export function requireFunction(x: unknown, example: string): void {
  if (typeof x !== 'function') throw new ModelError(`${example} needs a function, not ${describe(x)}`);
}

/** Throws a ModelError unless `x` is an object with no other names than these. `whose`: `always(…)`. */
export function requireOptions(x: unknown, known: readonly string[], whose: string): void {
  if (!isByName(x))
    throw new ModelError(`${whose} has options by name, { ${known[0]}: … }, not ${describe(x)}`);
  const other = Object.keys(x).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new ModelError(`${whose} has no option '${other}'; there are ${known.join(', ')}`);
}

/** Throws a ModelError unless `x` has domains by name. `whose`: `shared(…)`. */
export function requireDomains(x: unknown, whose: string): void {
  const needs = `${whose} has domains by name, { n: int(0, 3) }`;
  if (!isByName(x)) throw new ModelError(`${needs}, not ${describe(x)}`);
  for (const [name, each] of Object.entries(x)) {
    if (!isDomain(each)) throw new ModelError(`${needs}: '${name}' is ${describe(each)}`);
  }
}

/** Throws a ModelError unless `x` is a domain. */
export function requireDomain(x: unknown, whose: string): void {
  if (!isDomain(x)) throw new ModelError(`${whose} needs a domain, such as int(0, 3), not ${describe(x)}`);
}

/** Throws a ModelError unless `x` is one actor: `actor(…)`, or `.of(i)` of several. */
export function requireActor(x: unknown, whose: string): void {
  const { name, copy, actors }: Loose = Object(x);
  if (typeof name === 'string' && copy !== undefined) return;
  const { name: family }: Loose = Object(actors);
  const several = `'${family}' are several: choose one with .of(0), or go through all with .any(…) or .all(…)`;
  throw new ModelError(
    `${whose} needs one actor${family === undefined ? `, not ${describe(x)}` : `; ${several}`}`,
  );
}

/** Throws a ModelError unless `x` is a lock. `whose`: `spin_lock(…)`. */
export function requireLock(x: unknown, whose: string): void {
  if (!('isFree' in Object(x)))
    throw new ModelError(`${whose} needs a lock of the shared state, not ${describe(x)}`);
}

/** How the kinds of variables are recognised, which cannot be imported here. */
const wordOfVariable = { int: 'inc', bool: 'and', enum: 'is' } as const;

/** Throws a ModelError unless `x` is a variable of this kind. `whose`: `atomic_inc()`. */
export function requireVariable(x: unknown, kind: keyof typeof wordOfVariable, whose: string): void {
  const given: Loose = Object(x);
  if ('place' in given && 'set' in given && wordOfVariable[kind] in given) return;
  throw new ModelError(`${whose} needs a variable, of ${examples[kind]}, not ${describe(x)}`);
}
const examples = { int: 'int(…)', bool: 'bool()', enum: 'oneOf(…)' } as const;

/** Throws a ModelError unless `x` is a variable of each CPU. `whose`: `this_cpu_inc()`. */
export function requirePerCpu(x: unknown, whose: string): void {
  const { mine, of }: Loose = Object(x);
  const { each }: { readonly each?: { readonly family: { readonly by: string } } } = Object(
    Object(mine).place,
  );
  if (typeof of === 'function' && each?.family.by === 'cpu') return;
  throw new ModelError(
    `${whose} needs a variable of each CPU, such as perCpu('stat', int(0, 3)), not ${describe(x)}`,
  );
}

interface Loose {
  readonly [name: string]: unknown;
}

const isDomain = (x: unknown): boolean => 'node' in Object(x) && 'initial' in Object(x);

/** An object literal of names and values. */
export const isByName = (x: unknown): x is Loose =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;
