// The Murphi text with scalarsets; conformance/ shows that rumur counts our states in it, and fewer with its reduction.

import { describe, expect, test } from 'vitest';
import { models } from '../../../../models/index.js';
import { properties } from '../../../../properties/index.js';
import { int, less, read, truth } from '../../../ir/expression.js';
import { lower } from '../../../lower/lower.js';
import type { Property } from '../../../property/property.js';
import { checksOf } from '../../../search/report.js';
import { ExportError } from '../../refusals.js';
import { largeSum } from '../../testing/large_sum.js';
import { specimen } from '../../testing/specimen.js';
import { exportSymmetricMurphi } from './murphi_symmetric.js';

function textOf(name: string, settings: { readonly [name: string]: unknown } = {}): string {
  const { program, properties: own } = lower(models.get(name)!.model, settings, properties.get(name));
  return exportSymmetricMurphi(program, checksOf(program, own));
}
/** The rule with this name, and the ruleset around it. */
const ruleOf = (text: string, name: string): string =>
  text.split('\n\n').find((part) => part.includes(`rule "${name}"`))!;

describe('Murphi with scalarsets', () => {
  test('a barrier of interchangeable workers has one rule for all of them, and quantifiers and sums over them', () => {
    expect(textOf('barrier')).toMatchInlineSnapshot(`
      "-- barrier NR_WORKERS=3 opens_for=all
      -- Interchangeable: 3 of worker. States that differ only in their order count once;
      -- with --symmetry-reduction off they are the states that raceproof counts.
      -- rumur --threads 1 --value-type int32_t --deadlock-detection stuck -o barrier.c barrier.m
      -- cc -O2 -mcx16 -o barrier barrier.c -lpthread && ./barrier     (-latomic in place of -mcx16 off x86)

      type
        index_t: -32768..32767;
        worker_t: scalarset(3);
        at_worker_t: enum { worker_0_work_arrive, worker_0_done };
        at_barrier_t: enum { barrier_open_barrier_open, barrier_done, barrier_dead };
      var
        at_worker: array [worker_t] of at_worker_t;
        at_barrier: at_barrier_t;
        arrived: array [worker_t] of boolean;

      function sum(): 0..3;
      var total: 0..3;
      begin
        total := 0;
        for x: worker_t do
          total := total + (arrived[x] ? 1 : 0);
        endfor;
        return total;
      end;

      startstate "initial"
      begin
        for x: worker_t do
          at_worker[x] := worker_0_work_arrive;
          arrived[x] := false;
        endfor;
        at_barrier := barrier_open_barrier_open;
      end;

      ruleset p: worker_t do
      -- barrier.c: arrive, and wait
      rule "worker: work.arrive"
        (at_worker[p] = worker_0_work_arrive) & (!arrived[p])
      ==>
      begin
        arrived[p] := true;
      end;
      end;

      -- barrier.c: open the barrier
      rule "barrier: open_barrier.open"
        (at_barrier = barrier_open_barrier_open) & ((sum() >= 3) & (sum() != 3))
      ==>
      begin
        at_barrier := barrier_dead;
        error "the barrier opens before all have arrived";
      end;

      -- barrier.c: open the barrier
      rule "barrier: open_barrier.open (2)"
        (at_barrier = barrier_open_barrier_open) & ((sum() >= 3) & (sum() = 3))
      ==>
      begin
        for x: worker_t do
          arrived[x] := false;
        endfor;
      end;

      -- Where all actors are done or at rest, or one is dead after a bug, a run may end: not a deadlock.
      rule "finished"
        ((at_barrier = barrier_dead) | ((forall x: worker_t do at_worker[x] = worker_0_done endforall) & (at_barrier = barrier_done)))
      ==>
      begin
      end;

      cover "last_one_is_late"
        sum() = 2;
      "
    `);
  });

  test('a variable that names an actor is of their type, and undefined where it names no actor', () => {
    const text = textOf('mcs_lock', { NR_PROCESSES: 3 });
    expect(text).toMatch(/^ {2}tail: process_t;$/m);
    expect(text).toMatch(/^ {2}node_next: array \[process_t\] of process_t;$/m);
    expect(ruleOf(text, 'process: mcs.enqueue')).toMatchInlineSnapshot(`
      "ruleset p: process_t do
      -- mcs_lock.c: swap(tail, 0)
      rule "process: mcs.enqueue"
        (at_process[p] = process_0_mcs_enqueue)
      ==>
      begin
        if isundefined(tail) then undefine predecessor[p]; else predecessor[p] := tail; endif;
        tail := p;
        at_process[p] := process_0_mcs_queued;
      end;
      end;"
    `);
    expect(ruleOf(text, 'process: mcs.link')).toMatchInlineSnapshot(`
      "ruleset p: process_t do
      -- mcs_lock.c: the predecessor's next = 0
      rule "process: mcs.link"
        (at_process[p] = process_0_mcs_link)
      ==>
      begin
        node_next[predecessor[p]] := p;
        at_process[p] := process_0_mcs_spin;
      end;
      end;"
    `);
  });

  test('a condition on all others is a quantifier, and a thread that is singled out is bound by the rule', () => {
    const peterson = textOf('peterson', { NR_PROCESSES: 3 });
    expect(ruleOf(peterson, 'process: peterson.wait')).toMatchInlineSnapshot(`
      "ruleset p: process_t do
      -- while (last[0] == 0 && (level[1] > 0 || level[2] > 0)): again
      rule "process: peterson.wait"
        (at_process[p] = process_0_peterson_wait_0) & (((!isundefined(last_0)) & (last_0 = p)) & (exists x: process_t do (x != p) & (level[x] > 0) endexists))
      ==>
      begin
      end;
      end;"
    `);
    const commit = textOf('two_phase_commit', { NR_RMS: 3 });
    expect(ruleOf(commit, 'manager: transaction_manager.hear')).toMatchInlineSnapshot(`
      "ruleset p: rm_t do
      -- two_phase_commit.c: hear that 0 is prepared
      rule "manager: transaction_manager.hear"
        (at_manager = manager_transaction_manager_decide) & sent_prepared[p]
      ==>
      begin
        heard[p] := true;
      end;
      end;"
    `);
  });

  test('an owner has a kind and a thread of that kind', () => {
    const text = textOf('thp_truncate', { NR_TRUNCATE: 2 });
    expect(text).toMatch(/^ {2}owner_t: enum \{ free, munmap_0, a_truncate \};$/m);
    expect(text).toMatch(/^ {2}i_pages_truncate: truncate_t;$/m);
    expect(text).toContain('  i_pages := a_truncate;\n  i_pages_truncate := p;');
    expect(text).toContain('  i_pages := free;\n  undefine i_pages_truncate;');
  });

  test('the type of a sum includes all its values, however large', () => {
    const text = exportSymmetricMurphi(largeSum, []);
    expect(text).toContain('function sum(): -60000..120000;\nvar total: -60000..120000;\n');
  });

  test('a condition on one of them is stated for any', () => {
    const text = textOf('peterson', { NR_PROCESSES: 2 });
    expect(text).toContain(
      'cover "all_get_in_turn"\n  exists p: process_t do at_process[p] = process_0_peterson_critical endexists;',
    );
  });

  test('an alwaysPossible property of all alike is stated; one of a single actor is refused by name', () => {
    const asked = (name: string) => {
      const { program, properties: own } = lower(models.get(name)!.model, {}, properties.get(name));
      const possible = own
        .filter(({ expectation }) => expectation === 'sometimes')
        .map((property): Property => ({ ...property, expectation: 'alwaysPossible' }));
      return exportSymmetricMurphi(program, checksOf(program, possible));
    };
    expect(asked('barrier')).toContain('liveness "last_one_is_late"\n  sum() = 2;');
    expect(() => asked('peterson')).toThrow(
      "'all_get_in_turn' asks what is always possible for one of interchangeable actors: no scalarset",
    );
  });

  test('a Program without interchangeable actors is refused, and so is a property that orders them', () => {
    expect(() => exportSymmetricMurphi(specimen, [])).toThrow(ExportError);
    const { program } = lower(models.get('fischer')!.model, {});
    const door = read({ variables: [program.variables.find(({ name }) => name === 'door')!.id] }, 'int');
    const low: Property = {
      name: 'low',
      expectation: 'never',
      condition: less('lt', door, int(1)),
      source: {},
    };
    expect(() => exportSymmetricMurphi(program, checksOf(program, [low]))).toThrow(
      "'low' distinguishes interchangeable actors by their numbers: no scalarset",
    );
    const fine: Property = { ...low, condition: truth(true) };
    expect(exportSymmetricMurphi(program, checksOf(program, [fine]))).toContain('invariant "low"');
  });
});
