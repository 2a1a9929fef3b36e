// Several workers on one search, round by round; shared_table.ts says how. The main thread is one of them and decides
// what the next round is. Where a round brings news, it is looked through once more, alone and in order, so findings
// are those of a single worker too.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type HandedOver, loadMax, partOfByte } from './exact_table.js';
import type { Findings } from './findings.js';
import { branchingMax } from './program_code.js';
import type { Run, Stepper } from './run.js';
import { logLength, rowLength, writeSharedTable } from './shared_table.js';
import { segmentStates, statesMax as statesMaxEver } from './states.js';
import {
  controlPlaces as at,
  makePart,
  meet,
  resultPlaces,
  type Sent,
  type WorkerPart,
  type WorkerSetup,
  workerText,
} from './worker_part.js';

/** States of a round: enough to make the meetings cheap, few enough for the caches. */
const roundStatesMax = 2 ** 15;
/** States that a worker takes at once. */
const chunkStates = 256;
/** New states that a worker can hold in a round, at least: 2^15. */
const roomBitsMin = 15;
/** Successors in a batch: as for one worker. */
const batchRecords = 512;
/** In a round a part may be filled further than in a search of one worker, but never whole. */
const roundLoadMax = 0.95;
export const workersMax = 16;

const shared = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));
function sharedCopy(array: Int32Array): Int32Array {
  const copy = shared(array.length);
  copy.set(array);
  return copy;
}

export class Crew implements Stepper {
  readonly sweepsPerProgress = 8;
  readonly #run: Run;
  readonly #workers: number;
  readonly #setup: WorkerSetup;
  readonly #part: WorkerPart;
  readonly #ports: MessagePort[] = [];
  /** Slots taken in each part. */
  readonly #used: number[];
  /** The arrays that parts move to in the next round. */
  readonly #larger = new Map<number, Int32Array>();
  #roundStates = roundStatesMax;

  /** Starts the other workers on a search that one has begun, with the table that it has filled. */
  constructor(run: Run, workers: number, table: HandedOver) {
    this.#run = run;
    this.#workers = workers;
    run.states.share();
    this.#setup = setupOf(run, workers, table);
    this.#used = table.parts.map((part) => part.reduce((sum, entry) => sum + (entry === 0 ? 0 : 1), 0));
    const text = workerText();
    for (let me = 1; me < workers; me++) {
      const { port1, port2 } = new MessageChannel();
      const workerData = { setup: { ...this.#setup, me }, port: port2 };
      const thread = new Worker(text, { eval: true, workerData, transferList: [port2], execArgv: [] });
      thread.unref();
      port1.unref();
      this.#ports.push(port1);
    }
    this.#part = makePart(this.#setup, (listener) => {
      return { program: run.findings.lend(listener), batch: run.findings.batch };
    });
  }

