// The state and the settings of a model: variables and constants by name.

import { exactly } from './arity.js';
import type { EnumDomain, IntDomain, ScalarShape, Shape, ValuesOf } from './domain.js';
import { Bool, Enum, type ExprNode, Int } from './expression.js';
import { requireDomains } from './required.js';
import { type VarsOf, variable } from './variable.js';

const $shape = Symbol('shape');

/** The shared state of any model. */
export interface AnyShared {
  readonly [$shape]: Shape;
}
/** The state that all actors share. */
export type Shared<S extends Shape> = VarsOf<S> & { readonly [$shape]: S };
/**
 * Declares the state that all actors share.
 * Example: `shared({ refs: int(0, 2), pmd: oneOf('none', 'huge') })`
 */
export const shared = exactly('shared', <S extends Shape>(shape: S): Shared<S> => {
  requireDomains(shape, 'shared(…)');
  const variables = Object.entries(shape).map(([name, domain]) => [
    name,
    variable({ name, path: [] }, domain),
  ]);
  return Object.assign(Object.fromEntries(variables), { [$shape]: shape });
});

export type SettingsOf<S extends ScalarShape> = {
  readonly [K in keyof S]: S[K] extends EnumDomain<infer V> ? Enum<V> : S[K] extends IntDomain ? Int : Bool;
};
/** The settings of a model: constants that the command line may set; lowering folds them. */
export type Config<S extends ScalarShape> = SettingsOf<S> & { readonly [$shape]: S };
/**
 * Declares the settings of a model.
 * Example: `config({ fix: oneOf('none', 'merged'), NR: int(1, 3) })`
 */
export const config = exactly('config', <S extends ScalarShape>(shape: S): Config<S> => {
  requireDomains(shape, 'config(…)');
  const settings = Object.entries(shape).map(([name, domain]) => {
    const node: ExprNode = { op: 'setting', name };
    const { kind } = domain.node;
    return [name, kind === 'enum' ? new Enum(node) : kind === 'int' ? new Int(node) : new Bool(node)];
  });
  return Object.assign(Object.fromEntries(settings), { [$shape]: shape });
});

/** The values of a shared state: `StateOf<typeof state>`. */
export type StateOf<T> = T extends { readonly [$shape]: infer S extends Shape } ? ValuesOf<S> : never;
export const shapeOf = <S extends Shape>(of: { readonly [$shape]: S }): S => of[$shape];
