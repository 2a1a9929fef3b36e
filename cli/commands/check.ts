// raceproof check MODEL: explores every interleaving, reports what holds, and prints a trace of what does not.

import { addTyped, type Lowered, type TypedProperty } from '../../checker/index.js';
import { coarseIn, coarseTexts, counted } from '../../counterexamples/text.js';
import { commandOf } from '../arguments/command.js';
import {
  castOf,
  filters,
  requireNames,
  requireReader,
  requireStory,
  shown,
  storyOptions,
} from '../arguments/filter.js';
import { formulas, typedProperties } from '../arguments/formulas.js';
import {
  exploration,
  flag,
  memory,
  number,
  operand,
  requireBuffers,
  requireModel,
  settings,
  text,
  width,
  without,
  word,
} from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import type { CheckedModel } from '../checked_model.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus, statusOfSignal } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { withoutProperties } from '../load/notes.js';
import { locate } from '../locate.js';
import { adviceOf } from '../output/advice.js';
import { type CheckReportTarget, checkReports, writableReports } from '../output/check_report_target.js';
import { reportJson } from '../output/report_json.js';
import { statusOf } from '../output/report_status.js';
import { notPrinted, printedResults, reportText } from '../output/report_text.js';
import { note, pageOf, print } from '../output/terminal.js';
import { type Questions, run } from '../run.js';
import type { Stop } from '../stop.js';

const parameters = {
  model: operand,
  set: settings,
  format: word(['lanes', 'json']),
  'all-traces': flag,
  certificate: text,
  checkpoint: text,
  'checkpoint-every': number(0, { whole: false }),
  resume: text,
  report: checkReports,
  ...formulas,
  'shortest-lassos': flag,
  stuck: flag,
  coverage: flag,
  strict: flag,
  watch: flag,
  'no-types': flag,
  without,
  ...memory,
  ...exploration,
  ...storyOptions,
  ...filters,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

async function check(args: Arguments, stop: Stop): Promise<ExitStatus> {
  const name = requireModel('check', args.model);
  if (args.watch) {
    const { checkAgain } = await import('./watch_files.js');
    return checkAgain(
      name,
      process.argv.slice(2).filter((arg) => arg !== '--watch'),
    );
  }
  requireReader(args, args.format, ['json']);
  requireStory(args, args.format, []);
  requireBuffers(args);
  const { loaded, lower, lowered } = await unlessMistyped(name, args, stop, async () => {
    const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name, { stop }));
    const lower = (slots?: number) =>
      stop.run(`${name} was lowered`, () => loaded.lower(args.set, args.without, slots));
    return { loaded, lower, lowered: lower(args.memory === 'tso' ? (args.buffer ?? 1) : undefined) };
  });
  requireNames(args, castOf(lowered.program));
  const typed = typedProperties(args);
  const certificate = await certificateAwaited(args);
  const long = await longRun(args, loaded.model.name, lowered, typed);
  const reports = writableReports(args.report);
  const start = performance.now();
  const result = await run(loaded.model.name, lowered, args.set, args, stop, {
    ...{ typed, ...long },
    shortestLassos: args['shortest-lassos'],
    stuck: args.stuck,
    coverage: args.coverage,
    statistics: reports.length > 0,
    ...(args.memory === 'tso' && { buffers: { lower, slots: args.buffer } }),
    ...(certificate && { onStates: certificate.onStates }),
  });
  const seconds = (performance.now() - start) / 1000;
  const advice = adviceOf(result, args, lowered.program, loaded.model);
  const off = args.without.length === 0 ? [] : [`switched off by --without: ${args.without.join(', ')}`];
  const noted = loaded.notes().filter((text) => text !== withoutProperties || typed.length === 0);
  const notes = [...noted, ...off, ...coarseTexts(coarseIn(result.report.evidence), locate)];
  const text = args.format === 'json' ? dataOf : render;
  await print(await text(result, args, advice, notes, stop));
  const more = notPrinted(result);
  if (args.format === 'lanes' && !args['all-traces'] && more > 0) {
    note(`${counted(more, 'more counterexample')}: --all-traces shows them`);
  }
  const next = long.checkpoints?.advice(result.report.evidence);
  if (next !== undefined) note(next);
  const written = await writtenReports(reports, result, seconds);
  const isWhole = certificate?.finish(result.lowered, result.report, stop) ?? true;
  if (stop.signal !== undefined) return statusOfSignal[stop.signal];
  if (written < args.report.length) return exitStatus.output;
  return isWhole ? statusOf(result.report, args.strict) : exitStatus.incomplete;
}

