// What every worker of a search does, the main thread included. These functions run in threads that start from their
// text, so they use nothing but their arguments and each other.
//
//   round:  all meet · expand chunk after chunk of the round's states, and deal the successors to their owners ·
//           meet · enter what one owns · meet · number the new states · meet

import type { MessagePort } from 'node:worker_threads';
import type { ProgramCode, RareEvents, Samples, Surroundings } from '../emit/javascript_program.js';
import type { TableCode, TableSurroundings } from '../table/owned_table.js';
import type { Recent } from '../table/recent_cache.js';

/** Where numbers stand in the shared `control` array; results of worker w start at `results + w × resultSize`. */
export const controlPlaces = {
  generation: 0,
  arrived: 1,
  /** 1 once a worker failed or the search has ended: then somebody will not come to the next meeting. */
  over: 2,
  /** The states of the round, and how many make a chunk. */
  from: 4,
  to: 5,
  chunkStates: 6,
  /** The number of the first new state, and the bits of a number. */
  base: 7,
  bits: 8,
  /** The next chunk that nobody works on. */
  chunk: 9,
  /** 1 once an outbox is full: then nothing is entered, and the round is done again with fewer states. */
  full: 10,
  /** How much was sent to each worker so far. */
  sent: 11,
  faultIsNews: 12,
  deadlockIsNews: 13,
  results: 16,
  resultSize: 16,
} as const;
/** Where a worker's results stand, counted from their start: of its chunks, and of the table that it owns. */
export const resultPlaces = {
  successors: 0,
  faults: 1,
  news: 2,
  dealt: 3,
  cells: 4,
  growthCells: 5,
} as const;

export interface WorkerSetup extends TableSurroundings {
  readonly programText: string;
  readonly tableText: string;
  readonly recentText: string;
  /** Numbers of the worker's batch, and in a record of it. */
  readonly batchLength: number;
  readonly stride: number;
  readonly segmentStates: number;
  /** Records of an outbox that are looked up at once. */
  readonly recordsAtOnce: number;
  readonly control: Int32Array;
  readonly places: typeof controlPlaces;
  readonly openSteps: Uint8Array;
  readonly openConditions: Int32Array;
  readonly samples: Samples;
  readonly segments: Int32Array[];
  /** Of each chunk of the round: who expanded it, then for each worker from where to where it was dealt to. */
  readonly dealt: Int32Array;
}

export interface WorkerPart {
  /** Takes the next segment of states. */
  take(segment: Int32Array): void;
  /** Does this worker's share of a round, from the first meeting to the last. */
  round(turns: Turns): void;
}

/** What else is done in a round: before and after the meeting of all who have entered their states. */
export interface Turns {
  entered?(): void;
  met?(): void;
}

/** Waits until all workers are here. Throws if one of them will not come. */
export function meet(control: Int32Array, workers: number, places: typeof controlPlaces): void {
  const generation = Atomics.load(control, places.generation);
  if (Atomics.add(control, places.arrived, 1) === workers - 1) {
    Atomics.store(control, places.arrived, 0);
    Atomics.add(control, places.generation, 1);
    Atomics.notify(control, places.generation);
    return;
  }
  // To be woken takes longer than most waits.
  for (let spin = 0; spin < 100_000; spin++) {
    if (Atomics.load(control, places.generation) !== generation) return;
  }
  while (Atomics.load(control, places.generation) === generation) {
    if (Atomics.load(control, places.over) !== 0) throw new Error('a worker failed');
    Atomics.wait(control, places.generation, generation, 1000);
  }
}

/** The code of the Program, and the batch that it fills. */
export interface Sweeper {
  readonly program: ProgramCode;
  readonly batch: Int32Array;
}

/** Compiles the code of the Program for a thread. */
function makeSweeper(setup: WorkerSetup, listener: RareEvents): Sweeper {
  const { openSteps, openConditions, samples } = setup;
  const batch = new Int32Array(setup.batchLength);
  const around: Surroundings = { batch, openSteps, openConditions, ...listener };
  const program: ProgramCode = new Function('around', `'use strict';\n${setup.programText}`)(around);
  program.warmUp(samples);
  return { program, batch };
}

/** What expanding tells: successors, steps without a value, and whether something is news. */
interface Told extends RareEvents {
  successors: number;
  faults: number;
  news: number;
}

/** Makes a listener that only notes whether there is news. */
function makeTold({ control, places }: WorkerSetup, isFinal: ProgramCode['isFinal']): Told {
  let faulty = -1;
  const told: Told = {
    successors: 0,
    faults: 0,
    news: 0,
    onCondition() {
      told.news = 1;
    },
    onFault(number) {
      if (number < 0) return;
      told.faults++;
      faulty = number;
      if (control[places.faultIsNews] !== 0) told.news = 1;
    },
    onReport(number) {
      if (number >= 0) told.news = 1;
    },
    onStuck(number, s, at) {
      if (number !== faulty && control[places.deadlockIsNews] !== 0 && !isFinal(s, at)) told.news = 1;
    },
    onLockCycle() {
      if (control[places.deadlockIsNews] !== 0) told.news = 1;
    },
  };
  return told;
}

