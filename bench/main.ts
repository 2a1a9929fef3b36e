// The bench: runs every case in separate processes, alternating the variants, and prints medians as a Markdown table.
// Rates are given for processor time and for elapsed time, since other programs may share the machine.
//
//   npm run bench -- --peers --only=flagship --rounds=3

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import yargs from 'yargs';
import { type BenchCase, cases, largeCases, peerCases } from './cases.js';
import { printLarge } from './large.js';
import { printOwn } from './own.js';
import { printPeers } from './peers.js';

const options = yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .usage('$0 [OPTIONS]\n\nMeasures the engines, each case in processes of their own, and prints Markdown.')
  .options({
    peers: {
      type: 'boolean',
      conflicts: 'large',
      describe: 'raceproof beside SPIN and rumur, on exported models',
    },
    large: { type: 'boolean', describe: 'more than a hundred million states, to the end (minutes, 4 GiB)' },
    only: { type: 'string', describe: 'the cases whose names contain this' },
    rounds: {
      type: 'number',
      describe: 'how often each is run; the median counts [default: 3, with --peers 1]',
    },
  })
  .strict()
  .version(false)
  .parseSync();

/** Those that --only names; all without it. */
function chosen(among: readonly BenchCase[]): readonly BenchCase[] {
  const { only } = options;
  const found = among.filter(({ name }) => only === undefined || name.includes(only));
  if (found.length === 0)
    console.error(`no case has '${only}' in its name: ${among.map(({ name }) => name).join('; ')}`);
  return found;
}

const { peers = false, large = false, rounds = peers ? 1 : 3 } = options;
const measured = chosen(large ? largeCases : peers ? peerCases : cases);
const folder = mkdtempSync(join(tmpdir(), 'raceproof-bench-'));
try {
  if (measured.length > 0) {
    const how = large || rounds === 1 ? 'one round' : `${rounds} rounds, medians`;
    console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${how}.\n`);
    if (large) printLarge(measured);
    else if (peers) printPeers(measured, rounds, folder);
    else printOwn(measured, rounds, folder);
  } else process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true });
}
