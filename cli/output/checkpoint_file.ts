// Checkpoints of long searches in files: --checkpoint writes one now and then, --resume goes on from one. A file is a
// line of JSON, the records of all states as 32-bit numbers, and the SHA-256 of all of that. It is written under another
// name first, so whatever ends the process leaves the one before it, or the new one, whole.

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { endianness } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Explored, LimitReached, Lowered, Progress, Snapshot } from '../../checker/index.js';
import { grouped } from '../../counterexamples/text.js';
import type { SettingValue } from '../../models/language/index.js';
import { OutputError, UsageError } from '../errors.js';
import { isRunning } from '../is_running.js';
import { codeDigest } from '../package.js';
import { note } from './terminal.js';
import { wholeFile, writeWhole } from './whole_file.js';

const kind = 'raceproof checkpoint' as const;
/** Of the form of the file. */
const schema = 1;
const hashBytes = 32;
/** About so many bytes are read at once. */
const pieceBytes = 2 ** 22;

/** What a checkpoint belongs to; all of it must be the same when the search goes on. */
export interface CheckpointSubject {
  readonly model: string;
  readonly settings: { readonly [name: string]: SettingValue };
  readonly lowered: Lowered;
  /** Options that decide which checks there are, and how far the search goes. */
  readonly options: { readonly coverage: boolean; readonly depthMax: number | undefined };
}

type Header = Omit<Snapshot, 'records'> & {
  readonly kind: typeof kind;
  readonly schema: number;
  readonly endianness: string;
  /** Digests of raceproof's code, and of the Program, its properties and the options. */
  readonly code: string;
  readonly subject: string;
  /** For people: which model it is of. */
  readonly model: string;
  readonly settings: CheckpointSubject['settings'];
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const subjectDigest = ({ lowered: { program, properties }, options }: CheckpointSubject): string =>
  sha256(JSON.stringify([program, properties, options.coverage, options.depthMax ?? null]));

/** Writes checkpoints of one search. */
export interface CheckpointWriter {
  /** Writes one if it is due, or if the search is about to be stopped. */
  readonly onProgress: (progress: Progress, seconds: number, limit: LimitReached | undefined) => void;
  /** What to do with the last one, where the search did not come to its end. */
  readonly advice: (evidence: Explored) => string | undefined;
}

/** Throws an OutputError if the file cannot be written. */
export function checkpointWriter(
  file: string,
  minutes: number,
  subject: CheckpointSubject,
): CheckpointWriter {
  const target = writable(file);
  const about: Omit<Header, keyof Snapshot> = {
    ...{ kind, schema, endianness: endianness(), code: sha256(codeDigest()) },
    ...{ subject: subjectDigest(subject), model: subject.model, settings: subject.settings },
  };
  let dueAt = 60 * minutes;
  let states: number | undefined;
  let hasFailed = false;
  return {
    onProgress({ snapshot }, seconds, limit) {
      if (snapshot === undefined || (seconds < dueAt && limit === undefined)) return;
      const taken = snapshot();
      dueAt = seconds + 60 * minutes;
      try {
        writeWhole(target, pieces(about, taken), { isSynced: true });
        states = taken.states;
        hasFailed = false;
      } catch (error) {
        if (hasFailed) return;
        hasFailed = true;
        const kept = states === undefined ? 'there is none yet' : 'the one before is kept';
        note(
          `cannot write the checkpoint ${file}: ${(error as Error).message}; ${kept}, and the search goes on`,
        );
      }
    },
    advice: ({ exhaustive }) =>
      exhaustive || states === undefined
        ? undefined
        : `checkpoint of ${grouped(states)} states: to go on, repeat the command with --resume=${file}`,
  };
}

function writable(file: string): ReturnType<typeof wholeFile> {
  if (file === '') throw new UsageError('--checkpoint=FILE: which file?');
  try {
    const target = wholeFile(file);
    removeParts(target.path);
    return target;
  } catch (error) {
    throw new OutputError(`cannot write the checkpoint ${file}: ${(error as Error).message}`);
  }
}

/** Removes what processes that were killed have left of their checkpoints. */
function removeParts(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const [, pid] = name.startsWith(`${basename(path)}.`) ? (/\.(\d+)\.part$/.exec(name) ?? []) : [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(dirname(path), name), { force: true });
  }
}

function* pieces(
  about: Omit<Header, keyof Snapshot>,
  { records, ...counts }: Snapshot,
): Generator<string | Uint8Array> {
  const hash = createHash('sha256');
  const line = `${JSON.stringify({ ...about, ...counts } satisfies Header)}\n`;
  hash.update(line);
  yield line;
  for (const { buffer, byteOffset, byteLength } of records()) {
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    hash.update(bytes);
    yield bytes;
  }
  yield hash.digest();
}

