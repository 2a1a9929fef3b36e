// Which cells a comparison has: those of a comparison that the model names, or of settings that --over varies; all of
// them, or those that --only names.

import { didYouMean, type MemoryModel, resolveSettings } from '../checker/index.js';
import {
  type DomainNode,
  type Model,
  ModelError,
  type ComparisonPlan as Plan,
  type SettingValue,
} from '../models/language/index.js';
import { chosenByCosts } from './costs.js';

/** A comparison that cannot be made: the model has none of that name, or a setting is chosen twice. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
}

/** A setting to vary, and its values as the command line gives them, `1..3` among them; all values if absent. */
export interface Axis {
  readonly setting: string;
  readonly values: readonly unknown[] | undefined;
}

/** What to compare; all that the model names if it is empty. */
export interface ComparisonAsked {
  /** Another comparison of the model by its name, or the names of some candidates, separated by commas. */
  readonly candidates?: string | undefined;
  /** Settings to vary instead: the values of the first are the candidates, those of the others the scenarios. */
  readonly over?: readonly Axis[];
  /** Names of candidates, scenarios and environments; `*` stands for anything. An axis of which no name is given keeps all. */
  readonly only?: readonly string[];
  /** The memory model where an environment names none: sequential consistency if absent. */
  readonly memory?: MemoryModel;
}

/** The cells to run: candidates by the scenarios and environments of the plan. */
export interface Selection {
  readonly plan: Plan;
  readonly candidates: readonly SettingValue[];
  /** The settings that scenarios vary, if --over chose them. */
  readonly across?: readonly string[];
}

/** The most cells of --over: a setting with a large range would have millions. */
const cellsMax = 1000;

/** Throws a ComparisonError, or a SettingError for a value that a setting does not have. */
export function selectionOf(model: Model, { candidates, over = [], only = [] }: ComparisonAsked): Selection {
  if (over.length > 0 && candidates !== undefined) {
    throw new ComparisonError('--over names the settings to vary itself: leave out --candidates');
  }
  const all = over.length > 0 ? varied(model, over) : named(model, candidates);
  return only.length > 0 ? narrowed(all, only) : all;
}

/** The environments of a plan that names none. */
export const onlyUsual: NonNullable<Plan['environments']> = { '': {} };

/** The plan under a memory model, where its environments name none. Throws a ComparisonError if each names one. */
export function underMemory(plan: Plan, memory: MemoryModel | undefined): Plan {
  if (memory === undefined) return plan;
  const environments = Object.entries(plan.environments ?? onlyUsual);
  if (environments.every(([, around]) => around.memory !== undefined)) {
    throw new ComparisonError(
      `--memory=${memory}: every environment of the comparison names a memory model itself: ${environments.map(([name]) => name).join(', ')}`,
    );
  }
  return {
    ...plan,
    environments: Object.fromEntries(environments.map(([name, around]) => [name, { memory, ...around }])),
  };
}

/** Refuses settings that the comparison chooses itself. */
export function refuseChosen(plan: Plan, given: { readonly [name: string]: unknown }): void {
  const { candidates: setting, scenarios, environments = {} } = plan;
  const around = Object.values(environments).map(({ memory: _, ...settings }) => settings);
  const fixed = [plan.settings ?? {}, ...Object.values(scenarios), ...around];
  const chosen = [setting, ...fixed.flatMap((settings) => Object.keys(settings)), ...chosenByCosts(plan)];
  const clash = Object.keys(given).find((name) => chosen.includes(name));
  if (clash !== undefined) {
    throw new ComparisonError(`--set ${clash}: the comparison chooses ${clash} itself`);
  }
}

function named(model: Model, which: string | undefined): Selection {
  const { name, comparison } = model;
  if (comparison === undefined) {
    const settings = Object.keys(model.settings);
    const how = settings.length === 0 ? 'it has no settings' : `its settings are ${settings.join(', ')}`;
    throw new ComparisonError(
      `${name} names no candidates to compare; --over SETTING=VALUE,VALUE compares values of a setting (${how})`,
    );
  }
  const candidates = (plan: Plan) => plan.only ?? valuesOf(model, plan.candidates);
  if (which === undefined || which === comparison.candidates) {
    return { plan: comparison, candidates: candidates(comparison) };
  }
  const others = comparison.others ?? {};
  const other = Object.hasOwn(others, which) ? others[which] : undefined;
  if (other !== undefined) return { plan: other, candidates: candidates(other) };
  const own = candidates(comparison);
  const picked = which.split(',').map((text) => {
    const value = own.find((candidate) => String(candidate) === text.trim());
    if (value !== undefined) return value;
    const comparisons = [comparison.candidates, ...Object.keys(others)];
    const hint = didYouMean(text, [...comparisons, ...own.map(String)]);
    throw new ComparisonError(
      `--candidates=${which}: ${name} compares ${comparisons.join(', ')}, and the candidates are ${own.join(', ')}${hint}`,
    );
  });
  return { plan: comparison, candidates: [...new Set(picked)] };
}

