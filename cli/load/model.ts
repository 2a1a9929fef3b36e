// Loads MODEL: a model that comes with the package, by its name, or a file that exports `model` and optionally
// `properties`.

import { existsSync } from 'node:fs';
import {
  type CheckName,
  didYouMean,
  type Lowered,
  type LowerOptions,
  lower,
  lowering,
} from '../../checker/index.js';
import type { Model } from '../../models/language/index.js';
import { loadEntry, modelNames } from '../../models/registry.js';
import type { Properties } from '../../properties/language/index.js';
import { loadProperties } from '../../properties/registry.js';
import { blameModel, UsageError } from '../errors.js';
import type { LoadOptions, ModelFile } from './model_file.js';
import { notesOn } from './notes.js';

export interface LoadedModel {
  readonly model: Model;
  readonly properties: Properties;
  /** What is known of it, row by row, as it is exported; a file may export anything. */
  readonly manifest: unknown;
  /** Lowers the model. Errors that a model file throws become ModelErrors with their file and line. */
  readonly lower: (
    settings: { readonly [name: string]: unknown },
    without?: readonly CheckName[],
    /** Under x86-TSO: how many stores each buffer holds. */
    bufferSlots?: number,
    /** Fences that take a step; where there are buffers, smp_mb() does anyway. */
    fences?: LowerOptions['fences'],
    /** For any number: settings that are left open, with their least values. */
    open?: ReadonlyMap<string, number>,
  ) => Lowered;
  /** Notes on what is no error but probably not intended, one sentence each. To be called after lowering. */
  readonly notes: () => readonly string[];
}

/** Finds a model. Throws a UsageError if there is none, a ModelError if its file cannot be used. */
export async function loadModel(name: string, options: LoadOptions = {}): Promise<LoadedModel> {
  const [entry, properties] = await Promise.all([loadEntry(name), loadProperties(name)]);
  if (entry !== undefined) return loaded(entry.model, properties, entry.manifest);
  if (name.endsWith('.json')) {
    throw new UsageError(
      `${name} is not a model; for a saved trace use raceproof replay, render or explain ${name}`,
    );
  }
  if (/[/\\]|\.\w+$/.test(name)) {
    const { loadModelFile } = await import('./model_file.js');
    const { exports, ...file } = await loadModelFile(name, options);
    return loaded(exports.model, exports.properties, exports.manifest, file);
  }
  const file = ['ts', 'mts', 'js', 'mjs']
    .map((ending) => `./${name}.${ending}`)
    .find((path) => existsSync(path));
  if (file !== undefined) throw new UsageError(`no model '${name}'; did you mean '${file}'?`);
  const known = didYouMean(name, modelNames) || ` ('raceproof list' names them)`;
  throw new UsageError(`no model '${name}'${known}`);
}

function loaded(
  model: Model,
  properties: Properties,
  manifest: unknown,
  file?: Omit<ModelFile, 'exports'>,
): LoadedModel {
  let isChecked = false;
  const lowerings = new Map<string, ReturnType<typeof lowering>>();
  const loweringWith = (
    without: readonly CheckName[],
    bufferSlots: number | undefined,
    fences: LowerOptions['fences'],
  ) => {
    const key = [...without, bufferSlots, ...(fences ?? [])].join();
    const options = {
      without,
      ...(bufferSlots !== undefined && { bufferSlots }),
      ...(fences !== undefined && { fences }),
    };
    const known = lowerings.get(key) ?? lowering(model, properties, options);
    lowerings.set(key, known);
    return known;
  };
  return {
    model,
    properties,
    manifest,
    lower: (settings, without = [], bufferSlots, fences, open) => {
      try {
        const lowered =
          open === undefined
            ? loweringWith(without, bufferSlots, fences)(settings)
            : lower(model, settings, properties, { without, open });
        if (!isChecked) file?.requireUsed();
        isChecked = true;
        return lowered;
      } catch (error) {
        throw blameModel(error, file?.isModelFile ?? (() => false));
      }
    },
    notes: () => (file === undefined ? [] : notesOn(model, properties)),
  };
}
