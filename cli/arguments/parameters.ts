// The parameters of a command, as data from which arguments are read and their values typed. yargs splits the
// arguments; an unknown option is refused with the name of the nearest known one.

import { resolve } from 'node:path';
import { didYouMean } from '../../checker/index.js';
import { UsageError } from '../errors.js';
import type { Verb } from './help.js';

/** One parameter of a command; `T` is the type of its value. */
export interface Parameter<T> {
  /** An operand has no name on the command line, a flag no value; operands are any number of them. */
  readonly kind: 'operand' | 'operands' | 'flag' | 'value';
  /**
   * The value of the given texts, in their order; none if the parameter is absent. Throws a UsageError for a text that
   * is not accepted.
   */
  readonly read: (given: readonly string[], name: string) => T;
}

/** By name; parameters without a name are given in this order, and one that takes several of them is the last. */
export interface Parameters {
  readonly [name: string]: Parameter<unknown>;
}

/** The values of parameters, by name. */
export type ParameterValues<P extends Parameters> = {
  readonly [N in keyof P]: P[N] extends Parameter<infer T> ? T : never;
};

interface Split {
  /** The arguments after `--`. */
  readonly '--'?: unknown;
  /** The arguments that are no options. */
  readonly _: readonly (string | number)[];
  readonly [name: string]: unknown;
}

/** Reads the arguments that follow the verb. Throws a UsageError. */
export async function readArguments<P extends Parameters>(
  verb: Verb,
  parameters: P,
  args: readonly string[],
): Promise<ParameterValues<P>> {
  const hasOptions = args.some((written) => written.startsWith('-'));
  const parts: Split = hasOptions ? await split(verb, parameters, args) : { _: args };
  const { '--': rest, _: unnamed, ...named } = parts;
  const given = new Map(Object.keys(parameters).map((name) => [name, textsOf(named[name])]));
  const operands = Object.keys(parameters).filter((name) => !isOption(parameters, name));
  for (const written of [...unnamed.map(String), ...textsOf(rest)]) {
    if (written.startsWith('-') && unnamed.includes(written)) throw unknownOption(verb, parameters, written);
    const operand = operands.find(
      (name) => parameters[name]!.kind !== 'operand' || given.get(name)!.length === 0,
    );
    if (operand === undefined) {
      throw new UsageError(`${verb} takes no argument '${written}'; ${seeHelp(verb)}`);
    }
    given.set(operand, [...given.get(operand)!, written]);
  }
  const values = [...given].map(([name, texts]) => [name, parameters[name]!.read(texts, name)] as const);
  return Object.fromEntries(values) as ParameterValues<P>;
}

/**
 * Splits arguments with the parser of yargs, which leaves unknown options as they are. The rest of yargs prints help,
 * and loading it takes longer than a small check. Without options there is nothing to split.
 */
async function split(verb: Verb, parameters: Parameters, args: readonly string[]): Promise<Split> {
  const options = Object.entries(parameters).filter(([name]) => isOption(parameters, name));
  const flags = options.filter(([, { kind }]) => kind === 'flag').map(([name]) => name);
  const named = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  // The parser would read `--stats=3` as several `--stats`,
  const flag = flags.find((name) => named.some((written) => written.startsWith(`--${name}=`)));
  if (flag !== undefined) throw new UsageError(`--${flag} takes no value`);
  // `-stats` as `--stats`, and `--no-stats` as a known option.
  const other = options.flatMap(([name]) => [`-${name}`, `--no-${name}`]);
  const wrong = named.find((written) => other.includes(written.split('=')[0]!));
  if (wrong !== undefined) throw unknownOption(verb, parameters, wrong);
  const { Parser } = await import('yargs/helpers');
  const values = options.map(([name]) => name).filter((name) => !flags.includes(name));
  const { argv, error } = Parser.detailed([...args], {
    boolean: flags,
    string: values,
    array: values,
    // At least one.
    narg: Object.fromEntries(values.map((name) => [name, Number.NaN])),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'short-option-groups': false,
      'unknown-options-as-args': true,
    },
  });
  if (error === null) return argv;
  const [, lacking] = /^Not enough arguments following: (.*)$/.exec(error.message) ?? [];
  throw lacking === undefined ? error : new UsageError(`--${lacking} needs a value; ${seeHelp(verb)}`);
}

/** The texts of an option, one for each time it is given; an empty one for a flag. */
function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return value === undefined || value === false ? [] : [value === true ? '' : String(value)];
}

const isOption = (parameters: Parameters, name: string): boolean =>
  Object.hasOwn(parameters, name) && !['operand', 'operands'].includes(parameters[name]!.kind);

function unknownOption(verb: Verb, parameters: Parameters, written: string): UsageError {
  const given = written.split('=')[0]!;
  const see = seeHelp(verb);
  if (!given.startsWith('--')) return new UsageError(`no option '${given}': options are long; ${see}`);
  const options = Object.keys(parameters)
    .filter((name) => isOption(parameters, name))
    .map((name) => `--${name}`);
  return new UsageError(`${verb} has no option '${given}'${didYouMean(given, options) || `; ${see}`}`);
}

const seeHelp = (verb: Verb): string => `see 'raceproof ${verb} --help'`;

/** The same reports, of which the later would replace the earlier in one file. Throws a UsageError then. */
export function inFilesOfTheirOwn<T extends { readonly file?: string }>(reports: readonly T[]): readonly T[] {
  const files = new Set<string>();
  for (const { file } of reports) {
    if (file === undefined) continue;
    if (files.has(resolve(file)))
      throw new UsageError(`--report: two reports cannot go to one file, ${file}`);
    files.add(resolve(file));
  }
  return reports;
}
