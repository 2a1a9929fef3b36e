// include/linux/list.h and rculist.h: whether a node is on a list.
//
// The kernel promises nothing but what the caller's lock or RCU protects; kernels with CONFIG_DEBUG_LIST check the
// neighbours, print, and leave the list alone. list_del() poisons the node; list_del_rcu() leaves its forward pointer, so
// that a reader who stands on it goes on, and it must not be freed or added again before a grace period. The model: whether
// a node is on its list, off it, or poisoned; each operation is one step. Left out: the order of a list, for which there
// are queues; which list it is, if a node may be on several: give it one variable for each; and the hops of a reader, which
// are steps of the model: a traversal in one step would miss races. Torn pointers are left out, as is every race of two
// operations on one list without a lock: check with a lock, or split the operation.

import {
  type Bool,
  type EnumVar,
  exactly,
  expectsSoftly,
  type IntVar,
  ifElse,
  not,
  notMemory,
  oneOf,
  record,
  type Stmt,
  source,
} from '../language/index.js';
import { memoryWord, requireField, wholeOf } from './fields.js';

const c = source('include/linux/list.h');
const rcu = source('include/linux/rculist.h');

type ListState = 'off' | 'on' | 'poisoned';
/** struct list_head or hlist_node of an element. */
export interface ListElement {
  /** What is written of the memory of the element. */
  readonly links: IntVar;
  readonly linked: EnumVar<ListState>;
}
/** On no list at first, or on it. */
export const list_node = exactly('list_node', (starts: 'off' | 'on' = 'off') =>
  record({ links: memoryWord(), linked: notMemory(oneOf('off', 'on', 'poisoned').starts(starts)) }),
);

const named = (node: ListElement, whose: string) => {
  requireField(node, 'linked', whose, 'a list_node()');
  return wholeOf(node.links);
};

const adding = (word: string, tag: typeof c) =>
  exactly(word, (node: ListElement): Stmt => {
    const whole = named(node, `${word}()`);
    return tag`${word}(${whole})`(
      expectsSoftly(node.linked.isnt('on'), 'list_add double add'),
      node.links.set(0),
      node.linked.set('on'),
    );
  });
export const list_add = adding('list_add', c);
export const list_add_tail = adding('list_add_tail', c);
export const list_add_rcu = adding('list_add_rcu', rcu);
export const list_add_tail_rcu = adding('list_add_tail_rcu', rcu);
export const hlist_add_head = adding('hlist_add_head', c);
export const hlist_add_head_rcu = adding('hlist_add_head_rcu', rcu);

const deleting = (word: string, to: ListState, tag: typeof c) =>
  exactly(word, (node: ListElement): Stmt => {
    const whole = named(node, `${word}()`);
    const isPoisoned = node.linked.is('poisoned');
    return tag`${word}(${whole})`(
      expectsSoftly(not(isPoisoned), 'list_del corruption, ->next is LIST_POISON1'),
      node.links.set(0),
      node.linked.set(ifElse(isPoisoned, 'poisoned', to)),
    );
  });
export const list_del = deleting('list_del', 'poisoned', c);
export const list_del_init = deleting('list_del_init', 'off', c);
export const list_del_rcu = deleting('list_del_rcu', 'poisoned', rcu);
export const hlist_del = deleting('hlist_del', 'poisoned', c);
export const hlist_del_init = deleting('hlist_del_init', 'off', c);
export const hlist_del_rcu = deleting('hlist_del_rcu', 'poisoned', rcu);

/** Does a lookup on the list find the element? That reads its neighbour, not its memory. */
export const list_has = exactly('list_has', (node: ListElement): Bool => {
  named(node, 'list_has()');
  return node.linked.is('on');
});
/** list_empty(&element->node): it is on no list, as list_del_init() leaves it. Reads the element. */
export const list_empty = exactly('list_empty', (node: ListElement): Bool => {
  named(node, 'list_empty()');
  return node.links.eq(0).and(node.linked.is('off'));
});
