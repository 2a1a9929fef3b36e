// The packed states of a search, read column by column.

import type { StoredStates } from '../../search/stored_states.js';
import { type Layout, maskOf } from '../plan/layout.js';
import { type States, segmentBits, segmentStates } from '../table/states.js';

export function storedStates({ threads, variables }: Layout, states: States): StoredStates {
  const fields = [...threads, ...variables].map((field) => ({ ...field, mask: maskOf(field) }));
  const { segments, stride } = states;
  return {
    count: states.count,
    columns: fields.length,
    value(state, column) {
      const { word, shift, bits, min, mask } = fields[column]!;
      if (bits === 0) return min;
      const at = (state & (segmentStates - 1)) * stride + word;
      return ((segments[state >> segmentBits]![at]! & mask) >>> shift) + min;
    },
  };
}
