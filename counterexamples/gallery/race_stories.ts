// A story of the gallery for each race: the counterexample of the kernel before the fix that has the fewest steps.

import type { RaceEntry } from './race_entry.js';
import type { Story } from './stories.js';

/** What the gallery shows of a race. Throws where the manifest's first row, the kernel before the fix, is not violated. */
export function raceStory({ model, race, manifest }: RaceEntry): Story {
  const { settings, violated } = manifest[0]!;
  const [shortest] = Object.entries(violated).toSorted(([, a], [, b]) => a - b);
  if (shortest === undefined) throw new Error(`${model.name}: its first row is not violated`);
  const { subsystem, fix, kinds, history } = race;
  return {
    name: model.name,
    title: `${subsystem}: ${model.name}`,
    model: model.name,
    settings,
    property: shortest[0],
    sentences: [
      `${model.about[0]!.toUpperCase()}${model.about.slice(1)} (${kinds.join(', ')}).`,
      `Fixed by ${fix.commit}, *${fix.subject}*.`,
      history ?? 'All candidates are in [docs/races.md](../../docs/races.md).',
    ],
  };
}
