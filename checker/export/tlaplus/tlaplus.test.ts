// The TLA+ text of a Program that has one of everything. TLC itself is not run here; the text is pinned.

import { describe, expect, test } from 'vitest';
import { and, equal, ifElse, int, less, or, read, truth } from '../../ir/expression.js';
import type { Property } from '../../property/property.js';
import { checksOf } from '../../search/report.js';
import { specimen, specimenProperties } from '../testing/specimen.js';
import { exportTla } from './tlaplus.js';

describe('TLA+', () => {
  const all = exportTla(specimen, checksOf(specimen, specimenProperties));

  test('the module of the specimen with all its checks', () => {
    expect(all.module).toMatchInlineSnapshot(`
      "---- MODULE specimen ----
      \\* specimen fix=none
      \\* One action for each step: distinct states found = raceproof's states.
      \\* java -cp tla2tools.jar tlc2.TLC -workers auto specimen
      EXTENDS Integers

      VARIABLES at, slot, cell, page_0_count, page_1_count, lock, end, i
      vars == <<at, slot, cell, page_0_count, page_1_count, lock, end, i>>

      \\* C's / and %: rounded toward zero.
      Abs(number) == IF number < 0 THEN -number ELSE number
      Quotient(dividend, divisor) ==
        LET size == Abs(dividend) \\div Abs(divisor)
        IN IF (dividend < 0) = (divisor < 0) THEN size ELSE -size
      Remainder(dividend, divisor) == dividend - divisor * Quotient(dividend, divisor)

      TypeOK ==
        /\\ at["fault"] \\in {"do_fault.lock", "do_fault.swap", "done"}
        /\\ at["zap[0]"] \\in {"zap.clear", "zap.drop", "done", "dead"}
        /\\ slot \\in {"none", "full"}
        /\\ cell \\in {"none", "end"}
        /\\ page_0_count \\in -1..1
        /\\ page_1_count \\in -1..1
        /\\ lock \\in {"free", "fault", "zap[0]"}
        /\\ end \\in BOOLEAN
        /\\ i \\in 0..2

      Init ==
        /\\ at = [thread \\in {"fault", "zap[0]"} |-> CASE thread = "fault" -> "do_fault.lock" [] thread = "zap[0]" -> "zap.clear"]
        /\\ slot = "full"
        /\\ cell = "none"
        /\\ page_0_count \\in {(-1), 0}
        /\\ page_1_count \\in {(-1), 0, 1}
        /\\ lock = "free"
        /\\ end = FALSE
        /\\ i = 0
        /\\ (page_0_count <= page_1_count)

      \\* spin_lock(lock)
      do_fault_lock_fault ==
        /\\ at["fault"] = "do_fault.lock"
        /\\ (lock = "free")
        /\\ lock' = "fault"
        /\\ at' = [at EXCEPT !["fault"] = "do_fault.swap"]
        /\\ UNCHANGED <<slot, cell, page_0_count, page_1_count, end, i>>

      \\* a/fault.c: exchange both counts
      do_fault_swap_fault ==
        /\\ at["fault"] = "do_fault.swap"
        /\\ page_0_count' = page_1_count
        /\\ page_1_count' = page_0_count
        /\\ lock' = "free"
        /\\ at' = [at EXCEPT !["fault"] = "do_fault.lock"]
        /\\ UNCHANGED <<slot, cell, end, i>>

      \\* take the full slot
      zap_clear_zap_0 ==
        /\\ at["zap[0]"] = "zap.clear"
        /\\ ((slot # "none") /\\ ((i + 1) <= 2))
        /\\ slot' = "none"
        /\\ cell' = "end"
        /\\ i' = i + 1
        /\\ at' = [at EXCEPT !["zap[0]"] = "zap.drop"]
        /\\ UNCHANGED <<page_0_count, page_1_count, lock, end>>

      \\* drop one count
      zap_drop_zap_0 ==
        /\\ at["zap[0]"] = "zap.drop"
        /\\ ((i <= 1) /\\ ((CASE i = 0 -> page_0_count [] i = 1 -> page_1_count) < 0))
        /\\ at' = [at EXCEPT !["zap[0]"] = "dead"]
        /\\ UNCHANGED <<slot, cell, page_0_count, page_1_count, lock, end, i>>

      \\* drop one count
      zap_drop_zap_0_2 ==
        /\\ at["zap[0]"] = "zap.drop"
        /\\ ((i <= 1) /\\ (0 <= (CASE i = 0 -> page_0_count [] i = 1 -> page_1_count)) /\\ ((-1) <= Quotient((CASE i = 0 -> page_0_count [] i = 1 -> page_1_count) - 3, 2)))
        /\\ page_0_count' = IF i = 0 THEN Quotient((CASE i = 0 -> page_0_count [] i = 1 -> page_1_count) - 3, 2) ELSE page_0_count
        /\\ page_1_count' = IF i = 1 THEN Quotient((CASE i = 0 -> page_0_count [] i = 1 -> page_1_count) - 3, 2) ELSE page_1_count
        /\\ end' = (~end)
        /\\ at' = [at EXCEPT !["zap[0]"] = "done"]
        /\\ UNCHANGED <<slot, cell, lock, i>>

      \\* Where all actors are done or at rest, or one is dead after a bug, a run may end: not a deadlock.
      Finished ==
        /\\ ((at["zap[0]"] = "dead") \\/ ((at["fault"] = "done") /\\ (at["zap[0]"] = "done"))) = TRUE
        /\\ UNCHANGED vars

      Next ==
        \\/ do_fault_lock_fault
        \\/ do_fault_swap_fault
        \\/ zap_clear_zap_0
        \\/ zap_drop_zap_0
        \\/ zap_drop_zap_0_2
        \\/ Finished

      \\* A run goes on while some step is enabled.
      Spec == Init /\\ [][Next]_vars /\\ WF_vars(Next)

      \\* never 'ends'
      zapped ==
        ~end

      full_or_none ==
        slot # "(no word)"

      never_all_done ==
        ~(at["zap[0]"] = "done")

      BUG_ON_count_0 ==
        ~(((at["zap[0]"] = "zap.drop") /\\ ((i <= 1) /\\ ((CASE i = 0 -> page_0_count [] i = 1 -> page_1_count) < 0))))

      \\* every assignment, index and division has a meaning
      no_value_out_of_range ==
        ~(((at["zap[0]"] = "zap.clear") /\\ ((slot # "none") /\\ ((i + 1) > 2))) \\/ ((at["zap[0]"] = "zap.drop") /\\ (i > 1)) \\/ ((at["zap[0]"] = "zap.drop") /\\ ((i > 1) \\/ ((0 <= (CASE i = 0 -> page_0_count [] i = 1 -> page_1_count)) /\\ (~((i <= 1) /\\ ((-1) <= Quotient((CASE i = 0 -> page_0_count [] i = 1 -> page_1_count) - 3, 2))))))))

      =========================
      "
    `);
  });

  test('an index that is a condition stands in parentheses, where = would end its last branch', () => {
    const index = ifElse(equal(read({ variables: [6] }, 'int'), int(0)), int(0), int(1));
    const steps = specimen.steps.map((step) => ({
      ...step,
      assignments: [{ target: { variables: [2, 3], index }, value: int(1) }],
    }));
    const { module } = exportTla({ ...specimen, steps }, []);
    expect(module).toContain(
      "/\\ page_0_count' = IF (IF (i = 0) THEN 0 ELSE 1) = 0 THEN 1 ELSE page_0_count",
    );
  });

  test('an assigned condition stands in parentheses, as = binds more tightly than logic', () => {
    const both = and(read({ variables: [5] }, 'bool'), less('lt', read({ variables: [6] }, 'int'), int(1)));
    const steps = specimen.steps.map((step) => ({
      ...step,
      assignments: [{ target: { variables: [5] }, value: both }],
    }));
    expect(exportTla({ ...specimen, steps }, []).module).toContain("/\\ end' = (end /\\ (i < 1))");
  });

  test('a disjunction is compared with TRUE in a guard, since TLC generates a state for each true side of one', () => {
    const either = or(read({ variables: [5] }, 'bool'), less('lt', read({ variables: [6] }, 'int'), int(1)));
    const steps = specimen.steps.map((step) => ({ ...step, guard: either, assignments: [] }));
    const { module } = exportTla({ ...specimen, steps, initially: either }, []);
    expect(module.match(/.*\(end \\\/ .*/g)).toEqual(
      Array.from({ length: 1 + steps.length }, () => '  /\\ (end \\/ (i < 1)) = TRUE'),
    );
  });

  describe('where liveness is exported and a step may change nothing', () => {
    const ends: Property = {
      ...{ name: 'ends', expectation: 'liveness', condition: truth(true), source: {} },
      liveness: { formula: { op: 'eventually', x: { op: 'state', x: truth(true) } }, fairness: [] },
    };
    const [first, ...others] = specimen.steps;
    const spins = { ...first!, to: first!.from, assignments: [] };
    const spinning = { ...specimen, steps: [spins, ...others] };

    test('every step changes a variable of the module, so that no step is a stuttering step', () => {
      const { module } = exportTla(spinning, checksOf(spinning, [ends]));
      expect(module).toContain('i, moved>>');
      expect(module).toContain('/\\ moved = FALSE');
      expect(module.match(/moved' = ~moved/g)).toHaveLength(specimen.steps.length);
      expect(module).toContain('UNCHANGED <<at, slot, cell, page_0_count, page_1_count, lock, end, i>>');
    });

    test('and without liveness, or without such a step, there is no such variable', () => {
      expect(exportTla(spinning, checksOf(spinning, [])).module).not.toContain('moved');
      expect(exportTla(specimen, checksOf(specimen, [ends])).module).not.toContain('moved');
    });
  });

  test('the configuration claims what must hold, and names what must be reached', () => {
    expect(all.config).toMatchInlineSnapshot(`
      "SPECIFICATION Spec
      CHECK_DEADLOCK TRUE
      INVARIANT TypeOK
      INVARIANT zapped
      INVARIANT full_or_none
      \\* Must be violated: then the condition is reached.
      \\* INVARIANT never_all_done
      INVARIANT BUG_ON_count_0
      INVARIANT no_value_out_of_range
      "
    `);
  });

  test('liveness is stated with its fairness before the arrow, where TLA+ has its operators', () => {
    const huge = { op: 'state', x: { op: 'at', thread: 1, locations: [0] } } as const;
    const gone = { op: 'state', x: { op: 'at', thread: 1, locations: [2] } } as const;
    const fairness = [{ strength: 'weak', name: 'zap[0]', steps: [2, 4] }] as const;
    const live = (name: string, op: 'leadsTo' | 'until'): Property => ({
      ...{ name, expectation: 'liveness', condition: { op: 'const', value: 1, type: 'bool' }, source: {} },
      liveness: { formula: { op, x: huge, y: gone }, fairness },
    });
    const given = { op: 'eventually', x: gone } as const;
    const assumed = live('is_gone', 'leadsTo');
    const properties = [
      live('is_zapped', 'leadsTo'),
      live('waits', 'until'),
      { ...assumed, liveness: { ...assumed.liveness!, assumption: given } },
      {
        ...live('remembers', 'leadsTo'),
        liveness: { ...assumed.liveness!, previously: 1 },
      },
    ];
    const { module, config } = exportTla(specimen, checksOf(specimen, properties));
    expect(module).toContain(
      'is_zapped ==\n  (WF_vars(zap_clear_zap_0 \\/ zap_drop_zap_0_2)) => ((at["zap[0]"] = "zap.clear") ~> (at["zap[0]"] = "done"))',
    );
    expect(module).toContain('\\* waits is left out: TLA+ has no next and no until.');
    expect(module).toContain("\\* remembers is left out: it has 'previously', and TLA+ runs may stutter.");
    expect(module).toContain(
      'is_gone ==\n  (WF_vars(zap_clear_zap_0 \\/ zap_drop_zap_0_2) /\\ <>(at["zap[0]"] = "done")) => ',
    );
    expect(config.match(/PROPERTY .*/g)).toEqual(['PROPERTY is_zapped', 'PROPERTY is_gone']);
  });
});
