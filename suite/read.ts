// Reads rows from what a project file or a manifest exports, which may be any value. An error names the place in the
// file: models[2].rows[0].states.

import {
  type CheckName,
  checkNames,
  didYouMean,
  type MemoryModel,
  memoryModels,
  type Verdict,
} from '../checker/index.js';
import type { SettingValue } from '../models/language/index.js';
import type { Expected, Row, RowOrigin } from './suite.js';

/** A project file or a manifest that cannot be read as rows. */
export class SuiteError extends Error {
  override readonly name = 'SuiteError';
}

/** One entry of `models`: a model, and its rows if they are not in its manifest. */
export interface Entry {
  readonly model: string;
  readonly rows: readonly Omit<Row, 'model' | 'origin'>[] | undefined;
}

/**
 * Reads a project file: `{ models: ['increment', { model: './race.ts', rows: [{ settings, violated, states }] }] }`.
 * Throws a SuiteError.
 */
export function readProject(file: string, exported: unknown): readonly Entry[] {
  const at = placeIn(file);
  const project = objectAt(at(''), exported, ['models']);
  const models = listAt(at('models'), project['models']);
  if (models.length === 0) throw new SuiteError(`${file}: models is empty`);
  return models.map((entry, i): Entry => {
    const here = `models[${i}]`;
    if (typeof entry === 'string') return { model: nameAt(at(here), entry), rows: undefined };
    const { model, rows } = objectAt(at(here), entry, ['model', 'rows']);
    return {
      model: nameAt(at(`${here}.model`), model),
      rows: rows === undefined ? undefined : readRows(at, `${here}.rows`, rows),
    };
  });
}

/** Reads the `manifest` that a model's file exports. Throws a SuiteError. */
export const readManifest = (file: string, exported: unknown): NonNullable<Entry['rows']> =>
  readRows(placeIn(file), 'manifest', exported);

/** The rows of an entry, with the model's name and where they are written. */
export const rowsOf = (
  model: string,
  rows: NonNullable<Entry['rows']>,
  origin: Omit<RowOrigin, 'row'>,
): readonly Row[] => rows.map((row, i) => ({ model, ...row, origin: { ...origin, row: i } }));

type PlaceIn = (path: string) => string;
const placeIn =
  (file: string): PlaceIn =>
  (path) =>
    path === '' ? file : `${file}: ${path}`;

const fields = [
  'settings',
  'without',
  'memory',
  'buffer',
  'verdict',
  'violated',
  'unreached',
  'states',
  'transitions',
  'depth',
] as const;
/** Further fields of a manifest, for readers only. */
const ignored = ['source', 'about'];

function readRows(at: PlaceIn, path: string, value: unknown): NonNullable<Entry['rows']> {
  const rows = listAt(at(path), value);
  if (rows.length === 0) throw new SuiteError(`${at(path)} is empty`);
  return rows.map((row, i) => readRow(at, `${path}[${i}]`, row));
}

function readRow(at: PlaceIn, path: string, value: unknown): Omit<Row, 'model' | 'origin'> {
  const row = objectAt(at(path), value, [...fields, ...ignored]);
  const here = (name: string) => at(`${path}.${name}`);
  const counts = (['states', 'transitions', 'depth'] as const).flatMap((name) =>
    row[name] === undefined ? [] : [[name, countAt(here(name), row[name])] as const],
  );
  const expected: Expected = {
    ...(row['verdict'] !== undefined && {
      verdict: oneOf<Verdict>(here('verdict'), row['verdict'], ['holds', 'violated', 'incomplete']),
    }),
    ...(row['violated'] !== undefined && { violated: violatedAt(here('violated'), row['violated']) }),
    ...(row['unreached'] !== undefined && { unreached: namesAt(here('unreached'), row['unreached']) }),
    ...Object.fromEntries(counts),
  };
  const { violated, verdict } = expected;
  if (verdict === 'holds' && violated !== undefined && Object.keys(violated).length > 0) {
    throw new SuiteError(`${at(path)}: verdict is 'holds', but violated names ${Object.keys(violated)}`);
  }
  const kept = Object.fromEntries(Object.entries(row).filter(([name]) => ignored.includes(name)));
  return {
    settings: settingsAt(here('settings'), row['settings'] ?? {}),
    without: namesAt(here('without'), row['without'] ?? []).map((name) =>
      oneOf<CheckName>(here('without'), name, checkNames),
    ),
    ...memoryAt(here, row),
    expected,
    ...(Object.keys(kept).length > 0 && { kept }),
  };
}

/** A buffer is for x86-TSO alone. */
function memoryAt(here: PlaceIn, { memory, buffer }: { readonly [name: string]: unknown }) {
  const model = memory === undefined ? undefined : oneOf<MemoryModel>(here('memory'), memory, memoryModels);
  if (buffer === undefined) return model !== undefined && { memory: model };
  const slots = countAt(here('buffer'), buffer);
  if (model !== 'tso' || slots === 0) {
    throw new SuiteError(
      `${here('buffer')}: a buffer of ${slots} stores needs memory: 'tso', and holds one store or more`,
    );
  }
  return { memory: model, buffer: slots };
}

function settingsAt(at: string, value: unknown): Row['settings'] {
  const settings = objectAt(at, value);
  for (const [name, setting] of Object.entries(settings)) {
    if (!['number', 'boolean', 'string'].includes(typeof setting)) {
      throw new SuiteError(`${at}.${name}: ${said(setting)} is no number, boolean or word`);
    }
  }
  return settings as { readonly [name: string]: SettingValue };
}

/** `{ no_uaf: 7 }`, or `['no_uaf']` where the length is not compared. */
function violatedAt(at: string, value: unknown): NonNullable<Expected['violated']> {
  if (Array.isArray(value)) return Object.fromEntries(namesAt(at, value).map((name) => [name, undefined]));
  const steps = Object.entries(objectAt(at, value));
  return Object.fromEntries(steps.map(([name, count]) => [name, countAt(`${at}.${name}`, count)]));
}

const namesAt = (at: string, value: unknown): readonly string[] =>
  listAt(at, value).map((name, i) => nameAt(`${at}[${i}]`, name));

function nameAt(at: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new SuiteError(`${at}: ${said(value)} is no name`);
}

function countAt(at: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SuiteError(`${at}: ${said(value)} is no count: a whole number from 0 up`);
}

function oneOf<W extends string>(at: string, value: unknown, words: readonly W[]): W {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new SuiteError(
    `${at}: ${said(value)} is not one of ${words.join(', ')}${didYouMean(String(value), words)}`,
  );
}

function listAt(at: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new SuiteError(`${at}: ${said(value)} is no list`);
}

function objectAt(
  at: string,
  value: unknown,
  known?: readonly string[],
): { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SuiteError(`${at}: ${said(value)} is no object`);
  }
  for (const name of known === undefined ? [] : Object.keys(value)) {
    if (known!.includes(name)) continue;
    const hint = didYouMean(name, known!) || `; there are ${known!.join(', ')}`;
    throw new SuiteError(`${at}: no field is called '${name}'${hint}`);
  }
  return value as { readonly [name: string]: unknown };
}

function said(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
