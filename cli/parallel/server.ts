// Answers questions (protocol.ts), one after the other, until the process that asks closes the channel.

import { on } from 'node:events';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Lowered, MemoryModel } from '../../checker/index.js';
import { factsOf, type RowFound } from '../../suite/index.js';
import type { ExplorationValues } from '../arguments/options.js';
import { explain, UsageError } from '../errors.js';
import { statusOfSignal } from '../exit_status.js';
import { leave } from '../load/guard.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { importWithHooks } from '../load/model_file.js';
import { locate } from '../locate.js';
import { note } from '../output/terminal.js';
import { packageUrl } from '../package.js';
import { endsOf, type Questions, run } from '../run.js';
import { Stop } from '../stop.js';
import type { Answer, Answers, Halt, ModelAsked, ProcessQuestion } from './protocol.js';
import { cacheKey, isRepeatable, readCached, writeCached } from './result_cache.js';

/** Serves until the channel is closed. What goes wrong with a question is its answer. */
export async function serve(): Promise<void> {
  if (process.send === undefined) throw new UsageError('--serve is for processes that raceproof starts');
  // They go to all processes of a terminal; the one that asks halts or ends this one.
  for (const signal of Object.keys(statusOfSignal)) process.on(signal, () => {});
  // Nobody waits for an answer any more. A search hears of it where it yields; the thread ends what does not yield.
  process.once('disconnect', leave);
  new Worker(new URL('cli/parallel/orphan_thread.js', packageUrl), { workerData: process.ppid }).unref();
  const models = new Map<string, Promise<LoadedModel>>();
  const modelOf = (name: string) => {
    const known = models.get(name) ?? loadModel(name);
    models.set(name, known);
    return known;
  };
  // One for all questions: whoever halts a search asks no more.
  const stop = new Stop(undefined, { hearsSignals: false });
  process.on('message', (message: ProcessQuestion | Halt) => {
    if (message.kind === 'halt') stop.halt(message.limit);
  });
  for await (const [message] of on(process, 'message', { close: ['disconnect'] })) {
    const question: ProcessQuestion | Halt = message;
    if (question.kind === 'halt') continue;
    // A model that waits for what never comes leaves nothing to wait for, which ends its import.
    process.channel?.unref();
    const answer = await answerTo(question, modelOf, stop);
    process.channel?.ref();
    await new Promise<void>((sent) => process.send?.(answer, undefined, undefined, () => sent()));
  }
}

type ModelOf = (name: string) => Promise<LoadedModel>;

async function answerTo(question: ProcessQuestion, modelOf: ModelOf, stop: Stop): Promise<Answer> {
  try {
    switch (question.kind) {
      case 'project': {
        const exports = await importWithHooks(pathToFileURL(question.file).href);
        return { value: (exports as { readonly default?: unknown }).default ?? null };
      }
      case 'manifest':
        return { value: (await modelOf(question.model)).manifest ?? null };
      case 'row':
        return { value: await runRow(question, modelOf, stop) };
      case 'cell':
        return { value: await runCell(question, modelOf, stop) };
      case 'ends':
        return { value: await runEnds(question, modelOf, stop) };
    }
  } catch (error) {
    const { text, status } = explain(error);
    return { error: text.replace(/^raceproof: /, ''), status };
  }
}

type QuestionOf<K extends ProcessQuestion['kind']> = Extract<ProcessQuestion, { readonly kind: K }>;

async function runRow(
  { row, options }: QuestionOf<'row'>,
  modelOf: ModelOf,
  stop: Stop,
): Promise<Answers['row']> {
  const { model, lower } = await modelOf(row.model);
  const { lowered, buffers } = loweredUnder(row, lower);
  const { cache, ...how } = options;
  const key = cache === undefined ? '' : cacheKey({ row, how }, model.at, lowered);
  const kept = cache === undefined ? undefined : readCached(cache, key, note);
  if (kept !== undefined) return { found: kept as RowFound, isCached: true };
  const { report, traces } = await run(model.name, lowered, row.settings, optionsOf(options), stop, {
    replayed: 'decisive',
    ...buffers,
  });
  const [trace] = traces.values();
  const found: RowFound = {
    facts: factsOf(report),
    properties: report.properties.map(({ check: { name, kind, about, source } }) => ({
      ...{ name, kind },
      ...(about !== undefined && { about }),
      ...(source.model !== undefined && { source: locate(source.model) }),
    })),
    ...(trace !== undefined && { trace }),
    ...(model.at !== undefined && { source: locate(model.at) }),
  };
  if (cache !== undefined && isRepeatable(report)) writeCached(cache, key, found);
  return { found, isCached: false };
}

/** The model under what is asked; under x86-TSO with buffers that may have to grow. */
function loweredUnder(
  {
    settings,
    without,
    memory,
    buffer,
  }: Omit<ModelAsked, 'model' | 'memory'> & { readonly memory?: MemoryModel },
  lower: LoadedModel['lower'],
): { readonly lowered: Lowered; readonly buffers: Pick<Questions, 'buffers'> } {
  if (memory !== 'tso') return { lowered: lower(settings, without), buffers: {} };
  const withSlots = (slots: number) => lower(settings, without, slots);
  return { lowered: withSlots(buffer ?? 1), buffers: { buffers: { lower: withSlots, slots: buffer } } };
}

const optionsOf = ({ engine, statesMax, memoryMax }: QuestionOf<'row'>['options']): ExplorationValues => ({
  ...{ engine, search: 'bfs', storage: 'exact', reduce: 'none', workers: 1, backend: 'auto', stats: false },
  ...{ 'max-states': statesMax, 'max-memory': memoryMax, 'max-depth': undefined, 'max-seconds': undefined },
});

async function runCell(
  { asked, options, coverage }: QuestionOf<'cell'>,
  modelOf: ModelOf,
  stop: Stop,
): Promise<Answers['cell']> {
  const { model, lower } = await modelOf(asked.model);
  const { lowered, buffers } = loweredUnder(asked, lower);
  const questions = { coverage, replayed: 'decisive', ...buffers } as const;
  const { report, traces } = await run(model.name, lowered, asked.settings, options, stop, questions);
  const places = report.properties.map((result, i) => [i, traces.get(result)] as const);
  return {
    report,
    traces: places.flatMap(([i, trace]) => (trace === undefined ? [] : [[i, trace] as const])),
  };
}

async function runEnds(
  { asked, options, variable: name }: QuestionOf<'ends'>,
  modelOf: ModelOf,
  stop: Stop,
): Promise<Answers['ends']> {
  const { model, lower } = await modelOf(asked.model);
  const { lowered, buffers } = loweredUnder(asked, lower);
  const ends = ({ program }: Lowered) => {
    const variable = program.variables.find((each) => each.name === name)!;
    return endsOf(model.name, program, variable, options, stop);
  };
  const { program } = lowered;
  const enough = program.storeBuffers?.enough ?? 0;
  // Where control flow bounds no buffer the values are not known, and are said so.
  const isShort = asked.buffer === undefined && Number.isFinite(enough) && enough > 1;
  return ends(isShort ? buffers.buffers!.lower(enough) : lowered);
}
