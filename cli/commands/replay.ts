// raceproof replay FILE: checks that the model still allows the steps of a saved trace, and prints the first step that
// it does not.

import { counted, paragraph } from '../../counterexamples/text.js';
import { commandOf } from '../arguments/command.js';
import { operand, text, width } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { pageOf, print } from '../output/terminal.js';
import { fitToModel, readTraceFile, requireModelOf } from './trace_source.js';

const parameters = { file: operand, model: text, width };

async function run({ file, model, width }: ParameterValues<typeof parameters>): Promise<ExitStatus> {
  if (file === undefined) throw new UsageError('no file given: raceproof replay FILE');
  const saved = readTraceFile(file);
  requireModelOf(saved, model);
  const { fit, model: today, isSameProgram } = await fitToModel(saved, model);
  const { property, steps } = saved.trace;
  const same = isSameProgram ? 'the program is unchanged since' : 'the program has changed since';
  const program = isSameProgram === undefined ? '' : ` (${same})`;
  const other = today === saved.trace.model ? '' : `, though it is a trace of ${saved.trace.model}`;
  const text = fit.fits
    ? `${file} fits ${today}${other}: ${property.name}: ${property.verdict} in ${counted(steps.length, 'step')}${program}`
    : `${file} no longer fits ${saved.trace.model}${program}: after ${fit.at} of ${counted(steps.length, 'step')}: ${fit.why}`;
  await print(paragraph({ text, look: fit.fits ? 'good' : 'bad' }, pageOf(width)).join('\n'));
  return fit.fits ? exitStatus.ok : exitStatus.misfit;
}

export const command = commandOf('replay', parameters, run);
