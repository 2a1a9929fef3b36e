// Several workers on one search, block by block; shared_table.ts says how. The main thread is one of them and decides
// what the next block is. Where a block brings news, it is looked through once more, alone and in order, so findings
// are those of a single worker too.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { partCount, partOfByte } from './exact_table.js';
import type { Findings } from './findings.js';
import { branchingMax } from './program_code.js';
import type { Run, Stepper } from './run.js';
import { writeSharedTable } from './shared_table.js';
import { segmentStates } from './states.js';
import {
  controlPlaces as at,
  makePart,
  meet,
  resultPlaces,
  type WorkerPart,
  type WorkerSetup,
  workerText,
} from './worker_part.js';

/** States of a block for each worker: enough to make the barriers cheap, few enough for the second cache. */
const blockStatesMax = 1024;
/** Successors that a worker can hold. */
const recordsMax = 2 ** 17;
export const workersMax = 16;

const shared = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));
const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));

export class Crew implements Stepper {
  readonly sweepsPerProgress = 8;
  readonly #run: Run;
  readonly #workers: number;
  readonly #setup: WorkerSetup;
  readonly #part: WorkerPart;
  readonly #threads: Worker[] = [];
  readonly #ports: MessagePort[] = [];
  readonly #blockStates: number;
  readonly #branching: number;

  /** Starts the other workers on a search that one has begun; its states must be shared. */
  constructor(run: Run, workers: number) {
    this.#run = run;
    this.#workers = workers;
    this.#branching = Math.max(1, branchingMax(run.program));
    this.#blockStates =
      workers * Math.max(1, Math.min(blockStatesMax, Math.floor(recordsMax / this.#branching) - 1));
    this.#setup = setupOf(run, workers, this.#branching);
    const text = workerText();
    for (let me = 1; me < workers; me++) {
      const { port1, port2 } = new MessageChannel();
      const workerData = { setup: { ...this.#setup, me }, port: port2 };
      const thread = new Worker(text, { eval: true, workerData, transferList: [port2], execArgv: [] });
      thread.unref();
      port1.unref();
      this.#threads.push(thread);
      this.#ports.push(port1);
    }
    this.#part = makePart(this.#setup);
  }

  get bytes(): number {
    let bytes = this.#batchBytes;
    for (let w = 0; w < this.#workers; w++) bytes += 1024 * this.#result(w, resultPlaces.kibibytes);
    return bytes;
  }

  /** A part that doubles takes as much again as it has. */
  get growthBytes(): number {
    return (2 * (this.bytes - this.#batchBytes)) / partCount;
  }

  advance(end: number, countMax: number): string | undefined {
    const run = this.#run;
    const { states, findings } = run;
    const { control } = this.#setup;
    const [from, to, base] = [run.head, Math.min(end, run.head + this.#blockStates), states.count];
    this.#share(base + (to - from) * this.#branching);
    control[at.from] = from;
    control[at.to] = to;
    control[at.base] = base;
    control[at.faultIsNews] = findings.faultIsNews ? 1 : 0;
    control[at.deadlockIsNews] = findings.deadlockIsNews ? 1 : 0;
    this.#block();
    const count = base + this.#setup.found.reduce((sum, news) => sum + news, 0);
    states.count = Math.min(count, countMax);
    if (count > countMax) {
      // The state beyond the limit was written too, so its parent can be read: there a single worker stops.
      const last = states.parent(countMax);
      run.head = last + 1;
      run.transitions += lookThrough(findings, from, run.head, states.stride);
      return `${countMax} states`;
    }
    run.head = to;
    let news = 0;
    for (let w = 0; w < this.#workers; w++) {
      run.transitions +=
        this.#result(w, resultPlaces.length) / states.stride + this.#result(w, resultPlaces.faults);
      news += this.#result(w, resultPlaces.news);
    }
    if (news > 0) lookThrough(findings, from, to, states.stride);
    return undefined;
  }

  close(): void {
    const { control } = this.#setup;
    Atomics.store(control, at.stop, 1);
    Atomics.store(control, at.failed, 1);
    Atomics.add(control, at.generation, 1);
    Atomics.notify(control, at.generation);
    for (const port of this.#ports) port.close();
  }

  get #batchBytes(): number {
    return this.#workers * 4 * this.#setup.batches[0]!.length;
  }

  #result(worker: number, place: number): number {
    return this.#setup.control[at.results + worker * at.resultSize + place]!;
  }

  /** Makes room for so many states, and hands new segments to all workers. */
  #share(count: number): void {
    const { states } = this.#run;
    const { segments, control } = this.#setup;
    states.reserve(count);
    for (let i = segments.length; i < states.segments.length; i++) {
      segments.push(states.segments[i]!);
      for (const port of this.#ports) port.postMessage(states.segments[i]!);
    }
    control[at.segments] = segments.length;
  }

  #block(): void {
    const { control } = this.#setup;
    const wait = () => meet(control, this.#workers, at);
    try {
      wait();
      this.#part.expand();
      wait();
      this.#part.probe();
      wait();
      this.#part.number();
      wait();
      this.#part.settle();
    } catch (error) {
      const said = this.#ports
        .map((port) => receiveMessageOnPort(port)?.message)
        .find((text) => text !== undefined);
      throw said === undefined ? error : new Error(`a worker failed: ${said}`);
    }
  }
}

/** Checks and expands states alone, for the findings; returns how many transitions they have. */
function lookThrough(findings: Findings, from: number, to: number, stride: number): number {
  let transitions = 0;
  for (let head = from; head < to; ) {
    head = findings.sweep(head, Math.min(to, (Math.floor(head / segmentStates) + 1) * segmentStates));
    transitions += findings.batchLength / stride + findings.faults;
  }
  return transitions;
}

function setupOf(run: Run, workers: number, branching: number): WorkerSetup {
  const { states, findings, layout } = run;
  const records = recordsMax + branching;
  const each = <T>(make: () => T): readonly T[] => Array.from({ length: workers }, make);
  const ownerOfPart = Uint8Array.from({ length: partCount }, (_, p) => {
    // Parts grow in size, so owners take turns back and forth.
    const turn = p % (2 * workers);
    return turn < workers ? turn : 2 * workers - 1 - turn;
  });
  return {
    me: 0,
    workers,
    programText: findings.textFor(records * states.stride),
    tableText: writeSharedTable(layout.words).text,
    stride: states.stride,
    segmentStates,
    control: shared(at.results + workers * at.resultSize),
    places: at,
    resultPlaces,
    openSteps: findings.openSteps,
    openConditions: findings.openConditions,
    samples: findings.samples,
    batches: each(() => shared(records * states.stride)),
    hashes: each(() => shared(2 * records)),
    fresh: each(() => sharedBytes(records)),
    numbers: each(() => shared(records)),
    lists: Array.from({ length: workers * workers }, () => shared(records)),
    listed: shared(workers * workers),
    found: shared(workers * workers),
    segments: [...states.segments],
    ownerOfPart,
    partOfByte,
    entered: states.count,
  };
}