/** The first setting down, all combinations of the others across. */
function varied(model: Model, axes: readonly Axis[]): Selection {
  const [down, ...across] = axes.map((axis) => ({ ...axis, values: axisValues(model, axis) }));
  const twice = axes.find(({ setting }, i) => axes.findIndex((axis) => axis.setting === setting) < i);
  if (twice !== undefined) throw new ComparisonError(`--over ${twice.setting} is given twice`);
  const cells = [down!, ...across].reduce((product, { values }) => product * values.length, 1);
  if (cells > cellsMax) {
    throw new ComparisonError(`--over: ${cells} cells, more than ${cellsMax}; name fewer values`);
  }
  const scenarios = across.reduce<readonly { readonly [name: string]: SettingValue }[]>(
    (before, { setting, values }) =>
      before.flatMap((chosen) => values.map((value) => ({ ...chosen, [setting]: value }))),
    [{}],
  );
  const nameOf = (chosen: { readonly [name: string]: SettingValue }) => partsOf(chosen).join(' ') || 'result';
  return {
    plan: {
      candidates: down!.setting,
      scenarios: Object.fromEntries(scenarios.map((chosen) => [nameOf(chosen), chosen])),
    },
    candidates: down!.values,
    across: across.map(({ setting }) => setting),
  };
}

const partsOf = (chosen: { readonly [name: string]: SettingValue }): readonly string[] =>
  Object.entries(chosen).map(([name, value]) => `${name}=${value}`);

/** Throws a SettingError for what the setting cannot be. */
function axisValues(model: Model, { setting, values }: Axis): readonly SettingValue[] {
  const settled = (given: unknown) => resolveSettings(model, { [setting]: given })[setting]!;
  const domain = Object.hasOwn(model.settings, setting) ? model.settings[setting]!.node : undefined;
  // A name that the model does not have is refused with the nearest one.
  if (domain === undefined) return [settled('')];
  if (values === undefined) return valuesOf(model, setting);
  return [...new Set(values.flatMap((given) => spread(domain, given)).map(settled))];
}

/** `2..4` of a number is 2, 3 and 4. */
function spread(domain: DomainNode, given: unknown): readonly unknown[] {
  const [, from, to] = /^(-?\d+)\.\.(-?\d+)$/.exec(String(given)) ?? [];
  if (domain.kind !== 'int' || from === undefined || to === undefined) return [given];
  const [min, max] = [Number(from), Number(to)];
  if (min > max || max - min >= cellsMax) {
    throw new ComparisonError(
      `--over: ${given} is not a range from a smaller to a larger number, up to ${cellsMax} of them`,
    );
  }
  return Array.from({ length: max - min + 1 }, (_, i) => min + i);
}

function valuesOf(model: Model, setting: string): readonly SettingValue[] {
  const domain = Object.hasOwn(model.settings, setting) ? model.settings[setting]?.node : undefined;
  if (domain === undefined) {
    throw new ModelError(`there is no setting '${setting}' whose values could be compared`, model.at);
  }
  switch (domain.kind) {
    case 'enum':
      return domain.values;
    case 'bool':
      return [false, true];
    case 'int': {
      const count = domain.max - domain.min + 1;
      if (count > cellsMax) {
        throw new ComparisonError(
          `${setting} has ${count} values; name those to compare: --over ${setting}=1,2`,
        );
      }
      return Array.from({ length: count }, (_, i) => domain.min + i);
    }
    default:
      return [];
  }
}

/** The cells that --only names. */
function narrowed({ plan, candidates, across }: Selection, only: readonly string[]): Selection {
  const { candidates: setting, scenarios, environments = {}, costs = [] } = plan;
  const candidateNames = (value: SettingValue) => [String(value), `${setting}=${value}`];
  const scenarioNames = (name: string) => [name, ...(across === undefined ? [] : partsOf(scenarios[name]!))];
  const whole = (name: string) => [name];
  const axes = [
    candidates.map(candidateNames),
    Object.keys(scenarios).map(scenarioNames),
    Object.keys(environments).map(whole),
  ];
  const names = axes.flat(2);
  const unknown = only.find((word) => !names.some((name) => fits(word, name)));
  if (unknown !== undefined) {
    const hint =
      didYouMean(unknown, names) ||
      `; there are ${[...candidates, ...Object.keys(scenarios), ...Object.keys(environments)].join('; ')}`;
    throw new ComparisonError(`--only=${unknown}: no candidate, scenario or environment is called so${hint}`);
  }
  const pick = <T>(all: readonly T[], namesOf: (one: T) => readonly string[]): readonly T[] => {
    const picked = all.filter((one) => only.some((word) => namesOf(one).some((name) => fits(word, name))));
    return picked.length === 0 ? all : picked;
  };
  const pickKeys = <T>(
    object: { readonly [name: string]: T },
    namesOf: (name: string) => readonly string[],
  ) => Object.fromEntries(pick(Object.keys(object), namesOf).map((name) => [name, object[name]!]));
  const around = pickKeys(environments, whole);
  return {
    plan: {
      ...plan,
      scenarios: pickKeys(scenarios, scenarioNames),
      ...(plan.environments !== undefined && { environments: around }),
      costs: costs.flatMap((cost) =>
        plan.environments === undefined || Object.hasOwn(around, cost.environment)
          ? [{ ...cost, scenarios: pickKeys(cost.scenarios, whole) }]
          : [],
      ),
    },
    candidates: pick(candidates, candidateNames),
    ...(across !== undefined && { across }),
  };
}

/** Is the name what the word says, where `*` stands for anything? */
const fits = (word: string, name: string): boolean =>
  new RegExp(
    `^${word
      .split('*')
      .map((part) => part.replace(/[\\^$.+?()[\]{}|/-]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(name);
