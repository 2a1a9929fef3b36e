// Answers questions of a suite (protocol.ts), one after the other, until the process that asks closes the channel.

import { on } from 'node:events';
import { pathToFileURL } from 'node:url';
import { factsOf, type RowFound } from '../../suite/index.js';
import { explain, UsageError } from '../errors.js';
import { statusOfSignal } from '../exit_status.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { importWithHooks } from '../load/model_file.js';
import { locate } from '../output/locate.js';
import { note } from '../output/terminal.js';
import { run } from '../run.js';
import { Stop } from '../stop.js';
import type { Answer, Answers, RowQuestion } from './protocol.js';
import { cacheKey, readCached, writeCached } from './row_cache.js';

/** Serves until the channel is closed. What goes wrong with a question is its answer. */
export async function serveRows(): Promise<void> {
  if (process.send === undefined) throw new UsageError('--serve is for processes that raceproof starts');
  // They go to all processes of a terminal; the one that asks ends this one.
  for (const signal of Object.keys(statusOfSignal)) process.on(signal, () => {});
  const models = new Map<string, Promise<LoadedModel>>();
  const modelOf = (name: string) => {
    const known = models.get(name) ?? loadModel(name);
    models.set(name, known);
    return known;
  };
  for await (const [question] of on(process, 'message', { close: ['disconnect'] })) {
    // A model that waits for what never comes leaves nothing to wait for, which ends its import.
    process.channel?.unref();
    const answer = await answerTo(question, modelOf);
    process.channel?.ref();
    await new Promise<void>((sent) => process.send?.(answer, undefined, undefined, () => sent()));
  }
}

type ModelOf = (name: string) => Promise<LoadedModel>;

async function answerTo(question: RowQuestion, modelOf: ModelOf): Promise<Answer> {
  try {
    switch (question.kind) {
      case 'project': {
        const exports = await importWithHooks(pathToFileURL(question.file).href);
        return { value: (exports as { readonly default?: unknown }).default ?? null };
      }
      case 'manifest':
        return { value: (await modelOf(question.model)).manifest ?? null };
      case 'row':
        return { value: await runRow(question, modelOf) };
    }
  } catch (error) {
    return { error: explain(error).text.replace(/^raceproof: /, '') };
  }
}

async function runRow(
  { row, options }: Extract<RowQuestion, { readonly kind: 'row' }>,
  modelOf: ModelOf,
): Promise<Answers['row']> {
  const { model, lower } = await modelOf(row.model);
  const lowered = lower(row.settings, row.without);
  const key = options.cache === undefined ? '' : cacheKey(row, model.at, lowered, options);
  const kept = options.cache === undefined ? undefined : readCached(options.cache, key, note);
  if (kept !== undefined) return { found: kept, isCached: true };
  const { engine, statesMax, memoryMax } = options;
  const stop = new Stop();
  const { report, traces } = await run(
    model.name,
    lowered,
    row.settings,
    {
      ...{ engine, search: 'bfs', storage: 'exact', reduce: 'none', workers: 1, stats: false },
      ...{
        'max-states': statesMax,
        'max-memory': memoryMax,
        'max-depth': undefined,
        'max-seconds': undefined,
      },
    },
    stop,
    { replayed: 'decisive' },
  ).finally(() => stop.close());
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
  if (options.cache !== undefined && report.verdict !== 'incomplete') writeCached(options.cache, key, found);
  return { found, isCached: false };
}
