// Mutation testing: changes one token of the checker at a time, and runs the tests. Prints each mutant that all tests
// leave alive, and the share that was killed. npm run mutate -- --count=40 --seed=1 --only=checker/lower
//
// The test of a mutant's file is run first, then its folder, then everything that imports its file, then types. Two
// copies of the sources are tested side by side in a temporary folder; the tree itself is never changed.

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutantsOf } from './mutants.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['checker', 'properties', 'counterexamples', 'comparison', 'suite'];
/** Tests that start other tools, or a browser: long, and not about one token of ours. */
const excluded = ['--exclude', 'conformance/**', '--exclude', '**/html/page.test.ts'];
/** A mutant may loop for ever, or wait for ever. Processor time, so that other work on the machine kills no mutant. */
const processorSecondsMax = 240;
const waitingSecondsMax = 1800;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    copies: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm run mutate -- [--count=N] [--seed=N] [--only=PATH] [--copies=N]

Samples N one-token mutants of ${folders.join(', ')}, runs the tests on each, and prints
those that survive. Mutants known to be equivalent are listed, with the reason,
in scripts/equivalent_mutants.json, and count as neither killed nor alive.
--only=PATH takes files whose path contains PATH; --copies=N tests N at once.`);
} else {
  process.exitCode = await main();
}

async function main() {
  const sample = sampled(allMutants(), Number(values.count), Number(values.seed));
  const equivalents = JSON.parse(readFileSync(join(root, 'scripts/equivalent_mutants.json'), 'utf8'));
  const isEquivalent = ({ path, line, before, after }) =>
    equivalents.some(
      (one) => one.path === path && one.line === line && one.before === before && one.after === after,
    );
  const open = sample.filter((mutant) => !isEquivalent(mutant));
  const left = [...open];
  const alive = [];
  const work = async () => {
    const copy = copyOfTree();
    try {
      for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
        const killer = await killerOf(mutant, copy);
        console.log(`${killer === undefined ? 'ALIVE ' : 'killed'} ${describe(mutant)}  ${killer ?? ''}`);
        if (killer === undefined) alive.push(mutant);
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: Number(values.copies) }, work));
  const share = ((100 * (open.length - alive.length)) / Math.max(1, open.length)).toFixed(1);
  console.log(`\n${open.length - alive.length} of ${open.length} mutants killed (${share} %)`);
  console.log(`${sample.length - open.length} more are known to be equivalent`);
  for (const mutant of alive) console.log(`alive: ${describe(mutant)}\n    ${mutant.line}`);
  return alive.length === 0 ? 0 : 1;
}

/** Every mutant of every source file, in the order of git's list. */
function allMutants() {
  const files = execFileSync('git', ['ls-files', ...folders], { cwd: root, encoding: 'utf8' }).split('\n');
  return files
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('/testing/'))
    .filter((path) => path.includes(values.only))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return mutantsOf(text).map((mutant) => {
        const lineNumber = text.slice(0, mutant.start).split('\n').length;
        return { path, text, ...mutant, lineNumber, line: text.split('\n')[lineNumber - 1].trim() };
      });
    });
}

function describe({ path, lineNumber, before, after }) {
  return `${path}:${lineNumber}: ${before} -> ${after === '' ? '(nothing)' : after}`;
}

/** So many different ones, the same for the same seed (xorshift). */
function sampled(all, count, seed) {
  const pool = [...all];
  const chosen = [];
  let x = seed * 2_654_435_761 || 1;
  while (chosen.length < count && pool.length > 0) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    chosen.push(...pool.splice((x >>> 0) % pool.length, 1));
  }
  return chosen;
}

function copyOfTree() {
  const copy = mkdtempSync(join(tmpdir(), 'raceproof-mutants-'));
  process.on('SIGINT', () => {
    rmSync(copy, { recursive: true, force: true });
    process.exit(130);
  });
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  for (const path of files) cpSync(join(root, path), join(copy, path));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** What notices the mutant: a test run or the types; undefined if nothing does. */
async function killerOf({ path, text, start, end, after }, copy) {
  const file = join(copy, path);
  writeFileSync(file, text.slice(0, start) + after + text.slice(end));
  try {
    const vitest = (...what) => [...what, '--bail=1', '--maxWorkers=1', '--reporter=dot', ...excluded];
    const beside = path.replace(/\.ts$/, '.test.ts');
    if (existsSync(join(copy, beside)) && (await fails('vitest', vitest('run', beside), copy))) {
      return 'by its test';
    }
    if (await fails('vitest', vitest('run', dirname(path)), copy)) return 'by its folder';
    if (await fails('vitest', vitest('related', '--run', path), copy)) return 'by other tests';
    if (await fails('tsc', ['--noEmit'], copy)) return 'by types';
    return undefined;
  } finally {
    writeFileSync(file, text);
  }
}

/** Does the command fail, or exceed a limit? */
function fails(command, parameters, cwd) {
  const limited = `ulimit -t ${processorSecondsMax}; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', limited, join(root, 'node_modules/.bin', command), ...parameters], {
    cwd,
    stdio: 'ignore',
    detached: true,
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 1000 * waitingSecondsMax);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve(status !== 0);
    });
  });
}
