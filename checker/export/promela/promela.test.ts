// The Promela text of a Program that has one of everything; conformance/ shows that SPIN computes the same counts and
// verdicts.

import { describe, expect, test } from 'vitest';
import { state } from '../../../properties/language/temporal.js';
import { arithmetic, at, equal, int, read, truth } from '../../ir/expression.js';
import type { Fairness, Property } from '../../property/property.js';
import { checksOf } from '../../search/report.js';
import { ExportError } from '../refusals.js';
import { specimen, specimenProperties } from '../testing/specimen.js';
import { exportPromela, initialChoices } from './promela.js';

describe('Promela', () => {
  test('the specimen with all its checks', () => {
    expect(exportPromela(specimen, checksOf(specimen, specimenProperties))).toMatchInlineSnapshot(`
      "/* specimen fix=none
       * One d_step for each step: states stored = raceproof's states + 1, for the state in which none is chosen.
       * spin -o1 -o2 -o3 -a specimen.pml
       * cc -O2 -DNOREDUCE -DSAFETY -o pan pan.c
       * ./pan -m1000000 -N zapped
       */

      #define none 0
      #define slot_t_full 1
      #define cell_t_none 0
      #define cell_t_end 1
      #define free 0
      #define fault 1
      #define zap_0 2
      #define fault_do_fault_lock 0
      #define fault_do_fault_swap 1
      #define fault_done 2
      #define zap_0_zap_clear 0
      #define zap_0_zap_drop 1
      #define zap_0_done 2
      #define zap_0_dead 3

      byte at_fault = fault_do_fault_lock;
      byte at_zap_0 = zap_0_zap_clear;
      byte slot = slot_t_full;
      byte cell = cell_t_none;
      short page_0_count = (-1);
      short page_1_count = (-1);
      byte lock = free;
      bool end_2 = false;
      byte i = 0;
      bool chosen = false;
      hidden int value_0; hidden int index_0;
      hidden int value_1; hidden int index_1;
      hidden int value_2; hidden int index_2;

      active proctype run_fault()
      {
        do
        /* any of the initial states */
        :: atomic {
             !chosen ->
             if :: page_0_count = (-1) :: page_0_count = 0 fi;
             if :: page_1_count = (-1) :: page_1_count = 0 :: page_1_count = 1 fi;
             if :: page_0_count <= page_1_count -> chosen = true
                :: else -> page_0_count = (-1); page_1_count = (-1)
             fi
           }
        /* do_fault.lock: spin_lock(lock) */
        :: d_step {
             chosen && at_fault == fault_do_fault_lock && (lock == free) ->
             lock = fault;
             at_fault = fault_do_fault_swap
           }
        /* do_fault.swap: a/fault.c: exchange both counts */
        :: d_step {
             chosen && at_fault == fault_do_fault_swap ->
             value_0 = page_1_count;
             value_1 = page_0_count;
             value_2 = free;
             page_0_count = value_0;
             page_1_count = value_1;
             lock = value_2;
             at_fault = fault_do_fault_lock
           }
        od
      }

      active proctype run_zap_0()
      {
        do
        /* zap.clear: take the full slot */
        :: d_step {
             chosen && at_zap_0 == zap_0_zap_clear && ((slot != none) && ((i + 1) <= 2)) ->
             slot = none;
             cell = cell_t_end;
             i = i + 1;
             at_zap_0 = zap_0_zap_drop
           }
        :: d_step {
             chosen && at_zap_0 == zap_0_zap_clear && ((slot != none) && ((i + 1) > 2)) ->
             assert(false) /* a value outside its domain */
           }
        /* zap.drop: drop one count */
        :: d_step {
             chosen && at_zap_0 == zap_0_zap_drop && ((i <= 1) && ((i == 0 -> page_0_count : page_1_count) < 0)) ->
             at_zap_0 = zap_0_dead;
             assert(false) /* BUG_ON('count' < 0) */
           }
        :: d_step {
             chosen && at_zap_0 == zap_0_zap_drop && (i > 1) ->
             assert(false) /* a value outside its domain */
           }
        /* zap.drop: drop one count */
        :: d_step {
             chosen && at_zap_0 == zap_0_zap_drop && ((i <= 1) && (0 <= (i == 0 -> page_0_count : page_1_count)) && ((-1) <= (((i == 0 -> page_0_count : page_1_count) - 3) / 2))) ->
             if :: i == 0 -> page_0_count = ((i == 0 -> page_0_count : page_1_count) - 3) / 2 :: i == 1 -> page_1_count = ((i == 0 -> page_0_count : page_1_count) - 3) / 2 fi;
             end_2 = !end_2;
             at_zap_0 = zap_0_done
           }
        :: d_step {
             chosen && at_zap_0 == zap_0_zap_drop && ((i > 1) || ((0 <= (i == 0 -> page_0_count : page_1_count)) && (!((i <= 1) && ((-1) <= (((i == 0 -> page_0_count : page_1_count) - 3) / 2)))))) ->
             assert(false) /* a value outside its domain */
           }
        od
      }

      /* Where all actors are done or at rest, or one is dead after a bug, a run may end: not a deadlock. */
      active proctype finished()
      {
        do
        :: ((at_zap_0 == zap_0_dead)) || ((at_fault == fault_done) && (at_zap_0 == zap_0_done))
        od
      }

      /* always: never 'ends' */
      never zapped {
        do :: assert(!chosen || (!end_2)) od
      }

      /* never */
      never full_or_none {
        do :: assert(!chosen || (slot != (-1))) od
      }

      /* sometimes */
      never all_done {
        do :: assert(!chosen || (!(at_zap_0 == zap_0_done))) od
      }
      "
    `);
  });

  test('liveness becomes a claim with the conditions as macros, and steps record their actor', () => {
    const done = state(at(1, [2]));
    const isZero = state(equal(read({ variables: [6] }, 'int'), int(0)));
    const fairness: readonly Fairness[] = [
      { strength: 'weak', name: 'fault', steps: [0, 1] },
      { strength: 'strong', name: 'zap[0] at zap.clear', steps: [2] },
    ];
    const liveness = { formula: { op: 'leadsTo', x: isZero, y: done }, fairness } as const;
    const property: Property = {
      ...{ name: 'zap_ends', expectation: 'liveness', condition: truth(true), liveness },
      ...{ about: 'zap comes to its end', source: {} },
    };
    const text = exportPromela(specimen, checksOf(specimen, [property]));
    expect(text).toContain(
      ' * spin -DLIVENESS -o1 -o2 -o3 -a specimen.pml\n' +
        ' * cc -O2 -DNOREDUCE -o pan pan.c\n' +
        ' * ./pan -a -A -E -m1000000 -N zap_ends\n',
    );
    expect(text.match(/took\(\d\)/g)).toEqual(['took(1)', 'took(1)', 'took(2)', 'took(0)', 'took(0)']);
    expect(text).toContain(
      '#ifndef LIVENESS\n  :: d_step {\n       chosen && at_zap_0 == zap_0_zap_drop && (i > 1) ->',
    );
    expect(text.slice(text.lastIndexOf('#ifdef LIVENESS'))).toMatchInlineSnapshot(`
      "#ifdef LIVENESS
      #define p (i == 0)
      #define zap_0_at_done (at_zap_0 == zap_0_done)
      /* Can fault take a step? Has it just taken one? */
      #define enabled_fault ((at_fault == fault_do_fault_swap) || \\
        ((at_fault == fault_do_fault_lock) && (lock == free)))
      #define taken_fault (last == 1)
      /* Can zap[0] at zap.clear take a step? Has it just taken one? */
      #define enabled_zap_0_at_zap_clear (((at_zap_0 == zap_0_zap_clear) && (slot != none) && ((i + 1) <= 2)))
      #define taken_zap_0_at_zap_clear (last == 2)

      /* zap comes to its end
       * p leads to zap_0_at_done, weakly fair to fault, strongly fair to zap[0] at zap.clear */
      never zap_ends {
      start:
        if
        :: !chosen -> goto start
        :: chosen && p && !zap_0_at_done -> goto q1
        :: chosen -> goto q0
        fi;
      q0:
        if
        :: p && !zap_0_at_done -> goto q1
        :: true -> goto q0
        fi;
      q1:
        if
        :: !zap_0_at_done -> goto q1
        :: !zap_0_at_done -> goto q2
        :: !zap_0_at_done -> goto q3
        fi;
      q2: /* waits for fault */
        if
        :: !zap_0_at_done && (taken_fault || !enabled_fault) -> goto q4
        :: !zap_0_at_done && enabled_fault && !taken_fault -> goto q2
        fi;
      q3: /* waits for fault */
        if
        :: !zap_0_at_done && !enabled_zap_0_at_zap_clear && (taken_fault || !enabled_fault) -> goto accept_q5
        :: !zap_0_at_done && !enabled_zap_0_at_zap_clear && enabled_fault && !taken_fault -> goto q3
        fi;
      q4: /* waits for zap[0] at zap.clear */
        if
        :: !zap_0_at_done && taken_zap_0_at_zap_clear -> goto accept_q6
        :: !zap_0_at_done && !taken_zap_0_at_zap_clear -> goto q4
        fi;
      accept_q5:
        if
        :: !zap_0_at_done && !enabled_zap_0_at_zap_clear && (taken_fault || !enabled_fault) -> goto accept_q5
        :: !zap_0_at_done && !enabled_zap_0_at_zap_clear && enabled_fault && !taken_fault -> goto q3
        fi;
      accept_q6:
        if
        :: !zap_0_at_done && (taken_fault || !enabled_fault) -> goto q4
        :: !zap_0_at_done && enabled_fault && !taken_fault -> goto q2
        fi;
      }
      #endif
      "
    `);
  });

  test('a claim that would be too large is refused with the name of its property', () => {
    const fairness = Array.from({ length: 8 }, (_, i): Fairness => {
      return { strength: 'strong', name: `a${i}`, steps: [0] };
    });
    const liveness = { formula: { op: 'eventually', x: state(at(1, [2])) }, fairness } as const;
    const check = {
      name: 'ends',
      expectation: 'liveness',
      condition: truth(true),
      liveness,
      source: {},
    } as const;
    expect(() => exportPromela(specimen, checksOf(specimen, [check]))).toThrow(
      "'ends' needs a never claim of more than 1000 states: it assumes strong fairness of too many",
    );
  });

  test('a claim with `previously` beside the future is refused with the name of its property', () => {
    const liveness = {
      formula: { op: 'eventually', x: state(at(1, [2])) },
      fairness: [],
      previously: 1,
    } as const;
    const condition = truth(true);
    const check = { name: 'later', expectation: 'liveness', condition, liveness, source: {} } as const;
    expect(() => exportPromela(specimen, checksOf(specimen, [check]))).toThrow(
      "'later' has 'previously' beside the future: a never claim cannot follow it where a run has ended",
    );
  });

  test('without checks no error can end the search early, and a fault leaves the state as it is', () => {
    const text = exportPromela(specimen, []);
    expect(text).not.toMatch(/assert|never|finished/);
    expect(text).toContain('skip /* a value outside its domain */');
  });

  test('the choices of an initial state are counted, for they are transitions of pan', () => {
    expect(initialChoices(specimen)).toBe(6);
    const single = specimen.variables.map((variable) => ({ ...variable, initial: [0] }));
    expect(initialChoices({ ...specimen, variables: single })).toBe(1);
  });

  test('numbers that do not fit in 32 bits are refused', () => {
    const count = read({ variables: [2] }, 'int');
    const square = arithmetic('mul', count, int(2 ** 31));
    const wide = [
      { name: 'wide', expectation: 'always', condition: { op: 'eq', x: square, y: int(0) }, source: {} },
    ] as const;
    expect(() => exportPromela(specimen, checksOf(specimen, wide))).toThrow(ExportError);
    expect(() => exportPromela(specimen, checksOf(specimen, wide))).toThrow(
      'a value from -2147483648 to 2147483648 does not fit in 32 bits',
    );
  });
});
