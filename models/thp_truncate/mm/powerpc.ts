// arch/powerpc/mm: who looks at a pmd without any lock [A8b]. Interrupts are off during the walk; that, and the
// order of the words it reads, is all that protects it. Encoded from [A8c], which is [inference].

import { bugOn } from '../../kernel/index.js';
import { If, procedure, source } from '../../language/index.js';
import { irqs_off_walks, Mm, powerpc_rules, serializes, vma } from '../state.js';
import { leave_mm } from './mmap.js';

const hash = source('arch/powerpc/mm/book3s64/hash_hugepage.c');
const walk = source('arch/powerpc/mm/pgtable.c');

/** What a walk with interrupts off is to those who wait for it; nobody does since 5.8. */
const irqs_off = () => If(serializes, { irqs_off: walk`interrupts are off`(irqs_off_walks.inc()) });
const irqs_on = () => If(serializes, { irqs_on: walk`interrupts are on again`(irqs_off_walks.dec()) });

/** __hash_page_thp(): H_PAGE_BUSY by cmpxchg while the pmd is valid and huge; then the HPTE is entered. */
export const hash_page_mm = procedure('__hash_page_thp', { i: Mm }, ({ i }) => {
  const { pmd, hashed, busy } = vma.at(i);
  return {
    walk: irqs_off(),
    cmpxchg: If(
      hash`cmpxchg(): the pmd is huge, set H_PAGE_BUSY`.test(pmd.is('huge'), { yes: [busy.set(true)] }),
      {
        insert: hash`enter the HPTE; set H_PAGE_HASHPTE, clear H_PAGE_BUSY`(
          hashed.set(true),
          busy.set(false),
        ),
      },
    ),
    walk_end: irqs_on(),
    leave: leave_mm(i),
  };
});

/** Whether an invalidated pmd is handed out: since 5.2 there is pmd_is_serializing(). What was read is trusted until 5.8. */
const takes_invalid = powerpc_rules.is('before_5_2');
const is_careless = powerpc_rules.isnt('since_5_8');

/** find_current_mm_pte(): a huge pmd is handed out as a pointer to a pte, and dereferenced later [A8c: PPC-C]. */
export const find_linux_pte = procedure('__find_linux_pte', { i: Mm }, ({ i }) => {
  const { pmd } = vma.at(i);
  return {
    irqs_off: walk`local_irq_save()`(irqs_off_walks.inc()),
    load_pmd: If(pmd.is('huge').or(takes_invalid.and(pmd.is('invalid'))), {
      trusting: If(is_careless, {
        dereference: bugOn(pmd.is('table'), 'a lockless walk takes a page table pointer for a huge pte'),
      }),
    }),
    irqs_on: walk`local_irq_restore()`(irqs_off_walks.dec()),
    leave: leave_mm(i),
  };
});
