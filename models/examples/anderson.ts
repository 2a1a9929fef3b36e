// Anderson's queue lock: slots in a ring, one of which is set. A process draws the next slot and waits until it is set;
// inside, it clears the slot; when it leaves, it sets the next one. The ring must have a slot for each process.
//
//   slot   0: -   1: go   2: -      next: 0      the process with slot 1 enters, the one with 2 waits; 0 is drawn next

import {
  actors,
  array,
  bool,
  config,
  count,
  model as define,
  Goto,
  given,
  type Int,
  int,
  not,
  onlyIf,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('anderson.c');

export const settings = config({
  NR_PROCESSES: int(2, 8).starts(3),
  /** What next can hold: 2 * NR_PROCESSES - 1 is enough if nobody enters too early. */
  NEXT_MAX: int(3, 15).starts(7),
  /** A slot that is not cleared admits a process too early, and next is reduced too often. */
  TAKES_WORD: bool().starts(true),
});
const { NR_PROCESSES, NEXT_MAX, TAKES_WORD } = settings;

export const state = shared({
  go: array(
    NR_PROCESSES,
    bool().startsAs((i) => i === 0),
  ),
  /** Runs beyond the ring until the process that draws the last slot reduces it. */
  next: int(0, NEXT_MAX),
  /** The slot of each process. Not a local: it keeps its value when no step reads it again, as in BEEM's model. */
  slot: array(NR_PROCESSES, int(0, NEXT_MAX)),
});
const { go, next, slot } = state;

const after = (i: Int) => i.plus(1).mod(NR_PROCESSES);

/** T. E. Anderson, "The performance of spin lock alternatives …", IEEE TPDS 1(1), 1990. */
const anderson = procedure('anderson', { me: int(0, NR_PROCESSES.minus(1)) }, ({ me }) => {
  const mine = slot.at(me);
  const isLast = mine.eq(NR_PROCESSES.minus(1));
  return {
    outside: c`${mine} = next++`(mine.set(next), next.inc()),
    wrap: c`take next back, if it is the last slot; else go round the ring`(
      onlyIf(isLast, next.set(next.minus(NR_PROCESSES))),
      onlyIf(not(isLast), mine.set(mine.mod(NR_PROCESSES))),
    ),
    wait: c`wait until the slot says "go"`(when(go.at(mine))),
    take: c`take the word away, if it does`(given(TAKES_WORD, go.at(mine).set(false))),
    critical: c`put the word into the slot after it`(go.at(after(mine)).set(true)),
    again: Goto('outside'),
  };
});

export const process = actors('process', NR_PROCESSES, anderson, (i) => ({ me: i }));

export const model = define('anderson', {
  about: "Anderson's lock: a queue in an array, in which everybody waits at a slot of its own",
  settings,
  state,
  actors: [process],
});

// One at a time in the critical section, and one word in the ring, or on its way from a slot to the next.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('anderson.critical')).ge(2),
    'two are in the critical section',
  ),
  one_word: never(count(NR_PROCESSES, (i) => state.go.at(i)).ge(2), 'two slots say "go"'),
  all_others_wait: sometimes(
    process
      .any((p) => p.at('anderson.critical'))
      .and(process.count((p) => p.at('anderson.wait')).eq(NR_PROCESSES.minus(1))),
    'everybody but one waits in the queue',
  ),
};

export const manifest: Manifest = [
  { settings: { NR_PROCESSES: 2 }, states: 83, transitions: 148, depth: 20, violated: {} },
  {
    settings: {},
    states: 1459,
    transitions: 3705,
    depth: 45,
    violated: {},
    source: "BEEM's anderson.2: 1459 states, 3705 transitions",
  },
  {
    settings: { NR_PROCESSES: 4 },
    states: 29641,
    transitions: 97516,
    depth: 80,
    violated: {},
    source: "BEEM's anderson.4: 29641 states, 97516 transitions",
  },
  {
    settings: { NR_PROCESSES: 2, TAKES_WORD: false },
    states: 730,
    transitions: 1452,
    depth: 45,
    violated: { mutual_exclusion: 13, one_word: 5, 'no value out of range': 32 },
  },
  {
    settings: { NR_PROCESSES: 3, TAKES_WORD: false },
    states: 24925,
    transitions: 74415,
    depth: 61,
    violated: { mutual_exclusion: 14, one_word: 5, 'no value out of range': 28 },
  },
];
