// Writes a folder of pages, all or none. They are first written under temporary names, so that a full disk leaves the
// old pages in place; then the old index is removed, the pages are renamed, stale ones are deleted, and the new index
// is written last. A folder without an index was interrupted in between.

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pageFile, pagesMark } from '../../comparison/index.js';
import { OutputError, UsageError } from '../errors.js';
import { makeFolder } from '../make_folder.js';

const index = 'index.html';
/** A page, or what a run that was killed has left of one. */
const isOurs = (name: string): boolean => pageFile.test(name.replace(/\.\d+\.part$/, ''));

/**
 * Creates the folder if it does not exist, before the pages are computed. Throws a UsageError if it has other files in
 * it, an OutputError if it cannot be written to.
 */
export function preparePages(folder: string): void {
  writing(folder, () => makeFolder(resolve(folder)));
  const names = writing(folder, () => readdirSync(folder));
  const other = names.find((name) => !isOurs(name));
  const isFree = !names.includes(index) || readFileSync(join(folder, index), 'utf8').includes(pagesMark);
  if (other !== undefined || !isFree) {
    throw new UsageError(
      `--out=${folder}: ${other ?? index} there was not written by raceproof; name an empty or a new folder`,
    );
  }
  const probe = join(folder, partOf(index));
  writing(folder, () => writeFileSync(probe, ''));
  rmSync(probe);
}

/** Replaces the pages in a prepared folder by these, which are given by file name. */
export function writePages(folder: string, pages: ReadonlyMap<string, string>): void {
  const place = (name: string) => join(folder, name);
  const before = writing(folder, () => readdirSync(folder));
  try {
    for (const [name, text] of pages) writeFileSync(place(partOf(name)), text);
    rmSync(place(index), { force: true });
    for (const name of pages.keys()) if (name !== index) renameSync(place(partOf(name)), place(name));
    for (const name of before) if (isOurs(name) && !pages.has(name)) rmSync(place(name), { force: true });
    renameSync(place(partOf(index)), place(index));
  } catch (error) {
    for (const name of pages.keys()) rmSync(place(partOf(name)), { force: true, recursive: true });
    throw cannotWrite(folder, error);
  }
}

const partOf = (name: string): string => `${name}.${process.pid}.part`;

function writing<R>(folder: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

const cannotWrite = (folder: string, error: unknown): OutputError =>
  new OutputError(
    `cannot write the pages into ${folder}: ${error instanceof Error ? error.message : String(error)}`,
  );
