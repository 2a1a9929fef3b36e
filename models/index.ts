// Every model of this repository, by name, with what is known of it.

import * as alur_taubenfeld from './examples/alur_taubenfeld.js';
import * as anderson from './examples/anderson.js';
import * as atomic_commitment from './examples/atomic_commitment.js';
import * as bakery from './examples/bakery.js';
import * as barrier from './examples/barrier.js';
import * as coffee_can from './examples/coffee_can.js';
import * as dekker from './examples/dekker.js';
import * as die_hard from './examples/die_hard.js';
import * as dining_monitor from './examples/dining_monitor.js';
import * as elevator from './examples/elevator.js';
import * as filter_lock from './examples/filter_lock.js';
import * as fischer from './examples/fischer.js';
import * as increment from './examples/increment.js';
import * as lamport_fast from './examples/lamport_fast.js';
import * as leader_election from './examples/leader_election.js';
import * as mcs_lock from './examples/mcs_lock.js';
import * as peterson from './examples/peterson.js';
import * as peterson_pair from './examples/peterson_pair.js';
import * as philosophers from './examples/philosophers.js';
import * as readers_writers from './examples/readers_writers.js';
import * as szymanski from './examples/szymanski.js';
import * as termination_detection from './examples/termination_detection.js';
import * as test_and_set from './examples/test_and_set.js';
import * as ticket_lock from './examples/ticket_lock.js';
import * as token_ring from './examples/token_ring.js';
import * as two_phase_commit from './examples/two_phase_commit.js';
import type { Model } from './language/index.js';
import type { Manifest } from './manifest.js';
import { manifest as thp_truncate_manifest } from './thp_truncate/manifest.js';
import { thp_truncate } from './thp_truncate/model.js';

export interface Entry {
  readonly model: Model;
  readonly manifest: Manifest;
}

const entries: readonly Entry[] = [
  { model: thp_truncate, manifest: thp_truncate_manifest },
  { model: alur_taubenfeld.alur_taubenfeld_model, manifest: alur_taubenfeld.manifest },
  { model: anderson.anderson_model, manifest: anderson.manifest },
  { model: atomic_commitment.atomic_commitment_model, manifest: atomic_commitment.manifest },
  { model: bakery.bakery_model, manifest: bakery.manifest },
  { model: barrier.barrier_model, manifest: barrier.manifest },
  { model: coffee_can.coffee_can_model, manifest: coffee_can.manifest },
  { model: dekker.dekker_model, manifest: dekker.manifest },
  { model: die_hard.die_hard_model, manifest: die_hard.manifest },
  { model: dining_monitor.dining_monitor_model, manifest: dining_monitor.manifest },
  { model: elevator.elevator_model, manifest: elevator.manifest },
  { model: filter_lock.filter_lock_model, manifest: filter_lock.manifest },
  { model: fischer.fischer_model, manifest: fischer.manifest },
  { model: increment.increment_model, manifest: increment.manifest },
  { model: lamport_fast.lamport_fast_model, manifest: lamport_fast.manifest },
  { model: leader_election.leader_election_model, manifest: leader_election.manifest },
  { model: mcs_lock.mcs_lock_model, manifest: mcs_lock.manifest },
  { model: peterson.peterson_model, manifest: peterson.manifest },
  { model: peterson_pair.peterson_pair_model, manifest: peterson_pair.manifest },
  { model: philosophers.philosophers_model, manifest: philosophers.manifest },
  { model: readers_writers.readers_writers_model, manifest: readers_writers.manifest },
  { model: szymanski.szymanski_model, manifest: szymanski.manifest },
  { model: termination_detection.termination_detection_model, manifest: termination_detection.manifest },
  { model: test_and_set.test_and_set_model, manifest: test_and_set.manifest },
  { model: ticket_lock.ticket_lock_model, manifest: ticket_lock.manifest },
  { model: token_ring.token_ring_model, manifest: token_ring.manifest },
  { model: two_phase_commit.two_phase_commit_model, manifest: two_phase_commit.manifest },
];

export const models: ReadonlyMap<string, Entry> = new Map(
  entries.map((entry) => [entry.model.name, entry] as const),
);
