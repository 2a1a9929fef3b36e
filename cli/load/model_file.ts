// Loads a model file. Its code is guarded (guard.ts), everything that it creates must be used, and its exports must be
// a model and its properties.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { register } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { didYouMean } from '../../checker/index.js';
import {
  type Created,
  describe,
  type Model,
  ModelError,
  refusalOf,
  type SourceLocation,
  unreached,
  watchCreations,
} from '../../models/language/index.js';
import type { Properties, PropertyNode } from '../../properties/language/index.js';
import { blameModel, UsageError } from '../errors.js';
import { packageUrl } from '../package.js';
import type { Stop } from '../stop.js';
import { guardProcess } from './guard.js';
import { tryLoading } from './trial.js';

export interface ModelFile {
  /** `manifest` is whatever the file exports under that name. */
  readonly exports: { readonly model: Model; readonly properties: Properties; readonly manifest?: unknown };
  /** Does a file belong to the model, and not to the package or a dependency? */
  readonly isModelFile: (url: string) => boolean;
  /**
   * Throws a ModelError for what the files create and never use. Runs the bodies of procedures, which may take long.
   */
  readonly requireUsed: () => void;
}

export interface LoadOptions {
  /** May end the code of the file. */
  readonly stop?: Stop;
  /** Is the process guarded against what the file does? By default it is. */
  readonly isGuarded?: boolean;
}

/** Runs a model's file. Throws a UsageError if it is none, a ModelError if it cannot be used. */
export async function loadModelFile(
  name: string,
  { stop, isGuarded = true }: LoadOptions = {},
): Promise<ModelFile> {
  const file = requireModelFile(name);
  const { href } = pathToFileURL(file);
  if (stop !== undefined) await tryLoading(name, href, stop);
  const isModelFile = (url: string) =>
    url.startsWith('file:') && !url.startsWith(packageUrl) && !url.includes('/node_modules/');
  registerHooks();
  const guard = isGuarded ? guardProcess((error) => blameModel(error, isModelFile)) : undefined;
  const watch = watchCreations();
  try {
    const loading = import(href).then((exports: object) => checked(exports, watch.end(), href));
    const exports = await (guard?.unlessStuck(loading, neverEnds(file, href)) ?? loading);
    const { model, properties, manifest } = exports;
    return { exports: { model, properties, manifest }, isModelFile, requireUsed: exports.requireUsed };
  } catch (error) {
    throw placedIn(href, blameModel(error, isModelFile));
  } finally {
    watch.end();
  }
}

const registerHooks = (): void => register(new URL('cli/load/hooks.js', packageUrl));

/** What a file of a user exports that is no model, such as a project file. What it throws is its own error. */
export async function importWithHooks(href: string): Promise<object> {
  registerHooks();
  const isOwn = (url: string) => url === href;
  const guard = guardProcess((error) => blameModel(error, isOwn));
  try {
    return await guard.unlessStuck<object>(import(href), neverEnds(fileURLToPath(href), href));
  } catch (error) {
    throw placedIn(href, blameModel(error, isOwn));
  }
}

function requireModelFile(name: string): string {
  const file = resolve(name);
  if (!existsSync(file)) throw new UsageError(`no file '${name}'`);
  if (statSync(file).isDirectory())
    throw new UsageError(
      `'${name}' is a folder: name the model's file in it, such as ${join(name, 'model.ts')}`,
    );
  if (!statSync(file).isFile()) throw new UsageError(`no file '${name}'`);
  if (/\.m?[jt]s$/.test(name)) return file;
  const [, ending = ''] = /\.(\w+)$/.exec(name) ?? [];
  const hint = /^[cm]?[jt]sx?$/.test(ending) ? `; rename it to .${ending.includes('t') ? 'ts' : 'js'}` : '';
  throw new UsageError(`'${name}' is not a model: a model is a .ts, .mts, .js or .mjs file${hint}`);
}

/** The error, with the model file as its location if it has none. */
function placedIn(href: string, error: unknown): unknown {
  if (error instanceof Error && (error.name !== 'Error' || framed(error))) return error;
  const what = error instanceof Error ? error.message : `threw ${String(error)}`;
  return new ModelError(what, { file: href, line: 1 });
}

const framed = ({ stack = '' }: Error): boolean => /dist\/|node:internal/.test(stack);

function neverEnds(file: string, href: string): ModelError {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((text) => /\bawait\b/.test(text));
  return new ModelError('loading this file never ends: a top-level await never resolves', {
    file: href,
    line: Math.max(0, line) + 1,
  });
}

