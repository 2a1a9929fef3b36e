// The properties of every model, by the model's name.

import { alur_taubenfeld } from './examples/alur_taubenfeld.js';
import { anderson } from './examples/anderson.js';
import { atomic_commitment } from './examples/atomic_commitment.js';
import { bakery } from './examples/bakery.js';
import { barrier } from './examples/barrier.js';
import { coffee_can } from './examples/coffee_can.js';
import { dekker } from './examples/dekker.js';
import { die_hard } from './examples/die_hard.js';
import { dining_monitor } from './examples/dining_monitor.js';
import { elevator } from './examples/elevator.js';
import { filter_lock } from './examples/filter_lock.js';
import { fischer } from './examples/fischer.js';
import { increment } from './examples/increment.js';
import { lamport_fast } from './examples/lamport_fast.js';
import { leader_election } from './examples/leader_election.js';
import { mcs_lock } from './examples/mcs_lock.js';
import { peterson } from './examples/peterson.js';
import { peterson_pair } from './examples/peterson_pair.js';
import { philosophers } from './examples/philosophers.js';
import { readers_writers } from './examples/readers_writers.js';
import { szymanski } from './examples/szymanski.js';
import { termination_detection } from './examples/termination_detection.js';
import { test_and_set } from './examples/test_and_set.js';
import { ticket_lock } from './examples/ticket_lock.js';
import { token_ring } from './examples/token_ring.js';
import { two_phase_commit } from './examples/two_phase_commit.js';
import type { Properties } from './language/index.js';
import { thp_truncate } from './thp_truncate.js';
import { thp_truncate_liveness } from './thp_truncate_liveness.js';

export const properties: ReadonlyMap<string, Properties> = new Map([
  ['thp_truncate', { ...thp_truncate, ...thp_truncate_liveness }],
  ['alur_taubenfeld', alur_taubenfeld],
  ['anderson', anderson],
  ['atomic_commitment', atomic_commitment],
  ['bakery', bakery],
  ['barrier', barrier],
  ['coffee_can', coffee_can],
  ['dekker', dekker],
  ['die_hard', die_hard],
  ['dining_monitor', dining_monitor],
  ['elevator', elevator],
  ['filter_lock', filter_lock],
  ['fischer', fischer],
  ['increment', increment],
  ['lamport_fast', lamport_fast],
  ['leader_election', leader_election],
  ['mcs_lock', mcs_lock],
  ['peterson', peterson],
  ['peterson_pair', peterson_pair],
  ['philosophers', philosophers],
  ['readers_writers', readers_writers],
  ['szymanski', szymanski],
  ['termination_detection', termination_detection],
  ['test_and_set', test_and_set],
  ['ticket_lock', ticket_lock],
  ['token_ring', token_ring],
  ['two_phase_commit', two_phase_commit],
]);
