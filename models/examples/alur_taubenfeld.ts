// The fast mutual exclusion of Alur and Taubenfeld: like Fischer's, but a process without rivals does not wait. A
// process writes its name into x, and into y if y is free; if x still has its name, no other has come since: it shuts
// the gate and enters. Otherwise it waits until all processes that read y as free have written, and enters if y still
// has its name and the gate is open.
//
//   x: 1   y: 1   gate: shut      0 and 1 saw y free; 0 found x changed and waits, 1 is in; 0 will find y changed

import {
  actor,
  actors,
  all,
  array,
  bool,
  config,
  model as define,
  Either,
  forAll,
  Goto,
  ifElse,
  int,
  not,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('alur_taubenfeld.c');
const nobody = -1;
const untimed = -1;

const settings = config({
  NR_PROCESSES: int(2, 8).starts(3),
  /** A timed step is taken before this many ticks have passed. */
  STEP_TIME: int(1, 7).starts(2),
  /** How long a process with rivals waits. Unless it is more than STEP_TIME, it may be too short. */
  WAITS_FOR: int(1, 7).starts(5),
});
const { NR_PROCESSES, STEP_TIME, WAITS_FOR } = settings;

/** Which process. */
const index = int(0, NR_PROCESSES.minus(1));

const state = shared({
  x: index,
  y: int(nobody, NR_PROCESSES.minus(1)).starts(nobody),
  gate_is_shut: bool(),
  /** How many ticks each process has left, or that it is not timed. */
  timer: array(NR_PROCESSES, int(untimed, 7).starts(untimed)),
});
const { x, y, gate_is_shut, timer } = state;

/** R. Alur, G. Taubenfeld, "Results about fast mutual exclusion", RTSS 1992. */
const alur_taubenfeld = procedure('alur_taubenfeld', { me: index }, ({ me }) => {
  const inTime = timer.at(me).set(STEP_TIME);
  const atLeisure = timer.at(me).set(untimed);
  return {
    start: c`x = ${me}`(x.set(me), atLeisure),
    see_free: c`nobody is in y`(when(y.eq(nobody)), inTime),
    claim: c`y = ${me}`(y.set(me), inTime),
    check: Either({
      alone: {
        alone: c`x still says ${me}`(when(x.eq(me)), inTime),
        shut: c`shut the gate`(gate_is_shut.set(true), atLeisure),
        straight_in: Goto('critical'),
      },
      rival: {
        rival: c`x does not say ${me}: begin to wait`(when(x.ne(me)), timer.at(me).set(WAITS_FOR)),
        wait: c`the time is up`(when(timer.at(me).eq(0)), inTime),
        look: Either({
          lost: { lost: c`y does not say ${me}`(when(y.ne(me)), inTime), once_more: Goto('start') },
          won: { won: c`y still says ${me}`(when(y.eq(me)), atLeisure) },
        }),
        pass: c`the gate is open`(when(not(gate_is_shut))),
      },
    }),
    critical: c`open the gate`(gate_is_shut.set(false), inTime),
    leave: Either({
      not_mine: { not_mine: c`y does not say ${me}`(when(y.ne(me)), atLeisure), leave_it: Goto('start') },
      mine: {
        mine: c`y still says ${me}`(when(y.eq(me)), inTime),
        free: c`nobody is in y`(y.set(nobody), atLeisure),
      },
    }),
    again: Goto('start'),
  };
});

/** Time passes for all at once, and stops while a process has no ticks left. */
const time = procedure('time', () => ({
  tick: c`a tick`(
    when(all(NR_PROCESSES, (i) => timer.at(i).ne(0))),
    forAll(NR_PROCESSES, (i) =>
      timer.at(i).set(ifElse(timer.at(i).eq(untimed), untimed, timer.at(i).minus(1))),
    ),
  ),
  again: Goto('tick'),
}));

export const process = actors('process', NR_PROCESSES, alur_taubenfeld, (i) => ({ me: i }));
const clock = actor('clock', time);

export const model = define('alur_taubenfeld', {
  about: "the algorithm of Alur and Taubenfeld: as Fischer's, but whoever is alone does not wait",
  settings,
  state,
  actors: [process, clock],
});

// One at a time in the critical section; both ways into it are taken, the quick one and the one that waits.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('alur_taubenfeld.critical')).ge(2),
    'two are in the critical section',
  ),
  quick_way: sometimes(process.any((p) => p.at('alur_taubenfeld.shut'))),
  slow_way: sometimes(process.any((p) => p.at('alur_taubenfeld.pass'))),
};

export const manifest: Manifest = [
  { settings: { NR_PROCESSES: 2 }, states: 1086, transitions: 2414, depth: 30, violated: {} },
  {
    settings: {},
    states: 39354,
    transitions: 108438,
    depth: 37,
    violated: {},
    source: "BEEM's at.1, with N=3 K1=2 K2=5: 39354 states, 108438 transitions",
  },
  {
    settings: { NR_PROCESSES: 2, STEP_TIME: 2, WAITS_FOR: 2 },
    states: 1374,
    transitions: 3282,
    depth: 26,
    violated: { mutual_exclusion: 14 },
  },
  {
    settings: { NR_PROCESSES: 2, STEP_TIME: 3, WAITS_FOR: 2 },
    states: 2134,
    transitions: 5326,
    depth: 27,
    violated: { mutual_exclusion: 14 },
  },
];
