// What a barrier bug is about: the commit that fixed it, the shape of its accesses, and the litmus test that each candidate
// is reduced to, for the memory models that models are not explored under. And what the files of barrier bugs have in common:
// rows by interleavings and under x86-TSO, and a comparison of the two.

import type { ComparisonPlan } from '../language/index.js';
import { type Manifest, type ManifestRow, row } from '../manifest.js';
import type { Race } from '../races/race.js';

export interface BarrierBug extends Pick<Race, 'subsystem' | 'fix' | 'kinds' | 'uses'> {
  /** The candidate that was merged. */
  readonly merged: string;
  /** As the literature calls it: store buffering, message passing, or two stores of which the later one is lost. */
  readonly shape: 'SB' | 'MP' | 'S';
  /**
   * By candidate: the litmus test that its accesses are, a file of conformance/litmus/files, whose tables have herd7's
   * verdicts; or of models/barriers where those have no such test.
   */
  readonly litmus: { readonly [fix: string]: string };
}

/** What is known of a candidate. Interleavings violate nothing. */
interface KnownCandidate {
  /** States, transitions, depth. */
  readonly interleavings: Parameters<typeof row>[1];
  /** The same under x86-TSO, with buffers of so many stores. */
  readonly tso: Parameters<typeof row>[1];
  readonly buffer: number;
  /** Under x86-TSO; nothing if absent. */
  readonly violated?: ManifestRow['violated'];
}

/** Two rows for each candidate, in their order: by interleavings and under x86-TSO. */
export const rowsOfCandidates = (candidates: { readonly [fix: string]: KnownCandidate }): Manifest =>
  Object.entries(candidates).flatMap(([fix, { interleavings, tso, buffer, violated }]) => [
    row({ fix }, interleavings),
    { ...row({ fix }, tso, violated), memory: 'tso', buffer },
  ]);

/** All candidates in one scenario, by interleavings and under x86-TSO. */
export const comparedUnderTso = (scenario: string): ComparisonPlan => ({
  candidates: 'fix',
  scenarios: { [scenario]: {} },
  environments: { interleavings: { memory: 'sc' }, 'x86-TSO': { memory: 'tso' } },
});
