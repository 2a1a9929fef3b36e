// The files of a proof: one for each step, and what they are about. A folder holds one proof.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  fileOf,
  type Obligations,
  type Parameterised,
  type ProofInvariant,
  readInvariant,
  StoredError,
  storedInvariant,
} from '../../checker/proof/index.js';
import { OutputError, UsageError } from '../errors.js';
import { makeFolder } from '../make_folder.js';
import { invariantLines } from './report.js';

const aboutFile = 'proof.txt';
const invariantFile = 'invariant.json';
const isOurs = (name: string): boolean =>
  name === aboutFile ||
  name === invariantFile ||
  /^(?:initially|properties|sizes|step_\d+)\.smt2$/.test(name);

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
  const foreign = names.find((name) => !isOurs(name));
  if (known === about && foreign === undefined) return;
  const other = known === undefined ? 'files that are no proof' : `the proof of ${known}`;
  const what = known === about ? `${foreign}, which is no part of a proof` : other;
  throw new UsageError(`--out=${folder} holds ${what}: name another folder, or remove it`);
}

/**
 * Writes a proof. `about` is its first line. Until all files are written, proof.txt says that some are missing.
 */
export function writeProof(
  folder: string,
  about: string,
  invariant: ProofInvariant,
  all: readonly Obligations[],
): void {
  const note = (lines: readonly string[]) =>
    writeFileSync(join(folder, aboutFile), [about, '', ...lines, ''].join('\n'));
  try {
    makeFolder(folder);
    note(['incomplete: not all files are written']);
    for (const name of readdirSync(folder))
      if (isOurs(name) && name !== aboutFile) rmSync(join(folder, name));
    for (const one of all) writeFileSync(join(folder, `${one.name}.smt2`), fileOf(one));
    writeFileSync(join(folder, invariantFile), `${JSON.stringify(storedInvariant(invariant))}\n`);
    note([
      `${all.length} files with ${questionsIn(all)} questions; invariants:`,
      ...invariantLines(invariant),
    ]);
  } catch (error) {
    throw new OutputError(
      `cannot write ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The invariant that an earlier proof has written to a folder. */
export function knownInvariant(folder: string, program: Parameterised): ProofInvariant {
  const path = join(folder, invariantFile);
  try {
    return readInvariant(JSON.parse(readFileSync(path, 'utf8')), program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = error instanceof StoredError ? ': without --invariant, one is looked for' : '';
    throw new UsageError(`--invariant: ${path}: ${why}${advice}`);
  }
}

const questionsIn = (all: readonly Obligations[]): number =>
  all.reduce((sum, { questions }) => sum + questions.length, 0);
