// raceproof check MODEL: explore every interleaving, report what holds, show what does not.

import type { Argv } from 'yargs';
import { counted } from '../../counterexamples/text.js';
import type { Command } from '../command.js';
import { type ExitStatus, exitStatus, statusOf } from '../exit-status.js';
import { type FormulaArguments, typedProperties, withFormulas } from '../formulas.js';
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

interface Arguments extends ExplorationArguments, FormulaArguments {
  readonly model: string | undefined;
  readonly set: GivenSettings;
  readonly format: 'lanes' | 'json';
  readonly 'all-traces': boolean;
  readonly 'shortest-lassos': boolean;
  readonly coverage: boolean;
  readonly strict: boolean;
  readonly width: number | undefined;
}

const flag = { type: 'boolean', default: false } as const;

const builder = (yargs: Argv): Argv<Arguments> =>
  withWidth(withExploration(withFormulas(withSettings(withModel(yargs)))))
    .option('format', word('format', ['lanes', 'json']))
    .option('all-traces', flag)
    .option('shortest-lassos', flag)
    .option('coverage', flag)
    .option('strict', flag);

async function check(args: Arguments): Promise<ExitStatus> {
  const loaded = await loadModel(requireModel('check', args.model));
  const result = await run(loaded.model.name, loaded.lower(args.set), args.set, args, {
    typed: typedProperties(args),
    shortestLassos: args['shortest-lassos'],
    coverage: args.coverage,
  });
  await print(render(result, args));
  const more = untold(result);
  if (args.format === 'lanes' && !args['all-traces'] && more > 0) {
    note(`${counted(more, 'more counterexample')}: --all-traces shows them`);
  }
  return result.isInterrupted ? exitStatus.interrupted : statusOf(result.report, args.strict);
}

function render(result: Run, { format, width, ...args }: Arguments): string {
  if (format === 'json') return reportJson(result);
  return reportText(result, pageOf(width), args['all-traces'] ? 'all' : 'decisive');
}

export const command: Command<Arguments> = { command: 'check [model]', builder, run: check };
