// What every worker of a search does, the main thread included. These functions run in threads that start from their
// text, so they use nothing but their arguments and each other.

import type { MessagePort } from 'node:worker_threads';
import type { ProgramCode, Samples, Surroundings } from './program_code.js';
import type { TableCode, TableSurroundings } from './shared_table.js';

/** Where numbers stand in the shared `control` array; results of worker w start at `results + w × resultSize`. */
export const controlPlaces = {
  generation: 0,
  arrived: 1,
  failed: 2,
  stop: 3,
  from: 4,
  to: 5,
  base: 6,
  segments: 7,
  faultIsNews: 8,
  deadlockIsNews: 9,
  results: 16,
  resultSize: 8,
} as const;
/** Where a worker's results stand, counted from their start. */
export const resultPlaces = { length: 0, faults: 1, news: 2, kibibytes: 3 } as const;

export interface WorkerSetup extends TableSurroundings {
  readonly programText: string;
  readonly tableText: string;
  /** Numbers in a record of the batches. */
  readonly stride: number;
  readonly segmentStates: number;
  readonly control: Int32Array;
  readonly places: typeof controlPlaces;
  readonly resultPlaces: typeof resultPlaces;
  readonly openSteps: Uint8Array;
  readonly openConditions: Int32Array;
  readonly samples: Samples;
  readonly segments: Int32Array[];
  /** How many states there are before the workers join. */
  readonly entered: number;
}

export interface WorkerPart {
  expand(): void;
  probe(): void;
  number(): void;
  settle(): void;
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
  for (let spin = 0; spin < 2000; spin++) {
    if (Atomics.load(control, places.generation) !== generation) return;
  }
  while (Atomics.load(control, places.generation) === generation) {
    if (Atomics.load(control, places.failed) !== 0) throw new Error('a worker failed');
    Atomics.wait(control, places.generation, generation, 1000);
  }
}

/** Compiles the code, and makes of it the four phases of a block. */
export function makePart(setup: WorkerSetup): WorkerPart {
  const { me, workers, control, places, resultPlaces: result, segments, stride, found } = setup;
  const mine = places.results + me * places.resultSize;
  let [faults, faulty, news] = [0, -1, 0];
  const around: Surroundings = {
    batch: setup.batches[me]!,
    openSteps: setup.openSteps,
    openConditions: setup.openConditions,
    onCondition() {
      news = 1;
    },
    onFault(number) {
      if (number < 0) return;
      faults++;
      faulty = number;
      if (control[places.faultIsNews] !== 0) news = 1;
    },
    onReport(number) {
      if (number >= 0) news = 1;
    },
    onStuck(number, s, at) {
      if (number !== faulty && control[places.deadlockIsNews] !== 0 && !program.isFinal(s, at)) news = 1;
    },
  };
  const compile = (text: string) => new Function('around', `'use strict';\n${text}`);
  const program: ProgramCode = compile(setup.programText)(around);
  const table: TableCode = compile(setup.tableText)(setup);
  program.warmUp(setup.samples);
  table.enter(setup.entered);
  const sum = (of: Int32Array, first: number, step: number): number => {
    let total = 0;
    for (let o = 0; o < workers; o++) total += of[first + o * step]!;
    return total;
  };
  return {
    expand() {
      const [from, size] = [control[places.from]!, control[places.to]! - control[places.from]!];
      let number = from + Math.floor((size * me) / workers);
      const end = from + Math.floor((size * (me + 1)) / workers);
      let length = 0;
      [faults, faulty, news] = [0, -1, 0];
      while (number < end) {
        const at = number % setup.segmentStates;
        const stop = Math.min(end, number - at + setup.segmentStates);
        const reached = program.sweep(
          segments[Math.floor(number / setup.segmentStates)]!,
          at * stride,
          number,
          stop,
          length,
        );
        if (reached < stop) throw new Error('the batch of a worker is too small');
        length = program.filled();
        number = stop;
      }
      table.sort(length);
      control[mine + result.length] = length;
      control[mine + result.faults] = faults;
      control[mine + result.news] = news;
      control[mine + result.kibibytes] = Math.ceil(table.bytes() / 1024);
    },
    probe() {
      table.probe(control[places.base]!);
    },
    number() {
      let first = control[places.base]!;
      for (let w = 0; w < me; w++) first += sum(found, w * workers, 1);
      table.number(first, control[mine + result.length]! / stride);
    },
    settle() {
      table.settle();
    },
  };
}

/** Takes part in block after block until told to stop. */
export function workOn(
  setup: WorkerSetup,
  port: MessagePort,
  receive: (from: MessagePort) => { message: unknown } | undefined,
): void {
  const { control, places, workers, segments } = setup;
  try {
    const part = makePart(setup);
    for (;;) {
      meet(control, workers, places);
      if (control[places.stop] !== 0) return;
      while (segments.length < control[places.segments]!) {
        const got = receive(port);
        if (got !== undefined) segments.push(got.message as Int32Array);
      }
      part.expand();
      meet(control, workers, places);
      part.probe();
      meet(control, workers, places);
      part.number();
      meet(control, workers, places);
      part.settle();
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
    `const makePart = ${makePart};`,
    `const workOn = ${workOn};`,
    'workOn(workerData.setup, workerData.port, receiveMessageOnPort);',
  ].join('\n');
