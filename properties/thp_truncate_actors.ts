// Roles of actors in the flagship, for its properties: which actors delete the page, zap it or walk i_mmap, and under
// which settings there are any.

import {
  type Actor,
  type Actors,
  allOf,
  any,
  anyOf,
  type Bool,
  count,
  not,
} from '../models/language/index.js';
import * as model from '../models/thp_truncate/model.js';
import {
  by_ptes,
  entries_of,
  every_ptl_free,
  huge_pmds,
  mm,
  moves_pud,
  mutant,
  NR_DONTNEED,
  NR_EXIT,
  NR_FAULT,
  NR_INVALIDATE,
  NR_MMS,
  NR_MUNMAP,
  NR_PUNCH_HOLE,
  NR_TRUNCATE,
  NR_VMAS,
  nr_pages,
  page,
  vma,
} from '../models/thp_truncate/state.js';

const { munmap, truncate, punch, invalidate } = model;
const families: readonly Actors<never>[] = [
  munmap,
  model.exit,
  model.dontneed,
  model.partial,
  model.partial_dontneed,
  model.mremap,
  model.faulter,
  model.pte_fault,
  model.hash_fault,
  model.walker,
  truncate,
  model.partial_truncate,
  punch,
  invalidate,
];
export const anybody = (is: (actor: Actor<never>) => Bool) =>
  anyOf(...families.map((family) => family.any(is)));
export const all_done = allOf(...families.map((family) => family.all((actor) => actor.done))).called(
  'everyone is done',
);

export const somebody_is_dead = anybody((actor) => actor.dead).called('somebody is dead');

type LabelOfCopies<A extends Actors<never>> = Parameters<ReturnType<A['of']>['at']>[0];
type OfDeleters = LabelOfCopies<typeof truncate> &
  LabelOfCopies<typeof punch> &
  LabelOfCopies<typeof invalidate>;
export type Mover = ReturnType<typeof model.mremap.of>;
type OfZappers = LabelOfCopies<typeof munmap> &
  LabelOfCopies<typeof model.exit> &
  LabelOfCopies<typeof model.dontneed>;

/** Is an actor that deletes the page at this label? */
export const deleter_at = (label: OfDeleters) =>
  anyOf(
    truncate.any((actor) => actor.at(label)),
    punch.any((actor) => actor.at(label)),
    invalidate.any((actor) => actor.at(label)),
  );
/** Is an actor that zaps a whole mapping of its own mm at this label? */
export const zapper_at = (label: OfZappers) =>
  anyOf(
    munmap.any((actor) => actor.at(label)),
    model.exit.any((actor) => actor.at(label)),
    model.dontneed.any((actor) => actor.at(label)),
  );

export const deleted = page.mapping.is('none');
export const is_mapped_anywhere = huge_pmds.ge(1).or(by_ptes.and(any(nr_pages, (i) => entries_of(i).ge(1))));
export const vmas_in_i_mmap = count(NR_VMAS, (k) => vma.at(k).in_i_mmap);

export const deleters_exist = NR_TRUNCATE.plus(NR_PUNCH_HOLE).plus(NR_INVALIDATE).ge(1);
export const zappers_exist = NR_MUNMAP.plus(NR_EXIT).plus(NR_DONTNEED).ge(1);
export const race_exists = deleters_exist.and(zappers_exist);
export const faults_map_thps = NR_FAULT.ge(1);
export const healthy = mutant.is('none');
export const walk_begins = anyOf(
  deleter_at('unmap_mapping_page.lock_i_mmap'),
  deleter_at('unmap_mapping_page.lock_i_mmap_shared'),
);
export const walk_ends = anyOf(
  deleter_at('unmap_mapping_page.unlock_i_mmap'),
  deleter_at('unmap_mapping_page.unlock_i_mmap_shared'),
);
export const holds_a_page_table_lock = (actor: Actor<never>) =>
  anyOf(
    any(NR_VMAS, (k) => vma.at(k).ptl.isOwnedBy(actor)),
    by_ptes.and(any(NR_VMAS, (k) => vma.at(k).pte_lock.isOwnedBy(actor))),
    moves_pud.and(any(NR_MMS, (i) => mm.at(i).page_table_lock.isOwnedBy(actor))),
  );
export const a_zap_is_under_way = not(every_ptl_free);
