// raceproof export MODEL: the same program for tools that others wrote, to check what we say or to go on elsewhere.

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
import { commandOf } from '../command.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { loadModel } from '../model.js';
import { operand, requireModel, settings, word } from '../options.js';
import type { Values } from '../parameters.js';
import { print } from '../terminal.js';

const targets = ['murphi', 'promela', 'tlaplus', 'tlaplus-config', 'dot', 'aut'] as const;
type Target = (typeof targets)[number];

const parameters = { model: operand, set: settings, to: word(targets), checks: word(['all', 'none']) };

async function run({ model, set, to, checks }: Values<typeof parameters>): Promise<ExitStatus> {
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

export const command = commandOf('export', parameters, run);
