// Where the package lies, and its version. In dist/ this file is linked into a script that lies in the same folder, so the path holds.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The URL of the folder that holds `cli/`: dist/, or the sources in a test. */
export const packageUrl = new URL('../', import.meta.url).href;

/** As package.json has it. */
export const version = (): string =>
  JSON.parse(readFileSync(new URL('../package.json', packageUrl), 'utf8')).version;

/** Of the code of the command: the first line of each linked file is the digest of that file. */
export const codeDigest = (): string => {
  const folder = fileURLToPath(new URL('cli/', packageUrl));
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8').split('\n', 1)[0]).join();
};
