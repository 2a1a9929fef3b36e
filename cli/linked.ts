// Runs the linked files of dist/ (scripts/link.js), with the V8 code cache that was made at build time: finding and
// compiling 140 modules takes longer than a small check.

import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

/** The file of the code cache of a linked text. The text begins with `// DIGEST`, since V8 compares only its length. */
export const codeFileOf = (text: string): string =>
  join(here, 'code', `${text.slice(3, text.indexOf('\n'))}-${engine}`);

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
  const text = readFileSync(file, 'utf8');
  const codeFile = codeFileOf(text);
  // A code cache keeps the file name that it was compiled under, so this name must not depend on where the package is
  // installed.
  const script = new Script(text, { filename: join('dist/cli', name), ...codeIn(codeFile) });
  scripts.set(codeFile, script);
  const exports = {};
  loaded.set(name, exports);
  const run: Linked = script.runInThisContext();
  run(exports, load, file, (module) => import(module));
  return exports;
}

/** The code cache. Without one, or if it is damaged or from another build of V8, the text is compiled. */
function codeIn(file: string): { readonly cachedData?: Buffer } {
  try {
    const content = readFileSync(file);
    const cachedData = content.subarray(0, -4);
    return content.readInt32LE(cachedData.length) === sumOf(cachedData) ? { cachedData } : {};
  } catch {
    return {};
  }
}

/** The checksum at the end of a code cache: V8 would run a damaged one. */
export function sumOf(code: Buffer): number {
  const words = new Int32Array(code.buffer, code.byteOffset, code.length / 4);
  let sum = 0;
  for (let i = 0; i < words.length; i++) {
    sum = Math.imul(sum ^ words[i]!, 0x9e3779b1);
    // Without this, high bits of a word would change only high bits of the sum.
    sum ^= sum >>> 15;
  }
  return sum;
}
