// raceproof show MODEL: what is checked, as text that can be read beside the C.

import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { printProgram } from '../../checker/index.js';
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

async function handler(args: ArgumentsCamelCase<Arguments>): Promise<void> {
  const loaded = await loadModel(requireModel('show', args.model));
  const lowered = loaded.lower(args.set);
  const text =
    args.format === 'json'
      ? overviewJson(loaded, lowered)
      : `${overviewText(loaded, lowered, pageOf(args.width))}\n${printProgram(lowered.program)}`;
  await print(text);
}

export const command: CommandModule<object, Arguments> = { command: 'show [model]', builder, handler };
