// From the arguments of the process to a command: finds the verb, loads that command alone, and runs it.

import { readFileSync } from 'node:fs';
import type { Command } from './command.js';
import { UsageError } from './errors.js';
import { type ExitStatus, exitStatus } from './exit-status.js';
import { helpOn, isVerb, type Verb, verbs } from './help.js';
import { print } from './terminal.js';

/** Only the command that is asked for is loaded. */
const commands = {
  list: () => import('./commands/list.js'),
  show: () => import('./commands/show.js'),
  check: () => import('./commands/check.js'),
  compare: () => import('./commands/compare.js'),
  export: () => import('./commands/export.js'),
  replay: () => import('./commands/replay.js'),
  render: () => import('./commands/render.js'),
  explain: () => import('./commands/explain.js'),
  simulate: () => import('./commands/simulate.js'),
};

/** Does what the arguments say. Throws a UsageError for what they cannot mean. */
export async function runCommandLine(args: readonly string[]): Promise<ExitStatus> {
  const [verb] = args;
  if (verb === undefined) throw new UsageError("no command given; 'raceproof --help' tells what there is");
  if (verb === '--version') return say(version());
  if (verb === '--help') return say(helpOn(undefined));
  if (isVerb(verb)) {
    if (args.includes('--help')) return say(helpOn(verb));
    return runCommand(verb, args);
  }
  if (verb.startsWith('-')) throw new UsageError(`the command comes first: raceproof COMMAND ${verb}`);
  const { didYouMean } = await import('../checker/index.js');
  throw new UsageError(`no command '${verb}'${didYouMean(verb, verbs) || `; there are ${verbs.join(', ')}`}`);
}

async function runCommand(verb: Verb, args: readonly string[]): Promise<ExitStatus> {
  switch (verb) {
    case 'list':
      return parseAndRun(verb, args, commands.list());
    case 'show':
      return parseAndRun(verb, args, commands.show());
    case 'check':
      return parseAndRun(verb, args, commands.check());
    case 'compare':
      return parseAndRun(verb, args, commands.compare());
    case 'export':
      return parseAndRun(verb, args, commands.export());
    case 'replay':
      return parseAndRun(verb, args, commands.replay());
    case 'render':
      return parseAndRun(verb, args, commands.render());
    case 'explain':
      return parseAndRun(verb, args, commands.explain());
    case 'simulate':
      return parseAndRun(verb, args, commands.simulate());
  }
}

/** The handler only notes the arguments: for one that takes its time, yargs would compose a help text of its own. */
async function parseAndRun<A>(
  verb: Verb,
  args: readonly string[],
  loading: Promise<{ readonly command: Command<A> }>,
): Promise<ExitStatus> {
  const [{ default: yargs }, { misunderstood, refuseValuesOfFlags }, { command }] = await Promise.all([
    import('yargs'),
    import('./misunderstood.js'),
    loading,
  ]);
  refuseValuesOfFlags(verb, args);
  const parsed: A[] = [];
  yargs([...args])
    .scriptName('raceproof')
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .command({
      command: command.command,
      builder: command.builder,
      handler: (given) => void parsed.push(given as A),
    })
    .help(false)
    .version(false)
    .exitProcess(false)
    .strict()
    .fail((message, error) => {
      throw error === undefined || error.name === 'YError' ? misunderstood(verb, message, args) : error;
    })
    .parseSync();
  return command.run(parsed[0]!);
}

async function say(text: string): Promise<ExitStatus> {
  await print(text);
  return exitStatus.ok;
}

const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
