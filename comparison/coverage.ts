// The coverage of a comparison: which labels each candidate reached, in how many of the cells that have them. Nothing
// was proved about a label that no cell reaches.
//
//   label                           none      try_to_unmap
//   zap_huge_pmd.lock               42 of 42  42 of 42
//   invalidate_range.wait_for_rcu   -         0 of 6          never reached

import type { Comparison } from './comparison.js';

/** A label and the cells that have it. */
export interface LabelRow {
  readonly label: string;
  /** For each candidate, how many of its cells have the label, and how many reached it. */
  readonly counts: readonly { readonly cells: number; readonly reached: number }[];
}

/** In the order in which the cells have the labels; empty without --coverage. */
export function labelRows({ candidates, cells }: Comparison): readonly LabelRow[] {
  const rows = new Map<string, { cells: number; reached: number }[]>();
  for (const { candidate, run } of cells) {
    const i = candidates.indexOf(candidate);
    for (const { label, isReached } of run.report.labels ?? []) {
      const counts = rows.get(label) ?? candidates.map(() => ({ cells: 0, reached: 0 }));
      rows.set(label, counts);
      counts[i]!.cells += 1;
      if (isReached) counts[i]!.reached += 1;
    }
  }
  return [...rows].map(([label, counts]) => ({ label, counts }));
}
