// Which fixes of races are proved for any number of actors: where a setting is the number of copies of an actor, each
// candidate that holds at the numbers of the manifest is asked for any number, by views of one and two actors.

import { proveByViews, type ViewsOutcome } from '../../checker/by_views.js';
import { lower } from '../../checker/index.js';
import type { RaceEntry, RowSettings } from './race_entry.js';

export interface RaceProof {
  /** All but the settings that may be any number. */
  readonly settings: RowSettings;
  /** The settings that may be any number. */
  readonly sizes: readonly string[];
  readonly outcome: string;
}

/** One for each candidate that holds, in the manifest's order; none where no setting is a number of copies. */
export async function raceProofs(race: RaceEntry): Promise<readonly RaceProof[]> {
  const { model, properties, manifest } = race;
  const sizes = copiesOf(race);
  if (sizes.length === 0) return [];
  const proofs = new Map<string, RaceProof>();
  for (const { settings: given, violated } of manifest) {
    const settings = Object.fromEntries(Object.entries(given).filter(([name]) => !sizes.includes(name)));
    const key = JSON.stringify(settings);
    if (Object.keys(violated).length > 0 || proofs.has(key)) continue;
    const outcome = await proveByViews({
      ...{ model, properties, settings, sizes },
      lower: (all) => lower(model, all, properties),
    });
    proofs.set(key, { settings, sizes, outcome: outcomeText(outcome) });
  }
  return [...proofs.values()];
}

/** The settings that are a number of copies of an actor. */
const copiesOf = ({ model }: RaceEntry): readonly string[] => [
  ...new Set(model.actors.flatMap(({ copies }) => (copies.op === 'setting' ? [copies.name] : []))),
];

function outcomeText(outcome: ViewsOutcome): string {
  switch (outcome.is) {
    case 'proved':
      return `proved, by ${outcome.views.length} views of ${outcome.k}`;
    case 'refuted': {
      const at = Object.entries(outcome.instance.settings).map(([name, value]) => `${name}=${value}`);
      const bad = outcome.report.properties.find(({ verdict }) => verdict === 'violated')!;
      return `violated with ${at.join(' ')}: \`${bad.check.name}\``;
    }
    case 'unknown':
      return `unknown: ${outcome.why}`;
    case 'refused':
      return `refused: ${outcome.why}`;
  }
}
