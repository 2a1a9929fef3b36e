// Builds dist/ from the TypeScript sources. Of models and properties types are blanked out and nothing is moved, so a
// line of dist/a.js is the same line of a.ts: a model's file and line depend on it. The rest is linked into few files,
// of which V8 compiles beforehand what a small check needs. With --types, tsc adds the .d.ts.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/wasm-typescript';
import { link, staysAlone } from './link.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const folders = [
  'api',
  'models',
  'properties',
  'checker',
  'counterexamples',
  'comparison',
  'explorer',
  'suite',
  'litmus',
  'missing_barriers',
  'cli',
];
const executable = 'cli/main.js';
/** Programs that share nothing with the rest. */
const asTheyAre = ['certificate/verify.js', 'certificate/views.js', 'certificate/witnesses.js'];

/** Builds everything. Files that would stay the same are left alone, so builds that overlap do no harm. */
export async function build() {
  const sources = folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .filter(isSource)
    .map((file) => file.slice(root.length));
  const texts = await link(root);
  for (const path of sources.filter(staysAlone)) texts.set(path.replace(/ts$/, 'js'), stripTypes(path));
  for (const path of asTheyAre) texts.set(path, readFileSync(join(root, path), 'utf8'));
  for (const [path, text] of texts) replace(join(dist, path), text);
  chmodSync(join(dist, executable), 0o755);
  removeOthers(new Set([...texts.keys(), ...sources.map((path) => path.replace(/ts$/, 'd.ts'))]));
  await compile([...texts].filter(([path]) => path.endsWith('.cjs')).map(([, text]) => text));
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

function stripTypes(file) {
  try {
    return transformSync(readFileSync(join(root, file), 'utf8'), { mode: 'strip-only' }).code;
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
function removeOthers(paths) {
  for (const file of filesUnder(dist)) {
    const path = file.slice(dist.length + 1);
    if (/\.(c?js|d\.ts)$/.test(path) && !paths.has(path)) rmSync(file);
  }
}

/** Has V8 compile the linked files, unless it has, and removes the code of others. Without it the command starts slower. */
async function compile(scripts) {
  const { codeFileOf } = await import('../dist/cli/linked.js');
  const files = new Set(scripts.map(codeFileOf));
  const there = new Set(filesUnder(join(dist, 'cli', 'code')));
  for (const file of there) if (!files.has(file)) rmSync(file, { force: true });
  if ([...files].every((file) => there.has(file))) return;
  spawnSync(process.execPath, [join(root, 'scripts/compile.js')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** tsc writes elsewhere, so that whoever reads dist/ meanwhile finds each file whole. */
function buildTypes() {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const aside = mkdtempSync(join(tmpdir(), 'raceproof-'));
  try {
    const project = join(root, 'scripts', 'tsconfig.types.json');
    const { status } = spawnSync(tsc, ['--project', project, '--outDir', aside], { stdio: 'inherit' });
    if (status !== 0) return status ?? 1;
    for (const file of filesUnder(aside))
      replace(join(dist, file.slice(aside.length + 1)), readFileSync(file, 'utf8'));
    return 0;
  } finally {
    rmSync(aside, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  if (process.argv.includes('--types')) process.exitCode = buildTypes();
}
