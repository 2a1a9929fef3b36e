// Several workers on one search, round by round; table/owned_table.ts describes a round. The main thread is one of them
// and decides the next round. A round with a new event is examined once more by a single thread, in order, so that
// findings are those of a single worker.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Findings } from '../search/findings.js';
import type { ActiveSearch, Expander, SearchState } from '../search/search_state.js';
import { OwnedTable } from '../table/owned_table.js';
import { RecentCache } from '../table/recent_cache.js';
import { segmentBits } from '../table/states.js';
import { partOfByte, tableOfByte } from '../table/table_parts.js';
import { writeWordCode } from '../table/word_code.js';
import { Mailbox } from './mailbox.js';
import { threadCode, threadText } from './thread_code.js';
import type { WorkerPart, WorkerSetup } from './worker_part.js';

/** States of a round: enough to make the barriers cheap, few enough for the caches. */
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

/** Workers start when a search has a fourth of the states at which they join it, and prepare meanwhile. */
const headStart = 4;
/** The memory that must be left when they join, as a multiple of what workers take beside states and tables. */
const leastLeft = 4;
/**
 * The most bytes that the tables of all workers take for each state: 4 bytes a cell, of which at least half are taken.
 */
const tableBytesMax = 8;

/** Workers that join a search once it has so many states. */
export class LateWorkers {
  readonly #search: SearchState;
  readonly #workers: number;
  readonly #from: number;
  #pool: WorkerPool | undefined;

  constructor(search: SearchState, workers: number, from: number) {
    this.#search = search;
    this.#workers = workers;
    this.#from = workers > 1 ? from : Number.POSITIVE_INFINITY;
  }

