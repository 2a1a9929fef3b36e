// What every command is: its parameters, and what it does with their values.

import type { ExitStatus } from '../exit_status.js';
import { Stop } from '../stop.js';
import type { Verb } from './help.js';
import { type Parameters, type ParameterValues, readArguments } from './parameters.js';

export interface Command {
  readonly parameters: Parameters;
  /**
   * Runs the command with the arguments that follow the verb. Throws a UsageError for arguments that it does not
   * accept.
   */
  readonly run: (args: readonly string[]) => Promise<ExitStatus>;
}

/** The command of a verb. `--max-seconds` counts from its start. */
export const commandOf = <P extends Parameters>(
  verb: Verb,
  parameters: P,
  run: (values: ParameterValues<P>, stop: Stop) => Promise<ExitStatus>,
): Command => ({
  parameters,
  run: async (args) => {
    const values: ParameterValues<P> & { readonly 'max-seconds'?: unknown } = await readArguments(
      verb,
      parameters,
      args,
    );
    const seconds = values['max-seconds'];
    const stop = new Stop(typeof seconds === 'number' ? seconds : undefined);
    return run(values, stop).finally(() => stop.close());
  },
});
