// What a barrier bug is about: the commit that fixed it, the shape of its accesses, and the litmus test that each
// candidate is reduced to, for the memory models that models are not explored under.

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