/** What `work` returns, unless TypeScript refuses the model's file. */
async function unlessMistyped<T>(
  name: string,
  args: Arguments,
  stop: Stop,
  work: () => Promise<T>,
): Promise<T> {
  if (args['no-types'] || !/\.m?ts$/.test(name)) return work();
  const { whileTyped } = await import('../load/type_errors.js');
  return whileTyped(name, stop, work, note);
}

const minutesBetweenCheckpoints = 10;

/** From where the search goes on, and what writes its checkpoints. */
async function longRun(
  args: Arguments,
  model: string,
  lowered: Lowered,
  typed: readonly TypedProperty[],
): Promise<Pick<Questions, 'resume' | 'checkpoints'>> {
  const { resume, checkpoint, coverage, 'checkpoint-every': minutes, 'max-depth': depthMax } = args;
  if (minutes !== undefined && checkpoint === undefined) {
    throw new UsageError('--checkpoint-every needs --checkpoint=FILE');
  }
  if (resume === undefined && checkpoint === undefined) return {};
  if (args.memory === 'tso' && args.buffer === undefined) {
    throw new UsageError('--checkpoint and --resume need --buffer=K with --memory=tso');
  }
  const { checkpointWriter, readCheckpoint } = await import('../output/checkpoint_file.js');
  const asked = addTyped(lowered, typed);
  const { settings } = asked.program;
  const subject = { model, settings, lowered: asked, options: { coverage, depthMax } };
  const every = minutes ?? minutesBetweenCheckpoints;
  return {
    resume: resume === undefined ? undefined : readCheckpoint(resume, subject),
    checkpoints: checkpoint === undefined ? undefined : checkpointWriter(checkpoint, every, subject),
  };
}

/** Writes the reports; returns how many could be written. */
async function writtenReports(
  reports: readonly CheckReportTarget[],
  result: CheckedModel,
  seconds: number,
): Promise<number> {
  if (reports.length === 0) return 0;
  const { writeCheckReports } = await import('../output/check_report.js');
  return writeCheckReports(reports, result, { seconds, megabytes: megabytesUsed() });
}

/** The most memory that the process has had. */
const megabytesUsed = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

/** What writes certificates is loaded for them alone. */
const certificateAwaited = async (args: Arguments) =>
  args.certificate === undefined
    ? undefined
    : (await import('../output/certificate_file.js')).awaitCertificate(args);

/** The report as JSON. Loads the essence and the renderers only when they are needed. */
async function dataOf(
  result: CheckedModel,
  { story }: Arguments,
  advice: readonly string[],
  notes: readonly string[],
  stop: Stop,
): Promise<string> {
  const { essenceOfReport, storyOfResult } = await import('../output/essence.js');
  const decided = essenceOfReport(result, stop);
  if (!story || decided === undefined) return reportJson(result, advice, decided, notes);
  return reportJson(result, advice, { ...decided, story: storyOfResult(result, decided) }, notes);
}

async function render(
  result: CheckedModel,
  { width, ...args }: Arguments,
  advice: readonly string[],
  notes: readonly string[],
  stop: Stop,
): Promise<string> {
  const which = args['all-traces'] ? 'all' : 'decisive';
  const stories = args.story
    ? (await import('../output/essence.js')).storiesOf(result, printedResults(result, which), stop)
    : undefined;
  const traces = new Map(
    [...result.traces].map(([of, trace]) => [of, shown(trace, args, stories?.get(of))] as const),
  );
  return reportText({ ...result, traces }, pageOf(width), which, advice, notes);
}

export const command = commandOf('check', parameters, check);
