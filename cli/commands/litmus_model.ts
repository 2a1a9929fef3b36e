// raceproof litmus MODEL: what a memory model says of a model whose actors end, by its executions.

import { type CheckName, checkNames } from '../../checker/index.js';
import {
  type AxiomaticModel,
  askedLines,
  judgeModel,
  LitmusError,
  type ModelVerdict,
  modelLines,
  modelStory,
  renderDot,
  renderModelJson,
  renderSvg,
  translate,
} from '../../litmus/index.js';
import { modelNames } from '../../models/registry.js';
import type { GivenSettings } from '../arguments/options.js';
import { NothingToShow, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { locate } from '../locate.js';
import type { Stop } from '../stop.js';

export interface LitmusOfModel {
  readonly name: string;
  readonly set: GivenSettings;
  readonly model: AxiomaticModel;
  readonly unroll: number | undefined;
  readonly plain: 'plain' | 'once';
}

/** Is it a model's name, or a file that may export a model? */
export const isModel = (text: string): boolean => modelNames.includes(text) || /\.[cm]?[jt]s$/.test(text);

/** Every fence is a step: LKMM knows them all. */
const fences = [
  'mb',
  'rmb',
  'wmb',
  'mb__before_atomic',
  'mb__after_atomic',
  'mb__after_spinlock',
  'mb__after_unlock_lock',
] as const;

/** Checks of interleavings; `check` has them. */
const without: readonly CheckName[] = checkNames.filter((name) => name !== 'null-dereference');

/** Throws a UsageError with the line of what does not fit. */
export async function litmusOfModel(asked: LitmusOfModel, stop: Stop): Promise<ModelVerdict> {
  const loaded = await loadModel(asked.name);
  const { program, properties } = loaded.lower(asked.set, without, undefined, fences);
  try {
    const translated = translate(program, properties, { rounds: asked.unroll, plain: asked.plain });
    stop.listen();
    return stop.run(`${asked.name} was judged`, () => judgeModel(translated, asked.model));
  } catch (error) {
    if (!(error instanceof LitmusError)) throw error;
    const at = error.at;
    const where = at?.file === undefined ? asked.name : locate({ file: at.file, line: at.line });
    throw new UsageError(`${where}: ${error.message}`);
  }
}

/** What is printed of it. */
export function writtenModel(verdict: ModelVerdict, format: 'text' | 'json' | 'dot' | 'svg'): string {
  if (format === 'json') return renderModelJson(verdict);
  if (format === 'text') return modelLines(verdict).join('\n').trimEnd();
  const story = modelStory(verdict);
  const { name } = verdict.translated;
  if (story === undefined)
    throw new NothingToShow(`${name}: no execution violates anything, so there is none to show`);
  const title = `${name}, by ${verdict.model.title}`;
  return format === 'dot' ? renderDot(title, story) : renderSvg([title], story);
}

/** As check has them: an assertion, a property or a race, actors that wait for ever; incomplete where loops go on or load buffering is not covered. */
export function statusOfModel(verdict: ModelVerdict): ExitStatus {
  const { reports, flags, waiting, executions, isComplete } = verdict;
  if (reports.some(({ positive }) => positive > 0)) return exitStatus.assertion;
  if (waiting.positive > 0) return exitStatus.deadlock;
  if (flags.length > 0 || askedLines(verdict).some(({ isOk }) => !isOk)) return exitStatus.safety;
  return executions.cut > 0 || !isComplete ? exitStatus.incomplete : exitStatus.ok;
}
