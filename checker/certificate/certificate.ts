// The certificate of a run that has seen all states: the set of them, as a minimal automaton, and the digest of the
// Program. certificate/verify.js checks it and shares no code with the checker.

import { composed } from '../ir/monitors.js';
import type { Program } from '../ir/program.js';
import type { StoredStates } from '../search/stored_states.js';
import { automatonOf } from './automaton.js';
import { columnOrder } from './columns.js';

/** The version of the format. */
const certificateVersion = 1;

/** As JSON, in pieces of a few thousand nodes. `digest` is the SHA-256 of the Program's JSON, in hexadecimal. */
export function* certificateText(
  program: Program,
  digest: string,
  stored: StoredStates,
): Generator<string, void, void> {
  const { states, columns, nodes } = automatonOf(stored, columnOrder(composed(program)));
  const { name, settings } = program;
  const head = {
    format: 'raceproof-certificate',
    version: certificateVersion,
    model: name,
    settings,
    program: digest,
    states,
    columns,
  };
  yield `${JSON.stringify(head).slice(0, -1)},"nodes":[\n`;
  for (let from = 1; from <= nodes.count; from += nodesPerPiece) {
    const to = Math.min(nodes.count, from + nodesPerPiece - 1);
    const lines = Array.from({ length: to - from + 1 }, (_, i) => JSON.stringify(nodes.edgesOf(from + i)));
    yield `${lines.join(',\n')}${to < nodes.count ? ',' : ''}\n`;
  }
  yield ']}\n';
}

const nodesPerPiece = 4096;
