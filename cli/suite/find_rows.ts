// Finds the rows of a suite from the arguments of the command: project files, model files with a manifest, folders,
// names of models that come with the package; or the nearest project file at or above the folder in which the command
// runs.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { modelNames } from '../../models/registry.js';
import { type Row, readManifest, readProject, rowsOf } from '../../suite/index.js';
import { UsageError } from '../errors.js';
import type { ProcessPool } from '../parallel/process_pool.js';

/** The names of a project file, the first one first. */
const projectFiles = ['raceproof.config.ts', 'raceproof.config.js', 'raceproof.config.json'] as const;

/** The rows of all targets, in their order. Throws a UsageError or a SuiteError; a ProcessError for what code of users throws. */
export async function findRows(targets: readonly string[], pool: ProcessPool): Promise<readonly Row[]> {
  const all = targets.length === 0 ? [nearestProject()] : targets;
  const rows: Row[] = [];
  for (const target of all) rows.push(...(await rowsOfTarget(target, pool)));
  return rows;
}

async function rowsOfTarget(target: string, pool: ProcessPool): Promise<readonly Row[]> {
  if (modelNames.includes(target)) return manifestRows(target, undefined, pool);
  if (!existsSync(target)) throw new UsageError(`no file, folder or model '${target}'`);
  if (statSync(target).isDirectory()) return rowsOfFolder(target, pool);
  return isProject(target) ? projectRows(target, pool) : manifestRows(target, target, pool);
}

const isProject = (file: string): boolean => /\.config\.m?[jt]s$|\.json$/.test(basename(file));

/** Those of its project file; without one, those of every model file under it that has a manifest. */
async function rowsOfFolder(folder: string, pool: ProcessPool): Promise<readonly Row[]> {
  const project = projectFiles.map((name) => join(folder, name)).find((file) => existsSync(file));
  if (project !== undefined) return projectRows(project, pool);
  const files = modelFilesUnder(folder);
  if (files.length === 0) {
    throw new UsageError(
      `${folder} has no ${projectFiles.join(', ')}, and no model file that exports a manifest`,
    );
  }
  const rows: Row[] = [];
  for (const file of files) rows.push(...(await manifestRows(file, file, pool)));
  return rows;
}

/** Throws a UsageError for a folder or a file that cannot be read. */
function modelFilesUnder(folder: string): readonly string[] {
  return reading(folder, () => readdirSync(folder, { withFileTypes: true }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      // Editors keep files of their own under such names, among them links that lead nowhere.
      if (entry.name.startsWith('.')) return [];
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : modelFilesUnder(path);
      if (!/(?<!\.test|\.d)\.m?[jt]s$/.test(entry.name)) return [];
      const text = reading(path, () => readFileSync(path, 'utf8'));
      return /\bexport\b[^;]*\bmodel\b/.test(text) && /\bexport\b[^;=]*\bmanifest\b/.test(text) ? [path] : [];
    });
}

async function projectRows(file: string, pool: ProcessPool): Promise<readonly Row[]> {
  const exported = file.endsWith('.json')
    ? jsonOf(file)
    : await pool.ask<'project'>({ kind: 'project', file: resolve(file) });
  const rows: Row[] = [];
  for (const [entry, { model, rows: own }] of readProject(file, exported).entries()) {
    const name = /[/\\]|\.\w+$/.test(model) ? relative('', resolve(dirname(file), model)) : model;
    if (own !== undefined) rows.push(...rowsOf(name, own, { file, entry }));
    else rows.push(...(await manifestRows(name, modelNames.includes(name) ? undefined : name, pool)));
  }
  return rows;
}

function reading<R>(path: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
}

function jsonOf(file: string): unknown {
  const text = reading(file, () => readFileSync(file, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

async function manifestRows(
  model: string,
  file: string | undefined,
  pool: ProcessPool,
): Promise<readonly Row[]> {
  const manifest = await pool.ask<'manifest'>({ kind: 'manifest', model });
  if (manifest === null) {
    throw new UsageError(
      `${model} exports no manifest, and no project file has rows for it: export const manifest = [{ settings: {}, violated: {} }]`,
    );
  }
  return rowsOf(model, readManifest(file ?? model, manifest), file === undefined ? {} : { file });
}

/** At or above the folder in which the command runs. */
function nearestProject(): string {
  for (let folder = resolve(''); ; folder = dirname(folder)) {
    for (const name of projectFiles) {
      const file = join(folder, name);
      if (existsSync(file)) return relative('', file);
    }
    if (folder === dirname(folder)) break;
  }
  throw new UsageError(
    `no ${projectFiles.join(', ')} here or above; name a model file that exports a manifest, or a folder of them`,
  );
}
