// raceproof litmus FILE or MODEL: what a memory model says of a litmus test, as herd prints it, or of a model, and the
// execution that decides.

import {
  herdLines,
  judge,
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
import { flag, number, operand, settings, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { NothingToShow, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { print } from '../output/terminal.js';
import type { Stop } from '../stop.js';
import { isModel, placed, readTest } from './litmus_input.js';
import { litmusOfModel, statusOfModel, writtenModel } from './litmus_model.js';

const parameters = {
  file: operand,
  model: word(['lkmm', 'tso', 'sc']),
  format: word(['text', 'herd', 'json', 'dot', 'svg']),
  set: settings,
  unroll: number(0),
  plain: word(['plain', 'once']),
  strict: flag,
  'max-seconds': number(0, { whole: false }),
};

export const command = commandOf(
  'litmus',
  parameters,
  async (values: ParameterValues<typeof parameters>, stop): Promise<ExitStatus> => {
    const { file, model, format } = values;
    if (file === undefined || file === '')
      throw new UsageError('which file or model? raceproof litmus FILE, raceproof litmus MODEL');
    if (isModel(file)) return ofModel(file, values, stop);
    refuseModelOptions(values);
    const text = readTest(file);
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

type LitmusValues = ParameterValues<typeof parameters>;

async function ofModel(
  name: string,
  { model, format, ...options }: LitmusValues,
  stop: Stop,
): Promise<ExitStatus> {
  if (format === 'herd') throw new UsageError('--format=herd is for .litmus files: herd knows no models');
  const chosen = models.find((one) => one.name === model)!;
  const verdict = await litmusOfModel({ name, model: chosen, ...options }, stop);
  await print(writtenModel(verdict, format));
  return statusOfModel(verdict, options.strict);
}

/** Throws a UsageError for what only models have. */
function refuseModelOptions({ set, unroll, plain, strict }: LitmusValues): void {
  const given = [
    ...(Object.keys(set).length > 0 ? ['--set'] : []),
    ...(unroll === undefined ? [] : ['--unroll']),
    ...(plain === 'plain' ? [] : ['--plain']),
    ...(strict ? ['--strict'] : []),
  ];
  if (given[0] !== undefined) throw new UsageError(`${given[0]} is for models, not for .litmus files`);
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
