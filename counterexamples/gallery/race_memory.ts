// The races under x86-TSO: every row of a manifest is explored once more with store buffers, which grow until they are exact,
// and what is violated there is compared with what is violated where every access is seen at once.

import { explore, lower, withGrowingBuffers } from '../../checker/index.js';
import type { RaceEntry, RowSettings } from './race_entry.js';

/** A row in which other properties are violated under x86-TSO. */
interface DifferingRow {
  readonly settings: RowSettings;
  /** Does nothing fail where every access is seen at once? */
  readonly heldBefore: boolean;
  /** What is violated only with store buffers, and only without them. */
  readonly more: readonly string[];
  readonly fewer: readonly string[];
}

export interface RaceUnderTso {
  /** How many stores the buffers of all rows that hold need at most. */
  readonly slots: number;
  readonly differing: readonly DifferingRow[];
}

/** Explores all rows. Throws where one has no answer. */
export async function raceUnderTso(race: RaceEntry): Promise<RaceUnderTso> {
  const differing: DifferingRow[] = [];
  let most = 0;
  for (const { settings, violated } of race.manifest) {
    const { slots, found } = await violatedUnderTso(race, settings);
    const before = Object.keys(violated);
    if (found.length === 0) most = Math.max(most, slots);
    const more = found.filter((name) => !before.includes(name));
    const fewer = before.filter((name) => !found.includes(name));
    if (more.length + fewer.length === 0) continue;
    differing.push({ settings, heldBefore: before.length === 0, more, fewer });
  }
  return { slots: most, differing };
}

async function violatedUnderTso({ model, properties }: RaceEntry, settings: RowSettings) {
  const { lowered, report } = await withGrowingBuffers(async (bufferSlots) => {
    const lowered = lower(model, settings, properties, { bufferSlots });
    return { lowered, report: await explore(lowered.program, lowered.properties) };
  });
  if (report.verdict === 'incomplete') {
    throw new Error(`${model.name} ${JSON.stringify(settings)}: no answer under x86-TSO`);
  }
  const found = report.properties.flatMap(({ check, verdict }) =>
    // A manifest does not list circles in the lock order beside other violations.
    verdict === 'violated' && check.kind !== 'lockdep' ? [check.name] : [],
  );
  return { slots: lowered.program.storeBuffers!.slots, found };
}
