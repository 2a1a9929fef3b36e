#!/usr/bin/env node
// The command `raceproof`: the exit status is the verdict.

import { load } from './linked.js';

const { leave, main } = load('./command_line.cjs') as typeof import('./arguments/command_line.js');

// Nobody can be told that stderr is gone.
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
leave();
