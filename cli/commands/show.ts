// raceproof show MODEL: prints the Program of a model as text, to be read beside the C; with --beside, beside that C;
// or the file of an example, to be copied.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lowered, printProgram } from '../../checker/index.js';
import { exampleFiles } from '../../models/registry.js';
import { commandOf } from '../arguments/command.js';
import {
  flag,
  memory,
  operand,
  requireModel,
  settings,
  text,
  width,
  without,
  word,
} from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { locate } from '../locate.js';
import { overviewJson, overviewText } from '../output/overview.js';
import { note, pageOf, print } from '../output/terminal.js';
import { packageUrl } from '../package.js';
import { lowerBuffered } from './buffered.js';

const parameters = {
  model: operand,
  set: settings,
  without,
  ...memory,
  as: word(['program', 'source', 'plan', 'javascript', 'c']),
  format: word(['c', 'json']),
  beside: text,
  digests: flag,
  width,
};

async function run({
  model,
  set,
  without: off,
  as,
  format,
  beside,
  digests,
  width,
  ...given
}: ParameterValues<typeof parameters>): Promise<ExitStatus> {
  if (digests && beside === undefined) throw new UsageError('--digests needs --beside=DIR');
  if (beside !== undefined && (as !== 'program' || format === 'json')) {
    throw new UsageError('--beside=DIR cannot be combined with --as and --format=json');
  }
  const name = requireModel('show', model);
  if (as !== 'program' && format === 'json') {
    throw new UsageError(`--as=${as} cannot be combined with --format=json`);
  }
  if (as === 'source') {
    await print(sourceOf(name));
    return exitStatus.ok;
  }
  const loaded = await loadModel(name);
  const lowered = lowerBuffered(loaded.lower, { set, without: off, ...given });
  if (beside !== undefined) return printBeside(lowered, beside, digests, width);
  if (as !== 'program') {
    await print(await generatedText(lowered, as));
    return exitStatus.ok;
  }
  const text = () => `${overviewText(loaded, lowered, pageOf(width))}\n${printProgram(lowered.program)}`;
  await print(format === 'json' ? overviewJson(loaded, lowered) : text());
  return exitStatus.ok;
}

/** The file of an example, which imports nothing but raceproof, so that its copy is a model of one's own. */
function sourceOf(name: string): string {
  if (!Object.hasOwn(exampleFiles, name)) {
    const examples = Object.keys(exampleFiles).join(', ');
    throw new UsageError(`${name}: --as=source prints an example that can be copied: ${examples}`);
  }
  return readFileSync(fileURLToPath(new URL(`../models/examples/${name}.ts`, packageUrl)), 'utf8').trimEnd();
}

/** Prints the labels beside the functions of a source tree, or their digests. What does not fit is said at the end. */
async function printBeside(
  { program }: Lowered,
  folder: string,
  digests: boolean,
  width: number | undefined,
): Promise<ExitStatus> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(`--beside=${folder}: no such folder`);
  }
  const [{ besideOf }, { besideText, digestsText }] = await Promise.all([
    import('../beside/places.js'),
    import('../beside/text.js'),
  ]);
  const beside = besideOf(program, (path) => {
    const file = join(folder, path);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  });
  await print(digests ? digestsText(beside) : besideText(beside, pageOf(width)));
  for (const { problem, at } of beside.misfits)
    note(`${at === undefined ? '' : `${locate(at)}: `}${problem}`);
  return beside.misfits.length === 0 ? exitStatus.ok : exitStatus.misfit;
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
