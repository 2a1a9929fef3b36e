// What every worker of a search does, the main thread included. These functions run in threads that start from their
// text, so they use nothing but their arguments and each other.
//
//   round:  all meet · move entries of parts that grow · expand chunk after chunk of the round's states, and enter
//           their successors · meet · count the new states of each chunk · meet · number them · meet

import type { MessagePort } from 'node:worker_threads';
import type { Listener, ProgramCode, Samples, Surroundings } from './program_code.js';
import type { TableCode, TableSurroundings } from './shared_table.js';

/** Where numbers stand in the shared `control` array; results of worker w start at `results + w × resultSize`. */
export const controlPlaces = {
  generation: 0,
  arrived: 1,
  failed: 2,
  stop: 3,
  /** The states of the round, and how many make a chunk. */
  from: 4,
  to: 5,
  chunkStates: 6,
  /** The number of the first new state, and the bits of a number. */
  base: 7,
  bits: 8,
  /** The next chunk that nobody works on. */
  chunk: 9,
  /** 1 once a worker has no room: the round will be taken back. */
  full: 10,
  /** How many arrays were sent to each worker so far. */
  sent: 11,
  faultIsNews: 12,
  deadlockIsNews: 13,
  results: 16,
  resultSize: 8,
} as const;
/** Where a worker's results stand, counted from their start. */
export const resultPlaces = { successors: 0, faults: 1, news: 2 } as const;

export interface WorkerSetup extends TableSurroundings {
  readonly programText: string;
  readonly tableText: string;
  /** Numbers of the worker's batch, and in a record of it. */
  readonly batchLength: number;
  readonly stride: number;
  readonly segmentStates: number;
  readonly control: Int32Array;
  /** Each worker has room for 2^roomBits new states in a round. */
  readonly roomBits: number;
  /** Bits of a number when the workers start. */
  readonly numberBits: number;
  readonly places: typeof controlPlaces;
  readonly openSteps: Uint8Array;
  readonly openConditions: Int32Array;
  readonly samples: Samples;
  readonly segments: Int32Array[];
  /** New states of each chunk of the round. */
  readonly found: Int32Array;
}

/** An array of the search that is new: a segment of states, or the larger array of a part. */
export interface Sent {
  readonly array: Int32Array;
  readonly part?: number;
}

export interface WorkerPart {
  /** Takes an array that the round will use. */
  take(sent: Sent): void;
  /** Does this worker's share of a round, from the first meeting to the last. */
  round(): void;
}

/** Waits until all workers are here. Throws if one of them failed. */
export function meet(control: Int32Array, workers: number, places: typeof controlPlaces): void {
  const generation = Atomics.load(control, places.generation);
  if (Atomics.add(control, places.arrived, 1) === workers - 1) {
    Atomics.store(control, places.arrived, 0);
    Atomics.add(control, places.generation, 1);
    Atomics.notify(control, places.generation);
    return;
  }
  for (let spin = 0; spin < 5000; spin++) {
    if (Atomics.load(control, places.generation) !== generation) return;
  }
  while (Atomics.load(control, places.generation) === generation) {
    if (Atomics.load(control, places.failed) !== 0) throw new Error('a worker failed');
    Atomics.wait(control, places.generation, generation, 1000);
  }
}

/** The code of the Program, and the batch that it fills. */
export interface Sweeper {
  readonly program: ProgramCode;
  readonly batch: Int32Array;
}

/** Compiles the code of the Program for a thread. */
function makeSweeper(setup: WorkerSetup, listener: Listener): Sweeper {
  const { openSteps, openConditions, samples } = setup;
  const batch = new Int32Array(setup.batchLength);
  const around: Surroundings = { batch, openSteps, openConditions, ...listener };
  const program: ProgramCode = new Function('around', `'use strict';\n${setup.programText}`)(around);
  program.warmUp(samples);
  return { program, batch };
}

/** What expanding tells: successors, steps without a value, and whether something is news. */
interface Told extends Listener {
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
  };
  return told;
}

