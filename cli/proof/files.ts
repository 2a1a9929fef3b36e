// The files of a proof: one for each step, and what they are about. A folder holds one proof.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, type Obligations } from '../../checker/proof/index.js';
import { OutputError, UsageError } from '../errors.js';

const aboutFile = 'proof.txt';

/** Refuses a folder that holds anything but an earlier proof of the same. */
export function requireFolder(folder: string, about: string): void {
  if (!existsSync(folder)) return;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UsageError(`--out=${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (names.length === 0) return;
  const known = names.includes(aboutFile)
    ? readFileSync(join(folder, aboutFile), 'utf8').split('\n')[0]
    : undefined;
  if (known === about) return;
  const what = known === undefined ? 'files that are no proof' : `the proof of ${known}`;
  throw new UsageError(`--out=${folder} holds ${what}: name another folder, or remove it`);
}

/** Writes a proof. `about` is its first line, `invariants` what a person reads. */
export function writeProof(
  folder: string,
  about: string,
  invariants: readonly string[],
  all: readonly Obligations[],
): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (name.endsWith('.smt2')) rmSync(join(folder, name));
    writeFileSync(join(folder, aboutFile), [about, '', ...invariants, ''].join('\n'));
    for (const one of all) writeFileSync(join(folder, `${one.name}.smt2`), fileOf(one));
  } catch (error) {
    throw new OutputError(
      `cannot write ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
