// raceproof show MODEL: what is checked, as text that can be read beside the C.

import { printProgram } from '../../checker/index.js';
import { commandOf } from '../command.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { loadModel } from '../model.js';
import { operand, requireModel, settings, width, word } from '../options.js';
import { overviewJson, overviewText } from '../overview.js';
import type { Values } from '../parameters.js';
import { pageOf, print } from '../terminal.js';

const parameters = { model: operand, set: settings, format: word(['c', 'json']), width };

async function run({ model, set, format, width }: Values<typeof parameters>): Promise<ExitStatus> {
  const loaded = await loadModel(requireModel('show', model));
  const lowered = loaded.lower(set);
  const text = () => `${overviewText(loaded, lowered, pageOf(width))}\n${printProgram(lowered.program)}`;
  await print(format === 'json' ? overviewJson(loaded, lowered) : text());
  return exitStatus.ok;
}

export const command = commandOf('show', parameters, run);
