// A model: settings, shared state and actors under one name. It is data; nothing runs until a checker explores it.

import type { ActorsNode } from './actor.js';
import { exactly } from './arity.js';
import type { ScalarShape, Shape } from './domain.js';
import { type Bool, conditionNode, describe, type ExprNode } from './expression.js';
import { ModelError, type SourceLocation, whereWritten } from './location.js';
import { requireOptions, requireText } from './required.js';
import { type AnyShared, type Config, shapeOf } from './shared.js';
import { requireName } from './statement.js';

export type SettingValue = number | boolean | string;

interface Chosen {
  readonly [setting: string]: SettingValue;
}

/** Settings, and a memory model beside them: `{ memory: 'tso' }` is x86-TSO. */
export type Environment = Chosen & { readonly memory?: 'sc' | 'tso' };

/** What `compare` compares: candidates by scenarios, and by environments if there are several. */
export interface ComparisonPlan {
  /** The setting whose values are the candidates. */
  readonly candidates: string;
  /** Settings that hold for every cell. */
  readonly settings?: Chosen;
  /** Which of its values to compare; all if absent. */
  readonly only?: readonly string[];
  /** Facts about a candidate beside what is explored, in a sentence or two that name their sources. */
  readonly about?: { readonly [candidate: string]: string };
  /** By name: the settings that make each situation. */
  readonly scenarios: { readonly [name: string]: Chosen };
  /**
   * By name: settings of the environment of every scenario, and the memory model that it is explored under; the first is
   * the usual one.
   */
  readonly environments?: { readonly [name: string]: Environment };
  /** Costs of candidates whose verdicts do not differ. */
  readonly costs?: readonly Cost[];
  /** Other comparisons of the same model, by the name that `--candidates` gives them. */
  readonly others?: { readonly [name: string]: ComparisonPlan };
}

/** An event that candidates cause more or less often, counted on every run that ends. */
export interface Cost {
  /** What is counted, in a few words. */
  readonly name: string;
  /** The environment of the comparison in which it matters. */
  readonly environment: string;
  /** The variable that counts, as a formula names it. */
  readonly counter: string;
  /** Settings that make the model count. */
  readonly settings: Chosen;
  /** By name: the settings that make each situation. */
  readonly scenarios: { readonly [name: string]: Chosen };
  /** What it stands for, in a sentence or two that name their sources. */
  readonly about: string;
}

/** Settings that the model refuses together: they would allow runs that the modelled code cannot have. */
export interface Exclusion {
  /** A condition on settings alone. */
  readonly when: ExprNode;
  /** The behaviour of the modelled code instead, or what the model leaves out: the end of a sentence. */
  readonly because: string;
}

/** Refuses an environment that sets what a scenario sets: the cell would not be the scenario that it is named after. */
function refuseReplaced({ scenarios, environments = {} }: ComparisonPlan): void {
  for (const [environment, around] of Object.entries(environments)) {
    for (const [scenario, own] of Object.entries(scenarios)) {
      const name = Object.keys(around).find((setting) => setting in own);
      if (name === undefined) continue;
      throw new ModelError(
        `the environment '${environment}' sets ${name}, and so does the scenario '${scenario}': give the environment a setting of its own`,
      );
    }
  }
}

/** Refuses an environment that names no memory model, or a setting of that name. */
function requireMemories({ environments = {} }: ComparisonPlan, settings: ScalarShape): void {
  for (const [name, { memory }] of Object.entries(environments)) {
    if (memory === undefined) continue;
    if (Object.hasOwn(settings, 'memory')) {
      throw new ModelError(
        `the environment '${name}' sets memory, which is the memory model there: give the setting another name`,
      );
    }
    if (memory !== 'sc' && memory !== 'tso') {
      throw new ModelError(
        `the environment '${name}' has memory: ${describe(memory)}; the memory models are 'sc' and 'tso'`,
      );
    }
  }
}

const partNames = ['about', 'settings', 'state', 'actors', 'initially', 'within', 'excludes', 'comparison'];

