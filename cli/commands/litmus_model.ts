// raceproof litmus MODEL: what a memory model says of a model whose actors end, by its executions.

import {
  type AxiomaticModel,
  askedLines,
  judgeModel,
  type ModelVerdict,
  modelLines,
  modelStory,
  renderDot,
  renderModelJson,
  renderSvg,
  translate,
} from '../../litmus/index.js';
import type { GivenSettings } from '../arguments/options.js';
import { NothingToShow } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import type { Stop } from '../stop.js';
import { loweredForLitmus, placed } from './litmus_input.js';

export interface LitmusOfModel {
  readonly name: string;
  readonly set: GivenSettings;
  readonly model: AxiomaticModel;
  readonly unroll: number | undefined;
  readonly plain: 'plain' | 'once';
}

/** Throws a UsageError with the line of what does not fit. */
export async function litmusOfModel(asked: LitmusOfModel, stop: Stop): Promise<ModelVerdict> {
  const { program, properties } = await loweredForLitmus(asked.name, asked.set);
  return placed(asked.name, () => {
    const translated = translate(program, properties, { rounds: asked.unroll, plain: asked.plain });
    stop.listen();
    return stop.run(`${asked.name} was judged`, () => judgeModel(translated, asked.model));
  });
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

/** As check has them: an assertion, a property or a race, actors that wait for ever; incomplete where loops go on or load buffering is not covered. `isStrict`: that steps are taken for atomic is a failure. */
export function statusOfModel(verdict: ModelVerdict, isStrict: boolean): ExitStatus {
  const { reports, flags, waiting, executions, isComplete } = verdict;
  if (reports.some(({ positive }) => positive > 0)) return exitStatus.assertion;
  if (waiting.positive > 0) return exitStatus.deadlock;
  if (flags.length > 0 || askedLines(verdict).some(({ isOk }) => !isOk)) return exitStatus.safety;
  if (executions.cut > 0 || !isComplete) return exitStatus.incomplete;
  return isStrict && verdict.translated.coarse.length > 0 ? exitStatus.vacuous : exitStatus.ok;
}
