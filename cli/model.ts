// From what the user calls MODEL to a model and its properties: one that comes with the package, by its name, or any
// file that exports `model` and perhaps `properties`.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CheckName, didYouMean, type Lowered, lowering } from '../checker/index.js';
import { type Model, ModelError } from '../models/language/index.js';
import { loadEntry, modelNames } from '../models/registry.js';
import type { Properties } from '../properties/language/index.js';
import { loadProperties } from '../properties/registry.js';
import { blameModel, UsageError } from './errors.js';

export interface LoadedModel {
  readonly model: Model;
  readonly properties: Properties;
  /** Lowers it; what goes wrong in a model file is the model's error, with its line. */
  readonly lower: (settings: { readonly [name: string]: unknown }, without?: readonly CheckName[]) => Lowered;
}

/** Finds a model. Throws a UsageError if there is none, a ModelError if its file cannot be used. */
export async function loadModel(name: string): Promise<LoadedModel> {
  const [entry, properties] = await Promise.all([loadEntry(name), loadProperties(name)]);
  if (entry !== undefined) return loaded(entry.model, properties, () => false);
  if (name.endsWith('.json'))
    throw new UsageError(
      `${name} is not a model; for a saved trace: raceproof replay, render or explain ${name}`,
    );
  if (/[/\\]|\.(m?js|m?ts)$/.test(name)) return fromFile(name);
  const known = didYouMean(name, modelNames) || ` ('raceproof list' names them)`;
  throw new UsageError(`no model '${name}'${known}`);
}

function loaded(model: Model, properties: Properties, isModelFile: (url: string) => boolean): LoadedModel {
  const lowerings = new Map<string, ReturnType<typeof lowering>>();
  const lowerWithout = (without: readonly CheckName[]) => {
    const known = lowerings.get(String(without)) ?? lowering(model, properties, { without });
    lowerings.set(String(without), known);
    return known;
  };
  return {
    model,
    properties,
    lower: (settings, without = []) => {
      try {
        return lowerWithout(without)(settings);
      } catch (error) {
        throw blameModel(error, isModelFile);
      }
    },
  };
}

async function fromFile(name: string): Promise<LoadedModel> {
  const file = resolve(name);
  if (!existsSync(file) || !statSync(file).isFile()) throw new UsageError(`no file '${name}'`);
  const { href } = pathToFileURL(file);
  const isModelFile = (url: string) => !url.startsWith(packageUrl) && !url.includes('/node_modules/');
  register('./hooks.js', import.meta.url);
  const exports: object = await import(href).catch(async (error: unknown) => {
    throw blameModel(await withPlace(error, href), isModelFile);
  });
  const { model, properties = {} } = exports as { readonly model?: unknown; readonly properties?: unknown };
  const at = { file: href, line: 1 };
  if (!isModel(model)) throw new ModelError(`this file exports no 'model' (${exportsText(exports)})`, at);
  if (!isProperties(properties)) {
    throw new ModelError(`'properties' is not an object of always(…), never(…), sometimes(…)`, at);
  }
  return loaded(model, properties, isModelFile);
}

/** Node does not tell where a syntax error of JavaScript is: look again. */
async function withPlace(error: unknown, url: string): Promise<unknown> {
  if (!(error instanceof SyntaxError) || error.stack?.startsWith('file:')) return error;
  const { stripTypes } = await import('./strip-types.js');
  try {
    stripTypes(readFileSync(new URL(url), 'utf8'), url);
    return error;
  } catch (placed) {
    return placed;
  }
}

/** Where the package lies: the folder of dist/. */
const packageUrl = new URL('../', import.meta.url).href;

function exportsText(exports: object): string {
  const names = Object.keys(exports);
  return names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
}

const isObject = (x: unknown): x is { readonly [key: string]: unknown } =>
  typeof x === 'object' && x !== null;

/** Was it made by `model(…)`, of this package or of another copy of it? */
const isModel = (x: unknown): x is Model =>
  isObject(x) && typeof x['name'] === 'string' && isObject(x['state']) && Array.isArray(x['actors']);

const isProperties = (x: unknown): x is Properties =>
  isObject(x) && Object.values(x).every((each) => isObject(each) && typeof each['expectation'] === 'string');
