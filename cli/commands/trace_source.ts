// The trace of `render`, `explain` and `replay`: a counterexample that a search of the model finds, or one saved in a
// file.

import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  type Check,
  type CheckName,
  checksOf,
  decisive,
  didYouMean,
  digestOf,
  explore,
  formulaChecks,
  type Lowered,
  type Path,
  type PropertyResult,
  SettingError,
  withGrowingBuffers,
} from '../../checker/index.js';
import {
  type Fit,
  fitTrace,
  type Minimal,
  minimalPath,
  readSavedTrace,
  replay,
  type SavedTrace,
  SavedTraceError,
  ShortenError,
  savedLengthMax,
  saveTrace,
  type Trace,
} from '../../counterexamples/index.js';
import { modelNames } from '../../models/registry.js';
import { type GivenSettings, type MemoryValues, requireBuffers } from '../arguments/options.js';
import { NothingToShow, UsageError } from '../errors.js';
import { loadModel } from '../load/model.js';
import { locate } from '../locate.js';
import { watch } from '../output/progress.js';

/** A counterexample, or for `sometimes` an example, with the lowered model that it belongs to. */
export interface FoundTrace extends Lowered {
  readonly check: Check;
  readonly path: Path;
  readonly trace: Trace;
  /** The model as a command line names it: a name, or a file. */
  readonly from: string;
}

export interface Wanted {
  readonly set: GivenSettings;
  /** Built-in checks that are switched off. */
  readonly without: readonly CheckName[];
  /** The name of the property; the decisive one if absent. */
  readonly property: string | undefined;
  readonly minimal: Minimal | undefined;
  /** Under x86-TSO: whether, and how many stores each buffer holds. */
  readonly memory: MemoryValues;
}

/** Explores a model and returns the trace of one of its properties. Throws if there is none. */
export async function findTrace(
  name: string,
  { set, without, property, minimal, memory: given }: Wanted,
): Promise<FoundTrace> {
  requireBuffers(given);
  const { memory, buffer } = given;
  const loaded = await loadModel(name);
  const attempt = async (slots?: number) => {
    const lowered = { ...loaded.lower(set, without, slots), from: name };
    const { onProgress, end } = watch(lowered.program.name);
    const report = await explore(lowered.program, lowered.properties, { onProgress }).finally(end);
    return { lowered, report };
  };
  const isGrowing = memory === 'tso' && buffer === undefined;
  const { lowered, report } = await (isGrowing ? withGrowingBuffers(attempt) : attempt(buffer));
  const { program } = lowered;
  const result = property === undefined ? decisive(report) : named(report.properties, property);
  if (result?.finding === undefined) {
    const what = property ?? program.name;
    throw new NothingToShow(`${what}: ${result?.verdict ?? report.verdict}, so there is no trace to show`);
  }
  const { check, verdict, finding } = result;
  if (minimal === undefined) {
    return { ...lowered, check, path: finding.path, trace: replay(program, result, locate) };
  }
  const path = refusing(() => minimalPath(program, check, minimal)) ?? finding.path;
  const trace = replay(program, { ...result, check, verdict, finding: { path } }, locate);
  return { ...lowered, check, path, trace };
}

function named(results: readonly PropertyResult[], name: string): PropertyResult {
  const found = results.find(({ check }) => check.name === name);
  if (found !== undefined) return found;
  const names = results.map(({ check }) => check.name);
  throw new UsageError(
    `no property '${name}'${didYouMean(name, names) || `; there are ${names.join(', ')}`}`,
  );
}

/** Is it the name of a file with a saved trace? Otherwise it names a model. */
export const isTraceFile = (name: string): boolean => name.endsWith('.json');

/** Throws a UsageError for --model with a model, and for --without with a trace file, which has its own. */
export function requireFile(
  what: string,
  {
    model,
    without,
    memory,
  }: MemoryValues & { readonly model: string | undefined; readonly without: readonly CheckName[] },
): void {
  if (model !== undefined && !isTraceFile(what))
    throw new UsageError(`--model is only for saved traces (FILE.json), and ${what} is a model`);
  if (memory !== 'sc' && isTraceFile(what))
    throw new UsageError(`--memory is only for models: ${what} says how large its store buffers are`);
  if (without.length > 0 && isTraceFile(what))
    throw new UsageError(`--without is only for models: ${what} names the checks that are switched off`);
}

