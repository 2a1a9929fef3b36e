// What every command is: its parameters, and what it does with what they are told.

import type { ExitStatus } from './exit-status.js';
import type { Verb } from './help.js';
import { type Parameters, readArguments, type Values } from './parameters.js';

export interface Command {
  readonly parameters: Parameters;
  /** Does what the arguments behind the verb say. Throws a UsageError for what they cannot mean. */
  readonly run: (args: readonly string[]) => Promise<ExitStatus>;
}

/** The command of a verb. */
export const commandOf = <P extends Parameters>(
  verb: Verb,
  parameters: P,
  run: (values: Values<P>) => Promise<ExitStatus>,
): Command => ({ parameters, run: async (args) => run(await readArguments(verb, parameters, args)) });
