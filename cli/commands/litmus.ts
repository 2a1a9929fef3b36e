// raceproof litmus FILE: what a memory model says of a litmus test, as herd prints it, and the execution that decides.

import { readFileSync, statSync } from 'node:fs';
import { didYouMean } from '../../checker/index.js';
import {
  herdLines,
  judge,
  LitmusError,
  type LitmusVerdict,
  models,
  parseLitmus,
  reasonLines,
  renderDot,
  renderJson,
  renderSvg,
  storyOf,
} from '../../litmus/index.js';
import { commandOf } from '../arguments/command.js';
import { number, operand, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { NothingToShow, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { print } from '../output/terminal.js';

const parameters = {
  file: operand,
  model: word(['lkmm', 'tso', 'sc']),
  format: word(['text', 'herd', 'json', 'dot', 'svg']),
  'max-seconds': number(0, { whole: false }),
};

/** In bytes; nothing that is larger is read. */
const sizeMax = 1 << 20;

export const command = commandOf(
  'litmus',
  parameters,
  async ({ file, model, format }: ParameterValues<typeof parameters>, stop): Promise<ExitStatus> => {
    if (file === undefined || file === '') throw new UsageError('which file? raceproof litmus FILE');
    const text = readText(file);
    const chosen = models.find(({ name }) => name === model)!;
    stop.listen();
    const verdict = placed(file, () => {
      const test = parseLitmus(text);
      return stop.run(`${file} was judged`, () => judge(test, chosen));
    });
    await print(written(verdict, format));
    return statusOf(verdict);
  },
);

function readText(file: string): string {
  try {
    if (statSync(file).size > sizeMax)
      throw new UsageError(`${file} has more than ${sizeMax} bytes: too large for a litmus test`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`no file ${file}: litmus reads .litmus files, not models`);
    throw new UsageError(`cannot read ${file}: ${message}`);
  }
}

/** What is wrong with the test, with the place in its file. */
function placed<R>(file: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LitmusError)) throw error;
    const place = error.at === undefined ? file : `${file}:${error.at.line}:${error.at.column}`;
    const hint = error.unknown === undefined ? '' : didYouMean(error.unknown.word, error.unknown.known);
    throw new UsageError(`${place}: ${error.message}${hint}`);
  }
}

function written(verdict: LitmusVerdict, format: 'text' | 'herd' | 'json' | 'dot' | 'svg'): string {
  switch (format) {
    case 'text':
      return [...herdLines(verdict), '', ...reasonLines(verdict)].join('\n');
    case 'herd':
      return herdLines(verdict).join('\n');
    case 'json':
      return renderJson(verdict);
    case 'dot':
    case 'svg':
      return picture(verdict, format);
  }
}

function picture(verdict: LitmusVerdict, format: 'dot' | 'svg'): string {
  const story = storyOf(verdict);
  const { test, model, outcome } = verdict;
  if (typeof story === 'string')
    throw new NothingToShow(`${test.name}: there is no execution to show: ${reasonLines(verdict)[0]}`);
  const title = `${test.name}: ${outcome}, by ${model.title}`;
  if (format === 'dot') return renderDot(title, story);
  const why = story.isAllowed ? 'allowed' : `forbidden by axiom ${story.axiom}`;
  return renderSvg([title, `${test.condition.text}: this execution is ${why}`], story);
}

/** What is asked of the model comes out as the test demands, for `exists`: never; and nothing is flagged. */
function statusOf({ test, positive, executions, isOk, flags }: LitmusVerdict): ExitStatus {
  if (executions === 0) return exitStatus.deadlock;
  const isViolated = test.condition.quantifier === 'exists' ? positive > 0 : !isOk;
  return isViolated || flags.length > 0 ? exitStatus.safety : exitStatus.ok;
}
