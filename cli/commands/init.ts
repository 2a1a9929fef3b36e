// raceproof init NAME: a project with a model to start from, whose `npm test` is green.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandOf } from '../arguments/command.js';
import { operand } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { OutputError, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { makeFolder } from '../make_folder.js';
import { print } from '../output/terminal.js';
import { ownSource } from '../package.js';
import { projectFiles } from './init_files.js';

const parameters = { name: operand };

async function run({ name }: ParameterValues<typeof parameters>): Promise<ExitStatus> {
  if (name === undefined) throw new UsageError('which name? raceproof init NAME');
  if (!/^[a-z][a-z0-9_-]*$/.test(name)) {
    throw new UsageError(
      `init '${name}': a name has small letters, digits, _ and -, and begins with a letter`,
    );
  }
  if (existsSync(name) && readdirSync(name).length > 0) {
    throw new UsageError(`init ${name}: there is something in ./${name}, and nothing is overwritten`);
  }
  const files = projectFiles({ name, raceproof: ownSource() });
  try {
    for (const [path, text] of files) write(join(name, path), text);
  } catch (error) {
    throw new OutputError(`${name} cannot be written: ${(error as Error).message}`);
  }
  const model = `./${[...files.keys()][0]!}`;
  await print(
    [
      `${name}: ${[...files.keys()].join(', ')}`,
      '',
      `  cd ${name} && npm install`,
      '  npm test                          # the race is found, and its fix holds',
      `  npx raceproof check ${model}      # the counterexample`,
      `  npx raceproof check ${model} --set fix=atomic`,
      `  npx raceproof compare ${model}`,
    ].join('\n'),
  );
  return exitStatus.ok;
}

function write(path: string, text: string): void {
  makeFolder(dirname(path));
  writeFileSync(path, text);
}

export const command = commandOf('init', parameters, run);
