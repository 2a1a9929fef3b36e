// Runs the files into which scripts/link.js links the checker and the command line, with the code that V8 compiled of
// them when they were built: to find and compile 140 modules takes longer than a small check. Only dist/ has them.

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

/** Compiled code is good for one build of V8, and the version does not tell two builds of it apart. */
const { size, mtimeMs } = statSync(process.execPath);
const engine = [process.version, process.arch, size, Math.trunc(mtimeMs)].join('-');

/** Where the compiled code of a linked text lies. `// DIGEST` is its first line: V8 looks only at the text's length. */
export const codeFileOf = (text: string): string =>
  join(here, 'code', `${text.slice(3, text.indexOf('\n'))}-${engine}`);

/** By the name that linked files call them: themselves, once they run, and the modules that they share with models. */
const loaded = new Map<string, unknown>([
  ['../models/language/index.js', language],
  ['../models/registry.js', models],
  ['../properties/language/temporal.js', temporal],
  ['../properties/registry.js', properties],
]);

/** The scripts that run, by the file where their compiled code lies or may be put. */
export const scripts = new Map<string, Script>();

/** What a linked file exports. It runs when it is first asked for. */
export function load(name: string): unknown {
  if (loaded.has(name)) return loaded.get(name);
  if (!name.endsWith('.cjs')) return required(name);
  const file = join(here, name);
  const text = readFileSync(file, 'utf8');
  const codeFile = codeFileOf(text);
  // Compiled code keeps the name that it was compiled under, so that tells nothing of where the package lies.
  const script = new Script(text, { filename: join('dist/cli', name), ...codeIn(codeFile) });
  scripts.set(codeFile, script);
  const exports = {};
  loaded.set(name, exports);
  const run: Linked = script.runInThisContext();
  run(exports, load, file, (module) => import(module));
  return exports;
}

/** What V8 compiled before. If there is none, or it is another V8's, or damaged, the text is compiled anew. */
function codeIn(file: string): { readonly cachedData?: Buffer } {
  try {
    const content = readFileSync(file);
    const cachedData = content.subarray(0, -4);
    return content.readInt32LE(cachedData.length) === sumOf(cachedData) ? { cachedData } : {};
  } catch {
    return {};
  }
}

/** Stands behind compiled code: V8 would run whatever a disk has made of it. */
export function sumOf(code: Buffer): number {
  const words = new Int32Array(code.buffer, code.byteOffset, code.length / 4);
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = Math.imul(sum ^ words[i]!, 0x9e3779b1);
  return sum;
}
