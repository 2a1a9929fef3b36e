// Certificates in files. One is written under another name first, so a full disk leaves no half of one, and the file is
// known to be writable before anything is explored.

import { createHash } from 'node:crypto';
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { certificateText } from '../../checker/certificate/index.js';
import { programJson } from '../../checker/export/index.js';
import { checksOf, type Lowered, needsGraph, type Report, type StoredStates } from '../../checker/index.js';
import { OutputError, UsageError } from '../errors.js';
import { type Stop, Stopped } from '../stop.js';
import { note } from './terminal.js';

/** What decides whether there can be a certificate, beside the verdict. */
export interface CertificateOptions {
  readonly certificate: string | undefined;
  readonly engine: string;
  readonly search: string;
  readonly storage: string;
}

/** Where a certificate will be written, once it is known that it can be. */
export interface CertificateFile {
  /** For the search. */
  readonly onStates: (states: StoredStates) => void;
  /** Writes it if everything holds, or notes why there is none. False if there was no time to make it. */
  readonly finish: (lowered: Lowered, report: Report, stop: Stop) => boolean;
  /** Leaves nothing behind but a certificate that is whole. */
  readonly drop: () => void;
}

/** Opens the file. Throws a UsageError for a search that keeps no states, an OutputError for what cannot be written. */
export function openCertificate({
  certificate: file,
  engine,
  search,
  storage,
}: CertificateOptions): CertificateFile | undefined {
  if (file === undefined) return undefined;
  if (file === '') throw new UsageError('--certificate=FILE: which file?');
  if (engine !== 'compiled' || search !== 'bfs' || storage !== 'exact') {
    throw new UsageError(
      '--certificate needs all states: --engine=compiled, --search=bfs and --storage=exact',
    );
  }
  const there = statSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new OutputError(`cannot write the certificate: ${file} is a folder`);
  const target = there?.isFile() ? realpathSync(file) : file;
  // A device or a pipe is written to as it is.
  const part = there === undefined || there.isFile() ? `${target}.${process.pid}.part` : undefined;
  const handle = writing(file, () => openSync(part ?? target, 'w'));
  let states: StoredStates | undefined;
  let isOpen = true;
  const drop = () => {
    if (!isOpen) return;
    isOpen = false;
    closeSync(handle);
    if (part !== undefined) rmSync(part, { force: true });
  };
  return {
    onStates: (all) => {
      states = all;
    },
    finish({ program, properties }, report, stop) {
      const missing = whyNone(report, states);
      if (missing !== undefined || states === undefined) {
        drop();
        note(`no certificate: ${missing}; ${file} was not written`);
        return true;
      }
      const all = states;
      const checks = checksOf(program, properties);
      const isMade = unlessStopped(() =>
        stop.run('the certificate was made', () => {
          const digest = digestOf(programJson(program, checks));
          for (const piece of certificateText(program, digest, all)) {
            writing(file, () => writeAll(handle, piece));
          }
        }),
      );
      if (!isMade) return false;
      writing(file, () => {
        if (part !== undefined) renameSync(part, target);
      });
      isOpen = false;
      closeSync(handle);
      const left = checks.filter(needsGraph);
      if (left.length > 0) {
        note(
          `not in the certificate, which is about single states and steps: ${left.map(({ name }) => name).join(', ')}`,
        );
      }
      return true;
    },
    drop,
  };
}

/** Notes that there was no time; true if there was. */
function unlessStopped(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    note(`no certificate: ${error.limit} while it was made`);
    return false;
  }
}

/** What stands in a certificate for the Program that it is about. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function whyNone(report: Report, states: StoredStates | undefined): string | undefined {
  const bad = report.properties.find(({ verdict }) => verdict === 'violated' || verdict === 'unreached');
  if (bad !== undefined) return `'${bad.check.name}' is ${bad.verdict}`;
  if (states === undefined) return 'not all states were explored';
  const open = report.properties.find(({ verdict }) => verdict === 'unknown');
  return open === undefined ? undefined : `'${open.check.name}' is ${open.verdict}`;
}

function writeAll(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}

function writing<R>(file: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw new OutputError(
      `cannot write the certificate ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
