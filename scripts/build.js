// Builds dist/ from the TypeScript sources. Types are blanked out and nothing is moved, so a line of dist/a.js is the
// same line of a.ts: the models' file and line, and every stack trace, depend on it. With --types, tsc adds the .d.ts.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/wasm-typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const folders = ['models', 'properties', 'checker', 'counterexamples', 'cli'];
const executable = 'cli/main.js';

/** Builds everything. Files that would stay the same are left alone, so builds that overlap do no harm. */
export function build() {
  const sources = folders.flatMap((folder) => filesUnder(join(root, folder))).filter(isSource);
  const names = sources.map((file) => file.slice(root.length).replace(/\.ts$/, ''));
  for (const [i, name] of names.entries()) {
    replace(join(dist, `${name}.js`), stripTypes(sources[i]));
  }
  if (existsSync(join(dist, executable))) chmodSync(join(dist, executable), 0o755);
  removeOthers(new Set(names));
}

/** For vitest: once, before the tests that run the real command. */
export { build as setup };

const filesUnder = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];

/** Tests stay out, and the folders `testing/` that only they import. */
const isSource = (file) =>
  file.endsWith('.ts') && !file.endsWith('.test.ts') && !/[\\/]testing[\\/]/.test(file);

/** Packages whose main file is CommonJS, which Node has to read twice, and the module that they have as well. */
const modules = {
  immutable: 'immutable/dist/immutable.es.js',
  'fastest-levenshtein': 'fastest-levenshtein/esm/mod.js',
};

function stripTypes(file) {
  try {
    const { code } = transformSync(readFileSync(file, 'utf8'), { mode: 'strip-only' });
    return code.replace(/(?<=from ')[a-z-]+(?=';)/g, (name) => modules[name] ?? name);
  } catch (problem) {
    // The stripper throws plain objects.
    throw new Error(`${file}:${problem.startLine ?? '?'}: ${problem.message ?? problem}`);
  }
}

function replace(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}

/** Removes what no source stands for any more. */
function removeOthers(names) {
  for (const file of filesUnder(dist)) {
    const name = file.slice(dist.length + 1);
    if (/\.(js|d\.ts)$/.test(name) && !names.has(name.replace(/\.(js|d\.ts)$/, ''))) rmSync(file);
  }
}

function buildTypes() {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const { status } = spawnSync(tsc, ['--project', join(root, 'scripts', 'tsconfig.types.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build();
  if (process.argv.includes('--types')) buildTypes();
}