/** Reads a saved trace. Throws a UsageError for a file that is none. */
export function readTraceFile(file: string): SavedTrace {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) throw new UsageError(`no file '${file}'`);
  if (stat.size > savedLengthMax) throw new UsageError(`${file}: larger than ${savedLengthMax} bytes`);
  try {
    return readSavedTrace(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SavedTraceError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

/** What such a file holds. Throws a UsageError for a trace that is too long to be read again. */
export function traceFileText(saved: SavedTrace): string {
  try {
    return saveTrace(saved);
  } catch (error) {
    if (error instanceof SavedTraceError) throw new UsageError(error.message);
    throw error;
  }
}

export interface FittedTrace {
  readonly fit: Fit;
  /** The name of the model that it was held against. */
  readonly model: string;
  /** Absent if it does not fit, or is a walk without a violation. */
  readonly found: FoundTrace | undefined;
  /** Is the Program equal to the one that the trace was saved from? Undefined if the file has no digest of it. */
  readonly isSameProgram: boolean | undefined;
}

/**
 * Fits a saved trace to its model: the one that is given, or the package's model that the trace names. A trace may come
 * from an untrusted source, so no file that it names is ever run.
 */
export async function fitToModel(saved: SavedTrace, file?: string): Promise<FittedTrace> {
  const misfit = (why: string, name = saved.trace.model): FittedTrace => {
    const fit = ofModel(saved, name, { fits: false, at: 0, why });
    return { fit, model: name, found: undefined, isSameProgram: undefined };
  };
  if (isWithoutModel(saved, file)) return misfit(whichFile(saved));
  const { model, lower } = await loadModel(file ?? saved.trace.model);
  let lowered: Lowered;
  try {
    lowered = lower(saved.trace.settings, saved.trace.without, saved.trace.bufferSlots);
  } catch (error) {
    if (error instanceof SettingError) return misfit(error.message, model.name);
    throw error;
  }
  const asked = checksOf(lowered.program, lowered.properties);
  const checks = [...asked, ...formulaChecks(asked)];
  const fit = ofModel(saved, model.name, fitTrace(saved, lowered, checks, locate));
  const { name: property, expectation } = saved.trace.property;
  const check = checks.find(({ name, kind }) => name === property && kind === expectation);
  const found =
    fit.fits && check !== undefined
      ? { ...lowered, from: file ?? model.name, check, path: fit.path, trace: fit.trace }
      : undefined;
  return { fit, model: model.name, found, isSameProgram: (await digestOf(lowered.program)) === saved.digest };
}

/** A trace that does not fit a model of another name: that is most likely why. */
function ofModel({ trace }: SavedTrace, name: string, fit: Fit): Fit {
  if (fit.fits || trace.model === name) return fit;
  return { ...fit, why: `${fit.why}; the trace is of the model '${trace.model}', and this is '${name}'` };
}

const isWithoutModel = ({ trace }: SavedTrace, model: string | undefined): boolean =>
  model === undefined && !modelNames.includes(trace.model);

/** Throws a UsageError if the model of a trace is not of the package and no file is given. */
export function requireModelOf(saved: SavedTrace, model: string | undefined): void {
  if (isWithoutModel(saved, model)) throw new UsageError(whichFile(saved));
}

/** What to do about a trace of a model file: only the user may name the file; the trace has its former name. */
function whichFile({ trace: { model, steps, property } }: SavedTrace): string {
  const places = [property.source, ...steps.map(({ source }) => source)];
  const files = [...new Set(places.flatMap((place) => place?.replace(/:\d+$/, '') ?? []))];
  const file = files.find((name) => existsSync(name));
  const where =
    file === undefined
      ? 'give the file with --model=FILE'
      : `the trace was saved from ${file}: to use that file, add --model=${file}`;
  return `'${model}' does not come with raceproof; ${where}`;
}

function refusing<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ShortenError) throw new UsageError(error.message);
    throw error;
  }
}
