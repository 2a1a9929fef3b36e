// raceproof render FILE|MODEL: prints a counterexample in one of several formats.

import { checksOf, digestOf } from '../../checker/index.js';
import {
  type Essence,
  type MailOrigin,
  otherSteps,
  type PageExtras,
  renderTrace,
  storyOf,
  type TraceFormat,
  traceFormats,
  tryEssence,
} from '../../counterexamples/index.js';
import { commandOf } from '../arguments/command.js';
import { filters, requireReader, requireStory, shown, storyOptions } from '../arguments/filter.js';
import { memory, operand, settings, text, width, without, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { NothingToShow, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { locate } from '../locate.js';
import type { explorerText } from '../output/explorer_file.js';
import { note, pageOf, print } from '../output/terminal.js';
import { version } from '../package.js';
import { lowerBuffered } from './buffered.js';
import {
  type FoundTrace,
  findTrace,
  fitToModel,
  isTraceFile,
  readTraceFile,
  requireFile,
  traceFileText,
} from './trace_source.js';

const formats = [...traceFormats, 'json', 'explorer'] as const;
const parameters = {
  what: operand,
  model: text,
  set: settings,
  without,
  ...memory,
  property: text,
  minimal: word(['no', 'steps', 'switches']),
  format: word(formats),
  ...storyOptions,
  ...filters,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

async function run(args: Arguments): Promise<ExitStatus> {
  const { what, set, without: off, property, minimal: order, format } = args;
  if (what === undefined)
    throw new UsageError('no file and no model given: raceproof render FILE, or raceproof render MODEL');
  requireReader(args, format, ['itf', 'json', 'explorer']);
  requireStory(args, format, ['itf', 'json', 'explorer']);
  requireFile(what, args);
  if (isTraceFile(what)) return renderFile(what, args);
  const minimal = order === 'no' ? undefined : order;
  if (format === 'explorer') {
    if (property !== undefined || minimal !== undefined)
      throw new UsageError(
        '--property and --minimal choose a trace, and the explorer of a model begins without one: save the trace with --format=json, and render that file',
      );
    const { lower } = await loadModel(what);
    const { program, properties } = lowerBuffered(lower, args);
    await print(await explorerOf(program, checksOf(program, properties)));
    return exitStatus.ok;
  }
  const found = await findTrace(what, { set, without: off, property, minimal, memory: args });
  if (format === 'json') {
    const digest = await digestOf(found.program);
    await print(traceFileText({ digest, path: found.path, trace: found.trace }));
  } else {
    await print(await textFor(format, found, args));
  }
  return exitStatus.ok;
}

/**
 * Renders a saved trace after replaying it. A trace that no longer fits its model is rendered as it was saved, with a
 * note on stderr.
 */
async function renderFile(file: string, args: Arguments): Promise<ExitStatus> {
  const { format } = args;
  const saved = readTraceFile(file);
  const { fit, found } = await fitToModel(saved, args.model);
  if (!fit.fits) note(`${file} no longer fits ${saved.trace.model} (${fit.why}): shown as it was saved`);
  const trace = fit.fits ? fit.trace : saved.trace;
  if (format === 'json') await print(traceFileText({ ...saved, trace }));
  else if (format === 'explorer') {
    if (found === undefined) throw new NothingToShow(`${file}: the explorer needs the model of the trace`);
    const { program, properties, path } = found;
    await print(await explorerOf(program, checksOf(program, properties), path));
  } else if (found !== undefined) await print(await textFor(format, found, args));
  else {
    if (args.story) throw new NothingToShow(`${file}: ${withoutStory(fit.fits)}`);
    await print(renderTrace(shown(trace, args), format, { lanes: pageOf(args.width) }));
  }
  return exitStatus.ok;
}

const withoutStory = (fits: boolean): string =>
  fits
    ? 'a walk without a violation has no story'
    : 'the story is computed from the model, which the trace does not fit';

/** A page that walks through the model; it begins with a walk, if there is one. */
const explorerOf = async (...of: Parameters<typeof explorerText>): Promise<string> =>
  (await import('../output/explorer_file.js')).explorerText(...of);

/** The essence is computed only for the formats that print it. */
async function textFor(format: TraceFormat, found: FoundTrace, args: Arguments): Promise<string> {
  const { program, trace } = found;
  const essence = format === 'itf' ? undefined : essenceOf(found);
  const isPage = format === 'html';
  const story = args.story || isPage ? storyOf(program, { ...found, loop: trace.loop }, essence) : undefined;
  const page = isPage ? { ...(await extrasOf(found)), story, isStoryShown: args.story } : {};
  // A page has all steps, and can show the story alone.
  const view = shown(trace, args, isPage ? undefined : story);
  return renderTrace(view, format, {
    essence,
    lanes: pageOf(args.width),
    origin: originOf(found, args),
    page,
  });
}

/** Traces with more steps are not put into a page a second time, nor with what else was possible. */
const extraStepsMax = 300;

/** What was possible at each step, and the trace as a file to download. */
async function extrasOf({ program, path, trace }: FoundTrace): Promise<PageExtras> {
  if (path.steps.length > extraStepsMax) return {};
  return {
    others: otherSteps(program, path, locate),
    saved: traceFileText({ digest: await digestOf(program), path, trace }),
  };
}

/** How to get the same again, for a reader of the mail. */
function originOf({ from, program, trace }: FoundTrace, { property, story }: Arguments): MailOrigin {
  const asked = [
    from,
    ...(program.nonDefault ?? []).flatMap((name) => ['--set', `${name}=${program.settings[name]}`]),
    ...(program.without ?? []).map((name) => `--without=${name}`),
  ];
  const one = property === undefined ? [] : [`--property=${trace.property.name}`];
  return {
    tool: `raceproof ${version()}`,
    commands: [
      ['raceproof', 'check', ...asked],
      ['raceproof', 'explain', ...asked, ...one, ...(story ? ['--story'] : [])],
    ],
  };
}

function essenceOf(found: FoundTrace): Essence | undefined {
  const essence = tryEssence(found, { locate });
  return 'why' in essence ? undefined : essence;
}

export const command = commandOf('render', parameters, run);
