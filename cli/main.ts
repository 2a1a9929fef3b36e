#!/usr/bin/env node
// The command `raceproof`: runs the command line, and exits with its status.

import { keepCode, load } from './linked.js';

const { leave, main } = load('./command_line.cjs') as typeof import('./command_line.js');

// Errors of stderr cannot be reported.
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
keepCode();
leave();
