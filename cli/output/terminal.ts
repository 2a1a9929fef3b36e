// Output: the capabilities of the terminal, and writing to it. The result goes to stdout, everything else to stderr.

import { ansi, type Page, plain } from '../../counterexamples/text.js';
import { OutputError } from '../errors.js';
import { writeResult } from '../load/guard.js';

const widthDefault = 80;
const widthMax = 160;

/** The layout of text: that of the terminal; fixed if the output goes to a file or a pipe. */
export function pageOf(width: number | undefined): Page {
  const { isTTY, columns } = process.stdout;
  const own = isTTY ? Math.min(Math.max(columns ?? widthDefault, 40), widthMax) : widthDefault;
  return { width: width ?? own, style: isTTY && !colourIsUnwanted() ? ansi : plain };
}

/** https://no-color.org */
const colourIsUnwanted = (): boolean =>
  (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';

/** Writes a result. A closed pipe (`| head`) is no error; a full disk throws an OutputError. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve();
      else reject(new OutputError(`cannot write the result: ${error.message}`));
    };
    process.stdout.once('error', failed);
    writeResult(text.endsWith('\n') ? text : `${text}\n`, (error) => {
      if (error) return failed(error);
      process.stdout.off('error', failed);
      resolve();
    });
  });
}

/** Writes a line to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
