// Answers questions (protocol.ts), one after the other, until the process that asks closes the channel.

import { on } from 'node:events';
import { pathToFileURL } from 'node:url';
import { factsOf, type RowFound } from '../../suite/index.js';
import type { ExplorationValues } from '../arguments/options.js';
import { explain, UsageError } from '../errors.js';
import { statusOfSignal } from '../exit_status.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { importWithHooks } from '../load/model_file.js';
import { locate } from '../locate.js';
import { note } from '../output/terminal.js';
import { endsOf, run } from '../run.js';
import { Stop } from '../stop.js';
import type { Answer, Answers, Halt, ProcessQuestion } from './protocol.js';
import { cacheKey, isRepeatable, readCached, writeCached } from './result_cache.js';

/** Serves until the channel is closed. What goes wrong with a question is its answer. */
export async function serve(): Promise<void> {
  if (process.send === undefined) throw new UsageError('--serve is for processes that raceproof starts');
  // They go to all processes of a terminal; the one that asks halts or ends this one.
  for (const signal of Object.keys(statusOfSignal)) process.on(signal, () => {});
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
  const under = (slots?: number) => lower(row.settings, row.without, slots);
  const lowered = under(row.memory === 'tso' ? (row.buffer ?? 1) : undefined);
  const { cache, ...how } = options;
  const key = cache === undefined ? '' : cacheKey({ row, how }, model.at, lowered);
  const kept = cache === undefined ? undefined : readCached(cache, key, note);
  if (kept !== undefined) return { found: kept as RowFound, isCached: true };
  const { report, traces } = await run(model.name, lowered, row.settings, optionsOf(options), stop, {
    replayed: 'decisive',
    ...(row.memory === 'tso' && { buffers: { lower: under, slots: row.buffer } }),
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
  const lowered = lower(asked.settings, asked.without);
  const questions = { coverage, replayed: 'decisive' } as const;
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
  const { program } = lower(asked.settings, asked.without);
  const variable = program.variables.find((each) => each.name === name)!;
  return endsOf(model.name, program, variable, options, stop);
}
