// raceproof show MODEL: prints the Program of a model as text, to be read beside the C.

import { type Lowered, printProgram } from '../../checker/index.js';
import { commandOf } from '../arguments/command.js';
import { memory, operand, requireModel, settings, width, without, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { overviewJson, overviewText } from '../output/overview.js';
import { pageOf, print } from '../output/terminal.js';
import { lowerBuffered } from './buffered.js';

const parameters = {
  model: operand,
  set: settings,
  without,
  ...memory,
  as: word(['program', 'plan', 'javascript', 'c']),
  format: word(['c', 'json']),
  width,
};

async function run({
  model,
  set,
  without: off,
  as,
  format,
  width,
  ...given
}: ParameterValues<typeof parameters>): Promise<ExitStatus> {
  const loaded = await loadModel(requireModel('show', model));
  const lowered = lowerBuffered(loaded.lower, { set, without: off, ...given });
  if (as !== 'program') {
    if (format === 'json') throw new UsageError(`--as=${as} cannot be combined with --format=json`);
    await print(await generatedText(lowered, as));
    return exitStatus.ok;
  }
  const text = () => `${overviewText(loaded, lowered, pageOf(width))}\n${printProgram(lowered.program)}`;
  await print(format === 'json' ? overviewJson(loaded, lowered) : text());
  return exitStatus.ok;
}

/** The plan or the generated code of a Program. The compiled engine is loaded only here. */
async function generatedText(
  { program, properties }: Lowered,
  as: 'plan' | 'javascript' | 'c',
): Promise<string> {
  const { cText, javascriptText, planText } = await import('../../checker/show.js');
  switch (as) {
    case 'plan':
      return planText(program);
    case 'javascript':
      return javascriptText(program, properties);
    case 'c':
      return cText(program);
  }
}

export const command = commandOf('show', parameters, run);