  get bytes(): number {
    const { parts, rooms, roomBits, batchLength } = this.#setup;
    const own = rooms[0]!.byteLength + 4 * (logLength(roomBits) + batchLength);
    return parts.reduce((sum, { byteLength }) => sum + byteLength, this.#workers * own);
  }

  /** A part doubles, and the states of a whole round find room. */
  get growthBytes(): number {
    const { parts, rooms } = this.#setup;
    return 2 * Math.max(...parts.map(({ byteLength }) => byteLength)) + this.#workers * rooms[0]!.byteLength;
  }

  advance(end: number, countMax: number): string | undefined {
    const run = this.#run;
    const { states, findings } = run;
    const { control, found, entered, parts, roomBits } = this.#setup;
    const from = run.head;
    let to = Math.min(end, from + this.#roundStates);
    this.#growWhere(({ length }, p) => this.#used[p]! > length * loadMax);
    while (!this.#round(from, to)) {
      if (!this.#growWhere((_, p) => this.#isFull(p))) this.#roundStates = Math.ceil((to - from) / 2);
      to = Math.min(to, from + this.#roundStates);
    }
    const chunks = Math.ceil((to - from) / chunkStates);
    const count = states.count + found.subarray(0, chunks).reduce((sum, n) => sum + n, 0);
    parts.forEach((_, p) => {
      this.#used[p]! += this.#sum(entered, p, rowLength);
    });
    if (count - states.count < 2 ** roomBits / 4) {
      this.#roundStates = Math.min(2 * this.#roundStates, roundStatesMax);
    }
    states.count = Math.min(count, countMax);
    if (count > countMax) {
      // The state beyond the limit was written too, so its parent can be read: there a single worker stops.
      run.head = states.parent(countMax) + 1;
      run.transitions += lookThrough(findings, from, run.head);
      return `${countMax} states`;
    }
    const results = (place: number) => this.#sum(control, at.results + place, at.resultSize);
    run.head = to;
    run.transitions += results(resultPlaces.successors) + results(resultPlaces.faults);
    if (results(resultPlaces.news) > 0) lookThrough(findings, from, to);
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

  /** Lets all workers search a round; false if it did not fit and was taken back. */
  #round(from: number, to: number): boolean {
    const { states, findings } = this.#run;
    const { control, parts, allowed, roomBits } = this.#setup;
    const newMax = this.#workers << roomBits;
    this.#reserve(Math.min(states.count + newMax, statesMaxEver));
    while (states.count + newMax + 1 >= 2 ** control[at.bits]!) control[at.bits]!++;
    parts.forEach((part, p) => {
      const length = this.#larger.get(p)?.length ?? part.length;
      const free = Math.floor(length * roundLoadMax) - this.#used[p]!;
      for (let w = 0; w < this.#workers; w++) {
        allowed[w * rowLength + p] = Math.max(0, Math.floor(free / this.#workers));
      }
    });
    this.#larger.clear();
    control[at.from] = from;
    control[at.to] = to;
    control[at.base] = states.count;
    control[at.chunk] = 0;
    control[at.full] = 0;
    control[at.faultIsNews] = findings.faultIsNews ? 1 : 0;
    control[at.deadlockIsNews] = findings.deadlockIsNews ? 1 : 0;
    try {
      meet(control, this.#workers, at);
      this.#part.round();
    } catch (error) {
      const said = this.#ports
        .map((port) => receiveMessageOnPort(port)?.message)
        .find((text) => text !== undefined);
      throw said === undefined ? error : new Error(`a worker failed: ${said}`);
    }
    return control[at.full] === 0;
  }

  /** Makes room for so many states. */
  #reserve(count: number): void {
    const { states } = this.#run;
    states.reserve(count);
    for (let i = this.#setup.segments.length; i < states.segments.length; i++) {
      this.#send({ array: states.segments[i]! });
    }
  }

  /** Gives a larger array to each part that is too full; false if none is. */
  #growWhere(isFull: (part: Int32Array, p: number) => boolean): boolean {
    this.#setup.parts.forEach((part, p) => {
      if (!isFull(part, p)) return;
      const array = shared(2 * part.length);
      this.#larger.set(p, array);
      this.#send({ array, part: p });
    });
    return this.#larger.size > 0;
  }

  #send(sent: Sent): void {
    for (const port of this.#ports) port.postMessage(sent);
    this.#part.take(sent);
    this.#setup.control[at.sent]!++;
  }

  /** Did some worker enter all that it may into a part? */
  #isFull(p: number): boolean {
    const { entered, allowed } = this.#setup;
    return this.#each((w) => w * rowLength + p).some((place) => entered[place]! >= allowed[place]!);
  }

  #sum(of: Int32Array, first: number, step: number): number {
    return this.#each((w) => of[first + w * step]!).reduce((sum, n) => sum + n, 0);
  }

  #each<T>(make: (worker: number) => T): readonly T[] {
    return Array.from({ length: this.#workers }, (_, w) => make(w));
  }
}

/** Checks and expands states alone, for the findings; returns how many transitions they have. */
function lookThrough(findings: Findings, from: number, to: number): number {
  const { states } = findings;
  let transitions = 0;
  for (let head = from; head < to; ) {
    head = findings.sweep(head, Math.min(to, states.segmentEnd(head)));
    transitions += findings.batchLength / states.stride + findings.faults;
  }
  return transitions;
}

function setupOf(run: Run, workers: number, { parts, numberBits }: HandedOver): WorkerSetup {
  const { states, findings, layout, program } = run;
  const branching = branchingMax(program);
  const roomBits = Math.max(roomBitsMin, Math.ceil(Math.log2(branching + 1)));
  const batchLength = (batchRecords + branching) * states.stride;
  const control = shared(at.results + workers * at.resultSize);
  control[at.bits] = numberBits;
  control[at.chunkStates] = chunkStates;
  return {
    me: 0,
    workers,
    programText: findings.textFor(batchLength),
    tableText: writeSharedTable(layout.words, roomBits).text,
    batchLength,
    stride: states.stride,
    segmentStates,
    control,
    numberBits,
    places: at,
    openSteps: findings.openSteps,
    openConditions: findings.openConditions,
    samples: findings.samples,
    segments: [...states.segments],
    parts: parts.map(sharedCopy),
    partOfByte,
    rooms: Array.from({ length: workers }, () => shared(states.stride << roomBits)),
    roomBits,
    entered: shared(workers * rowLength),
    allowed: shared(workers * rowLength),
    found: shared(Math.ceil(roundStatesMax / chunkStates)),
  };
}
