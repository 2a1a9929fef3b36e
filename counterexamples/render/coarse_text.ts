// What a verdict under x86-TSO takes for one locked instruction though the model does not say so: sentences for reports.

import type { CoarseStep, Evidence } from '../../checker/index.js';

/** How many labels a sentence names. */
const namedMax = 5;

/** What the evidence takes for granted; empty under sequential consistency. */
export const coarseIn = (evidence: Evidence): readonly CoarseStep[] =>
  evidence.kind === 'explored' ? (evidence.coarse ?? []) : [];

/** Writes a place in the model's file. Without it, places are left out. */
export type LocatePlace = (at: NonNullable<CoarseStep['source']['model']>) => string;

/** A sentence for each step with marked accesses, and one for all others. */
export function coarseTexts(coarse: readonly CoarseStep[], locate?: LocatePlace): readonly string[] {
  const marked = coarse.filter(({ isMarked }) => isMarked);
  const others = coarse.filter(({ isMarked }) => !isMarked).map(({ label }) => label);
  return [
    ...marked.map(({ label, source: { model }, accesses }) => {
      const where = model === undefined || locate === undefined ? '' : ` (${locate(model)})`;
      return `under x86-TSO ${label}${where} is taken for one locked instruction, since it accesses ${listed(accesses)} in one step; READ_ONCE(), WRITE_ONCE() and their like are plain loads and stores: make a step of each access`;
    }),
    ...(others.length === 0
      ? []
      : [
          `under x86-TSO a step that accesses several places of memory, or reads and writes one, and does not say that it is atomic is taken for one locked instruction, so what may happen between its accesses, and a load before an earlier store, is not explored there: ${shortened(others).join(', ')}`,
        ]),
  ];
}

/** `a, b and c`. */
const listed = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]} twice` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const shortened = (labels: readonly string[]): readonly string[] =>
  labels.length > namedMax ? [...labels.slice(0, namedMax), `${labels.length - namedMax} more`] : labels;

/** The steps for programs. */
export const coarseData = (coarse: readonly CoarseStep[], locate?: LocatePlace): readonly object[] =>
  coarse.map(({ label, source: { model }, accesses, isMarked }) => ({
    label,
    ...(model && locate && { source: locate(model) }),
    accesses,
    marked: isMarked,
  }));
