// Where the package lies, and its version. In dist/ this file is linked into a script that lies in the same folder, so the path holds.

import { readFileSync } from 'node:fs';

/** The URL of the folder that holds `cli/`: dist/, or the sources in a test. */
export const packageUrl = new URL('../', import.meta.url).href;

/** As package.json has it. */
export const version = (): string =>
  JSON.parse(readFileSync(new URL('../package.json', packageUrl), 'utf8')).version;
