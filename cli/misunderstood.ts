// What yargs cannot make sense of, said in our words and with the nearest right one.

import { didYouMean } from '../checker/index.js';
import { UsageError } from './errors.js';
import { helpOn, type Verb } from './help.js';

/** yargs would take `--stats=3` for some `--stats`. Flags are those options that the help shows without a value. */
export function refuseValuesOfFlags(verb: Verb, args: readonly string[]): void {
  const flags = [...helpOn(verb).matchAll(/^ {2}(--[a-z-]+) {2}/gm)].map(([, flag]) => flag!);
  const flag = flags.find((each) => args.some((arg) => arg.startsWith(`${each}=`)));
  if (flag !== undefined) throw new UsageError(`${flag} takes no value`);
}

/** The error for a complaint of yargs about the arguments of a command. */
export function misunderstood(verb: Verb, complaint: string, args: readonly string[]): UsageError {
  const see = `'raceproof ${verb} --help' tells what there is`;
  const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(complaint) ?? [];
  if (unknown !== undefined) return unknownArgument(verb, unknown.split(', ')[0]!, args, see);
  const [, lacking] = /^Not enough arguments following: (.*)$/.exec(complaint) ?? [];
  if (lacking !== undefined) return new UsageError(`--${lacking} needs a value; ${see}`);
  return new UsageError(complaint);
}

function unknownArgument(verb: Verb, name: string, args: readonly string[], see: string): UsageError {
  const given = args
    .map((arg) => arg.split('=')[0]!)
    .find((arg) => /^-/.test(arg) && arg.replace(/^-+/, '') === name);
  if (given === undefined) return new UsageError(`${verb} does not know what to do with '${name}'; ${see}`);
  if (!given.startsWith('--')) return new UsageError(`no option '${given}': options are long; ${see}`);
  const options = helpOn(verb).match(/--[a-z-]+/g) ?? [];
  return new UsageError(`${verb} has no option '${given}'${didYouMean(given, options) || `; ${see}`}`);
}
