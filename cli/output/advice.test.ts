// What to try next, in what is printed and as data.

import { expect, test } from 'vitest';
import { type Explored, type LimitKind, lower, type Report } from '../../checker/index.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { exploration as parameters } from '../arguments/options.js';
import { readArguments } from '../arguments/parameters.js';
import { called } from '../testing/command.js';
import { adviceOf } from './advice.js';

const flagship = ['check', 'thp_truncate', '--set', 'fix=unmap_mapping_page', '--set', 'NR_MMS=2'];
const larger = [...flagship, '--set', 'NR_MUNMAP=2', '--set', 'NR_INVALIDATE=1'];

async function advice(...options: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await called([...larger, ...options, '--format=json']);
  return (JSON.parse(stdout) as { advice?: readonly string[] }).advice ?? [];
}

const smaller =
  'smaller settings have fewer states: --set NR_MMS=1 or --set NR_SUBPAGES=1 or --set NR_MUNMAP=1 or ' +
  '--set NR_TRUNCATE=0 or --set NR_INVALIDATE=0';

test('without enough memory: another storage, more memory, less of something', async () => {
  expect(await advice('--max-memory=1')).toEqual([
    'at depth 20, the levels are still growing: the number of states cannot be estimated yet',
    '--storage=hash64 takes about 11 bytes a state instead of 19: about 1.8 times as many states in the same memory, but the result is not a proof',
    '--storage=bitstate takes 10 bits a state and room for the queue: about 7.4 times as many states, some of which it misses',
    '--max-memory=2 holds about twice as many states',
    smaller,
  ]);
});

test('near the end it says how far it is', async () => {
  expect(await advice('--max-states=39000')).toEqual([
    'nearly done: there are about 45,000 states in all',
    '--max-states=49000, or no limit',
    smaller,
  ]);
});

test('a limit on depth says what waits behind it', async () => {
  expect(await advice('--max-depth=10')).toEqual([
    'at depth 10, the levels are still growing: the number of states cannot be estimated yet',
    'a larger --max-depth, or no limit: 284 states at the largest depth were not expanded',
    smaller,
  ]);
});

test('a storage that may miss states says what a proof would take', async () => {
  expect(await advice('--storage=hash64')).toEqual([
    '--storage=exact gives a proof: about 19 bytes a state, 1 MB',
  ]);
});

test('what the machine lacks, no option of ours gives; another storage takes less of it', async () => {
  const { program } = lower(increment_model);
  const options = await readArguments('check', parameters, ['--max-memory=8']);
  const stopped = (kind: LimitKind): readonly string[] => {
    const evidence: Explored = {
      ...{ kind: 'explored', reductions: [], memoryModel: 'sc' },
      ...{ engine: 'compiled', search: 'bfs', storage: 'exact', exhaustive: false },
      ...{ limit: { kind, text: 'whatever it says' }, states: 3, transitions: 3, depth: 1, levels: [1, 2] },
    };
    const report: Report<Explored> = { verdict: 'incomplete', evidence, properties: [] };
    return adviceOf({ report, settings: {} }, options, program, increment_model);
  };
  expect(stopped('machine')).toEqual([
    expect.stringMatching(/^--storage=hash64 takes/),
    expect.stringMatching(/^--storage=bitstate takes/),
  ]);
  expect(stopped('memory')).toContain('--max-memory=16 holds about twice as many states');
  expect(stopped('heap')).toEqual([
    'NODE_OPTIONS=--max-old-space-size=N raises the heap limit of Node to N megabytes',
  ]);
  expect(stopped('time')).toEqual(['a larger --max-seconds, or no limit']);
  expect(stopped('interrupt')).toEqual([]);
});

test('nothing is advised where nothing is missing', async () => {
  expect(await advice()).toEqual([]);
});

test('for people it stands below what was explored', async () => {
  const { stdout, status } = await called([...larger, '--max-states=1000']);
  expect(status).toBe(3);
  expect(stdout.slice(stdout.indexOf('what to try next'))).toBe(`what to try next
  at depth 11, the levels are still growing: the number of states cannot be
    estimated yet
  a larger --max-states, or no limit
  smaller settings have fewer states: --set NR_MMS=1 or --set NR_SUBPAGES=1 or
    --set NR_MUNMAP=1 or --set NR_TRUNCATE=0 or --set NR_INVALIDATE=0
`);
});
