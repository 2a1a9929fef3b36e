#!/usr/bin/env node
// The command `raceproof`: finds the verb, loads that command alone, and turns whatever goes wrong into one clear
// line and an exit status.

import { readFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { explain, UsageError } from './errors.js';
import { helpOn, isVerb, type Verb, verbs } from './help.js';
import { misunderstood, refuseValuesOfFlags } from './misunderstood.js';
import { note, print } from './terminal.js';

/** Only the command that is asked for is loaded. */
const commands: { readonly [verb in Verb]: () => Promise<{ readonly command: unknown }> } = {
  list: () => import('./commands/list.js'),
  show: () => import('./commands/show.js'),
  check: () => import('./commands/check.js'),
  compare: () => import('./commands/compare.js'),
};

async function main(args: readonly string[]): Promise<void> {
  const [verb] = args;
  if (verb === '--version') return print(version());
  const asksForHelp = args.includes('--help');
  if (verb === '--help' || (asksForHelp && isVerb(verb)))
    return print(helpOn(isVerb(verb) ? verb : undefined));
  if (isVerb(verb)) return runCommand(verb, args);
  if (verb === undefined) throw new UsageError("no command given; 'raceproof --help' tells what there is");
  if (verb.startsWith('-')) throw new UsageError(`the command comes first: raceproof COMMAND ${verb}`);
  const { didYouMean } = await import('../checker/index.js');
  const hint = didYouMean(verb, verbs) || `; there are ${verbs.join(', ')}`;
  throw new UsageError(`no command '${verb}'${hint}`);
}

async function runCommand(verb: Verb, args: readonly string[]): Promise<void> {
  const [{ default: yargs }, { command }] = await Promise.all([import('yargs'), commands[verb]()]);
  refuseValuesOfFlags(args);
  const parser = yargs([...args])
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
    .command(command as CommandModule)
    .help(false)
    .version(false)
    .exitProcess(false)
    .strict();
  parser.fail((message, error) => {
    throw error === undefined || error.name === 'YError' ? misunderstood(verb, message, args) : error;
  });
  await parser.parseAsync();
}

const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

process.stderr.on('error', () => {});
await main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, status } = explain(error);
  note(text);
  process.exitCode = status;
});
