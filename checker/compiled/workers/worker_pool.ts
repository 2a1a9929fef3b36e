// Several workers on one search, round by round; owned_table.ts says how. The main thread is one of them and decides
// what the next round is. Where a round brings news, it is looked through once more, alone and in order, so findings
// are those of a single worker too.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Findings } from '../search/findings.js';
import type { ActiveSearch, Expander, SearchState } from '../search/search_state.js';
import { recordsAtOnce, rowLength, writeOwnedTable } from '../table/owned_table.js';
import { recentBytes, writeRecent } from '../table/recent_cache.js';
import { segmentStates } from '../table/states.js';
import { partOfByte, tableOfByte } from '../table/table_text.js';
import {
  controlPlaces as at,
  makePart,
  meet,
  resultPlaces,
  type WorkerPart,
  type WorkerSetup,
  workerText,
} from './worker_part.js';

/** States of a round: enough to make the meetings cheap, few enough for the caches. */
const roundStatesMax = 2 ** 15;
/** Bits of a key: a state of the round, and one of its successors. */
const keyBits = 30;
/** States that a worker takes at once. */
const chunkStates = 128;
/** Records that fit into all outboxes of a worker together, at least. */
const recordsMin = 2 ** 16;
/** The least bits of a state's number in the table. */
const bitsMin = 16;
export const workersMax = 16;

const shared = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));

/** Workers are started when a search has come to a fourth of where they join it, and prepare while it goes on. */
const headStart = 4;
/** So many times what workers take beside states and tables must be left when they join. */
const leastLeft = 4;
/** What the tables of all workers take for each state, at most: 4 bytes a cell, of which at least half are taken. */
const tableBytesMax = 8;

/** The workers that will join a search, if it comes to so many states. */
export class Recruits {
  readonly #run: SearchState;
  readonly #workers: number;
  readonly #from: number;
  #crew: Crew | undefined;

  constructor(run: SearchState, workers: number, from: number) {
    this.#run = run;
    this.#workers = workers;
    this.#from = workers > 1 ? from : Number.POSITIVE_INFINITY;
  }

