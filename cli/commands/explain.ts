// raceproof explain FILE|MODEL: prints the essence of a counterexample, one sentence for each ordering, or as a litmus test.

import {
  counted,
  type Essence,
  type Line,
  renderLanes,
  storyOf,
  tryEssence,
} from '../../counterexamples/index.js';
import { type Page, paragraph } from '../../counterexamples/text.js';
import { commandOf } from '../arguments/command.js';
import { filters, requireReader, requireStory, shown, storyOptions } from '../arguments/filter.js';
import { memory, operand, settings, text, width, without, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { Misfit, NothingToShow, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { locate } from '../locate.js';
import { essenceData } from '../output/report_json.js';
import { pageOf, print } from '../output/terminal.js';
import { isToLitmus, litmusText } from './explain_litmus.js';
import {
  type FoundTrace,
  findTrace,
  fitToModel,
  isTraceFile,
  readTraceFile,
  requireFile,
  requireModelOf,
} from './trace_source.js';

const parameters = {
  what: operand,
  model: text,
  set: settings,
  without,
  ...memory,
  property: text,
  to: text,
  format: word(['text', 'json']),
  ...storyOptions,
  ...filters,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

async function run(args: Arguments): Promise<ExitStatus> {
  const { what, model, set, property, format } = args;
  if (what === undefined)
    throw new UsageError('no model and no file given: raceproof explain MODEL, or raceproof explain FILE');
  requireReader(args, format, ['json']);
  requireStory(args, format, []);
  requireFile(what, args);
  const isLitmus = isToLitmus(args);
  const found = isTraceFile(what)
    ? await fromFile(what, model)
    : await findTrace(what, { set, without: args.without, property, minimal: undefined, memory: args });
  if (isLitmus) {
    await print(await litmusText(found));
    return exitStatus.ok;
  }
  const essence = tryEssence(found, { locate });
  if ('why' in essence) throw new NothingToShow(`there is no essence: ${essence.why}`);
  const story = args.story
    ? storyOf(found.program, { ...found, loop: found.trace.loop }, essence)
    : undefined;
  if (format === 'json') await print(essenceJson(found, essence, story));
  else {
    const page = pageOf(args.width);
    const trace = shown(found.trace, args, story);
    const lanes = renderLanes(trace, { ...page, essence, withTitle: false, withSettings: false });
    await print(`${essenceText(found, essence, page)}\n\n${lanes.replace(/^\n/, '')}`);
  }
  return exitStatus.ok;
}

async function fromFile(file: string, model: string | undefined): Promise<FoundTrace> {
  const saved = readTraceFile(file);
  requireModelOf(saved, model);
  const { fit, found } = await fitToModel(saved, model);
  if (found !== undefined) return found;
  if (fit.fits)
    throw new NothingToShow(`${file} is a walk without a violation: only a counterexample has an essence`);
  throw new Misfit(`${file} does not fit its model: ${fit.why}`);
}

function essenceText(
  { trace }: FoundTrace,
  { orderings, locks, ruledOut, isUnfairlyEscaped }: Essence,
  page: Page,
): string {
  const { property, steps } = trace;
  const who = [...new Set(steps.map(({ actor }) => actor))].join(', ');
  const say = (line: Line, indent = '') => paragraph(line, page, indent);
  const head = say({
    text: `${property.name}: ${property.verdict} in ${counted(steps.length, 'step')}`,
    look: 'strong',
  });
  if (orderings.length === 0) {
    return [
      ...head,
      '',
      ...say({ text: `Every run of ${who} violates it, whatever the order of the steps.` }),
    ].join('\n');
  }
  const each = orderings.length === 1 ? 'without it' : 'without any one of them';
  const proof = `In every run of ${who} that keeps ${orderings.length === 1 ? 'this order' : 'these orders'}, it happens; ${each} it need not. (${counted(ruledOut, 'run')} without it had to be ruled out, and nothing better does that.)`;
  return [
    ...head,
    '',
    ...orderings.flatMap(({ sentence }, i) => say({ text: `${i + 1}. ${sentence}` }, '  ')),
    '',
    ...locks.flatMap(({ sentence }) => say({ text: sentence })),
    ...(locks.length === 0 ? [] : ['']),
    ...say({ text: proof, look: 'dim' }),
    ...(isUnfairlyEscaped
      ? say({
          text: 'Runs in which some actor is never scheduled again are not counted; there are some.',
          look: 'dim',
        })
      : []),
  ].join('\n');
}

function essenceJson(
  { trace: { model, settings, property } }: FoundTrace,
  essence: Essence,
  story: readonly number[] | undefined,
): string {
  const result = {
    schema: 1,
    model,
    settings,
    property: property.name,
    essence: essenceData(essence),
    ...(story && { story }),
  };
  return JSON.stringify(result, null, 2);
}

export const command = commandOf('explain', parameters, run);
