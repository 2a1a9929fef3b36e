// The options that commands share, as yargs wants them. Values are checked as they are parsed, and what is wrong is
// said in a UsageError with the nearest right word.

import type { Argv } from 'yargs';
import { didYouMean, type ExploreOptions } from '../checker/index.js';
import { UsageError } from './errors.js';

/** Settings as they are given; the model checks them. */
export type GivenSettings = { readonly [name: string]: string };

/** Commands about one model: MODEL. */
export const withModel = (yargs: Argv) => yargs.positional('model', { type: 'string' });

/** The model that was asked for. */
export function requireModel(verb: string, model: string | undefined): string {
  if (model === undefined || model === '') {
    throw new UsageError(`which model? raceproof ${verb} MODEL ('raceproof list' names them)`);
  }
  return model;
}

/** Commands that choose settings: --set NAME=VALUE. */
export const withSettings = <T>(yargs: Argv<T>) =>
  yargs.option('set', {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [],
    coerce: parseSettings,
  });

function parseSettings(given: readonly string[]): GivenSettings {
  const settings: { [name: string]: string } = {};
  for (const text of given) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`--set ${text}: write --set NAME=VALUE`);
    }
    if (name in settings) {
      throw new UsageError(`--set ${name} is given twice: ${name}=${settings[name]}, ${name}=${value}`);
    }
    settings[name] = value;
  }
  return settings;
}

/** An option that takes one of a few words. */
export const word = <const W extends string>(name: string, words: readonly [W, ...W[]]) => ({
  type: 'string' as const,
  requiresArg: true,
  default: words[0] as W,
  coerce: (given: unknown): W => {
    const text = once(name, given);
    const found = words.find((candidate) => candidate === text);
    if (found !== undefined) return found;
    throw new UsageError(`--${name}=${text}: not one of ${words.join(', ')}${didYouMean(text, words)}`);
  },
});

/** An option that takes a number from `min` up. */
export const number = (name: string, min: number, { whole = true } = {}) => ({
  type: 'string' as const,
  requiresArg: true,
  coerce: (given: unknown): number | undefined => {
    if (given === undefined) return undefined;
    const text = once(name, given);
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && (!whole || Number.isSafeInteger(value))) return value;
    throw new UsageError(`--${name}=${text}: not a ${whole ? 'whole ' : ''}number from ${min} up`);
  },
});

/** yargs makes an array of an option that is given twice. */
function once(name: string, given: unknown): string {
  if (Array.isArray(given)) throw new UsageError(`--${name} is given twice`);
  return String(given);
}

/** Commands that explore: how, and how far. */
export const withExploration = <T>(yargs: Argv<T>) =>
  yargs
    .option('engine', word('engine', ['compiled', 'reference']))
    .option('search', word('search', ['bfs', 'dfs', 'iterative']))
    .option('storage', word('storage', ['exact', 'hash64', 'bitstate']))
    .option('workers', number('workers', 1))
    .option('max-states', number('max-states', 1))
    .option('max-depth', number('max-depth', 0))
    .option('max-memory', number('max-memory', 1))
    .option('max-seconds', number('max-seconds', 0, { whole: false }))
    .option('stats', { type: 'boolean', default: false });

/** What `withExploration` parses. */
export interface ExplorationArguments {
  readonly engine: 'compiled' | 'reference';
  readonly search: 'bfs' | 'dfs' | 'iterative';
  readonly storage: 'exact' | 'hash64' | 'bitstate';
  readonly workers: number | undefined;
  readonly 'max-states': number | undefined;
  readonly 'max-depth': number | undefined;
  /** In megabytes. */
  readonly 'max-memory': number | undefined;
  readonly 'max-seconds': number | undefined;
  readonly stats: boolean;
}

/** The same for the checker; only the clock is missing. */
export function exploreOptions({
  engine,
  search,
  storage,
  workers,
  ...max
}: ExplorationArguments): ExploreOptions {
  const statesMax = max['max-states'];
  const depthMax = max['max-depth'];
  const megabytesMax = max['max-memory'];
  return {
    engine,
    search,
    storage,
    ...(workers !== undefined && { workers }),
    ...(statesMax !== undefined && { statesMax }),
    ...(depthMax !== undefined && { depthMax }),
    ...(megabytesMax !== undefined && { memoryMax: megabytesMax * 2 ** 20 }),
  };
}

/** Results for people: how many characters a line has. */
export const withWidth = <T>(yargs: Argv<T>) => yargs.option('width', number('width', 40));
