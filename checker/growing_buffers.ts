// Under x86-TSO: how large store buffers must be is found by trying. A search with small buffers says whether some store
// found its buffer full; if none did, larger ones change nothing, and else they grow.

import type { Program } from './ir/program.js';
import type { Explored } from './search/evidence.js';
import type { Report } from './search/report.js';

/** Where control flow bounds no buffer, it grows to so many slots at most. */
const slotsUnbounded = 4;

interface BufferedRun {
  readonly lowered: { readonly program: Program };
  readonly report: Report<Explored>;
}

/**
 * The result of the first attempt whose buffers are large enough, or of the last one. Where control flow bounds no
 * buffer, a violation ends the search as well: it is one with buffers of any size.
 */
export async function withGrowingBuffers<R extends BufferedRun>(
  attempt: (slots: number) => Promise<R>,
): Promise<R> {
  let result = await attempt(1);
  const enough = result.lowered.program.storeBuffers?.enough ?? 0;
  const most = Number.isFinite(enough) ? enough : slotsUnbounded;
  for (let slots = 2; slots <= most; slots++) {
    const { evidence, verdict } = result.report;
    const isShort = evidence.limit?.kind === 'buffer';
    if (!isShort || (verdict === 'violated' && !Number.isFinite(enough))) break;
    const next = await attempt(slots);
    // What was found with smaller buffers stands, whatever stops this search.
    const isStopped =
      next.report.evidence.limit !== undefined && next.report.evidence.limit.kind !== 'buffer';
    if (isStopped && verdict === 'violated' && next.report.verdict !== 'violated') break;
    result = next;
    if (isStopped) break;
  }
  return result;
}