  /**
   * Starts them at that point, and later passes the search to them, with all states found so far. If little memory is
   * left, they never join: a single worker gets further with it.
   */
  joinWhenDue(active: ActiveSearch, bytesLeft: number): void {
    const { count } = this.#search.states;
    if (count < this.#from / headStart) return;
    this.#pool ??= new WorkerPool(this.#search, this.#workers);
    if (count < this.#from || active.expander === this.#pool) return;
    const bytes = this.#pool.bytes + this.#pool.growthBytes;
    if (bytesLeft < leastLeft * bytes + tableBytesMax * count) return;
    this.#pool.begin();
    active.expander = this.#pool;
    active.table = undefined;
  }

  /** Ends their threads. */
  close(): void {
    this.#pool?.close();
  }
}

class WorkerPool implements Expander {
  readonly sweepsPerProgress = 8;
  readonly #search: SearchState;
  readonly #setup: WorkerSetup;
  readonly #mailbox: Mailbox;
  readonly #part: WorkerPart;
  readonly #ports: MessagePort[] = [];
  readonly #roundStatesMax: number;
  #roundStates: number;

  /** Starts the other workers for a search in progress; they prepare while it goes on. */
  constructor(search: SearchState, workers: number) {
    this.#search = search;
    search.states.share();
    this.#setup = setupOf(search, workers);
    this.#mailbox = new Mailbox(this.#setup.numbers, workers);
    this.#mailbox.set('chunkStates', chunkStates);
    this.#mailbox.set('numberBits', bitsMin);
    this.#roundStatesMax = Math.min(roundStatesMax, 2 ** (keyBits - this.#setup.branchingBits));
    this.#roundStates = this.#roundStatesMax;
    const text = threadText();
    for (let me = 1; me < workers; me++) {
      const { port1, port2 } = new MessageChannel();
      const workerData = { setup: { ...this.#setup, me }, port: port2 };
      const thread = new Worker(text, { eval: true, workerData, transferList: [port2], execArgv: [] });
      thread.unref();
      port1.unref();
      this.#ports.push(port1);
    }
    const { findings } = search;
    this.#part = threadCode.makePart(this.#setup, threadCode, (events) => {
      return { program: findings.code.lend(events), batch: findings.code.batch };
    });
  }

  /** Sends all workers the states found so far. */
  begin(): void {
    this.#reserve(this.#search.states.count);
  }

  get bytes(): number {
    const { workers, outboxes, pending, batchLength, stride } = this.#setup;
    const own = pending[0]!.byteLength;
    // For each pending state, a worker also stores the place of its entry, and its number.
    const each =
      4 * batchLength + outboxes[0]!.length * outboxes[0]![0]!.byteLength + own + (2 * own) / stride;
    return workers * (each + RecentCache.bytes(stride)) + 4 * this.#mailbox.sum('cells');
  }

  /** The growth of each worker's table, and the pending states of a whole round. */
  get growthBytes(): number {
    const { workers, pending } = this.#setup;
    return 4 * this.#mailbox.sum('growthCells') + workers * pending[0]!.byteLength;
  }

  advance(end: number, countMax: number): boolean {
    const search = this.#search;
    const mailbox = this.#mailbox;
    const { states, findings } = search;
    const from = search.head;
    let to = Math.min(end, from + this.#roundStates);
    while (!this.#round(from, to)) {
      this.#roundStates = Math.ceil((to - from) / 2);
      to = from + this.#roundStates;
    }
    const count = this.#setup.pendingCounts.reduce((sum, n) => sum + n, states.count);
    if (4 * mailbox.sum('routed') < recordsMin)
      this.#roundStates = Math.min(2 * this.#roundStates, this.#roundStatesMax);
    states.count = Math.min(count, countMax);
    if (count > countMax) {
      // The state beyond the limit was stored too; a single worker stops at its parent.
      search.head = states.parent(countMax) + 1;
      search.transitions += lookThrough(findings, from, search.head);
      return false;
    }
    search.head = to;
    search.transitions += mailbox.sum('successors') + mailbox.sum('faults');
    if (mailbox.sum('news') > 0) lookThrough(findings, from, to);
    return true;
  }

  /** Ends the other workers. */
  close(): void {
    this.#mailbox.end();
    for (const port of this.#ports) port.close();
  }

  /** Lets all workers search a round; false if its successors did not fit, and nothing was entered. */
  #round(from: number, to: number): boolean {
    const { states, findings } = this.#search;
    const { workers, pending, stride } = this.#setup;
    const mailbox = this.#mailbox;
    const newMax = (workers * pending[0]!.length) / stride;
    while (states.count + newMax + 1 >= 2 ** mailbox.get('numberBits')) mailbox.add('numberBits', 1);
    mailbox.set('from', from);
    mailbox.set('to', to);
    mailbox.set('firstNew', states.count);
    mailbox.set('nextChunk', 0);
    mailbox.set('full', 0);
    mailbox.set('faultIsNews', findings.faultIsNews ? 1 : 0);
    mailbox.set('deadlockIsNews', findings.deadlockIsNews ? 1 : 0);
    try {
      mailbox.barrier();
      this.#part.round({ entered: () => this.#reserve(states.count + mailbox.sum('routed')) });
    } catch (error) {
      const message = this.#ports
        .map((port) => receiveMessageOnPort(port)?.message)
        .find((text) => text !== undefined);
      throw message === undefined ? error : new Error(`a worker failed: ${message}`);
    }
    return mailbox.get('full') === 0;
  }

  /** Makes space for so many states, and sends the added segments to the others. */
  #reserve(count: number): void {
    const { states } = this.#search;
    const { segments } = this.#setup;
    states.reserve(count);
    for (const segment of states.segments.slice(segments.length)) {
      for (const port of this.#ports) port.postMessage(segment);
      this.#part.take(segment);
      this.#mailbox.add('segmentsSent', 1);
    }
  }
}

/** Checks and expands states in one thread, for the findings; returns the number of their transitions. */
function lookThrough(findings: Findings, from: number, to: number): number {
  const { states } = findings;
  let transitions = 0;
  for (let head = from; head < to; ) {
    head = findings.sweep(head, Math.min(to, states.segmentEnd(head)));
    transitions += findings.code.batchLength / states.stride + findings.faults;
  }
  return transitions;
}

/** The data of the workers of a search, as for the main thread. */
export function setupOf({ states, findings, compiled }: SearchState, workers: number): WorkerSetup {
  const { stride } = states;
  const batchLength = compiled.batchLength();
  const boxLength = Math.max(batchLength, Math.ceil(recordsMin / workers) * stride);
  const each = <T>(make: (worker: number) => T) => Array.from({ length: workers }, (_, w) => make(w));
  return {
    me: 0,
    workers,
    branchingBits: Math.ceil(Math.log2(compiled.branching + 1)),
    programText: findings.code.textFor(batchLength),
    wordText: writeWordCode(states.words).text,
    batchLength,
    stride,
    segmentBits,
    numbers: shared(Mailbox.length(workers)),
    openSteps: findings.code.openSteps,
    openConditions: findings.code.openConditions,
    samples: findings.code.samples,
    segments: [...states.segments],
    partOfByte: partOfByte(workers),
    ownerOfByte: Uint8Array.from({ length: 256 }, (_, byte) => tableOfByte(byte, workers)),
    outboxes: each(() => each(() => shared(boxLength))),
    pending: each(() => shared(workers * boxLength)),
    ends: new Int32Array(workers),
    pendingCounts: shared(workers),
    usedParts: shared(workers * OwnedTable.rowLength),
    routes: shared(Math.ceil(roundStatesMax / chunkStates) * (1 + 2 * workers)),
  };
}
