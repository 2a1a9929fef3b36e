// Module hooks for the sources of this repository: types are blanked out, nothing else. The hooks of the command would
// also watch every test that JavaScript makes, as in a model's file, and our loops would be measured with a call in each.

import { readFile } from 'node:fs/promises';
import { stripTypes } from '../dist/cli/load/strip_types.js';

export { resolve } from '../dist/cli/load/hooks.js';

export async function load(url, context, next) {
  if (!/\.ts$/.test(url) || url.includes('/node_modules/')) return next(url, context);
  const source = stripTypes(await readFile(new URL(url), 'utf8'), url);
  return { format: 'module', source, shortCircuit: true };
}
