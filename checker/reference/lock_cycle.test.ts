// Threads that are locked out, on random models with locks: they never take a step again, and both engines, all
// searches and any number of workers find the first of them.

import { expect, test } from 'vitest';
import { down_read, down_write, rwsem, spin_lock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  bool,
  Either,
  Goto,
  If,
  model,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { compile } from '../compiled/compile.js';
import { type CompiledOptions, compiledSearch } from '../compiled/compiled_search.js';
import { lockCheckNames } from '../ir/built_in_checks.js';
import type { Program } from '../ir/program.js';
import { lower } from '../lower/lower.js';
import { checksOf } from '../search/report.js';
import { sameReport } from '../testing/agree.js';
import { type Random, random } from '../testing/random.js';
import { lockedOut } from './lock_cycle.js';
import { initialStates, type State, transitions } from './semantics.js';

const c = source('random.c');
const state = shared({ a: spinlock(), b: spinlock(), sem: rwsem(), flag: bool() });
const { a, b, sem, flag } = state;

function statement(dice: Random, i: number): Block[string] {
  switch (dice.below(8)) {
    case 0:
    case 1:
      return spin_lock(dice.pick([a, b]));
    case 2:
      return down_read(sem);
    case 3:
      return down_write(sem);
    case 4: {
      const other = dice.oneIn(2) ? spin_lock(b) : c`wait`(when(flag));
      return Either({ [`left${i}`]: { [`l${i}`]: spin_lock(a) }, [`right${i}`]: { [`r${i}`]: other } });
    }
    case 5:
      return If(flag, { [`then${i}`]: spin_lock(dice.pick([a, b])) });
    case 6:
      return c`flag`(flag.set(dice.oneIn(2)));
    default:
      return c`step`();
  }
}

/** Three actors that take a few locks and never drop one; some start again when they are through. */
function randomLocks(seed: number): Program {
  const dice = random(seed);
  const actors = ['p', 'q', 'r'].map((name) => {
    const all = Array.from({ length: 2 + dice.below(3) }, (_, i) => [`s${i}`, statement(dice, i)] as const);
    const round = dice.oneIn(2) ? { last: c`step`(), again: Goto('last') } : {};
    return actor(
      name,
      procedure(`do_${name}`, () => ({ ...Object.fromEntries(all), ...round }) as Block),
    );
  });
  return lower(model('locks', { about: '', state, actors }), {}, {}, { without: lockCheckNames }).program;
}

function reachable(program: Program): readonly State[] {
  const known = new Map(initialStates(program).map((state) => [JSON.stringify(state), state]));
  for (const state of known.values()) {
    for (const move of transitions(state, program)) {
      if ('to' in move) known.set(JSON.stringify(move.to), move.to);
    }
  }
  return [...known.values()];
}

test('a thread that is locked out takes no step, and is locked out in every later state', () => {
  let [states, cycles] = [0, 0];
  for (let seed = 1; seed <= 80; seed++) {
    const program = randomLocks(seed);
    const outIn = (state: State) => new Set(lockedOut(program, state).map(({ thread }) => thread));
    for (const state of reachable(program)) {
      const out = outIn(state);
      states++;
      if (out.size === 0) continue;
      cycles++;
      for (const move of transitions(state, program)) {
        expect(out.has(program.steps[move.step]!.thread)).toBe(false);
        if ('to' in move) expect([...outIn(move.to)]).toEqual(expect.arrayContaining([...out]));
      }
    }
  }
  expect({ states, cycles }).toMatchInlineSnapshot(`
    {
      "cycles": 782,
      "states": 4056,
    }
  `);
});

test('both engines have the same findings, by every search', async () => {
  let found = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const program = randomLocks(seed);
    const reports = [];
    for (const search of ['bfs', 'iterative', 'dfs'] as const) {
      reports.push((await sameReport(program, [], { search }))!);
    }
    const finding = reports.map(
      ({ properties }) => properties.find(({ check }) => check.kind === 'deadlock')!,
    );
    expect(finding[1]).toEqual(finding[0]);
    expect(finding[2]!.verdict).toBe(finding[0]!.verdict);
    if (finding[0]!.finding !== undefined) found++;
  }
  expect(found).toMatchInlineSnapshot(`73`);
});

test('several workers have the findings of one', () => {
  const search = (program: Program, options: CompiledOptions) => {
    const run = compiledSearch(compile(program), checksOf(program, []), options);
    let next = run.next();
    while (!next.done) next = run.next();
    return [...next.value.findings].map(([check, { path }]) => [check.name, path]);
  };
  for (let seed = 1; seed <= 8; seed++) {
    const program = randomLocks(seed);
    const together = search(program, { workers: 2, workersFrom: 0, backend: 'wasm' });
    expect(together).toEqual(search(program, {}));
  }
});
