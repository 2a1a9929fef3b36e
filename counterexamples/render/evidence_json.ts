// The evidence of a verdict as JSON: one field for each kind of evidence, exactly one of which is present. See
// docs/json.md and docs/json.schema.json.

import type { Evidence } from '../../checker/index.js';
import { coarseData, type LocatePlace } from './coarse_text.js';

/** `exploration` or `proof`. `brief` omits what is long or concerns a single run. */
export function evidenceData(
  evidence: Evidence,
  { brief = false, locate }: { readonly brief?: boolean; readonly locate?: LocatePlace } = {},
): object {
  if (evidence.kind === 'proved') {
    const { forEvery, obligations, judges, instances } = evidence;
    return { proof: { forEvery, obligations, judges, instances } };
  }
  const { engine, search, storage, reductions, reductionsWhy, memoryModel, bufferSlots } = evidence;
  const { exhaustive, limit, coarse } = evidence;
  const { pathless, missProbability, coverage, states, transitions, depth, levels } = evidence;
  return {
    exploration: {
      ...{ engine, search, storage, reductions, reductionsWhy, memoryModel, bufferSlots },
      ...(coarse && { coarse: coarseData(coarse, locate) }),
      ...{ exhaustive, limit: limit?.text, limitKind: limit?.kind },
      ...(!brief && { pathless, missProbability, coverage }),
      ...{ states, transitions, depth },
      ...(!brief && { levels }),
    },
  };
}
