// Kinds of parameters, and the parameters that several commands share. A value that is not accepted throws a UsageError
// that names the nearest accepted word.

import {
  type CheckName,
  checkNames,
  didYouMean,
  type ExploreOptions,
  engineNames,
  memoryModels,
  reductionChoices,
  searchNames,
  storageNames,
} from '../../checker/index.js';
import { UsageError } from '../errors.js';
import type { Parameter, ParameterValues } from './parameters.js';

/** An argument without a name, such as MODEL. */
export const operand: Parameter<string | undefined> = { kind: 'operand', read: ([given]) => given };

/** An option without a value. */
export const flag: Parameter<boolean> = { kind: 'flag', read: (given) => given.length > 0 };

/** An option that takes any text, repeatable. */
export const texts: Parameter<readonly string[]> = { kind: 'value', read: (given) => given };

/** An option that takes any text. */
export const text: Parameter<string | undefined> = { kind: 'value', read: once };

/** An option that takes one of a few words, and is the first of them if it is absent. */
export const word = <const W extends string>(words: readonly [W, ...W[]]): Parameter<W> => ({
  kind: 'value',
  read: (given, name) => {
    const asked = once(given, name) ?? words[0];
    const found = words.find((candidate) => candidate === asked);
    if (found !== undefined) return found;
    throw new UsageError(`--${name}=${asked}: not one of ${words.join(', ')}${didYouMean(asked, words)}`);
  },
});

/** --without=NAME: built-in checks that are switched off; repeatable. */
export const without: Parameter<readonly CheckName[]> = {
  kind: 'value',
  read: (given) => checkNames.filter((name) => given.map(checkNamed).includes(name)),
};

function checkNamed(asked: string): CheckName {
  const found = checkNames.find((name) => name === asked);
  if (found !== undefined) return found;
  const hint = didYouMean(asked, checkNames);
  throw new UsageError(`--without=${asked}: no such check; there are ${checkNames.join(', ')}${hint}`);
}

/** An option that takes a number from `min` up. */
export const number = (min: number, { whole = true } = {}): Parameter<number | undefined> => ({
  kind: 'value',
  read: (given, name) => {
    const digits = once(given, name);
    if (digits === undefined) return undefined;
    const value = /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
    if (value >= min && (!whole || Number.isSafeInteger(value))) return value;
    throw new UsageError(`--${name}=${digits}: not a ${whole ? 'whole ' : ''}number from ${min} up`);
  },
});

function once([given, ...more]: readonly string[], name: string): string | undefined {
  if (more.length > 0) throw new UsageError(`--${name} is given twice`);
  return given;
}

/** The name of the model. Throws a UsageError if it is missing. */
export function requireModel(verb: string, model: string | undefined): string {
  if (model === undefined || model === '') {
    throw new UsageError(`which model? raceproof ${verb} MODEL ('raceproof list' names them)`);
  }
  return model;
}

/** Settings as they are given; the model checks them. */
export type GivenSettings = { readonly [name: string]: string };

/** --set NAME=VALUE, once for each setting. */
export const settings: Parameter<GivenSettings> = { kind: 'value', read: readSettings };

function readSettings(given: readonly string[]): GivenSettings {
  const settings = new Map<string, string>();
  for (const text of given) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`--set ${text}: write --set NAME=VALUE`);
    }
    if (settings.has(name)) {
      throw new UsageError(`--set ${name} is given twice: ${name}=${settings.get(name)}, ${name}=${value}`);
    }
    settings.set(name, value);
  }
  return Object.fromEntries(settings);
}

/** For commands that explore: how, and how far. */
export const exploration = {
  engine: word(engineNames),
  search: word(searchNames),
  storage: word(storageNames),
  reduce: word(['none', ...reductionChoices]),
  workers: number(1),
  backend: word(['auto', 'wasm', 'javascript']),
  'max-states': number(1),
  'max-depth': number(0),
  /** In megabytes. */
  'max-memory': number(1),
  'max-seconds': number(0, { whole: false }),
  stats: flag,
};

/** For commands that know memory models. */
export const memory = {
  memory: word(memoryModels),
  /** Under tso: how many stores each buffer holds. */
  buffer: number(1),
};

export type MemoryValues = ParameterValues<typeof memory>;

const buffersMax = 100;

/** Throws a UsageError for --buffer where there are no buffers. */
export function requireBuffers({ memory, buffer }: MemoryValues): void {
  if (memory !== 'tso' && buffer !== undefined) {
    throw new UsageError('--buffer=K is for --memory=tso: nothing else has store buffers');
  }
  if (buffer !== undefined && buffer > buffersMax) {
    throw new UsageError(
      `--buffer=${buffer}: at most ${buffersMax}, more than the store buffers of any CPU hold`,
    );
  }
}

export type ExplorationValues = ParameterValues<typeof exploration>;

/** Of all arguments of a command, those that say how to explore. */
export const explorationOf = (args: ExplorationValues): ExplorationValues =>
  Object.fromEntries(
    Object.keys(exploration).map((name) => [name, args[name as keyof ExplorationValues]]),
  ) as ExplorationValues;

/** The same as options of `explore`; time limits are not among them. */
export function exploreOptions({
  engine,
  search,
  storage,
  reduce,
  workers,
  backend,
  ...max
}: ExplorationValues): ExploreOptions {
  const statesMax = max['max-states'];
  const depthMax = max['max-depth'];
  const megabytesMax = max['max-memory'];
  return {
    engine,
    search,
    storage,
    ...(reduce !== 'none' && { reduce }),
    ...(workers !== undefined && { workers }),
    ...(backend !== 'auto' && { backend }),
    ...(statesMax !== undefined && { statesMax }),
    ...(depthMax !== undefined && { depthMax }),
    ...(megabytesMax !== undefined && { memoryMax: megabytesMax * 2 ** 20 }),
  };
}

/** Results for people: how many characters a line has. */
export const width = number(40);
