// Readers and writers of two words that belong together, under a reader-writer semaphore: many may read at once, a
// writer is alone. A writer changes the words in two steps; a reader in between reads a torn value.
//
//   words 0 0    writer 1 0    reader compares 1 and 0: a bug    writer 1 1

import {
  bugOn,
  down_read,
  down_write,
  downgrade_write,
  rwsem,
  up_read,
  up_write,
  warnOn,
} from 'raceproof/kernel';
import {
  actors,
  bool,
  config,
  model as define,
  Goto,
  If,
  int,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

/** P. J. Courtois, F. Heymans, D. L. Parnas, "Concurrent control with readers and writers", CACM 14(10), 1971. */
const c = source('readers_writers.c');

export const settings = config({
  NR_READERS: int(0, 8).starts(2),
  NR_WRITERS: int(0, 8).starts(1),
  /** Taking it for reading is the classic mistake. */
  writers_lock: oneOf('for_writing', 'for_reading'),
  /** Does a writer go on as a reader, to check that its words are unchanged? */
  DOWNGRADE: bool(),
});
const { NR_READERS, NR_WRITERS, writers_lock, DOWNGRADE } = settings;

const state = shared({ sem: rwsem(), low: bool(), high: bool() });
const { sem, low, high } = state;

const areTorn = not(low.eq(high));

const read = procedure('read', () => ({
  lock: down_read(sem),
  compare: bugOn(areTorn, 'BUG_ON(low != high)'),
  unlock: up_read(sem),
  again: Goto('lock'),
}));

const write = procedure('write', () => ({
  lock: If(writers_lock.is('for_writing'), { down_write: down_write(sem) }).Else({
    down_read: down_read(sem),
  }),
  low: c`flip ${low}`(low.set(not(low))),
  high: c`flip ${high}`(high.set(not(high))),
  unlock: If(writers_lock.is('for_reading'), { up_read: up_read(sem) })
    .ElseIf(DOWNGRADE, {
      downgrade: downgrade_write(sem),
      look_back: warnOn(areTorn, 'WARN_ON(low != high)'),
      up_read_at_last: up_read(sem),
    })
    .Else({ up_write: up_write(sem) }),
  again: Goto('lock'),
}));

export const reader = actors('reader', NR_READERS, read);
export const writer = actors('writer', NR_WRITERS, write);

export const model = define('readers_writers', {
  about: 'a reader-writer semaphore around two words that must change together',
  settings,
  state,
  actors: [reader, writer],
  comparison: {
    candidates: 'writers_lock',
    scenarios: {
      'two readers and a writer': { NR_READERS: 2, NR_WRITERS: 1 },
      'two writers': { NR_READERS: 0, NR_WRITERS: 2 },
      'a writer that downgrades': { NR_READERS: 2, NR_WRITERS: 1, DOWNGRADE: true },
    },
  },
});

const writing = writer.count((w) => w.at('write.low').or(w.at('write.high')));
const reading = reader.count((r) => r.at('read.compare'));

// A writer is alone with the words, and readers do not exclude each other.
export const properties: Properties = {
  writers_are_alone: never(
    writing.ge(1).and(writing.plus(reading).ge(2)),
    'a writer shares the words with a reader or another writer',
  ),
  writers_get_in: sometimes(writing.ge(1), undefined, { given: NR_WRITERS.ge(1) }),
  all_read_at_once: sometimes(reading.eq(NR_READERS), undefined, { given: NR_READERS.ge(1) }),
};

export const manifest: Manifest = [
  { settings: { NR_READERS: 2, NR_WRITERS: 0 }, states: 9, transitions: 18, depth: 4, violated: {} },
  { settings: { NR_READERS: 0, NR_WRITERS: 2 }, states: 14, transitions: 16, depth: 7, violated: {} },
  { settings: { NR_READERS: 2, NR_WRITERS: 1 }, states: 24, transitions: 44, depth: 8, violated: {} },
  { settings: { NR_READERS: 5, NR_WRITERS: 3 }, states: 504, transitions: 2454, depth: 14, violated: {} },
  {
    settings: { NR_READERS: 2, NR_WRITERS: 1, DOWNGRADE: true },
    states: 60,
    transitions: 152,
    depth: 15,
    violated: {},
  },
  {
    settings: { NR_READERS: 5, NR_WRITERS: 3, DOWNGRADE: true },
    states: 3420,
    transitions: 19950,
    depth: 21,
    violated: {},
  },
  {
    settings: { NR_READERS: 0, NR_WRITERS: 2, writers_lock: 'for_reading' },
    states: 32,
    transitions: 64,
    depth: 10,
    violated: { writers_are_alone: 2 },
  },
  {
    settings: { NR_READERS: 1, NR_WRITERS: 1, writers_lock: 'for_reading' },
    states: 32,
    transitions: 56,
    depth: 11,
    violated: { writers_are_alone: 2, 'BUG_ON(low != high)': 4 },
  },
  {
    settings: { NR_READERS: 2, NR_WRITERS: 2, writers_lock: 'for_reading' },
    states: 512,
    transitions: 1792,
    depth: 14,
    violated: { writers_are_alone: 2, 'BUG_ON(low != high)': 4 },
  },
];
