// What every worker of a search does in a round, the main thread included. Runs in threads that start from its text, so
// it uses nothing but its arguments and itself.
//
//   round:  barrier · expand chunks of the round's states, and route the successors to their owners ·
//           barrier · enter the states that one owns · barrier · number the new states · barrier

import type { ProgramCode, RareEvents } from '../emit/javascript_program.js';
import type { OwnedTable, OwnedTableSetup } from '../table/owned_table.js';
import type { RecentCache } from '../table/recent_cache.js';
import type { Mailbox } from './mailbox.js';

/** The parts of a worker's table. */
export interface TableSetup extends OwnedTableSetup {
  /** Numbers in a record: the words of a state and a mark. */
  readonly stride: number;
  readonly segments: Int32Array[];
  /** States in a segment, as a power of two. */
  readonly segmentBits: number;
  readonly partOfByte: Uint8Array;
}

/** The data of a worker; copied to the other threads except for shared arrays. */
export interface WorkerSetup extends TableSetup {
  readonly programText: string;
  readonly wordText: string;
  /** Numbers of the worker's batch. */
  readonly batchLength: number;
  /** The numbers of the mailbox. */
  readonly numbers: Int32Array;
  readonly openSteps: Uint8Array;
  readonly openConditions: Int32Array;
  readonly samples: readonly Int32Array[];
  /**
   * For each chunk of the round: the worker that expanded it, then for each worker the range of successors routed to
   * it.
   */
  readonly routes: Int32Array;
}

/** Additional work of a round: before and after the barrier at which all states are entered. */
export interface Turns {
  entered?(): void;
  met?(): void;
}

/** The code of the Program, and the batch that it fills. */
export interface Sweeper {
  readonly program: ProgramCode;
  readonly batch: Int32Array;
}

/** The events of expanding in a round, and whether any of them is new. */
export class Tally implements RareEvents {
  successors = 0;
  faults = 0;
  news = 0;
  /** The last state in which a step had a fault. */
  #faulty = -1;
  readonly #mailbox: Mailbox;
  readonly #isFinal: ProgramCode['isFinal'];

  constructor(mailbox: Mailbox, isFinal: ProgramCode['isFinal']) {
    this.#mailbox = mailbox;
    this.#isFinal = isFinal;
  }

