// A file that is written whole, or not at all: under another name first, so that neither a full disk nor a signal leaves
// half of one. A link stays a link; a device or a pipe is written to as it is.

import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';

/** Where a file is written. `part` is the other name; undefined for a device or a pipe. */
export interface WholeFile {
  readonly path: string;
  readonly part: string | undefined;
}

/** Throws an Error if the file cannot be written. */
export function wholeFile(file: string): WholeFile {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new Error('it is a folder');
  if (there !== undefined && !there.isFile()) {
    accessSync(file, constants.W_OK);
    return { path: file, part: undefined };
  }
  const path = there === undefined ? file : realpathSync(file);
  const part = `${path}.${process.pid}.part`;
  naming({ path, part }, () => {
    closeSync(openSync(part, 'w'));
    rmSync(part);
  });
  return { path, part };
}

/** An error of the work names the file that was asked for, not the part. */
function naming({ path, part }: WholeFile, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (part !== undefined && error instanceof Error) error.message = error.message.replaceAll(part, path);
    throw error;
  }
}

/**
 * Throws an Error if it cannot, and then leaves what was there. `isSynced`: the bytes are on the disk before the file has
 * its name.
 */
export function writeWhole(
  file: WholeFile,
  pieces: Iterable<string | Uint8Array>,
  { isSynced = false } = {},
): void {
  naming(file, () => writePieces(file, pieces, isSynced));
}

function writePieces(
  { path, part }: WholeFile,
  pieces: Iterable<string | Uint8Array>,
  isSynced: boolean,
): void {
  const handle = openSync(part ?? path, 'w');
  try {
    for (const piece of pieces) writeAll(handle, piece);
    if (isSynced && part !== undefined) fsyncSync(handle);
    if (part !== undefined) renameSync(part, path);
  } finally {
    closeSync(handle);
    if (part !== undefined) rmSync(part, { force: true });
  }
}

function writeAll(handle: number, piece: string | Uint8Array): void {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}
