// What every command is: its arguments as yargs knows them, and what it does with them.

import type { Argv } from 'yargs';
import type { ExitStatus } from './exit-status.js';

export interface Command<A> {
  /** The verb and its positional arguments, as yargs writes them: `check [model]`. */
  readonly command: string;
  readonly builder: (yargs: Argv) => Argv<A>;
  readonly run: (args: A) => Promise<ExitStatus>;
}
