// Two-phase commit: a transaction manager makes resource managers all commit or all abort. Each says that it is
// prepared, or aborts of its own accord; when all have said so, the manager may say commit; at any time it may say
// abort. Messages are never lost and never forgotten, so the network is one flag for each message that can be sent.
//
//   rm 0: prepared    rm 1: prepared    manager: heard 0, heard 1, commit    rm 1: committed    rm 0: committed

import {
  actor,
  actors,
  all,
  any,
  array,
  bool,
  Choose,
  config,
  count,
  model as define,
  Either,
  Goto,
  ifElse,
  int,
  oneOf,
  procedure,
  record,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('two_phase_commit.c');

export const settings = config({
  NR_RMS: int(1, 8).starts(3),
  /** From how many must the manager have heard before it may commit? */
  quorum: oneOf('all', 'all_but_one'),
});
const { NR_RMS, quorum } = settings;

export const state = shared({
  resource: array(NR_RMS, oneOf('working', 'prepared', 'committed', 'aborted')),
  sent: record({ prepared: array(NR_RMS, bool()), commit: bool(), abort: bool() }),
  /** From whom the manager has heard. */
  heard: array(NR_RMS, bool()),
});
const { resource, sent, heard } = state;

const enough = NR_RMS.minus(ifElse(quorum.is('all'), 0, 1));

/** J. Gray, L. Lamport, "Consensus on transaction commit", ACM TODS 31(1), 2006; as TwoPhase in the TLA+ examples. */
const transaction_manager = procedure('transaction_manager', () => ({
  decide: Either({
    hears: {
      one: Choose(NR_RMS, (rm) => ({
        hear: c`hear that ${rm} is prepared`(when(sent.prepared.at(rm)), heard.at(rm).set(true)),
        more: Goto('decide'),
      })),
    },
    commits: {
      commit: c`say commit`(when(count(NR_RMS, (rm) => heard.at(rm)).ge(enough)), sent.commit.set(true)),
    },
    aborts: { abort: c`say abort`(sent.abort.set(true)) },
  }),
}));

const resource_manager = procedure('resource_manager', { me: int(0, 7) }, ({ me }) => ({
  next: Either({
    prepares: {
      prepare: c`prepare, and say so`(
        when(resource.at(me).is('working')),
        resource.at(me).set('prepared'),
        sent.prepared.at(me).set(true),
      ),
    },
    gives_up: { give_up: c`abort`(when(resource.at(me).is('working')), resource.at(me).set('aborted')) },
    hears_commit: { obey_commit: c`hear commit`(when(sent.commit), resource.at(me).set('committed')) },
    hears_abort: { obey_abort: c`hear abort`(when(sent.abort), resource.at(me).set('aborted')) },
  }),
  again: Goto('next'),
}));

const manager = actor('manager', transaction_manager);
const rm = actors('rm', NR_RMS, resource_manager, (i) => ({ me: i }));

export const model = define('two_phase_commit', {
  about: 'two-phase commit: all resource managers commit, or all abort',
  settings,
  state,
  actors: [manager, rm],
});

// All or nothing: no resource manager commits what another has aborted. Both outcomes are reached.
export const properties: Properties = {
  consistent: never(
    any(NR_RMS, (i) => resource.at(i).is('committed')).and(any(NR_RMS, (i) => resource.at(i).is('aborted'))),
    'one resource manager has committed what another has aborted',
  ),
  all_commit: sometimes(all(NR_RMS, (i) => resource.at(i).is('committed'))),
  all_abort: sometimes(all(NR_RMS, (i) => resource.at(i).is('aborted'))),
};

export const manifest: Manifest = [
  { settings: { NR_RMS: 1 }, states: 12, transitions: 19, depth: 4, violated: {} },
  { settings: { NR_RMS: 2 }, states: 56, transitions: 153, depth: 7, violated: {} },
  {
    settings: { NR_RMS: 3 },
    states: 288,
    transitions: 1145,
    depth: 10,
    violated: {},
    source:
      'TLC on TwoPhase of the TLA+ examples: 288 distinct states; 1146 generated, the initial one among them; depth 11, in states',
  },
  {
    settings: { NR_RMS: 4 },
    states: 1568,
    transitions: 8257,
    depth: 13,
    violated: {},
    source:
      'TLC on TwoPhase of the TLA+ examples: 1568 distinct states; 8258 generated, the initial one among them; depth 14, in states',
  },
  {
    settings: { NR_RMS: 5 },
    states: 8832,
    transitions: 58145,
    depth: 16,
    violated: {},
    source:
      'TLC on TwoPhase of the TLA+ examples: 8832 distinct states; 58146 generated, the initial one among them; depth 17, in states',
  },
  {
    settings: { NR_RMS: 6 },
    states: 50816,
    transitions: 402305,
    depth: 19,
    violated: {},
    source:
      'TLC on TwoPhase of the TLA+ examples: 50816 distinct states; 402306 generated, the initial one among them; depth 20, in states',
  },
  {
    settings: { NR_RMS: 2, quorum: 'all_but_one' },
    states: 76,
    transitions: 207,
    depth: 7,
    violated: { consistent: 5 },
  },
  {
    settings: { NR_RMS: 3, quorum: 'all_but_one' },
    states: 348,
    transitions: 1358,
    depth: 10,
    violated: { consistent: 7 },
  },
];