/** Expands chunk after chunk, and deals the successors to the workers that own them, until all is done or one is full. */
function makeDeal(
  setup: WorkerSetup,
  { program, batch }: Sweeper,
  recent: Recent,
  table: TableCode,
  told: Told,
): () => void {
  const { me, workers, control, places, segments, segmentStates, stride, ends, dealt } = setup;
  const row = 1 + 2 * workers;
  const deal = (from: number, end: number): boolean => {
    let head = from;
    while (head < end) {
      const at = head % segmentStates;
      const segment = segments[(head - at) / segmentStates]!;
      head = program.sweep(segment, at * stride, head, Math.min(end, head - at + segmentStates));
      told.successors += program.filled() / stride;
      if (!table.deal(batch, recent.sift(batch, program.filled()))) return false;
    }
    return true;
  };
  return () => {
    const [from, to, size] = [control[places.from]!, control[places.to]!, control[places.chunkStates]!];
    while (Atomics.load(control, places.full) === 0) {
      const chunk = Atomics.add(control, places.chunk, 1);
      const first = from + chunk * size;
      if (first >= to) return;
      const at = chunk * row;
      dealt[at] = me;
      for (let w = 0; w < workers; w++) dealt[at + 1 + 2 * w] = ends[w]!;
      if (!deal(first, Math.min(to, first + size))) Atomics.store(control, places.full, 1);
      for (let w = 0; w < workers; w++) dealt[at + 2 + 2 * w] = ends[w]!;
    }
  };
}

/** Enters what was dealt to this worker, in the order of the chunks. */
function makeEnter(setup: WorkerSetup, table: TableCode): (bits: number) => void {
  const { me, workers, control, places, outboxes, dealt, stride, recordsAtOnce } = setup;
  const row = 1 + 2 * workers;
  return (bits) => {
    const states = control[places.to]! - control[places.from]!;
    const chunks = Math.ceil(states / control[places.chunkStates]!);
    for (let at = 0; at < chunks * row; at += row) {
      const box = outboxes[dealt[at]!]![me]!;
      const last = dealt[at + 2 + 2 * me]!;
      for (let begin = dealt[at + 1 + 2 * me]!; begin < last; ) {
        const end = Math.min(last, begin + recordsAtOnce * stride);
        table.enter(box, begin, end, bits);
        begin = end;
      }
    }
  };
}

/** Prepares a worker for the rounds of a search. */
export function makePart(setup: WorkerSetup, sweeperFor: (listener: RareEvents) => Sweeper): WorkerPart {
  const { me, workers, control, places, segments, rooms, stride } = setup;
  // The largest part of a table has a twelfth of the hashes; an eighth, where few bytes are dealt out to many parts.
  const partRecordsMax = rooms[me]!.length / stride / 8;
  const told = makeTold(setup, (s, at) => sweeper.program.isFinal(s, at));
  const sweeper = sweeperFor(told);
  const table: TableCode = new Function('around', `'use strict';\n${setup.tableText}`)(setup);
  const recent: Recent = new Function(`'use strict';\n${setup.recentText}`)();
  const deal = makeDeal(setup, sweeper, recent, table, told);
  const enter = makeEnter(setup, table);
  const results = places.results + me * places.resultSize;
  let bits = 0;
  return {
    take(segment) {
      segments.push(segment);
    },
    round(turns) {
      if (bits === 0) {
        bits = control[places.bits]!;
        table.seed(control[places.base]!, bits);
      }
      while (bits < control[places.bits]!) table.widen(bits++);
      told.successors = told.faults = told.news = 0;
      table.begin(control[places.from]!, control[places.base]!, bits);
      deal();
      control.set([told.successors, told.faults, told.news, table.dealt()], results);
      meet(control, workers, places);
      if (control[places.full] === 0) {
        enter(bits);
        control.set([table.cellCount(), table.growthCells(partRecordsMax)], results + 4);
        turns.entered?.();
        meet(control, workers, places);
        turns.met?.();
        table.number(bits);
      } else recent.forget();
      meet(control, workers, places);
    },
  };
}

/** Takes part in round after round until the search is over. Tells what went wrong, if it did here. */
export function workOn(
  setup: WorkerSetup,
  port: MessagePort,
  receive: (from: MessagePort) => { message: unknown } | undefined,
): void {
  const { control, places, workers } = setup;
  try {
    const part = makePart(setup, (listener) => makeSweeper(setup, listener));
    let taken = 0;
    const takeAll = () => {
      while (taken < control[places.sent]!) {
        const got = receive(port);
        if (got === undefined) continue;
        part.take(got.message as Int32Array);
        taken++;
      }
    };
    for (;;) {
      meet(control, workers, places);
      takeAll();
      part.round({ met: takeAll });
    }
  } catch (error) {
    if (Atomics.load(control, places.over) === 0) port.postMessage(String(error));
    Atomics.store(control, places.over, 1);
    Atomics.notify(control, places.generation);
  } finally {
    port.close();
  }
}

/** The text of a thread that works. */
export const workerText = (): string =>
  [
    "'use strict';",
    "const { receiveMessageOnPort, workerData } = require('node:worker_threads');",
    `const meet = ${meet};`,
    `const makeSweeper = ${makeSweeper};`,
    `const makeTold = ${makeTold};`,
    `const makeDeal = ${makeDeal};`,
    `const makeEnter = ${makeEnter};`,
    `const makePart = ${makePart};`,
    `const workOn = ${workOn};`,
    'workOn(workerData.setup, workerData.port, receiveMessageOnPort);',
  ].join('\n');
