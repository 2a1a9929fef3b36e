// raceproof export MODEL: the same program for tools that others wrote, to check what we say or to go on elsewhere.

import type { Argv } from 'yargs';
import {
  type Check,
  checksOf,
  exportAut,
  exportDot,
  exportMurphi,
  exportPromela,
  exportTla,
  type Program,
} from '../../checker/index.js';
import type { Command } from '../command.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { loadModel } from '../model.js';
import { type GivenSettings, requireModel, withModel, withSettings, word } from '../options.js';
import { print } from '../terminal.js';

const targets = ['murphi', 'promela', 'tlaplus', 'tlaplus-config', 'dot', 'aut'] as const;
type Target = (typeof targets)[number];

interface Arguments {
  readonly model: string | undefined;
  readonly set: GivenSettings;
  readonly to: Target;
  readonly checks: 'all' | 'none';
}

const builder = (yargs: Argv): Argv<Arguments> =>
  withSettings(withModel(yargs))
    .option('to', word('to', targets))
    .option('checks', word('checks', ['all', 'none']));

async function run({ model, set, to, checks }: Arguments): Promise<ExitStatus> {
  const { program, properties } = (await loadModel(requireModel('export', model))).lower(set);
  await print(textFor(to, program, checks === 'all' ? checksOf(program, properties) : []));
  return exitStatus.ok;
}

function textFor(target: Target, program: Program, checks: readonly Check[]): string {
  switch (target) {
    case 'murphi':
      return exportMurphi(program, checks);
    case 'promela':
      return exportPromela(program, checks);
    case 'tlaplus':
      return exportTla(program, checks).module;
    case 'tlaplus-config':
      return exportTla(program, checks).config;
    case 'dot':
      return exportDot(program);
    case 'aut':
      return exportAut(program);
  }
}

export const command: Command<Arguments> = { command: 'export [model]', builder, run };
