// A model: settings, shared state and actors under one name. Pure data; nothing runs until a checker is asked.

import type { ActorsNode } from './actor.js';
import type { ScalarShape, Shape } from './domain.js';
import type { Bool, ExprNode } from './expression.js';
import { ModelError, type SourceLocation, whereWritten } from './location.js';
import { type Config, type Shared, shapeOf } from './variable.js';

export type SettingValue = number | boolean | string;

/** What `compare` lines up: the values of one setting, in a number of situations. */
export interface Comparison {
  /** The setting whose values are the candidates. */
  readonly candidates: string;
  /** By name: the settings that make each situation. */
  readonly scenarios: { readonly [name: string]: { readonly [setting: string]: SettingValue } };
}

export interface Model {
  readonly name: string;
  /** One line for `list`. */
  readonly about: string;
  readonly settings: ScalarShape;
  readonly state: Shape;
  readonly actors: readonly ActorsNode[];
  /** Restricts the initial states, where variables start with several values. */
  readonly initially: ExprNode | undefined;
  readonly comparison: Comparison | undefined;
  readonly at: SourceLocation | undefined;
}

export function model<C extends ScalarShape = Record<never, never>>(
  name: string,
  parts: {
    readonly about: string;
    readonly settings?: Config<C>;
    readonly state: Shared<Shape> | { readonly [name: string]: unknown };
    readonly actors: readonly { readonly actors: ActorsNode }[];
    readonly initially?: Bool;
    readonly comparison?: {
      readonly candidates: keyof C & string;
      readonly scenarios: { readonly [name: string]: { readonly [K in keyof C]?: SettingValue } };
    };
  },
): Model {
  const actors = parts.actors.map((family) => family.actors);
  const twice = actors.find((family, i) => actors.findIndex((other) => other.name === family.name) !== i);
  if (twice !== undefined) throw new ModelError(`two actors are named '${twice.name}'`, twice.at);
  if (actors.length === 0) throw new ModelError(`the model '${name}' has no actors`);
  return {
    name,
    about: parts.about,
    settings: parts.settings === undefined ? {} : shapeOf(parts.settings),
    state: shapeOf(parts.state as Shared<Shape>),
    actors,
    initially: parts.initially?.node,
    comparison: parts.comparison as Comparison | undefined,
    at: whereWritten(),
  };
}
