// raceproof prove MODEL --for=SETTING,…: proves a model for any number of its actors, by views.

import { leastOf, proveByViews, type ViewsOutcome, type ViewsTask } from '../../checker/by_views.js';
import { didYouMean, resolveSettings } from '../../checker/index.js';
import { commandOf } from '../arguments/command.js';
import {
  number,
  operand,
  requireModel,
  settings,
  text,
  texts,
  width,
  without,
  word,
} from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { locate } from '../locate.js';
import { watch } from '../output/progress.js';
import { reportJson } from '../output/report_json.js';
import { note, print } from '../output/terminal.js';
import { viewsFile, writeViews } from '../output/views_certificate.js';
import { provedText, unknownText } from '../output/views_text.js';
import { type Stop, Stopped } from '../stop.js';

const parameters = {
  model: operand,
  for: text,
  by: word(['views', 'smt']),
  out: text,
  invariant: text,
  solver: texts,
  set: settings,
  without,
  certificate: text,
  format: word(['text', 'json']),
  'max-states': number(1),
  'max-seconds': number(0, { whole: false }),
  width,
};
type Arguments = ParameterValues<typeof parameters>;

async function prove(args: Arguments, stop: Stop): Promise<ExitStatus> {
  const name = requireModel('prove', args.model);
  if (args.by === 'smt') {
    if (args.format === 'json') throw new UsageError('--format=json is for --by=views');
    const { proveBySmt } = await import('./prove_smt.js');
    return proveBySmt(name, args, stop);
  }
  if (args.out !== undefined || args.invariant !== undefined || args.solver.length > 0) {
    throw new UsageError('--out, --invariant and --solver need --by=smt');
  }
  const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name, { stop }));
  const task = taskOf(loaded, args, stop);
  const certificate = viewsFile(args.certificate);
  stop.listen();
  const progress = watch(name, stop);
  const outcome = await proveByViews(task, {
    ...(args['max-states'] !== undefined && { statesMax: args['max-states'] }),
    onProgress: progress.onProgress,
    onViews: () => {
      const reason = stop.reason();
      if (reason !== undefined) throw new Stopped(reason, stop.signal, 'views were closed');
    },
  }).finally(progress.end);
  const status = await answer(outcome, task, args);
  if (certificate === undefined) return status;
  if (outcome.is === 'proved') writeViews(certificate, task.settings, task.sizes, outcome);
  else note(`no certificate: nothing is proved; ${args.certificate} was not written`);
  return status;
}

/** Prints the outcome. */
async function answer(outcome: ViewsOutcome, task: ViewsTask, args: Arguments): Promise<ExitStatus> {
  const { model } = task;
  const isJson = args.format === 'json';
  const given = Object.entries(args.set).map(([setting, value]) => ` ${setting}=${value}`);
  const what = `${model.name}${given.join('')}`;
  switch (outcome.is) {
    case 'proved':
      await print(isJson ? proofJson(task, outcome) : provedText(what, sizesText(task), outcome));
      return exitStatus.ok;
    case 'refuted':
      return refuted(outcome, args);
    case 'unknown':
      await print(isJson ? proofJson(task, outcome) : unknownText(what, sizesText(task), outcome));
      return exitStatus.unknown;
    case 'refused': {
      const where = outcome.at === undefined ? '' : ` (${locate(outcome.at)})`;
      throw new UsageError(`${what} is not proved for any number: ${outcome.why}${where}`);
    }
  }
}

function proofJson({ model, settings, sizes }: ViewsTask, { proof }: ViewsOutcome): string {
  const others = Object.entries(settings).filter(([name]) => !sizes.includes(name));
  return reportJson({
    ...{ model: model.name, settings: Object.fromEntries(others) },
    ...{ report: proof!, traces: new Map() },
  });
}

/** Prints what `check` prints of the instance, with its trace. */
async function refuted(
  { instance, report }: Extract<ViewsOutcome, { is: 'refuted' }>,
  { model, set, without: left, width: columns, format }: Arguments,
): Promise<ExitStatus> {
  const values = Object.entries(instance.settings).map(([setting, value]) => `${setting}=${value}`);
  const isLemma = report.properties.every(
    ({ check, verdict }) => verdict !== 'violated' || check.kind === 'lemma',
  );
  const what = isLemma
    ? ': no property is violated there, but a lemma: correct what is claimed, or remove it'
    : '';
  if (format === 'text') await print(`refuted with ${values.join(' ')}${what}\n`);
  const { command: check } = await import('./check.js');
  const given = Object.entries(set).map(([setting, value]) => `${setting}=${value}`);
  return check.run([
    model!,
    ...[...given, ...values].flatMap((one) => ['--set', one]),
    ...left.map((name) => `--without=${name}`),
    ...(columns === undefined ? [] : [`--width=${columns}`]),
    ...(format === 'json' ? ['--format=json'] : []),
  ]);
}

const sizesText = ({ model, sizes }: ViewsTask): string =>
  sizes.map((name) => `every ${name} >= ${leastOf(model, name)}`).join(' and ');

/** Throws a UsageError for settings that the model does not have, or that are no numbers. */
function taskOf(loaded: LoadedModel, args: Arguments, stop: Stop): ViewsTask {
  const { model, properties } = loaded;
  const sizes = (args.for ?? '').split(',').filter((name) => name !== '');
  const names = Object.keys(model.settings);
  if (sizes.length === 0) {
    throw new UsageError(
      `for any number of what? --for=SETTING,… (${model.name} has ${names.join(', ') || 'no settings'})`,
    );
  }
  for (const [i, name] of sizes.entries()) {
    if (!names.includes(name)) {
      throw new UsageError(
        `--for=${name}: ${model.name} has no such setting${didYouMean(name, names) || ` (it has ${names.join(', ')})`}`,
      );
    }
    if (model.settings[name]!.node.kind !== 'int')
      throw new UsageError(`--for=${name}: ${name} is no number`);
    if (sizes.indexOf(name) < i) throw new UsageError(`--for names ${name} twice`);
    if (Object.hasOwn(args.set, name))
      throw new UsageError(`${name} cannot be any number, and ${args.set[name]} by --set`);
  }
  const lower: ViewsTask['lower'] = (given) =>
    stop.run(`${model.name} was lowered`, () => loaded.lower(given, args.without));
  return { model, properties, settings: resolveSettings(model, args.set), sizes, lower };
}

export const command = commandOf('prove', parameters, prove);
