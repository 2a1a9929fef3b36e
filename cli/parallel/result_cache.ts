// Results of searches, kept in files: the name of a file is the digest of all that its result depends on. What cannot be
// read is as if it were not there; what cannot be written is left out.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Explored, LimitKind, Lowered, Report } from '../../checker/index.js';
import type { SourceLocation } from '../../models/language/index.js';
import { makeFolder } from '../make_folder.js';
import { wholeFile, writeWhole } from '../output/whole_file.js';
import { codeDigest } from '../package.js';

/** Where results are kept, if nothing else is asked for. https://specifications.freedesktop.org/basedir-spec */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'raceproof');
}

/**
 * 64 hexadecimal digits: of the question (what is asked, and with which options), where the model is written, the
 * Program, its properties, the code of raceproof, and the folder in which it runs, to which the places in a result are
 * relative.
 */
export function cacheKey(
  question: unknown,
  at: SourceLocation | undefined,
  { program, properties }: Lowered,
): string {
  const text = JSON.stringify([question, at ?? null, program, properties, process.cwd()]);
  return createHash('sha256').update(codeDigest()).update(text).digest('hex');
}

/** Limits at which a search stops again at the same state. */
const repeatable: readonly LimitKind[] = ['states', 'depth', 'storage', 'formula'];

/** Would the search end with the same report again? Not if it was time, memory or a signal that stopped it. */
export const isRepeatable = ({
  verdict,
  evidence: { limit },
}: Pick<Report<Explored>, 'verdict' | 'evidence'>) =>
  verdict !== 'incomplete' && (limit === undefined || repeatable.includes(limit.kind));

/** What is kept under a key. A file that is damaged is said so by `note`, and is as if it were not there. */
export function readCached(folder: string, key: string, note: (text: string) => void): unknown {
  let text: string;
  try {
    text = readFileSync(fileOf(folder, key), 'utf8');
  } catch {
    return undefined;
  }
  const [sum = '', ...rest] = text.split('\n');
  const body = rest.join('\n');
  if (sum === sumOf(body)) return JSON.parse(body);
  note(`${fileOf(folder, key)} is damaged, and is not used`);
  return undefined;
}

/** Keeps a result: whole, or not at all. A cache that cannot be written to is no error. */
export function writeCached(folder: string, key: string, found: unknown): void {
  const body = JSON.stringify(found);
  try {
    makeFolder(folder);
    writeWhole(wholeFile(fileOf(folder, key)), [`${sumOf(body)}\n${body}`]);
  } catch {
    // The next run explores it again.
  }
}

const fileOf = (folder: string, key: string): string => join(folder, `${key}.json`);
const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
