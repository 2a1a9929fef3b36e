// The Murphi text of a Program that has one of everything; conformance/ shows that rumur computes the same counts and
// verdicts.

import { describe, expect, test } from 'vitest';
import type { Property } from '../../property/property.js';
import { checksOf } from '../../search/report.js';
import { specimen, specimenProperties } from '../testing/specimen.js';
import { exportMurphi } from './murphi.js';

describe('Murphi', () => {
  test('the specimen with all its checks', () => {
    expect(exportMurphi(specimen, checksOf(specimen, specimenProperties))).toMatchInlineSnapshot(`
      "-- specimen fix=none
      -- One rule for each step: states and rules fired are the states and transitions that raceproof counts.
      -- rumur --threads 1 --value-type int32_t --deadlock-detection stuck -o specimen.c specimen.m
      -- cc -O2 -mcx16 -o specimen specimen.c -lpthread && ./specimen     (-latomic in place of -mcx16 off x86)

      -- Words that are compared with values of other types: numbers.
      const
        none: 0;
        full: 1;
      type
        index_t: -32768..32767;
        slot_t: 0..1;
        cell_t: enum { cell_t_none, cell_t_end };
        owner_t: enum { free, fault, zap_0 };
        at_fault_t: enum { fault_do_fault_lock, fault_do_fault_swap, fault_done };
        at_zap_0_t: enum { zap_0_zap_clear, zap_0_zap_drop, zap_0_done, zap_0_dead };
      var
        at_fault: at_fault_t;
        at_zap_0: at_zap_0_t;
        slot: slot_t;
        cell: cell_t;
        page_0_count: -1..1;
        page_1_count: -1..1;
        lock: owner_t;
        end_2: boolean;
        i_2: 0..2;

      function page_count(i: index_t): -1..1;
      begin
        switch i
          case 0: return page_0_count;
          case 1: return page_1_count;
          else error "index outside 0..1 of page_count";
        endswitch;
      end;

      ruleset any_page_0_count: -1..1; any_page_1_count: -1..1 do
      startstate "initial"
      begin
        assume (any_page_0_count = (-1)) | (any_page_0_count = 0);
        at_fault := fault_do_fault_lock;
        at_zap_0 := zap_0_zap_clear;
        slot := full;
        cell := cell_t_none;
        page_0_count := any_page_0_count;
        page_1_count := any_page_1_count;
        lock := free;
        end_2 := false;
        i_2 := 0;
        assume page_0_count <= page_1_count;
      end;
      end;

      -- fault

      -- spin_lock(lock)
      rule "fault: do_fault.lock"
        (at_fault = fault_do_fault_lock) & (lock = free)
      ==>
      begin
        lock := fault;
        at_fault := fault_do_fault_swap;
      end;

      -- a/fault.c: exchange both counts
      rule "fault: do_fault.swap"
        (at_fault = fault_do_fault_swap)
      ==>
      var value_0: -1..1;
      var value_1: -1..1;
      var value_2: owner_t;
      begin
        value_0 := page_1_count;
        value_1 := page_0_count;
        value_2 := free;
        page_0_count := value_0;
        page_1_count := value_1;
        lock := value_2;
        at_fault := fault_do_fault_lock;
      end;

      -- zap[0]

      -- take the full slot
      rule "zap[0]: zap.clear"
        (at_zap_0 = zap_0_zap_clear) & (slot != none)
      ==>
      begin
        slot := none;
        cell := cell_t_end;
        i_2 := i_2 + 1;
        at_zap_0 := zap_0_zap_drop;
      end;

      -- drop one count
      rule "zap[0]: zap.drop"
        (at_zap_0 = zap_0_zap_drop) & (page_count(i_2) < 0)
      ==>
      begin
        at_zap_0 := zap_0_dead;
        error "BUG_ON('count' < 0)";
      end;

      -- drop one count
      rule "zap[0]: zap.drop (2)"
        (at_zap_0 = zap_0_zap_drop) & (0 <= page_count(i_2))
      ==>
      begin
        switch i_2
          case 0: page_0_count := (page_count(i_2) - 3) / 2;
          case 1: page_1_count := (page_count(i_2) - 3) / 2;
          else error "index outside 0..1 of page_count";
        endswitch;
        end_2 := !end_2;
        at_zap_0 := zap_0_done;
      end;

      -- Where all actors are done or at rest, or one is dead after a bug, a run may end: not a deadlock.
      rule "finished"
        ((at_zap_0 = zap_0_dead))
        | ((at_fault = fault_done) & (at_zap_0 = zap_0_done))
      ==>
      begin
      end;

      -- never 'ends'
      invariant "zapped"
        !end_2;

      invariant "full_or_none"
        !(slot = (-1));

      cover "all_done"
        at_zap_0 = zap_0_done;
      "
    `);
  });

  test('an alwaysPossible property becomes a liveness item of rumur', () => {
    const [zapped] = specimenProperties;
    const possible: Property = { ...zapped!, name: 'ends', expectation: 'alwaysPossible' };
    expect(exportMurphi(specimen, checksOf(specimen, [possible]))).toMatch(
      /\n-- never 'ends'\nliveness "ends"\n {2}!end_2;\n$/,
    );
  });

  test('without checks no error can end the search early, so all states are counted', () => {
    const text = exportMurphi(specimen, []);
    expect(text).not.toMatch(/invariant|cover|finished|BUG_ON/);
  });
});
