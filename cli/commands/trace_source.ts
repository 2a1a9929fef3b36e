// What `render`, `explain` and `replay` are about: a counterexample that a model has, or one that was saved in a file.

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
import type { GivenSettings } from '../arguments/options.js';
import { NothingToShow, UsageError } from '../errors.js';
import { loadModel } from '../load/model.js';
import { locate } from '../output/locate.js';
import { watch } from '../output/progress.js';

/** A counterexample (or an example) that today's model has. */
export interface FoundTrace extends Lowered {
  readonly check: Check;
  readonly path: Path;
  readonly trace: Trace;
}

export interface Wanted {
  readonly set: GivenSettings;
  /** Built-in checks that are switched off. */
  readonly without: readonly CheckName[];
  /** By name; the decisive one if it is absent. */
  readonly property: string | undefined;
  readonly minimal: Minimal | undefined;
}

/** Explores a model, and takes the finding that is wanted. Throws a UsageError if there is none. */
export async function findTrace(
  name: string,
  { set, without, property, minimal }: Wanted,
): Promise<FoundTrace> {
  const lowered = (await loadModel(name)).lower(set, without);
  const { program, properties } = lowered;
  const { onProgress, end } = watch(program.name);
  const report = await explore(program, properties, { onProgress }).finally(end);
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

/** Is it the name of a file with a saved trace, rather than of a model? */
export const isTraceFile = (name: string): boolean => name.endsWith('.json');

/** `--model` says whose trace a file holds, and nothing of a model; `--without` nothing of a file, which says it itself. */
export function requireFile(
  what: string,
  { model, without }: { readonly model: string | undefined; readonly without: readonly CheckName[] },
): void {
  if (model !== undefined && !isTraceFile(what))
    throw new UsageError(`--model is for saved traces (FILE.json): ${what} is a model itself`);
  if (without.length > 0 && isTraceFile(what))
    throw new UsageError(`--without is for models: ${what} says itself which checks are switched off`);
}

/** A saved trace. Throws a UsageError for a file that is none. */
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
  /** Absent if it does not fit, or is a mere walk. */
  readonly found: FoundTrace | undefined;
  /** Is it the very Program that the trace was saved from? Unknown if there is none to compare with. */
  readonly isSameProgram: boolean | undefined;
}

/**
 * Holds a saved trace against today's model: the one that it names, or the one that is given. A trace may come from
 * anywhere, so the name in it never leads to a file that would be run.
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
    lowered = lower(saved.trace.settings, saved.trace.without);
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
    fit.fits && check !== undefined ? { ...lowered, check, path: fit.path, trace: fit.trace } : undefined;
  return { fit, model: model.name, found, isSameProgram: (await digestOf(lowered.program)) === saved.digest };
}

/** A trace that does not fit a model of another name: that is most likely why. */
function ofModel({ trace }: SavedTrace, name: string, fit: Fit): Fit {
  if (fit.fits || trace.model === name) return fit;
  return { ...fit, why: `${fit.why}; the trace is of the model '${trace.model}', and this is '${name}'` };
}

const isWithoutModel = ({ trace }: SavedTrace, model: string | undefined): boolean =>
  model === undefined && !modelNames.includes(trace.model);

/** Throws a UsageError if nobody says in which file the model of a trace lies. */
export function requireModelOf(saved: SavedTrace, model: string | undefined): void {
  if (isWithoutModel(saved, model)) throw new UsageError(whichFile(saved));
}

/** A model that is not raceproof's lies in a file that only the user may name: the trace says which it was. */
function whichFile({ trace: { model, steps, property } }: SavedTrace): string {
  const places = [property.source, ...steps.map(({ source }) => source)];
  const files = [...new Set(places.flatMap((place) => place?.replace(/:\d+$/, '') ?? []))];
  const file = files.find((name) => existsSync(name));
  const where =
    file === undefined
      ? 'give the file with --model=FILE'
      : `the trace names ${file}: if that is the model, say --model=${file}`;
  return `${model} is not a model of raceproof; ${where}`;
}

function refusing<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ShortenError) throw new UsageError(error.message);
    throw error;
  }
}
