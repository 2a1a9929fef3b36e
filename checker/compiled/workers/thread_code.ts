// The code of the search threads, and its text: a thread starts from the text of these classes and functions, since
// there is no file that Node could load both from sources and from the build. So they use nothing but their arguments
// and themselves, and get each other as arguments.

import type { MessagePort } from 'node:worker_threads';
import type { CodeEnvironment, ProgramCode, RareEvents } from '../emit/javascript_program.js';
import { BucketTable } from '../table/bucket_table.js';
import { OwnedTable } from '../table/owned_table.js';
import { PendingStates } from '../table/pending_states.js';
import { RecentCache } from '../table/recent_cache.js';
import { TableGrowth } from '../table/table_growth.js';
import { TableParts } from '../table/table_parts.js';
import { TableStates } from '../table/table_states.js';
import type { WordCode } from '../table/word_code.js';
import { Mailbox } from './mailbox.js';
import { type Sweeper, type TableSetup, Tally, WorkerPart, type WorkerSetup } from './worker_part.js';

/** Evaluates the text: the code for states of so many words. */
const wordCodeOf = (text: string): WordCode => new Function(`'use strict';\n${text}`)();

/** The table of a worker. */
function ownedTable(setup: TableSetup, words: WordCode, code: ThreadCode): OwnedTable {
  const recordsAtOnce = 512;
  const { me, stride, segments, segmentBits, pending, partOfByte } = setup;
  const parts = new code.TableParts(partOfByte, 31, code.OwnedTable.roundLoadMax);
  const states = new code.TableStates(stride, segments, segmentBits, pending[me]!);
  const growth = new code.TableGrowth(parts, words, states);
  const table = new code.BucketTable(parts, states, growth, words, recordsAtOnce);
  const waiting = new code.PendingStates(setup, states, words);
  return new code.OwnedTable(setup, table, states, growth, waiting, words);
}

/** Prepares a worker for the rounds of a search; `sweeperFor` makes the code of the Program with these callbacks. */
function makePart(
  setup: WorkerSetup,
  code: ThreadCode,
  sweeperFor: (events: RareEvents) => Sweeper,
): WorkerPart {
  const words = code.wordCodeOf(setup.wordText);
  const mailbox = new code.Mailbox(setup.numbers, setup.workers);
  const tally: Tally = new code.Tally(mailbox, (s, at) => sweeper.program.isFinal(s, at));
  const sweeper = sweeperFor(tally);
  const table = code.ownedTable(setup, words, code);
  const recent = new code.RecentCache(words, setup.stride);
  return new code.WorkerPart({ setup, mailbox, tally, sweeper, table, recent });
}

/** Compiles the code of the Program for a thread. */
function makeSweeper(setup: WorkerSetup, events: RareEvents): Sweeper {
  const { openSteps, openConditions, samples } = setup;
  const batch = new Int32Array(setup.batchLength);
  const around: CodeEnvironment = { batch, openSteps, openConditions, ...events };
  const program: ProgramCode = new Function('around', `'use strict';\n${setup.programText}`)(around);
  program.warmUp(samples);
  return { program, batch };
}

/** Takes part in all rounds until the search is over. Sends the error, if one occurred here. */
function workOn(
  setup: WorkerSetup,
  port: MessagePort,
  code: ThreadCode,
  receive: (from: MessagePort) => { message: unknown } | undefined,
): void {
  const mailbox = new code.Mailbox(setup.numbers, setup.workers);
  try {
    const part = code.makePart(setup, code, (events) => code.makeSweeper(setup, events));
    let taken = 0;
    const takeAll = () => {
      while (taken < mailbox.get('segmentsSent')) {
        const got = receive(port);
        if (got === undefined) continue;
        part.take(got.message as Int32Array);
        taken++;
      }
    };
    for (;;) {
      mailbox.barrier();
      takeAll();
      part.round({ met: takeAll });
    }
  } catch (error) {
    if (mailbox.get('over') === 0) port.postMessage(String(error));
    mailbox.end();
  } finally {
    port.close();
  }
}

const classes = {
  BucketTable,
  Mailbox,
  OwnedTable,
  PendingStates,
  RecentCache,
  TableGrowth,
  TableParts,
  TableStates,
  Tally,
  WorkerPart,
};
const functions = { makePart, makeSweeper, ownedTable, wordCodeOf, workOn };

/** The code that every thread of a search runs. */
export type ThreadCode = typeof classes & typeof functions;

/** The code for the current thread. */
export const threadCode: ThreadCode = { ...classes, ...functions };

/** The text of a worker thread. */
export const threadText = (): string => {
  const names = Object.keys(threadCode).join(', ');
  return [
    "'use strict';",
    "const { receiveMessageOnPort, workerData } = require('node:worker_threads');",
    ...Object.entries(threadCode).map(([name, code]) => `const ${name} = ${code};`),
    `workOn(workerData.setup, workerData.port, { ${names} }, receiveMessageOnPort);`,
  ].join('\n');
};