/**
 * Reads a checkpoint of this subject; the file must stay as it is until its records are read. Throws a UsageError for a
 * file that is none, is damaged, or belongs to something else. It is left as it is.
 */
export function readCheckpoint(file: string, subject: CheckpointSubject): Snapshot {
  const handle = opened(file);
  const refuse = (why: string): never => {
    closeSync(handle);
    throw new UsageError(`--resume=${file}: ${why}`);
  };
  const { size } = fstatSync(handle);
  const { line, header } = headerOf(handle) ?? refuse('it is no checkpoint of raceproof');
  if (header.schema !== schema || header.code !== sha256(codeDigest())) {
    refuse('it was written by another version of raceproof; use that one, or begin anew without --resume');
  }
  if (header.endianness !== endianness()) refuse('it was written on a machine with another order of bytes');
  if (header.subject !== subjectDigest(subject)) refuse(otherSubject(header, subject));
  const from = Buffer.byteLength(line);
  const end = from + 4 * header.stride * header.states;
  if (size !== end + hashBytes || !isWhole(handle, end)) {
    refuse('it is damaged: its checksum is another one; use an older copy, or begin anew without --resume');
  }
  return { ...header, records: () => recordsIn(handle, from, end, 4 * header.stride) };
}

function opened(file: string): number {
  try {
    const handle = openSync(file, 'r');
    if (fstatSync(handle).isFile()) return handle;
    closeSync(handle);
  } catch (error) {
    throw new UsageError(`--resume=${file}: ${(error as Error).message}`);
  }
  throw new UsageError(`--resume=${file}: it is no file`);
}

/** The longest line of JSON: there are at most a few findings, and as many levels as the search is deep. */
const headerBytesMax = 2 ** 26;

function headerOf(handle: number): { readonly line: string; readonly header: Header } | undefined {
  const read: Buffer[] = [];
  for (let at = 0; at < headerBytesMax; at += 4096) {
    const piece = Buffer.alloc(4096);
    const length = readSync(handle, piece, 0, piece.length, at);
    const newline = piece.subarray(0, length).indexOf('\n');
    read.push(piece.subarray(0, newline < 0 ? length : newline + 1));
    if (newline < 0 && length === piece.length) continue;
    const line = Buffer.concat(read).toString('utf8');
    try {
      const header: Header = JSON.parse(line);
      return header.kind === kind ? { line, header } : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

const otherSubject = ({ model, settings }: Header, subject: CheckpointSubject): string => {
  const own = Object.keys({ ...settings, ...subject.settings }).filter(
    (name) => settings[name] !== subject.settings[name],
  );
  if (model !== subject.model) return `it is a checkpoint of ${model}, and this is ${subject.model}`;
  if (own.length > 0) {
    return `it is a checkpoint with ${own.map((name) => `${name}=${settings[name]}`).join(', ')}`;
  }
  return `it is a checkpoint of another version of ${model}, or with other properties, --coverage or --max-depth`;
};

function isWhole(handle: number, end: number): boolean {
  const hash = createHash('sha256');
  for (const piece of bytesIn(handle, 0, end, pieceBytes)) hash.update(piece);
  const written = Buffer.alloc(hashBytes);
  return readSync(handle, written, 0, hashBytes, end) === hashBytes && hash.digest().equals(written);
}

function* bytesIn(handle: number, from: number, end: number, most: number): Generator<Buffer> {
  const piece = Buffer.alloc(most);
  for (let at = from; at < end; ) {
    const length = readSync(handle, piece, 0, Math.min(most, end - at), at);
    if (length === 0) return;
    yield piece.subarray(0, length);
    at += length;
  }
}

/** In pieces of whole records; closes the file at the end. */
function* recordsIn(handle: number, from: number, end: number, recordBytes: number): Generator<Int32Array> {
  const piece = Buffer.alloc(Math.max(1, Math.floor(pieceBytes / recordBytes)) * recordBytes);
  try {
    for (let at = from; at < end; ) {
      const wanted = Math.min(piece.length, end - at);
      for (let done = 0; done < wanted; ) {
        const length = readSync(handle, piece, done, wanted - done, at + done);
        if (length === 0) throw new Error('the checkpoint became shorter while it was read');
        done += length;
      }
      at += wanted;
      yield new Int32Array(piece.buffer, piece.byteOffset, wanted / 4);
    }
  } finally {
    closeSync(handle);
  }
}
