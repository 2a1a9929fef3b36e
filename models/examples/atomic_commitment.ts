// Atomic commitment where any process may crash: a coordinator asks all participants to vote, decides, and tells them
// one by one. If it crashes in between, some know the decision, and those that voted yes may wait for ever.
//
//   votes yes yes yes      the coordinator decides to commit, tells 0, and crashes: 0 commits, 1 and 2 wait

import {
  actor,
  actors,
  all,
  allOf,
  any,
  array,
  bool,
  Choose,
  config,
  model as define,
  Either,
  Goto,
  given,
  int,
  not,
  oneOf,
  procedure,
  Return,
  record,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('atomic_commitment.c');

export const settings = config({
  NR_PARTICIPANTS: int(1, 8).starts(2),
  /**
   * Which participants abort when the coordinator has crashed: those that were not asked, or, too early, those without
   * a decision.
   */
  aborts_if: oneOf('not_asked', 'not_told'),
});
const { NR_PARTICIPANTS, aborts_if } = settings;

const decision = () => oneOf('undecided', 'commit', 'abort');

export const state = shared({
  participant: array(
    NR_PARTICIPANTS,
    record({
      /** Its vote. */
      yes: bool().starts(false, true),
      has_voted: bool(),
      decision: decision(),
      alive: bool().starts(true),
    }),
  ),
  coordinator: record({ decision: decision(), alive: bool().starts(true) }),
  asked: array(NR_PARTICIPANTS, bool()),
  /** The votes that the coordinator has received. */
  vote: array(NR_PARTICIPANTS, oneOf('none', 'yes', 'no')),
  told: array(NR_PARTICIPANTS, oneOf('nothing', 'commit', 'abort')),
});
const { participant, coordinator, asked, vote, told } = state;

const isUndecided = coordinator.decision.is('undecided');
const allAsked = all(NR_PARTICIPANTS, (i) => asked.at(i));

/** O. Babaoglu, S. Toueg, "Non-blocking atomic commitment", 1993; as ACP_SB in the TLA+ examples. */
const coordinate = procedure('coordinate', () => ({
  next: Either({
    work: {
      whom: Choose(NR_PARTICIPANTS, (i) => {
        const isAwaited = allOf(isUndecided, allAsked, vote.at(i).is('none'));
        const { yes, has_voted, alive } = participant.at(i);
        return {
          one: Either({
            ask: { ask: c`ask ${i} to vote`(when(not(asked.at(i))), asked.at(i).set(true)) },
            hear_yes: {
              hear_yes: c`${i} votes yes`(when(allOf(isAwaited, has_voted, yes)), vote.at(i).set('yes')),
            },
            hear_no: {
              hear_no: c`${i} votes no`(when(allOf(isAwaited, has_voted, not(yes))), vote.at(i).set('no')),
            },
            give_up: {
              give_up: c`${i} has crashed: abort`(
                when(allOf(isAwaited, not(has_voted), not(alive))),
                coordinator.decision.set('abort'),
              ),
            },
            tell_commit: {
              tell_commit: c`tell ${i} to commit`(
                when(coordinator.decision.is('commit').and(told.at(i).is('nothing'))),
                told.at(i).set('commit'),
              ),
            },
            tell_abort: {
              tell_abort: c`tell ${i} to abort`(
                when(coordinator.decision.is('abort').and(told.at(i).is('nothing'))),
                told.at(i).set('abort'),
              ),
            },
          }),
        };
      }),
    },
    commit: {
      commit: c`all vote yes: commit`(
        when(isUndecided.and(all(NR_PARTICIPANTS, (i) => vote.at(i).is('yes')))),
        coordinator.decision.set('commit'),
      ),
    },
    refuse: {
      who_refuses: Choose(NR_PARTICIPANTS, (i) => ({
        // One step for each no, as TLC counts them.
        abort: c`all have voted, ${i} no: abort`(
          when(
            allOf(
              isUndecided,
              all(NR_PARTICIPANTS, (j) => vote.at(j).isnt('none')),
              vote.at(i).is('no'),
            ),
          ),
          coordinator.decision.set('abort'),
        ),
      })),
    },
    crash: { crash: c`crash`(coordinator.alive.set(false)), crashed: Return() },
  }),
  again: Goto('next'),
}));

const participate = procedure('participate', { me: int(0, NR_PARTICIPANTS.minus(1)) }, ({ me }) => {
  const mine = participant.at(me);
  const mayDecide = mine.decision.is('undecided');
  return {
    step: Either({
      send: { send: c`vote, if need be again`(when(asked.at(me)), mine.has_voted.set(true)) },
      abort_alone: {
        abort_alone: c`abort after a no`(
          when(allOf(mayDecide, mine.has_voted, not(mine.yes))),
          mine.decision.set('abort'),
        ),
      },
      abort_late: {
        abort_late: c`the coordinator has crashed: abort`(
          when(allOf(mayDecide, not(coordinator.alive))),
          given(aborts_if.is('not_asked'), when(not(asked.at(me)))),
          given(aborts_if.is('not_told'), when(told.at(me).is('nothing'))),
          mine.decision.set('abort'),
        ),
      },
      obey_commit: {
        obey_commit: c`commit, as it was told`(
          when(mayDecide.and(told.at(me).is('commit'))),
          mine.decision.set('commit'),
        ),
      },
      obey_abort: {
        obey_abort: c`abort, as it was told`(
          when(mayDecide.and(told.at(me).is('abort'))),
          mine.decision.set('abort'),
        ),
      },
      fail: { fail: c`crash`(mine.alive.set(false)), failed: Return() },
    }),
    again: Goto('step'),
  };
});

const leader = actor('coordinator', coordinate);
export const members = actors('participant', NR_PARTICIPANTS, participate, (i) => ({ me: i }));

export const model = define('atomic_commitment', {
  about: 'atomic commitment where anybody may crash: all commit, or all abort',
  settings,
  state,
  actors: [leader, members],
});

const somebodyHas = (decision: 'commit' | 'abort') =>
  any(NR_PARTICIPANTS, (i) => participant.at(i).decision.is(decision));

// All or nothing: no participant commits if another has aborted, and all commit only if all have voted yes. Some may
// wait for ever, though, if the coordinator crashes: this protocol is blocking.
export const properties: Properties = {
  consistent: never(
    somebodyHas('commit').and(somebodyHas('abort')),
    'one participant has committed what another has aborted',
  ),
  asked_for: never(
    somebodyHas('commit').and(any(NR_PARTICIPANTS, (i) => not(participant.at(i).yes))),
    'somebody has committed what another has voted against',
  ),
  all_commit: sometimes(all(NR_PARTICIPANTS, (i) => participant.at(i).decision.is('commit'))),
  left_alone: sometimes(
    not(coordinator.alive).and(
      members.any((p, i) =>
        not(p.done)
          .and(participant.at(i).has_voted)
          .and(participant.at(i).yes)
          .and(told.at(i).is('nothing'))
          .and(participant.at(i).decision.is('undecided')),
      ),
    ),
    'one that voted yes waits for a coordinator that has crashed',
  ),
};

export const manifest: Manifest = [
  { settings: {}, states: 1832, transitions: 5208, depth: 14, violated: {} },
  {
    settings: { NR_PARTICIPANTS: 3 },
    states: 54944,
    transitions: 218344,
    depth: 20,
    violated: {},
    source:
      'TLC on ACP_SB of the TLA+ examples, 3 participants: 54944 distinct states; 218352 generated, 8 initial ones among them; depth 21, in states',
  },
  {
    settings: { aborts_if: 'not_told' },
    states: 2372,
    transitions: 6712,
    depth: 14,
    violated: { consistent: 11 },
  },
];
