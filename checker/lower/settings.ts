// Settings: from the values given on the command line or by a caller to a value for every setting of the model.

import {
  type Domain,
  type DomainNode,
  domainText,
  isMember,
  type Model,
  ModelError,
  type SettingValue,
} from '../../models/language/index.js';
import type { Type } from '../ir/program.js';
import { refuseUnsaid } from './first_values.js';
import { didYouMean } from './nearest.js';

export type Settings = { readonly [name: string]: SettingValue };

/** A setting that the model does not have, or a value outside its domain. The user's mistake, not the model's. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/**
 * All settings of the model, in its order: those given, the others at their domain's first value.
 * Example: `resolveSettings(model, { NR_ACTORS: '2' }).NR_ACTORS === 2`
 */
export function resolveSettings(model: Model, given: { readonly [name: string]: unknown }): Settings {
  const names = Object.keys(model.settings);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    throw new SettingError(
      `${model.name} has no setting '${name}'${didYouMean(name, names) || ` (${known})`}`,
    );
  }
  return Object.fromEntries(
    Object.entries(model.settings).map(([name, domain]) => {
      if (!Object.hasOwn(given, name)) return [name, defaultOf(domain)];
      return [name, parse(name, domain.node, given[name])];
    }),
  );
}

/** The names of the settings that differ from their defaults, in the model's order. */
export const nonDefaultOf = (model: Model, settings: Settings): readonly string[] =>
  Object.entries(model.settings).flatMap(([name, domain]) =>
    settings[name] === defaultOf(domain) ? [] : [name],
  );

/** The value of a setting; undefined if there is none of this name. */
export const settingOf = (settings: Settings, name: string): SettingValue | undefined =>
  Object.hasOwn(settings, name) ? settings[name] : undefined;

/** The value of a setting that is not given. Example: `defaultOf(oneOf('none', 'merged')) === 'none'` */
export function defaultOf(domain: Domain<unknown>): SettingValue {
  const { initial, node } = domain;
  if (node.kind === 'int') refuseUnsaid(node, initial, 'a setting');
  const value = 'values' in initial ? initial.values[0]! : initial.of();
  if (typeof value !== 'object') return value;
  throw new ModelError('a setting cannot start as an expression of other settings');
}

function parse(name: string, domain: DomainNode, given: unknown): SettingValue {
  const value = typeof given === 'string' ? fromText(domain, given) : given;
  if (isMember(domain, value)) return value as SettingValue;
  const hint = domain.kind === 'enum' ? didYouMean(String(given), domain.values) : '';
  throw new SettingError(`${name}=${String(given)}: not in ${domainText(domain)}${hint}`);
}

function fromText(domain: DomainNode, text: string): unknown {
  if (domain.kind === 'int') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (domain.kind === 'bool') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** The type of a setting's values. */
export function typeOfSetting(domain: Domain<unknown>): Type {
  const { node } = domain;
  if (node.kind === 'enum') return node.values;
  return node.kind === 'bool' ? 'bool' : 'int';
}
