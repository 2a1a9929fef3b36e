// The rules of locks that are checked over all runs: the order in which they are taken, and with which interrupts on.
// Each rule is a set of goals that are looked for beside the search; those that are met decide it.

import type { CheckName } from '../ir/built_in_checks.js';
import type { Program } from '../ir/program.js';
import type { Check } from '../search/report.js';
import { irqChecks, irqUses } from './irq_safety.js';
import { type Concluded, inCircles, orderChecks, orderEdges } from './lock_order.js';

export interface LockRules {
  readonly goals: readonly Check[];
  /** The checks of the report, once it is known which goals some run meets. */
  conclude(isMet: (goal: Check) => boolean): readonly Concluded[];
}

export function lockRules(program: Program, without: readonly CheckName[]): LockRules {
  const edges = orderEdges(program);
  const circles = without.includes('lock-order') ? [] : inCircles(edges);
  const irqs = without.includes('irq-safety') ? { uses: [], edges: [] } : irqUses(program, edges);
  const goals = [...circles, ...irqs.uses, ...irqs.edges].map(({ check }) => check);
  return {
    goals: [...new Set(goals)],
    conclude: (isMet) => [...orderChecks(circles, isMet), ...irqChecks(irqs.uses, irqs.edges, isMet)],
  };
}
