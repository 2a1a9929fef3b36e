// A barrier: each worker waits until all have arrived; then the barrier opens, and all go on to the next round.
//
//   arrived   0: yes   1: no   2: yes      1 arrives: the barrier opens, and no worker has arrived for the next round

import {
  actor,
  actors,
  array,
  bool,
  config,
  count,
  model as define,
  expects,
  forAll,
  Goto,
  ifElse,
  int,
  not,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import {
  leadsTo,
  type Manifest,
  type Properties,
  property,
  sometimes,
  weaklyFair,
} from 'raceproof/properties';

const c = source('barrier.c');

export const settings = config({
  NR_WORKERS: int(2, 8).starts(3),
  opens_for: oneOf('all', 'all_but_one'),
});
const { NR_WORKERS, opens_for } = settings;

const state = shared({ arrived: array(NR_WORKERS, bool()) });
const { arrived } = state;

export const nr_arrived = count(NR_WORKERS, (i) => arrived.at(i));

const work = procedure('work', { me: int(0, 7) }, ({ me }) => ({
  arrive: c`arrive, and wait`(when(not(arrived.at(me))), arrived.at(me).set(true)),
  again: Goto('arrive'),
}));

const open_barrier = procedure('open_barrier', () => ({
  open: c`open the barrier`(
    when(nr_arrived.ge(NR_WORKERS.minus(ifElse(opens_for.is('all'), 0, 1)))),
    expects(nr_arrived.eq(NR_WORKERS), 'the barrier opens before all have arrived'),
    forAll(NR_WORKERS, (i) => arrived.at(i).set(false)),
  ),
  again: Goto('open'),
}));

const worker = actors('worker', NR_WORKERS, work, (i) => ({ me: i }));
const barrier = actor('barrier', open_barrier);

export const model = define('barrier', {
  about: 'a barrier: nobody begins the next round before all have ended this one',
  settings,
  state,
  actors: [worker, barrier],
});

// The model's own step asserts that the barrier opens only for all. These properties show that it waits for the last
// one.
export const properties: Properties = {
  last_one_is_late: sometimes(nr_arrived.eq(NR_WORKERS.minus(1))),
  opens: property(leadsTo(nr_arrived.ge(1), nr_arrived.eq(0)), 'nobody waits for ever', {
    fair: weaklyFair(),
  }),
};

export const manifest: Manifest = [
  { settings: {}, states: 8, transitions: 13, depth: 3, violated: {} },
  {
    settings: { NR_WORKERS: 6 },
    states: 64,
    transitions: 193,
    depth: 6,
    violated: {},
    source:
      'TLC on Barrier of the TLA+ examples, N=6: 64 distinct states; 194 generated, the initial one among them; depth 7, in states',
  },
  {
    settings: { opens_for: 'all_but_one' },
    states: 12,
    transitions: 19,
    depth: 4,
    violated: { opens: 4, 'the barrier opens before all have arrived': 3 },
  },
];
