// raceproof export MODEL: translates the Program for other tools, to check the results of raceproof or to use what
// those tools can do.

import {
  exportAut,
  exportDot,
  exportMurphi,
  exportPromela,
  exportSymmetricMurphi,
  exportTlaWithConstants,
  type NumberSetting,
  programJson,
  type TlaModule,
} from '../../checker/export/index.js';
import { type Check, checksOf, type Lowered, type Program, SettingError } from '../../checker/index.js';
import { ModelError } from '../../models/language/index.js';
import { commandOf } from '../arguments/command.js';
import { flag, operand, requireModel, settings, without, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { print } from '../output/terminal.js';

const targets = ['murphi', 'promela', 'tlaplus', 'tlaplus-config', 'dot', 'aut', 'json'] as const;
type Target = (typeof targets)[number];

const parameters = {
  model: operand,
  set: settings,
  without,
  to: word(targets),
  checks: word(['all', 'none']),
  symmetry: flag,
};

async function run({
  model,
  set,
  without: off,
  to,
  checks,
  symmetry,
}: ParameterValues<typeof parameters>): Promise<ExitStatus> {
  if (symmetry && to !== 'murphi') throw new UsageError(`--symmetry is for --to=murphi, not for --to=${to}`);
  const loaded = await loadModel(requireModel('export', model));
  const lower: LoadedModel['lower'] = (given) => loaded.lower(given, off);
  const { program, properties } = lower(set);
  const asked = (lowered: Lowered) => (checks === 'all' ? checksOf(lowered.program, lowered.properties) : []);
  const tla = () => tlaModule({ ...loaded, lower }, set, program, asked);
  const all = asked({ program, properties });
  await print(symmetry ? exportSymmetricMurphi(program, all) : textFor(to, program, all, tla));
  return exitStatus.ok;
}

/** The TLA+ module, with the settings that only are numbers as constants. */
function tlaModule(
  { model, lower }: LoadedModel,
  set: ParameterValues<typeof parameters>['set'],
  { settings: resolved }: Program,
  asked: (lowered: Lowered) => readonly Check[],
): TlaModule {
  const numbers = Object.entries(model.settings).flatMap(([name, { node }]): readonly NumberSetting[] =>
    node.kind === 'int' ? [{ name, value: Number(resolved[name]), min: node.min, max: node.max }] : [],
  );
  return exportTlaWithConstants(numbers, (values) => {
    try {
      const lowered = lower({ ...set, ...values });
      return { program: lowered.program, checks: asked(lowered) };
    } catch (error) {
      // The model may have no meaning for other values, or exclude them beside the settings that are given.
      const isOfValues = error instanceof ModelError || error instanceof SettingError;
      if (isOfValues && Object.keys(values).length > 0) return undefined;
      throw error;
    }
  });
}

function textFor(target: Target, program: Program, checks: readonly Check[], tla: () => TlaModule): string {
  switch (target) {
    case 'murphi':
      return exportMurphi(program, checks);
    case 'promela':
      return exportPromela(program, checks);
    case 'tlaplus':
      return tla().module;
    case 'tlaplus-config':
      return tla().config;
    case 'dot':
      return exportDot(program);
    case 'aut':
      return exportAut(program);
    case 'json':
      return programJson(program, checks);
  }
}

export const command = commandOf('export', parameters, run);