  /**
   * Starts them when it is time; and when it is, they take the search over, with all states found so far. If there is
   * little memory left, they never do: one alone comes further with it.
   */
  attend(search: ActiveSearch, bytesLeft: number): void {
    const { count } = this.#run.states;
    if (count < this.#from / headStart) return;
    this.#crew ??= new Crew(this.#run, this.#workers);
    if (count < this.#from || search.expander === this.#crew) return;
    const bytes = this.#crew.bytes + this.#crew.growthBytes;
    if (bytesLeft < leastLeft * bytes + tableBytesMax * count) return;
    this.#crew.begin();
    search.expander = this.#crew;
    search.table = undefined;
  }

  /** Lets them go. */
  close(): void {
    this.#crew?.close();
  }
}

class Crew implements Expander {
  readonly sweepsPerProgress = 8;
  readonly #run: SearchState;
  readonly #workers: number;
  readonly #setup: WorkerSetup;
  readonly #part: WorkerPart;
  readonly #ports: MessagePort[] = [];
  readonly #roundStatesMax: number;
  #roundStates: number;

  /** Starts the other workers on a search that one has begun; they prepare while that goes on. */
  constructor(run: SearchState, workers: number) {
    this.#run = run;
    this.#workers = workers;
    run.states.share();
    const branchingBits = Math.ceil(Math.log2(run.compiled.branching + 1));
    this.#setup = setupOf(run, workers, branchingBits);
    this.#roundStatesMax = Math.min(roundStatesMax, 2 ** (keyBits - branchingBits));
    this.#roundStates = this.#roundStatesMax;
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

  /** Tells all workers where the states are. */
  begin(): void {
    this.#reserve(this.#run.states.count);
  }

  get bytes(): number {
    const { outboxes, rooms, batchLength, stride } = this.#setup;
    const room = rooms[0]!.byteLength;
    // Beside each state of its room, a worker writes down where its entry is, and its number.
    const each =
      4 * batchLength + outboxes[0]!.length * outboxes[0]![0]!.byteLength + room + (2 * room) / stride;
    return this.#workers * (each + recentBytes(stride)) + 4 * this.#sum(resultPlaces.cells);
  }

  /** The table of each worker grows, and the states of a whole round find room. */
  get growthBytes(): number {
    return 4 * this.#sum(resultPlaces.growthCells) + this.#workers * this.#setup.rooms[0]!.byteLength;
  }

  advance(end: number, countMax: number): boolean {
    const run = this.#run;
    const { states, findings } = run;
    const from = run.head;
    let to = Math.min(end, from + this.#roundStates);
    while (!this.#round(from, to)) {
      this.#roundStates = Math.ceil((to - from) / 2);
      to = from + this.#roundStates;
    }
    const { waiting } = this.#setup;
    const count = waiting.reduce((sum, n) => sum + n, states.count);
    if (4 * this.#sum(resultPlaces.dealt) < recordsMin)
      this.#roundStates = Math.min(2 * this.#roundStates, this.#roundStatesMax);
    states.count = Math.min(count, countMax);
    if (count > countMax) {
      // The state beyond the limit was written too, so its parent can be read: there a single worker stops.
      run.head = states.parent(countMax) + 1;
      run.transitions += lookThrough(findings, from, run.head);
      return false;
    }
    run.head = to;
    run.transitions += this.#sum(resultPlaces.successors) + this.#sum(resultPlaces.faults);
    if (this.#sum(resultPlaces.news) > 0) lookThrough(findings, from, to);
    return true;
  }

  /** Lets the other workers go. */
  close(): void {
    const { control } = this.#setup;
    Atomics.store(control, at.over, 1);
    Atomics.notify(control, at.generation);
    for (const port of this.#ports) port.close();
  }

  /** Lets all workers search a round; false if its successors did not fit, and nothing was entered. */
  #round(from: number, to: number): boolean {
    const { states, findings } = this.#run;
    const { control, rooms, stride } = this.#setup;
    const newMax = (this.#workers * rooms[0]!.length) / stride;
    while (states.count + newMax + 1 >= 2 ** control[at.bits]!) control[at.bits]!++;
    control[at.from] = from;
    control[at.to] = to;
    control[at.base] = states.count;
    control[at.chunk] = 0;
    control[at.full] = 0;
    control[at.faultIsNews] = findings.faultIsNews ? 1 : 0;
    control[at.deadlockIsNews] = findings.deadlockIsNews ? 1 : 0;
    try {
      meet(control, this.#workers, at);
      this.#part.round({ entered: () => this.#reserve(states.count + this.#sum(resultPlaces.dealt)) });
    } catch (error) {
      const said = this.#ports
        .map((port) => receiveMessageOnPort(port)?.message)
        .find((text) => text !== undefined);
      throw said === undefined ? error : new Error(`a worker failed: ${said}`);
    }
    return control[at.full] === 0;
  }

  /** Makes room for so many states, and tells the others where. */
  #reserve(count: number): void {
    const { states } = this.#run;
    const { control, segments } = this.#setup;
    states.reserve(count);
    for (const segment of states.segments.slice(segments.length)) {
      for (const port of this.#ports) port.postMessage(segment);
      this.#part.take(segment);
      control[at.sent]!++;
    }
  }

  /** Of a result of each worker. */
  #sum(place: number): number {
    const { control } = this.#setup;
    let sum = 0;
    for (let w = 0; w < this.#workers; w++) sum += control[at.results + w * at.resultSize + place]!;
    return sum;
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

function setupOf(run: SearchState, workers: number, branchingBits: number): WorkerSetup {
  const { states, findings, compiled } = run;
  const { stride } = states;
  const batchLength = compiled.batchLength();
  const boxLength = Math.max(batchLength, Math.ceil(recordsMin / workers) * stride);
  const each = <T>(make: (worker: number) => T) => Array.from({ length: workers }, (_, w) => make(w));
  const control = shared(at.results + workers * at.resultSize);
  control[at.chunkStates] = chunkStates;
  control[at.bits] = bitsMin;
  return {
    me: 0,
    workers,
    programText: findings.textFor(batchLength),
    recentText: writeRecent(compiled.layout.words).text,
    tableText: writeOwnedTable(compiled.layout.words, workers, branchingBits).text,
    batchLength,
    stride,
    segmentStates,
    recordsAtOnce,
    control,
    places: at,
    openSteps: findings.openSteps,
    openConditions: findings.openConditions,
    samples: findings.samples,
    segments: [...states.segments],
    partOfByte: partOfByte(workers),
    ownerOfByte: Uint8Array.from({ length: 256 }, (_, byte) => tableOfByte(byte, workers)),
    outboxes: each(() => each(() => shared(boxLength))),
    rooms: each(() => shared(workers * boxLength)),
    ends: new Int32Array(workers),
    waiting: shared(workers),
    taken: shared(workers * rowLength),
    dealt: shared(Math.ceil(roundStatesMax / chunkStates) * (1 + 2 * workers)),
  };
}
