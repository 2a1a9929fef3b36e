// Common parts of pictures of executions: colours, and which edges are part of the cycle.

import type { Edge } from '../relations/explain.js';

const colours: { readonly [name: string]: string } = {
  po: '#777777',
  'po-loc': '#777777',
  rf: '#b42318',
  rfe: '#b42318',
  rfi: '#b42318',
  co: '#7a5200',
  coe: '#7a5200',
  fr: '#0b62a4',
  fre: '#0b62a4',
};

/** Of an edge; fences and dependencies share one. */
export const colourOf = (name: string): string => colours[name] ?? '#1a7f37';

/** rfe is rf. */
const plain = (name: string): string => name.replace(/^(rf|co|fr)[ei]$/, '$1');

/** Does the cycle have this edge, perhaps under the name for its kind? */
export const isOnCycle = (edge: Edge, cycle: readonly Edge[]): boolean =>
  cycle.some(
    ({ from, to, name }) => from === edge.from && to === edge.to && plain(name) === plain(edge.name),
  );
