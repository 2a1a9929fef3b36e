// raceproof render FILE|MODEL: prints a counterexample in one of several formats.

import { digestOf } from '../../checker/index.js';
import {
  type Essence,
  renderTrace,
  type Trace,
  type TraceFormat,
  traceFormats,
  tryEssence,
} from '../../counterexamples/index.js';
import { commandOf } from '../arguments/command.js';
import { filters, requireReader, shown } from '../arguments/filter.js';
import { operand, settings, text, width, without, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { locate } from '../output/locate.js';
import { note, pageOf, print } from '../output/terminal.js';
import {
  type FoundTrace,
  findTrace,
  fitToModel,
  isTraceFile,
  readTraceFile,
  requireFile,
  traceFileText,
} from './trace_source.js';

const formats = [...traceFormats, 'json'] as const;
type Format = (typeof formats)[number];

const parameters = {
  what: operand,
  model: text,
  set: settings,
  without,
  property: text,
  minimal: word(['no', 'steps', 'switches']),
  format: word(formats),
  ...filters,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

async function run(args: Arguments): Promise<ExitStatus> {
  const { what, set, without: off, property, minimal: order, format } = args;
  if (what === undefined)
    throw new UsageError('no file and no model given: raceproof render FILE, or raceproof render MODEL');
  requireReader(args, format, ['itf', 'json']);
  requireFile(what, args);
  if (isTraceFile(what)) return renderFile(what, args);
  const minimal = order === 'no' ? undefined : order;
  const found = await findTrace(what, { set, without: off, property, minimal });
  if (format === 'json') {
    const digest = await digestOf(found.program);
    await print(traceFileText({ digest, path: found.path, trace: found.trace }));
  } else {
    await print(textFor(format, found.trace, essenceFor(format, found), args));
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
  const essence = found === undefined ? undefined : essenceFor(format, found);
  await print(format === 'json' ? traceFileText({ ...saved, trace }) : textFor(format, trace, essence, args));
  return exitStatus.ok;
}

/** The essence, computed only for the formats that print it. */
function essenceFor(format: Format, found: FoundTrace): Essence | undefined {
  if (format === 'itf' || format === 'json') return undefined;
  const essence = tryEssence(found, { locate });
  return 'why' in essence ? undefined : essence;
}

function textFor(format: TraceFormat, whole: Trace, essence: Essence | undefined, args: Arguments): string {
  return renderTrace(shown(whole, args), format, { essence, lanes: pageOf(args.width) });
}

export const command = commandOf('render', parameters, run);
