// Output: the capabilities of the terminal, and writing to it. The result goes to stdout, everything else to stderr.

import { fstatSync } from 'node:fs';
import { ansi, type Page, plain } from '../../counterexamples/text.js';
import { OutputError } from '../errors.js';
import { writeResult } from '../load/guard.js';

const widthDefault = 80;
const widthMax = 160;

/** The layout of text: that of the terminal; fixed if the output goes to a file or a pipe. */
export function pageOf(width: number | undefined): Page {
  const { isTTY, columns } = process.stdout;
  const own = isTTY ? Math.min(Math.max(columns || widthDefault, 40), widthMax) : widthDefault;
  return { width: width ?? own, style: isTTY && !colourIsUnwanted() ? ansi : plain };
}

/** https://no-color.org */
const colourIsUnwanted = (): boolean =>
  (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';

/** Writes a result; false once nobody reads it (`| head`), which is no error. Throws an OutputError for a full disk. */
export function print(text: string): Promise<boolean> {
  return written(text.endsWith('\n') ? text : `${text}\n`);
}

/** So many characters are written at once. */
const pieceLength = 2 ** 16;

/** Writes a long result while it is made; stops once nobody reads it. Throws an OutputError for a full disk. */
export async function printPieces(pieces: Iterable<string>): Promise<void> {
  for (const piece of inPieces(pieces)) if (!(await written(piece))) return;
}

/** The same text in fewer pieces. */
export function* inPieces(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < pieceLength) continue;
    yield text;
    text = '';
  }
  yield text.endsWith('\n') ? text : `${text}\n`;
}

/** Does the result go to a file? */
export function isToFile(): boolean {
  const { fd }: { readonly fd?: number } = process.stdout;
  return fd !== undefined && fstatSync(fd).isFile();
}

/** Writes as it is; false if the pipe is closed. */
function written(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve(false);
      else reject(new OutputError(`cannot write the result: ${error.message}`));
    };
    process.stdout.once('error', failed);
    writeResult(text, (error) => {
      if (error) return failed(error);
      process.stdout.off('error', failed);
      resolve(true);
    });
  });
}

/** Writes a line to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
