// Lets V8 compile what a small check runs, and keeps the code beside dist/'s linked files: run by build.js, in a process
// of its own. Not all of a file's functions are compiled before they are called, so checks are run first.

import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, load, scripts } from '../dist/cli/linked.js';

const { main } = load('./command_line.cjs');
for (const model of ['increment', 'peterson']) await main(['check', model, '--strict']);

const linked = readdirSync(new URL('../dist/cli/', import.meta.url)).filter((name) => name.endsWith('.cjs'));
for (const name of linked) load(`./${name}`);
for (const [file, script] of scripts) {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, codeOf(script));
  renameSync(aside, file);
}