/** Throws a ModelError unless the exports are a model and properties. */
async function checked(
  exports: object,
  created: Created,
  href: string,
): Promise<ModelFile['exports'] & Pick<ModelFile, 'requireUsed'>> {
  const at = (name?: string) => ({ file: href, line: name === undefined ? 1 : lineOf(href, name) });
  const { model, properties = {}, manifest } = exports as { readonly [name: string]: unknown };
  if (!isModel(model)) {
    if (model !== undefined) {
      throw new ModelError(`'model' must be made by model(…), but is ${describe(model)}`, at('model'));
    }
    const near = Object.keys(exports).find((name) => didYouMean(name, ['model']) !== '');
    const hint = near === undefined ? '' : `; did you mean 'model' instead of '${near}'?`;
    throw new ModelError(`this file exports no 'model' (${exportsText(exports)})${hint}`, at(near));
  }
  if (Array.isArray(properties)) {
    const problem = "'properties' is a list, and a property needs a name: { no_leak: never(…) }";
    throw new ModelError(problem, at('properties'));
  }
  if (!isObject(properties)) {
    const problem = "'properties' must be an object of always(…), never(…), sometimes(…) or property(…)";
    throw new ModelError(`${problem}, but ${describe(properties)}`, at('properties'));
  }
  for (const [name, each] of Object.entries(properties)) {
    if (isProperty(each)) continue;
    const problem = `the property '${name}' must be made by always(…), never(…), sometimes(…) or property(…)`;
    throw new ModelError(`${problem}, but ${describe(each)}`, at(name));
  }
  requireExported(exports, properties, at);
  const kept = [exports, ...(await exportsBeside(created, exports))];
  const requireUsed = () => {
    const [first] = unreached(created, kept).filter(
      ({ at: place }) => place === undefined || !isNamed(place),
    );
    if (first !== undefined) throw refusalOf(first);
  };
  return { model, properties: properties as Properties, manifest, requireUsed };
}

/** Throws a ModelError for properties that are exported under another name, since they would not be checked. */
function requireExported(
  exports: object,
  properties: object,
  at: (name: string) => { readonly file: string; readonly line: number },
): void {
  const known = new Set<unknown>(Object.values(properties));
  for (const [name, value] of Object.entries(exports)) {
    if (name === 'model' || name === 'properties' || known.has(value)) continue;
    if (isProperty(value)) {
      throw new ModelError(
        `'${name}' is a property, but not among the exported 'properties': it would not be checked`,
        at(name),
      );
    }
    const each = isObject(value) ? Object.values(value) : [];
    const isLost = each.length > 0 && each.every((one) => isProperty(one) && !known.has(one));
    const isMisspelt = !('properties' in exports) && didYouMean(name, ['properties']) !== '';
    if (isLost || isMisspelt) {
      throw new ModelError(`this file exports '${name}'; did you mean 'properties'?`, at(name));
    }
  }
}

/** Exports of other files of the model. What they hold need not be used by this model. */
async function exportsBeside(created: Created, exports: object): Promise<readonly object[]> {
  const places = unreached(created, [exports], false).flatMap(({ at }) =>
    at === undefined ? [] : [at.file],
  );
  const files = [...new Set(places)].filter((file) => file !== 'nowhere');
  return Promise.all(files.map((file) => import(file)));
}

/**
 * Is it assigned to a name at the top level of its file, and the name used elsewhere in the file? Then a function that
 * is never called may use it.
 */
function isNamed({ file, line }: SourceLocation): boolean {
  const lines = readFileSync(file.startsWith('file:') ? new URL(file) : file, 'utf8').split('\n');
  const declared = lines.slice(0, line).findLast((text) => /^\S/.test(text) && !/^[)}\]]/.test(text));
  const [, name] = /^(?:const|let|var)\s+(\w+)\b/.exec(declared ?? '') ?? [];
  if (name === undefined) return false;
  const uses = lines.join('\n').match(new RegExp(`\\b${name}\\b`, 'g')) ?? [];
  return uses.length > 1;
}

/** The line of the first assignment to a name. */
function lineOf(href: string, name: string): number {
  const lines = readFileSync(new URL(href), 'utf8').split('\n');
  const given = new RegExp(`(?:\\b(?:const|let|var|as)\\s+|[{,]\\s*|^\\s*)['"]?${name}['"]?\\s*[:=,}]`);
  return lines.findLastIndex((line) => given.test(line)) + 1 || 1;
}

function exportsText(exports: object): string {
  const names = Object.keys(exports);
  return names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
}

const isObject = (x: unknown): x is { readonly [key: string]: unknown } =>
  typeof x === 'object' && x !== null;

/** Was it made by `model(…)`, of this package or of another copy of it? */
const isModel = (x: unknown): x is Model =>
  isObject(x) && typeof x['name'] === 'string' && isObject(x['state']) && Array.isArray(x['actors']);

const isProperty = (x: unknown): x is PropertyNode => isObject(x) && typeof x['expectation'] === 'string';
