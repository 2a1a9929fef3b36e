#!/usr/bin/env node
// The command `raceproof`: the exit status is the verdict, and whatever goes wrong ends in one clear line.

import { runCommandLine } from './command-line.js';
import { explain } from './errors.js';
import { note } from './terminal.js';

// Nobody can be told that stderr is gone.
process.stderr.on('error', () => {});

process.exitCode = await runCommandLine(process.argv.slice(2)).catch((error: unknown) => {
  const { text, status } = explain(error);
  note(text);
  return status;
});