  // The code of the Program calls these without an object. A number below 0 belongs to no state.
  readonly onCondition = () => {
    this.news = 1;
  };
  readonly onFault = (number: number) => {
    if (number < 0) return;
    this.faults++;
    this.#faulty = number;
    if (this.#mailbox.get('faultIsNews') !== 0) this.news = 1;
  };
  readonly onReport = (number: number) => {
    if (number >= 0) this.news = 1;
  };
  readonly onStuck = (number: number, s: Int32Array, at: number) => {
    if (number !== this.#faulty && this.#mailbox.get('deadlockIsNews') !== 0 && !this.#isFinal(s, at))
      this.news = 1;
  };

  readonly onLockCycle = () => {
    if (this.#mailbox.get('deadlockIsNews') !== 0) this.news = 1;
  };

  clear(): void {
    this.successors = 0;
    this.faults = 0;
    this.news = 0;
  }
}

/** What a worker works with. */
export interface WorkerTools {
  readonly setup: WorkerSetup;
  readonly mailbox: Mailbox;
  readonly tally: Tally;
  readonly sweeper: Sweeper;
  readonly table: OwnedTable;
  readonly recent: RecentCache;
}

export class WorkerPart {
  readonly #setup: WorkerSetup;
  readonly #mailbox: Mailbox;
  readonly #tally: Tally;
  readonly #sweeper: Sweeper;
  readonly #table: OwnedTable;
  readonly #recent: RecentCache;
  /** By record of the batch that is not in the recent cache. */
  readonly #firstHashes: Int32Array;
  #isSeeded = false;

  constructor({ setup, mailbox, tally, sweeper, table, recent }: WorkerTools) {
    this.#setup = setup;
    this.#mailbox = mailbox;
    this.#tally = tally;
    this.#sweeper = sweeper;
    this.#table = table;
    this.#recent = recent;
    this.#firstHashes = new Int32Array(sweeper.batch.length / setup.stride);
  }

  /** Receives the next segment of states. */
  take(segment: Int32Array): void {
    this.#setup.segments.push(segment);
  }

  /** Does this worker's share of a round, from the first barrier to the last. */
  round(turns: Turns): void {
    const table = this.#table;
    const mailbox = this.#mailbox;
    const { me, pending, stride } = this.#setup;
    this.#begin();
    this.#expand();
    const { successors, faults, news } = this.#tally;
    mailbox.report(me, { successors, faults, news, routed: table.routed });
    mailbox.barrier();
    if (mailbox.get('full') === 0) {
      this.#enter();
      // The largest part of a table has a twelfth of the hashes; an eighth, where few bytes go to many parts.
      const partRecordsMax = pending[me]!.length / stride / 8;
      mailbox.report(me, { cells: table.cellCount, growthCells: table.growthCells(partRecordsMax) });
      turns.entered?.();
      mailbox.barrier();
      turns.met?.();
      table.number();
    } else this.#recent.forget();
    mailbox.barrier();
  }

  #begin(): void {
    const table = this.#table;
    const mailbox = this.#mailbox;
    const [firstNew, numberBits] = [mailbox.get('firstNew'), mailbox.get('numberBits')];
    if (this.#isSeeded) table.widenTo(numberBits);
    else table.seed(firstNew, numberBits);
    this.#isSeeded = true;
    this.#tally.clear();
    table.begin(mailbox.get('from'), firstNew);
  }

  /** Expands chunks, and routes the successors to their owners, until all are done or an outbox is full. */
  #expand(): void {
    const { me, workers, ends, routes } = this.#setup;
    const mailbox = this.#mailbox;
    const row = 1 + 2 * workers;
    const [from, to, size] = [mailbox.get('from'), mailbox.get('to'), mailbox.get('chunkStates')];
    while (mailbox.get('full') === 0) {
      const chunk = mailbox.add('nextChunk', 1);
      const first = from + chunk * size;
      if (first >= to) return;
      const at = chunk * row;
      routes[at] = me;
      for (let w = 0; w < workers; w++) routes[at + 1 + 2 * w] = ends[w]!;
      if (!this.#expandChunk(first, Math.min(to, first + size))) mailbox.set('full', 1);
      for (let w = 0; w < workers; w++) routes[at + 2 + 2 * w] = ends[w]!;
    }
  }

  /** Expands some states; false if there was no space for all successors. */
  #expandChunk(from: number, end: number): boolean {
    const { segments, segmentBits, stride } = this.#setup;
    const { program, batch } = this.#sweeper;
    const size = 1 << segmentBits;
    for (let head = from; head < end; ) {
      const at = head & (size - 1);
      head = program.sweep(
        segments[head >>> segmentBits]!,
        at * stride,
        head,
        Math.min(end, head - at + size),
      );
      this.#tally.successors += program.filled() / stride;
      const length = this.#recent.sift(batch, program.filled(), this.#firstHashes);
      if (!this.#table.route(batch, length, this.#firstHashes)) return false;
    }
    return true;
  }

  /** Enters the states that were routed to this worker, in the order of the chunks. */
  #enter(): void {
    const { me, workers, outboxes, routes, stride } = this.#setup;
    const mailbox = this.#mailbox;
    const row = 1 + 2 * workers;
    const chunks = Math.ceil((mailbox.get('to') - mailbox.get('from')) / mailbox.get('chunkStates'));
    const most = this.#table.recordsAtOnce * stride;
    for (let at = 0; at < chunks * row; at += row) {
      const box = outboxes[routes[at]!]![me]!;
      const last = routes[at + 2 + 2 * me]!;
      for (let begin = routes[at + 1 + 2 * me]!; begin < last; begin += most) {
        this.#table.enter(box, begin, Math.min(last, begin + most));
      }
    }
  }
}
