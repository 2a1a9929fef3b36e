// The parameters of a command, as data that tells how each is read and gives its value a type; and from arguments to
// those values. Node splits the arguments; what they cannot mean is said with the nearest right word.

import { parseArgs } from 'node:util';
import { didYouMean } from '../checker/index.js';
import { UsageError } from './errors.js';
import type { Verb } from './help.js';

/** Something that a command is told. */
export interface Parameter<T> {
  /** An operand has no name on the command line, a flag no value. */
  readonly kind: 'operand' | 'flag' | 'value';
  /** What was given means this: texts in their order, none if it is absent. Throws a UsageError if it means nothing. */
  readonly read: (given: readonly string[], name: string) => T;
}

/** By name; a command has at most one operand. */
export interface Parameters {
  readonly [name: string]: Parameter<unknown>;
}

/** What parameters are told, by name. */
export type Values<P extends Parameters> = {
  readonly [N in keyof P]: P[N] extends Parameter<infer T> ? T : never;
};

/** Reads the arguments that follow the verb. Throws a UsageError. */
export function readArguments<P extends Parameters>(
  verb: Verb,
  parameters: P,
  args: readonly string[],
): Values<P> {
  const given = new Map<string, string[]>(Object.keys(parameters).map((name) => [name, []]));
  const operand = Object.keys(parameters).find((name) => parameters[name]!.kind === 'operand');
  for (const token of tokensOf(parameters, args)) {
    if (token.kind === 'option-terminator') continue;
    const written = args[token.index]!;
    if (token.kind === 'option') {
      if (!isOption(parameters, token.name)) throw unknownOption(verb, parameters, written);
      given.get(token.name)!.push(textOf(verb, parameters, token));
    } else {
      if (operand === undefined || given.get(operand)!.length > 0) {
        throw new UsageError(`${verb} does not know what to do with '${written}'; ${seeHelp(verb)}`);
      }
      given.get(operand)!.push(written);
    }
  }
  const values = [...given].map(([name, texts]) => [name, parameters[name]!.read(texts, name)] as const);
  return Object.fromEntries(values) as Values<P>;
}

/** Every option may be repeated, and unknown ones pass: what is wrong is found in the tokens. */
const tokensOf = (parameters: Parameters, args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(parameters)
        .filter(([, { kind }]) => kind !== 'operand')
        .map(([name, { kind }]) => [name, { type: kind === 'flag' ? 'boolean' : 'string' }] as const),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  }).tokens;

type OptionToken = ReturnType<typeof tokensOf>[number] & { readonly kind: 'option' };

const isOption = (parameters: Parameters, name: string): boolean =>
  Object.hasOwn(parameters, name) && parameters[name]!.kind !== 'operand';

/** What an option is given; a flag, an empty text. */
function textOf(verb: Verb, parameters: Parameters, { name, value, inlineValue }: OptionToken): string {
  if (parameters[name]!.kind === 'flag') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value`);
    return '';
  }
  if (value !== undefined && (inlineValue || !value.startsWith('--'))) return value;
  throw new UsageError(`--${name} needs a value; ${seeHelp(verb)}`);
}

function unknownOption(verb: Verb, parameters: Parameters, written: string): UsageError {
  const given = written.split('=')[0]!;
  const see = seeHelp(verb);
  if (!given.startsWith('--')) return new UsageError(`no option '${given}': options are long; ${see}`);
  const options = Object.keys(parameters)
    .filter((name) => isOption(parameters, name))
    .map((name) => `--${name}`);
  return new UsageError(`${verb} has no option '${given}'${didYouMean(given, options) || `; ${see}`}`);
}

const seeHelp = (verb: Verb): string => `'raceproof ${verb} --help' tells what there is`;
