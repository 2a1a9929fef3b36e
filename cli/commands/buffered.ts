// One Program of a model under a memory model, for commands that do not search: under x86-TSO its buffers are as large as is
// given, or as control flow needs them at most.

import type { Lowered } from '../../checker/index.js';
import { type GivenSettings, type MemoryValues, requireBuffers } from '../arguments/options.js';
import { UsageError } from '../errors.js';
import type { LoadedModel } from '../load/model.js';

interface BufferedValues extends MemoryValues {
  readonly set: GivenSettings;
  readonly without: Parameters<LoadedModel['lower']>[1];
}

/** Throws a UsageError where control flow bounds no buffer and none is given. */
export function lowerBuffered(
  lower: LoadedModel['lower'],
  { set, without, memory, buffer }: BufferedValues,
): Lowered {
  requireBuffers({ memory, buffer });
  if (memory !== 'tso') return lower(set, without);
  const lowered = lower(set, without, buffer ?? 1);
  const enough = lowered.program.storeBuffers?.enough ?? 0;
  if (buffer !== undefined || enough <= 1) return lowered;
  if (Number.isFinite(enough)) return lower(set, without, enough);
  throw new UsageError(
    'an actor stores in a loop without a barrier: give the size of its buffer, --buffer=K',
  );
}
