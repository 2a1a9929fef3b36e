// From the arguments of the process to a command: finds the verb, loads that command alone, and runs it.

import type { Command } from './arguments/command.js';
import { helpOn, isVerb, type Verb, verbs } from './arguments/help.js';
import { explain, UsageError } from './errors.js';
import { type ExitStatus, exitStatus } from './exit_status.js';
import { note, print } from './output/terminal.js';
import { version } from './package.js';

export { leave } from './load/guard.js';

/** By verb; only the command that runs is loaded. */
export const commands: { readonly [V in Verb]: () => Promise<{ readonly command: Command }> } = {
  list: () => import('./commands/list.js'),
  show: () => import('./commands/show.js'),
  check: () => import('./commands/check.js'),
  compare: () => import('./commands/compare.js'),
  export: () => import('./commands/export.js'),
  verify: () => import('./commands/verify.js'),
  prove: () => import('./commands/prove.js'),
  init: () => import('./commands/init.js'),
  replay: () => import('./commands/replay.js'),
  render: () => import('./commands/render.js'),
  explain: () => import('./commands/explain.js'),
  simulate: () => import('./commands/simulate.js'),
  test: () => import('./commands/test.js'),
  litmus: () => import('./commands/litmus.js'),
  barriers: () => import('./commands/barriers.js'),
};

/** Runs the command of the arguments; any error ends in one line on stderr and an exit status. */
export const main = (args: readonly string[]): Promise<ExitStatus> =>
  runCommandLine(args).catch((error: unknown) => {
    const { text, status } = explain(error);
    note(text);
    return status;
  });

/** Runs the command of the arguments. Throws a UsageError for arguments that no command accepts. */
export async function runCommandLine(args: readonly string[]): Promise<ExitStatus> {
  const [verb] = args;
  if (verb === undefined) throw new UsageError("no command given; 'raceproof --help' lists them");
  if (verb === '--version') return say(version());
  if (verb === '--help') return say(helpOn(undefined));
  if (isVerb(verb)) {
    if (args.includes('--help')) return say(helpOn(verb));
    const { command } = await commands[verb]();
    return command.run(args.slice(1));
  }
  if (verb.startsWith('-')) throw new UsageError(`the command comes first: raceproof COMMAND ${verb}`);
  const { didYouMean } = await import('../checker/index.js');
  throw new UsageError(`no command '${verb}'${didYouMean(verb, verbs) || `; there are ${verbs.join(', ')}`}`);
}

async function say(text: string): Promise<ExitStatus> {
  await print(text);
  return exitStatus.ok;
}
