// raceproof check MODEL: explore every interleaving, report what holds, show what does not.

import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { exitStatus, statusOf } from '../exit-status.js';
import { loadModel } from '../model.js';
import {
  type ExplorationArguments,
  type GivenSettings,
  requireModel,
  withExploration,
  withModel,
  withSettings,
  withWidth,
  word,
} from '../options.js';
import { reportJson } from '../report-json.js';
import { reportText, untold } from '../report-text.js';
import { type Run, run } from '../run.js';
import { note, pageOf, print } from '../terminal.js';

interface Arguments extends ExplorationArguments {
  readonly model: string | undefined;
  readonly set: GivenSettings;
  readonly format: 'lanes' | 'json';
  readonly 'all-traces': boolean;
  readonly width: number | undefined;
}

const builder = (yargs: Argv): Argv<Arguments> =>
  withWidth(withExploration(withSettings(withModel(yargs))))
    .option('format', word('format', ['lanes', 'json']))
    .option('all-traces', { type: 'boolean', default: false });

async function handler(args: ArgumentsCamelCase<Arguments>): Promise<void> {
  const loaded = await loadModel(requireModel('check', args.model));
  const result = await run(loaded.model.name, loaded, args.set, args);
  await print(render(result, args));
  const more = untold(result);
  if (args.format === 'lanes' && !args['all-traces'] && more > 0) {
    note(`${more} more ${more === 1 ? 'counterexample' : 'counterexamples'}: --all-traces shows them`);
  }
  process.exitCode = result.isInterrupted ? exitStatus.interrupted : statusOf(result.report);
}

function render(result: Run, { format, width, ...args }: Arguments): string {
  if (format === 'json') return reportJson(result);
  return reportText(result, pageOf(width), args['all-traces'] ? 'all' : 'decisive');
}

export const command: CommandModule<object, Arguments> = { command: 'check [model]', builder, handler };
