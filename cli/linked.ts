// Runs the linked files of dist/ (scripts/link.js) with the code that V8 has compiled of them: finding and compiling 140
// modules takes longer than a small check. A build compiles them beforehand. A package that was published has no
// compiled code, since it fits one build of Node: the first command keeps it in a folder of the user's.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import * as language from '../models/language/index.js';
import * as models from '../models/registry.js';
import * as temporal from '../properties/language/temporal.js';
import * as properties from '../properties/registry.js';

type Import = (name: string) => Promise<unknown>;
type Linked = (
  exports: object,
  require: (name: string) => unknown,
  file: string,
  importModule: Import,
) => void;

const here = dirname(fileURLToPath(import.meta.url));
const required = createRequire(import.meta.url);

/** A code cache is valid for one build of V8, and two builds may have the same version. */
const { size, mtimeMs } = statSync(process.execPath);
const engine = [process.version, process.arch, size, Math.trunc(mtimeMs)].join('-');

/** The name of a linked text's code cache. The text begins with `// DIGEST`, since V8 compares only its length. */
const codeNameOf = (text: string): string => `${text.slice(3, text.indexOf('\n'))}-${engine}`;

/** The file of the code cache that a build makes. */
export const codeFileOf = (text: string): string => join(here, 'code', codeNameOf(text));

/** Where code that no build has made is kept. https://specifications.freedesktop.org/basedir-spec */
function userCodeFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'raceproof', 'code');
}

/**
 * Exports by the name under which linked files import them: the linked files that have run, and the modules that they
 * share with models.
 */
const loaded = new Map<string, unknown>([
  ['../models/language/index.js', language],
  ['../models/registry.js', models],
  ['../properties/language/temporal.js', temporal],
  ['../properties/registry.js', properties],
]);

/** The scripts that run, by the file of their code cache. */
export const scripts = new Map<string, Script>();

/** The exports of a linked file, which runs at the first call. */
export function load(name: string): unknown {
  if (loaded.has(name)) return loaded.get(name);
  if (!name.endsWith('.cjs')) return required(name);
  const file = join(here, name);
  const text = readFileSync(file, 'latin1');
  const codeFile = codeFileOf(text);
  const cachedData = codeIn(codeFile) ?? ownCodeIn(join(userCodeFolder(), codeNameOf(text)));
  // A code cache keeps the file name that it was compiled under, so this name must not depend on where the package is
  // installed.
  const script = new Script(text, { filename: join('dist/cli', name), ...(cachedData && { cachedData }) });
  scripts.set(codeFile, script);
  const exports = {};
  loaded.set(name, exports);
  const run: Linked = script.runInThisContext();
  run(exports, load, file, (module) => import(module));
  return exports;
}

/** The code of a file; undefined if there is none, or if it is damaged. */
function codeIn(file: string): Buffer | undefined {
  try {
    const content = readFileSync(file);
    const cachedData = content.subarray(0, -4);
    return content.readInt32LE(cachedData.length) === sumOf(cachedData) ? cachedData : undefined;
  } catch {
    return undefined;
  }
}

/** The same, where the file must be the user's own: V8 runs what is in it. */
function ownCodeIn(file: string): Buffer | undefined {
  try {
    return statSync(file).uid === process.getuid?.() ? codeIn(file) : undefined;
  } catch {
    return undefined;
  }
}

/** A file of compiled code: V8's code and its checksum. */
export function codeOf(script: Script): Buffer {
  const code = script.createCachedData();
  const sum = Buffer.alloc(4);
  sum.writeInt32LE(sumOf(code));
  return Buffer.concat([code, sum]);
}

/** Code that another version of raceproof or Node left is removed after so long. */
const codeDays = 30;

/**
 * Keeps the code of what V8 had to compile, for later commands; to be called once the work is done, when V8 has compiled
 * what the command needs. Where it cannot be written, later commands start slower.
 */
export function keepCode(): void {
  const uncompiled = [...scripts].filter(([, { cachedDataRejected }]) => cachedDataRejected !== false);
  if (uncompiled.length === 0 || process.env['NODE_DISABLE_COMPILE_CACHE']) return;
  const folder = userCodeFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const oldest = Date.now() - codeDays * 24 * 60 * 60 * 1000;
    for (const name of readdirSync(folder)) {
      if (statSync(join(folder, name)).mtimeMs < oldest) rmSync(join(folder, name), { force: true });
    }
    for (const [file, script] of uncompiled) {
      const name = basename(file);
      const aside = join(folder, `${name}.${process.pid}.part`);
      writeFileSync(aside, codeOf(script));
      renameSync(aside, join(folder, name));
    }
  } catch {
    // A full disk, a home that is read-only: the next command compiles again.
  }
}

/** The checksum at the end of a code cache: V8 would run a damaged one. */
function sumOf(code: Buffer): number {
  const words = new Int32Array(code.buffer, code.byteOffset, code.length / 4);
  let sum = 0;
  for (let i = 0; i < words.length; i++) {
    sum = Math.imul(sum ^ words[i]!, 0x9e3779b1);
    // Without this, high bits of a word would change only high bits of the sum.
    sum ^= sum >>> 15;
  }
  return sum;
}
