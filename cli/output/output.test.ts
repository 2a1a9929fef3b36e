// What the commands print: for people and for programs. A small model of a lock that one fix takes and another forgets.

import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const files = folder({
  'update.ts': `import { spin_lock, spin_unlock, spinlock } from 'raceproof/kernel';
import { actors, config, If, int, model, oneOf, procedure, shared, source } from 'raceproof/language';
import { always, sometimes } from 'raceproof/properties';

const c = source('mm/counter.c');
const settings = config({ fix: oneOf('none', 'lock'), NR_CPUS: int(1, 3).starts(2) });
const { fix, NR_CPUS } = settings;
const state = shared({ counter: int(0, 3), lock: spinlock() });
const { counter, lock } = state;

const add = procedure('add', { mine: int(0, 3) }, ({ mine }) => ({
  outer: If(fix.is('lock'), { lock: spin_lock(lock) }),
  load: c\`READ_ONCE(counter)\`(mine.set(counter)),
  store: c\`WRITE_ONCE(counter, mine + 1)\`(counter.set(mine.plus(1))),
  inner: If(fix.is('lock'), { unlock: spin_unlock(lock) }),
}));
const cpu = actors('cpu', NR_CPUS, add);
const everyone = cpu.all((each) => each.done);

export const properties = {
  no_lost_update: always(everyone.implies(counter.eq(NR_CPUS)), 'whoever is done has counted'),
  all_finish: sometimes(everyone),
};
const update = model('update', {
  about: 'the lost update, and a lock that prevents it',
  settings,
  state,
  actors: [cpu],
  comparison: { candidates: 'fix', scenarios: { alone: { NR_CPUS: 1 }, 'two cpus': {} } },
});
export { update as model };
`,
});
afterAll(files.remove);

/** What a command prints; the file names make it plain that nothing else is said. */
async function printed(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await called(args, { cwd: files.path });
  expect(stderr).toBe('');
  return stdout;
}

