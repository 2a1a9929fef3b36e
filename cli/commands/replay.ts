// raceproof replay FILE: does a saved trace still fit the model of today? If not, where does it stop fitting?

import type { Argv } from 'yargs';
import { counted } from '../../counterexamples/text.js';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { fitToModel, readTraceFile } from '../finding.js';
import { withWidth } from '../options.js';
import { paragraph } from '../table.js';
import { pageOf, print } from '../terminal.js';

interface Arguments {
  readonly file: string | undefined;
  readonly model: string | undefined;
  readonly width: number | undefined;
}

const builder = (yargs: Argv): Argv<Arguments> =>
  withWidth(
    yargs.positional('file', { type: 'string' }).option('model', { type: 'string', requiresArg: true }),
  );

async function run({ file, model, width }: Arguments): Promise<ExitStatus> {
  if (file === undefined) throw new UsageError('which file? raceproof replay FILE');
  const saved = readTraceFile(file);
  const { fit, isSameProgram } = await fitToModel(saved, model);
  const { property, steps } = saved.trace;
  const program = isSameProgram ? 'the very program it was saved from' : 'the program has changed since';
  const told = fit.fits
    ? `${file} fits ${saved.trace.model}: ${property.name}: ${property.verdict} in ${counted(steps.length, 'step')} (${program})`
    : `${file} does not fit ${saved.trace.model} any more (${program}): after ${fit.at} of ${counted(steps.length, 'step')}: ${fit.why}`;
  await print(paragraph({ text: told, look: fit.fits ? 'good' : 'bad' }, pageOf(width)).join('\n'));
  return fit.fits ? exitStatus.ok : exitStatus.usage;
}

export const command: Command<Arguments> = { command: 'replay [file]', builder, run };