function requireShape(x: unknown, problem: string): void {
  if (shapeOf(Object(x)) === undefined) throw new ModelError(`${problem}, not ${describe(x)}`);
}

function familiesOf(list: unknown, whose: string): readonly ActorsNode[] {
  const are = `the 'actors' of ${whose} are a list, actors: [a, b]`;
  if (!Array.isArray(list)) throw new ModelError(`${are}, not ${describe(list)}`);
  return list.map((each: unknown) => {
    const { actors }: { readonly actors?: ActorsNode } = Object(each);
    if (actors !== undefined) return actors;
    throw new ModelError(`${are}, of what actor(…) and actors(…) return, not ${describe(each)}`);
  });
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
  /** Bounds what is explored: where it is false, no step is taken. */
  readonly within: ExprNode | undefined;
  readonly excludes: readonly Exclusion[];
  readonly comparison: ComparisonPlan | undefined;
  readonly at: SourceLocation | undefined;
}

/** Throws a ModelError for a comparison of the wrong form. */
function requirePlan(plan: ComparisonPlan, what: string, settings: ScalarShape): void {
  const { candidates, scenarios, others = {} }: Partial<ComparisonPlan> = Object(plan);
  if (typeof candidates !== 'string' || Object(scenarios) !== scenarios) {
    const form = "{ candidates: 'SETTING', scenarios: { NAME: { SETTING: VALUE } } }";
    throw new ModelError(`${what} is not of the form ${form}`);
  }
  for (const [name, other] of Object.entries(others)) requirePlan(other, `'${name}' in ${what}`, settings);
  refuseReplaced(plan);
  requireMemories(plan, settings);
}

/**
 * Puts a model together: its name, a description, its state and its actors.
 * Example: `model('lost_update', { about: 'two increments', state, actors: [worker] })`
 */
export const model = exactly(
  'model',
  <C extends ScalarShape = Record<never, never>>(
    name: string,
    parts: {
      readonly about: string;
      readonly settings?: Config<C>;
      readonly state: AnyShared;
      readonly actors: readonly { readonly actors: ActorsNode }[];
      readonly initially?: Bool;
      /**
       * Bounds what is explored, for a model with too many states: no step is taken from a state in which it is false.
       * Such states are checked and counted, and if there is any, the verdict is incomplete.
       */
      readonly within?: Bool;
      readonly excludes?: readonly { readonly when: Bool; readonly because: string }[];
      readonly comparison?: ComparisonPlan;
    },
  ): Model => {
    requireText(name, "the name of model('name', { … })");
    const whose = `model('${name}', …)`;
    requireOptions(parts, partNames, whose);
    requireText(parts.about, `the 'about' of ${whose}`);
    requireShape(parts.state, `the 'state' of ${whose} is what shared({ … }) returns`);
    if (parts.settings !== undefined) {
      requireShape(parts.settings, `the 'settings' of ${whose} are what config({ … }) returns`);
    }
    const actors = familiesOf(parts.actors, whose);
    for (const family of actors) requireName('actor', family.name, family.at);
    const twice = actors.find((family, i) => actors.findIndex((other) => other.name === family.name) !== i);
    if (twice !== undefined) throw new ModelError(`two actors are named '${twice.name}'`, twice.at);
    if (actors.length === 0) throw new ModelError(`the model '${name}' has no actors`);
    const settings = parts.settings === undefined ? {} : shapeOf(parts.settings);
    if (parts.comparison !== undefined)
      requirePlan(parts.comparison, `the 'comparison' of ${whose}`, settings);
    return {
      name,
      about: parts.about,
      settings,
      state: shapeOf(parts.state),
      actors,
      initially: parts.initially && conditionNode(parts.initially, 'initially'),
      within: parts.within && conditionNode(parts.within, 'within'),
      excludes: (parts.excludes ?? []).map(({ when, because }) => {
        return { when: conditionNode(when, 'excludes'), because };
      }),
      comparison: parts.comparison,
      at: whereWritten(),
    };
  },
);
