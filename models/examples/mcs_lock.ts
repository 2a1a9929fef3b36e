// The MCS queue lock: a process swaps its own node into the tail, links it behind its predecessor's and waits on its
// own node, which no other process polls; a leaver hands the lock on to the node that is linked to its own.
//
//   tail ──► 2    next: 0 ──► 1      0 is in the critical section, 1 waits; 2 is queued, but 1 does not know it yet

import {
  actors,
  array,
  bool,
  config,
  model as define,
  Either,
  Goto,
  If,
  int,
  not,
  oneOf,
  procedure,
  record,
  shared,
  source,
  While,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('mcs_lock.c');
const nil = -1;

export const settings = config({
  NR_PROCESSES: int(2, 8),
  /** Does a waiting process take steps while it polls, or none until it may go on? */
  waiting: oneOf('spinning', 'blocked'),
  /** The predecessor before the first round: nil, or process 0, as in BEEM; no step reads it. */
  FIRST_PREDECESSOR: int(nil, 0).starts(nil),
  /** If it takes two steps to swap a node into the tail, two may find the tail nil. */
  enqueue: oneOf('at_once', 'in_two_steps'),
});
const { NR_PROCESSES, waiting, FIRST_PREDECESSOR, enqueue } = settings;

/** A node, or nil. */
const link = int(nil, NR_PROCESSES.minus(1)).starts(nil);

const state = shared({
  tail: link,
  node: array(NR_PROCESSES, record({ next: link, locked: bool() })),
  /** Not a local: it keeps its value when no step reads it again, as in the other tools' models. */
  predecessor: array(NR_PROCESSES, link.starts(FIRST_PREDECESSOR)),
});
const { tail, node, predecessor } = state;

/** J. M. Mellor-Crummey, M. L. Scott, "Algorithms for scalable synchronization …", ACM TOCS 9(1), 1991. */
const mcs = procedure('mcs', { me: int(0, NR_PROCESSES.minus(1)) }, ({ me }) => {
  const { next, locked } = node.at(me);
  const pred = predecessor.at(me);
  return {
    outside: c`${next} = nil`(next.set(nil)),
    swap: If(enqueue.is('at_once'), {
      enqueue: c`swap(tail, ${me})`(pred.set(tail), tail.set(me)),
    }).Else({
      read_tail: c`${pred} = tail`(pred.set(tail)),
      write_tail: c`tail = ${me}`(tail.set(me)),
    }),
    queued: If(pred.ne(nil), {
      lock: c`${locked} = true`(locked.set(true)),
      link: c`the predecessor's next = ${me}`(node.at(pred).next.set(me)),
      wait: If(waiting.is('spinning'), { spin: While(locked, {}) }).Else({
        sleep: c`wait until the predecessor hands on`(when(not(locked))),
      }),
    }),
    critical: If(next.eq(nil), {
      release: Either({
        alone: {
          alone: c`tail is ${me}: swap nil into it`(when(tail.eq(me)), tail.set(nil)),
          left: Goto('outside'),
        },
        followed: { followed: c`tail is not ${me}`(when(tail.ne(me))) },
      }),
      wait_for_link: If(waiting.is('spinning'), { spin_for_link: While(next.eq(nil), {}) }).Else({
        sleep_for_link: c`wait until somebody is linked`(when(next.ne(nil))),
      }),
    }),
    hand_on: c`unlock the node of ${next}`(node.at(next).locked.set(false)),
    again: Goto('outside'),
  };
});

export const process = actors('process', NR_PROCESSES, mcs, (i) => ({ me: i }));

export const model = define('mcs_lock', {
  about: 'the MCS lock: a queue in which everybody waits on a node of its own',
  settings,
  state,
  actors: [process],
});

const queued = process.count((p) => p.at('mcs.spin').or(p.at('mcs.sleep')));

// One at a time in the critical section. All others queue; and a leaver may find a successor that is queued but not
// linked yet.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('mcs.critical')).ge(2),
    'two are in the critical section',
  ),
  all_others_wait: sometimes(queued.eq(NR_PROCESSES.minus(1)), 'everybody but one waits in the queue'),
  link_is_late: sometimes(
    process.any((p) => p.at('mcs.spin_for_link').or(p.at('mcs.sleep_for_link'))),
    'a leaver waits until somebody is linked',
  ),
};

export const manifest: Manifest = [
  {
    settings: {},
    states: 159,
    transitions: 318,
    depth: 27,
    violated: {},
    source: 'Murphi on ex/mux/mcslock1.m: 159 states; 318 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { NR_PROCESSES: 3 },
    states: 7597,
    transitions: 22791,
    depth: 48,
    violated: {},
    source: 'Murphi on ex/mux/mcslock1.m: 7597 states; 22791 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { NR_PROCESSES: 4 },
    states: 554221,
    transitions: 2216884,
    depth: 69,
    violated: {},
    source:
      'Murphi on ex/mux/mcslock1.m: 554221 states; 2216884 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { NR_PROCESSES: 2, waiting: 'blocked', FIRST_PREDECESSOR: 0 },
    states: 173,
    transitions: 314,
    depth: 27,
    violated: {},
  },
  {
    settings: { NR_PROCESSES: 3, waiting: 'blocked', FIRST_PREDECESSOR: 0 },
    states: 7963,
    transitions: 21503,
    depth: 48,
    violated: {},
    source: "BEEM's mcs.1: 7963 states, 21503 transitions",
  },
  {
    settings: { enqueue: 'in_two_steps' },
    states: 460,
    transitions: 920,
    depth: 31,
    violated: { mutual_exclusion: 8 },
  },
];
