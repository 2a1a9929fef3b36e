// What a small check loads: most of its time goes into that, so what it does not need must wait until somebody asks.

import { expect, test } from 'vitest';
import { raceproof } from './testing/command.js';

const moduleOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** Writes every file that is loaded to stderr. */
const hooks = moduleOf(`
  import { writeSync } from 'node:fs';
  export const load = (url, context, next) => {
    if (url.startsWith('file:')) writeSync(2, url + '\\n');
    return next(url, context);
  };
`);
const telling = moduleOf(`
  import { register } from 'node:module';
  register(${JSON.stringify(hooks)});
`);

/** The files that a command loads: those of dist/ by their paths in it, those of packages by theirs. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await raceproof(args, { env: { NODE_OPTIONS: `--import=${telling}` } });
  return [...stderr.matchAll(/^file:.*?\/(?:dist|node_modules)\/(.*)$/gm)].map(([, path]) => path!);
}

test('a check loads its own model alone, and neither exporters, pages, liveness nor the parser of options', async () => {
  const loaded = await loadedBy('check', 'increment');
  expect(loaded).toContain('checker/explore.js');
  expect(loaded.filter((path) => /^(models|properties)\/(examples|thp_truncate)/.test(path)).sort()).toEqual([
    'models/examples/increment.js',
    'properties/examples/increment.js',
  ]);
  const unneeded = /^(checker\/export|checker\/liveness\/run|counterexamples\/render\/html|yargs)/;
  expect(loaded.filter((path) => unneeded.test(path))).toEqual([]);
  const withOption = await loadedBy('check', 'increment', '--stats');
  expect(withOption.filter((path) => unneeded.test(path))).toContain('yargs/index.mjs');
});

test('whoever only wants help loads no checker and no model', async () => {
  const loaded = await loadedBy('check', '--help');
  expect(loaded).toContain('cli/help.js');
  expect(loaded.filter((path) => /^(checker|models\/(?!language)|properties|yargs)/.test(path))).toEqual([]);
});