describe('check', () => {
  test('for people: the verdict, every property, what was explored, and the interleaving', async () => {
    expect(await printed('check', 'update.ts')).toMatchInlineSnapshot(`
      "update: violated: no_lost_update in 4 steps
        2 settings at their defaults

        violated in 4 steps  always     no_lost_update
        reached in 4 steps   sometimes  all_finish
        holds                deadlock   no deadlock
        holds                stuck      no actor is stuck
        holds                domain     no value out of range

      12 states, 14 transitions, depth 4, breadth first, by the compiled engine: every
        reachable state was explored

      no_lost_update: violated in 4 steps

        at the start: counter = 0

           cpu[0]                        │ cpu[1]
           ──────────────────────────────┼──────────────────────────────
        1  add.load         mm/counter.c │
           READ_ONCE(counter)            │
           mine: stays 0                 │
                                         │
        2                                │ add.load         mm/counter.c
                                         │ READ_ONCE(counter)
                                         │ mine: stays 0
                                         │
        3  add.store        mm/counter.c │
           WRITE_ONCE(counter, mine + 1) │
           counter: 0 → 1                │
                                         │
        4                                │ add.store        mm/counter.c
                                         │ WRITE_ONCE(counter, mine + 1)
                                         │ counter: stays 1
           ──────────────────────────────┼──────────────────────────────
           done                          │ done

        ✗ no_lost_update
          whoever is done has counted
          always !(cpu[0] is done && cpu[1] is done) || counter == 2
          turned false at step 4 (add.store)
            false  !(cpu[0] is done && cpu[1] is done) (since step 4)
              true  cpu[0] is done (since step 3)
              true  cpu[1] is done (since step 4)
            false  counter == 2 (counter = 1)
      "
    `);
  });

  test('for people, where all holds', async () => {
    expect(await printed('check', 'update.ts', '--set', 'fix=lock')).toMatchInlineSnapshot(`
      "update: holds
        fix=lock, 1 setting at its default

        holds               always     no_lost_update
        reached in 8 steps  sometimes  all_finish
        holds               deadlock   no deadlock
        holds               stuck      no actor is stuck
        holds               domain     no value out of range

      16 states, 16 transitions, depth 8, breadth first, by the compiled engine: every
        reachable state was explored
      "
    `);
  });

  test('for people, where a limit was reached', async () => {
    expect(await printed('check', 'update.ts', '--max-states=5')).toMatchInlineSnapshot(`
      "update: incomplete, stopped at 5 states: no violation found yet; this is not a
        proof
        2 settings at their defaults

        unknown  always     no_lost_update
        unknown  sometimes  all_finish
        unknown  deadlock   no deadlock
        unknown  stuck      no actor is stuck
        unknown  domain     no value out of range

      5 states, 6 transitions, depth 2, breadth first, by the compiled engine: stopped
        at 5 states, so not every reachable state was explored

      what to try next
        a larger --max-states, or no limit
        smaller settings have fewer states: --set NR_CPUS=1
      "
    `);
  });

  test('for programs: one object, the settings resolved, traces for what was found', async () => {
    const object = JSON.parse(await printed('check', 'update.ts', '--format=json'));
    const { properties, ...rest } = object;
    expect(rest).toMatchInlineSnapshot(`
      {
        "exploration": {
          "depth": 4,
          "engine": "compiled",
          "exhaustive": true,
          "levels": [
            1,
            2,
            3,
            4,
            2,
          ],
          "memoryModel": "sc",
          "reductions": [],
          "search": "bfs",
          "states": 12,
          "storage": "exact",
          "transitions": 14,
        },
        "model": "update",
        "schema": 1,
        "settings": {
          "NR_CPUS": 2,
          "fix": "none",
        },
        "verdict": "violated",
      }
    `);
    const [lost, finish, ...others] = properties;
    const { trace, essence, ...violated } = lost;
    expect(Object.keys(essence)).toEqual(['orderings', 'locks', 'ruledOut', 'unfairlyEscaped']);
    expect(violated).toEqual({ name: 'no_lost_update', expectation: 'always', verdict: 'violated' });
    const keys = 'model settings nonDefault property actors variables steps states ending';
    expect(Object.keys(trace).join(' ')).toBe(keys);
    expect(trace.steps[2]).toMatchInlineSnapshot(`
      {
        "actor": "cpu[0]",
        "caption": "WRITE_ONCE(counter, mine + 1)",
        "file": "mm/counter.c",
        "label": "add.store",
        "path": "add.store",
        "source": "update.ts:14",
        "writes": [
          {
            "from": 0,
            "path": "counter",
            "to": 1,
          },
        ],
      }
    `);
    expect(trace.states[3]).toMatchInlineSnapshot(`
      {
        "at": {
          "cpu[0]": "done",
          "cpu[1]": "add.store",
        },
        "values": {
          "counter": 1,
          "cpu[0]:add.mine": 0,
          "cpu[1]:add.mine": 0,
          "lock": "free",
        },
      }
    `);
    expect(finish).toMatchObject({ verdict: 'reached', trace: { steps: { length: 4 } } });
    expect(others).toEqual([
      { name: 'no deadlock', expectation: 'deadlock', verdict: 'holds', trace: null },
      { name: 'no actor is stuck', expectation: 'stuck', verdict: 'holds', trace: null },
      { name: 'no value out of range', expectation: 'domain', verdict: 'holds', trace: null },
    ]);
  });

  test('for programs, names the limit that was reached', async () => {
    const object = JSON.parse(await printed('check', 'update.ts', '--format=json', '--max-states=5'));
    expect(object).toMatchObject({
      verdict: 'incomplete',
      exploration: { exhaustive: false, limit: '5 states', states: 5 },
    });
    expect(object.properties[0]).toMatchObject({ verdict: 'unknown', trace: null });
  });

  test('with --all-traces adds the examples of what is reached', async () => {
    const all = await printed('check', 'update.ts', '--all-traces');
    expect(all.match(/^\S.*: (violated|reached).*$/gm)).toEqual([
      'update: violated: no_lost_update in 4 steps',
      'no_lost_update: violated in 4 steps',
      'all_finish: reached in 4 steps',
    ]);
  });
});

