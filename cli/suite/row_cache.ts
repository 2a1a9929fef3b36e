// Results of rows, kept in files: the name of a file is the digest of all that its result depends on. What cannot be
// read is as if it were not there; what cannot be written is left out. Only whole results are kept.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lowered } from '../../checker/index.js';
import type { SourceLocation } from '../../models/language/index.js';
import type { RowFound } from '../../suite/index.js';
import { wholeFile, writeWhole } from '../output/whole_file.js';
import { packageUrl } from '../package.js';
import type { RowAsked, RowOptions } from './protocol.js';

/** Where results are kept, if nothing else is asked for. https://specifications.freedesktop.org/basedir-spec */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'raceproof');
}

/**
 * 64 hexadecimal digits: of the row, where its model is written, the Program, its properties, the options, the code of
 * raceproof, and the folder in which it runs, to which the places in a result are relative.
 */
export function cacheKey(
  row: RowAsked,
  at: SourceLocation | undefined,
  { program, properties }: Lowered,
  { engine, statesMax, memoryMax }: RowOptions,
): string {
  const options = { engine, statesMax, memoryMax };
  const text = JSON.stringify([row, at ?? null, program, properties, options, process.cwd()]);
  return createHash('sha256').update(codeDigest()).update(text).digest('hex');
}

/** The first line of each linked file is the digest of its code. */
const codeDigest = (): string => {
  const folder = fileURLToPath(new URL('cli/', packageUrl));
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8').split('\n', 1)[0]).join();
};

/** What is kept under a key. A file that is damaged is said so by `note`, and is as if it were not there. */
export function readCached(folder: string, key: string, note: (text: string) => void): RowFound | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(folder, key), 'utf8');
  } catch {
    return undefined;
  }
  const [sum = '', ...rest] = text.split('\n');
  const body = rest.join('\n');
  if (sum === sumOf(body)) return JSON.parse(body) as RowFound;
  note(`${fileOf(folder, key)} is damaged, and is not used`);
  return undefined;
}

/** Keeps a result: whole, or not at all. A cache that cannot be written to is no error. */
export function writeCached(folder: string, key: string, found: RowFound): void {
  const body = JSON.stringify(found);
  try {
    mkdirSync(folder, { recursive: true });
    writeWhole(wholeFile(fileOf(folder, key)), [`${sumOf(body)}\n${body}`]);
  } catch {
    // The next run explores it again.
  }
}

const fileOf = (folder: string, key: string): string => join(folder, `${key}.json`);
const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
