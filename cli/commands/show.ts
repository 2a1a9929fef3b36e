// raceproof show MODEL: what is checked, as text that can be read beside the C.

import type { Argv } from 'yargs';
import { printProgram } from '../../checker/index.js';
import type { Command } from '../command.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { loadModel } from '../model.js';
import { type GivenSettings, requireModel, withModel, withSettings, withWidth, word } from '../options.js';
import { overviewJson, overviewText } from '../overview.js';
import { pageOf, print } from '../terminal.js';

interface Arguments {
  readonly model: string | undefined;
  readonly set: GivenSettings;
  readonly format: 'c' | 'json';
  readonly width: number | undefined;
}

const builder = (yargs: Argv): Argv<Arguments> =>
  withWidth(withSettings(withModel(yargs))).option('format', word('format', ['c', 'json']));

async function run({ model, set, format, width }: Arguments): Promise<ExitStatus> {
  const loaded = await loadModel(requireModel('show', model));
  const lowered = loaded.lower(set);
  const text = () => `${overviewText(loaded, lowered, pageOf(width))}\n${printProgram(lowered.program)}`;
  await print(format === 'json' ? overviewJson(loaded, lowered) : text());
  return exitStatus.ok;
}

export const command: Command<Arguments> = { command: 'show [model]', builder, run };