describe('show', () => {
  test('prints settings, actors, properties, and the program as C-like text', async () => {
    expect(await printed('show', 'update.ts', '--set', 'fix=lock')).toMatchInlineSnapshot(`
      "update: the lost update, and a lock that prevents it

      settings
        fix      lock  none | lock; by default none
        NR_CPUS  2     1 … 3

      actors
        cpu[0]  starts at add.lock
        cpu[1]  starts at add.lock

      properties
        no_lost_update
          whoever is done has counted
          always: !(cpu[0] is done && cpu[1] is done) || counter == 2
        all_finish
          sometimes: cpu[0] is done && cpu[1] is done

      /* update fix=lock NR_CPUS=2 */

      0 … 3 counter = 0;
      { free, cpu[0], cpu[1] } lock = free;
      0 … 3 cpu[0]:add.mine = 0;
      0 … 3 cpu[1]:add.mine = 0;

      actor cpu[0]
      {
      add.lock:
              /* include/linux/spinlock.h: spin_lock(lock) */
              when (lock == free); lock = cpu[0];
      add.load:
              /* mm/counter.c: READ_ONCE(counter) */
              cpu[0]:add.mine = counter;
      add.store:
              /* mm/counter.c: WRITE_ONCE(counter, mine + 1) */
              counter = cpu[0]:add.mine + 1; /* reset: */ cpu[0]:add.mine = 0;
      add.unlock:
              /* include/linux/spinlock.h: spin_unlock(lock) */
              lock = free; goto done;
      done:
              ;
      }

      actor cpu[1]
      {
      add.lock:
              /* include/linux/spinlock.h: spin_lock(lock) */
              when (lock == free); lock = cpu[1];
      add.load:
              /* mm/counter.c: READ_ONCE(counter) */
              cpu[1]:add.mine = counter;
      add.store:
              /* mm/counter.c: WRITE_ONCE(counter, mine + 1) */
              counter = cpu[1]:add.mine + 1; /* reset: */ cpu[1]:add.mine = 0;
      add.unlock:
              /* include/linux/spinlock.h: spin_unlock(lock) */
              lock = free; goto done;
      done:
              ;
      }
      "
    `);
  });

  test('prints the same for programs, with the whole program', async () => {
    const { program, ...rest } = JSON.parse(await printed('show', 'update.ts', '--format=json'));
    expect(rest).toMatchInlineSnapshot(`
      {
        "about": "the lost update, and a lock that prevents it",
        "model": "update",
        "properties": [
          {
            "about": "whoever is done has counted",
            "condition": "!(cpu[0] is done && cpu[1] is done) || counter == 2",
            "expectation": "always",
            "name": "no_lost_update",
          },
          {
            "condition": "cpu[0] is done && cpu[1] is done",
            "expectation": "sometimes",
            "name": "all_finish",
          },
        ],
        "schema": 1,
        "settings": [
          {
            "default": "none",
            "domain": "oneOf('none', 'lock')",
            "name": "fix",
            "value": "none",
          },
          {
            "default": 2,
            "domain": "int(1, 3)",
            "name": "NR_CPUS",
            "value": 2,
          },
        ],
      }
    `);
    const keys = 'name settings nonDefault variables threads actors steps initially';
    expect(Object.keys(program).join(' ')).toBe(keys);
  });
});

describe('compare', () => {
  test('prints candidates by scenarios, and what follows for each', async () => {
    expect(await printed('compare', 'update.ts')).toMatchInlineSnapshot(`
      "update: every fix in 2 scenarios

        fix   alone             two cpus
        none  holds (3 states)  violated: no_lost_update in 4 steps
        lock  holds (5 states)  holds (16 states)

      fix=none: violated in 1 of 2 scenarios; shortest: no_lost_update in 4 steps (two
        cpus)
      fix=lock: closes the race in 1 of 2 scenarios, and holds in all of them,
        exhaustively (21 states)
      "
    `);
  });

  test('prints letters with a key where the page is too narrow', async () => {
    expect(await printed('compare', 'update.ts', '--width=60')).toMatchInlineSnapshot(`
      "update: every fix in 2 scenarios

        fix   alone  two cpus
        none  ✓ 3    A 4
        lock  ✓ 5    ✓ 16

        ✓ n  holds: n states, all that can be reached
        A n  violated in n steps: no_lost_update

      fix=none: violated in 1 of 2 scenarios; shortest:
        no_lost_update in 4 steps (two cpus)
      fix=lock: closes the race in 1 of 2 scenarios, and holds in
        all of them, exhaustively (21 states)
      "
    `);
  });

  test('prints the same for a commit message', async () => {
    expect(await printed('compare', 'update.ts', '--format=markdown')).toMatchInlineSnapshot(`
      "| fix | alone | two cpus |
      | --- | --- | --- |
      | none | holds (3 states) | violated: no_lost_update in 4 steps |
      | lock | holds (5 states) | holds (16 states) |

      * fix=none: violated in 1 of 2 scenarios; shortest: no_lost_update in 4 steps (two cpus).
      * fix=lock: closes the race in 1 of 2 scenarios, and holds in all of them, exhaustively (21 states).
      "
    `);
  });
});
