// Projects of users, outside of the package, in which it is installed.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const tsc = join(root, 'node_modules/.bin/tsc');

/** A folder with these files; gone when `remove` is called. */
export function project(files: { readonly [name: string]: string }) {
  const path = mkdtempSync(join(tmpdir(), 'raceproof-'));
  mkdirSync(join(path, 'node_modules'));
  symlinkSync(root, join(path, 'node_modules', 'raceproof'));
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files }))
    writeFileSync(join(path, name), text);
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

/** What a process prints on either stream, and its status. */
export function ran(command: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

/** Writes the declarations into dist/, as installing the package does. */
export const buildTypes = () => ran(process.execPath, ['scripts/build.js', '--types'], root);

/** Compiles a project's files into its folder `out`, strictly; a project's own tsconfig is passed over. */
export const compiled = (
  files: readonly string[],
  [module, resolution]: readonly [string, string],
  cwd: string,
) =>
  ran(
    tsc,
    [
      ...['--ignoreConfig', '--strict', '--target', 'es2022', '--types', '', '--outDir', 'out'],
      ...['--module', module, '--moduleResolution', resolution, ...files],
    ],
    cwd,
  );