/** Makes the function that lets parts grow before a round, beside the other workers; returns the bits of a number. */
function makeGrow(setup: WorkerSetup, table: TableCode, larger: (Int32Array | undefined)[]): () => number {
  const { me, workers, control, places, parts } = setup;
  let bits = setup.numberBits;
  return () => {
    const now = control[places.bits]!;
    if (now !== bits) {
      parts.forEach((part, p) => {
        if (p % workers === me) for (let b = bits; b < now; b++) table.widen(part, b);
      });
      bits = now;
      meet(control, workers, places);
    }
    if (larger.length > 0) {
      larger.forEach((to, p) => {
        if (to) table.move(parts[p]!, to, bits, me);
      });
      meet(control, workers, places);
      larger.forEach((to, p) => {
        if (to) parts[p] = to;
      });
      larger.length = 0;
    }
    return bits;
  };
}

/** Makes the function that expands the states `from` … `end - 1`; it says false if there is no room for a successor. */
function makeExpand(setup: WorkerSetup, { program, batch }: Sweeper, table: TableCode, told: Told) {
  const { segments, segmentStates, stride } = setup;
  return (from: number, end: number): boolean => {
    let head = from;
    while (head < end) {
      const at = head % segmentStates;
      const segment = segments[(head - at) / segmentStates]!;
      head = program.sweep(segment, at * stride, head, Math.min(end, head - at + segmentStates));
      told.successors += program.filled() / stride;
      if (!table.enter(batch, program.filled())) return false;
    }
    return true;
  };
}

/** Prepares a worker for the rounds of a search. */
export function makePart(setup: WorkerSetup, sweeperFor: (listener: Listener) => Sweeper): WorkerPart {
  const { control, places, segments, found, workers } = setup;
  const told = makeTold(setup, (s, at) => sweeper.program.isFinal(s, at));
  const sweeper = sweeperFor(told);
  const table: TableCode = new Function('around', `'use strict';\n${setup.tableText}`)(setup);
  const expand = makeExpand(setup, sweeper, table, told);
  const larger: (Int32Array | undefined)[] = [];
  const grow = makeGrow(setup, table, larger);
  /** The chunks of this worker, and where the log of each ends. */
  const chunks: { readonly chunk: number; readonly logEnd: number }[] = [];
  const expandChunks = () => {
    const [from, to, size] = [control[places.from]!, control[places.to]!, control[places.chunkStates]!];
    while (control[places.full] === 0) {
      const chunk = Atomics.add(control, places.chunk, 1);
      const first = from + chunk * size;
      if (first >= to) return;
      if (!expand(first, Math.min(to, first + size))) Atomics.store(control, places.full, 1);
      chunks.push({ chunk, logEnd: table.logged() });
    }
  };
  const eachChunk = (work: (chunk: number, from: number, to: number) => void) => {
    let from = 0;
    for (const { chunk, logEnd } of chunks) {
      work(chunk, from, logEnd);
      from = logEnd;
    }
  };
  const settle = () => {
    eachChunk((chunk, from, to) => {
      found[chunk] = table.count(from, to);
    });
    meet(control, workers, places);
    eachChunk((chunk, from, to) => {
      let next = control[places.base]!;
      for (let before = 0; before < chunk; before++) next += found[before]!;
      table.number(from, to, next);
    });
  };
  return {
    take({ array, part }) {
      if (part === undefined) segments.push(array);
      else larger[part] = array;
    },
    round() {
      const bits = grow();
      told.successors = told.faults = told.news = chunks.length = 0;
      table.begin(control[places.base]!, bits);
      expandChunks();
      control.set([told.successors, told.faults, told.news], places.results + setup.me * places.resultSize);
      meet(control, workers, places);
      if (control[places.full] === 0) settle();
      else table.takeBack();
      meet(control, workers, places);
    },
  };
}

/** Takes part in round after round until told to stop. */
export function workOn(
  setup: WorkerSetup,
  port: MessagePort,
  receive: (from: MessagePort) => { message: unknown } | undefined,
): void {
  const { control, places, workers } = setup;
  try {
    const part = makePart(setup, (listener) => makeSweeper(setup, listener));
    for (let taken = 0; ; ) {
      meet(control, workers, places);
      if (control[places.stop] !== 0) return;
      while (taken < control[places.sent]!) {
        const got = receive(port);
        if (got === undefined) continue;
        part.take(got.message as Sent);
        taken++;
      }
      part.round();
    }
  } catch (error) {
    port.postMessage(String(error));
    Atomics.store(control, places.failed, 1);
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
    `const makeGrow = ${makeGrow};`,
    `const makeExpand = ${makeExpand};`,
    `const makePart = ${makePart};`,
    `const workOn = ${workOn};`,
    'workOn(workerData.setup, workerData.port, receiveMessageOnPort);',
  ].join('\n');
