// The Promela text of a Program that has one of everything; conformance/ shows that SPIN reads it as we do.

import { describe, expect, test } from 'vitest';
import { arithmetic, int, read } from '../ir/expression.js';
import { checksOf } from '../search/report.js';
import { ExportError } from './conditions.js';
import { exportPromela, initialChoices } from './promela.js';
import { specimen, specimenProperties } from './testing/specimen.js';

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

      /* Where all are done, or one lies dead after a bug, nothing need follow: not a deadlock. */
      active proctype finished()
      {
        do
        :: (at_zap_0 == zap_0_dead) || (at_fault == fault_done && at_zap_0 == zap_0_done)
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

  test('without checks nothing can end the search early, and a fault leaves the state as it is', () => {
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
