// Where the package lies, and its version. In dist/ this file is linked into a script that lies in the same folder, so the path holds.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The URL of the folder that holds `cli/`: dist/, or the sources in a test. */
export const packageUrl = new URL('../', import.meta.url).href;

/** As package.json has it. */
export const version = (): string =>
  JSON.parse(readFileSync(new URL('../package.json', packageUrl), 'utf8')).version;

/**
 * What a new project writes into its package.json to install this package from where it came: a folder for a clone, a
 * file for a tarball, else a version.
 */
export function ownSource(): string {
  const own = fileURLToPath(new URL('..', packageUrl));
  const modules = /^.*[/\\]node_modules[/\\](?=[^/\\]+[/\\]?$)/.exec(own)?.[0];
  if (modules === undefined) return `file:${own}`;
  const lock = join(modules, '.package-lock.json');
  const { resolved } = existsSync(lock) ? npmRecordOf('node_modules/raceproof', lock) : {};
  return resolved?.startsWith('file:')
    ? `file:${resolve(modules, '..', resolved.slice('file:'.length))}`
    : `^${version()}`;
}

/** What npm has recorded of an installed package. */
const npmRecordOf = (name: string, lock: string): { readonly resolved?: string } =>
  JSON.parse(readFileSync(lock, 'utf8')).packages?.[name] ?? {};

/** Of the code of the command: the first line of each linked file is the digest of that file. */
export const codeDigest = (): string => {
  const folder = fileURLToPath(new URL('cli/', packageUrl));
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8').split('\n', 1)[0]).join();
};
