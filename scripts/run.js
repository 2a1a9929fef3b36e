// Runs a TypeScript file of this repository as it stands: node scripts/run.js FILE [ARGUMENT]...
// Needs dist/, of which hooks.js takes what blanks out types; `node scripts/build.js` makes it.

import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

register('./hooks.js', import.meta.url);
const [file] = process.argv.splice(2, 1);
process.argv[1] = resolve(file);
await import(pathToFileURL(process.argv[1]).href);
