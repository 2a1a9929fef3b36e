// raceproof export MODEL: translates the Program for other tools, to check the results of raceproof or to use what
// those tools can do.

import {
  autLines,
  dotLines,
  exportMurphi,
  exportPromela,
  exportSymmetricMurphi,
  exportTlaWithConstants,
  type NumberSetting,
  programJson,
  refuseBounded,
  stateLines,
  statesMaxForPeople,
  type TlaModule,
} from '../../checker/export/index.js';
import {
  type Check,
  checksOf,
  type Lowered,
  type Program,
  SettingError,
  stateStream,
} from '../../checker/index.js';
import { ModelError } from '../../models/language/index.js';
import { commandOf } from '../arguments/command.js';
import {
  flag,
  type GivenSettings,
  memory,
  operand,
  requireModel,
  settings,
  text,
  without,
  word,
} from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { OutputError, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { inPieces, isToFile, printPieces } from '../output/terminal.js';
import { wholeFile, writeWhole } from '../output/whole_file.js';
import { lowerBuffered } from './buffered.js';

const targets = ['murphi', 'promela', 'tlaplus', 'tlaplus-config', 'dot', 'aut', 'states', 'json'] as const;
type Target = (typeof targets)[number];
/** Those that are written while the states are found. */
type GraphTarget = 'dot' | 'aut' | 'states';

const parameters = {
  model: operand,
  set: settings,
  without,
  ...memory,
  to: word(targets),
  checks: word(['all', 'none']),
  symmetry: flag,
  out: text,
};

async function run({
  model,
  set,
  without: off,
  to,
  checks,
  symmetry,
  out,
  ...memoryGiven
}: ParameterValues<typeof parameters>): Promise<ExitStatus> {
  if (symmetry && to !== 'murphi') throw new UsageError(`--symmetry is for --to=murphi, not for --to=${to}`);
  const loaded = await loadModel(requireModel('export', model));
  const lower: LoadedModel['lower'] = (given) =>
    lowerBuffered(loaded.lower, { set: given as GivenSettings, without: off, ...memoryGiven });
  const { program, properties } = lower(set);
  const asked = (lowered: Lowered) => (checks === 'all' ? checksOf(lowered.program, lowered.properties) : []);
  const tla = () => tlaModule({ ...loaded, lower }, set, program, asked);
  const all = asked({ program, properties });
  if (to === 'dot' || to === 'aut' || to === 'states') await write(graphLines(to, program, out), out);
  else await write([symmetry ? exportSymmetricMurphi(program, all) : textFor(to, program, all, tla)], out);
  return exitStatus.ok;
}

/** Without a limit of states where they go to a file; people look at small graphs only. */
function graphLines(to: GraphTarget, program: Program, out: string | undefined): Iterable<string> {
  refuseBounded(program, `--to=${to}`);
  const all = stateStream(program);
  const statesMax = out !== undefined || isToFile() ? Number.POSITIVE_INFINITY : statesMaxForPeople;
  switch (to) {
    case 'dot':
      return dotLines(program, all, statesMax);
    case 'aut':
      return autLines(program, all, statesMax);
    case 'states':
      return stateLines(program, all);
  }
}

/** Writes a file whole or not at all, or to stdout as it comes. Throws an OutputError. */
async function write(pieces: Iterable<string>, out: string | undefined): Promise<void> {
  if (out === undefined) return printPieces(pieces);
  if (out === '') throw new UsageError('--out=FILE: which file?');
  try {
    writeWhole(wholeFile(out), inPieces(pieces));
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      throw new OutputError(`cannot write ${out}: ${error.message}`);
    }
    throw error;
  }
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

function textFor(
  target: Exclude<Target, GraphTarget>,
  program: Program,
  checks: readonly Check[],
  tla: () => TlaModule,
): string {
  switch (target) {
    case 'murphi':
      return exportMurphi(program, checks);
    case 'promela':
      return exportPromela(program, checks);
    case 'tlaplus':
      return tla().module;
    case 'tlaplus-config':
      return tla().config;
    case 'json':
      return programJson(program, checks);
  }
}

export const command = commandOf('export', parameters, run);
