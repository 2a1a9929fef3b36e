// Certificates in files. That a file can be written is known before anything is explored. It is written under another
// name first, so neither a full disk nor a signal leaves half of one.

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { certificateText } from '../../checker/certificate/index.js';
import { programJson } from '../../checker/export/index.js';
import { checksOf, type Lowered, needsGraph, type Report, type StoredStates } from '../../checker/index.js';
import { OutputError, UsageError } from '../errors.js';
import { type Stop, Stopped } from '../stop.js';
import { note } from './terminal.js';
import { wholeFile, writeWhole } from './whole_file.js';

/** What decides whether there can be a certificate, beside the verdict. */
export interface CertificateOptions {
  readonly certificate: string | undefined;
  readonly engine: string;
  readonly search: string;
  readonly storage: string;
  readonly reduce: string;
}

/** A certificate that will be written if all holds. */
export interface AwaitedCertificate {
  /** For the search. */
  readonly onStates: (states: StoredStates) => void;
  /** Writes it if everything holds, or notes why there is none. False if there was no time to make it. */
  readonly finish: (lowered: Lowered, report: Report, stop: Stop) => boolean;
}

/** Throws a UsageError for a search that keeps no states, an OutputError for what cannot be written. */
export function awaitCertificate({
  certificate: file,
  engine,
  search,
  storage,
  reduce,
}: CertificateOptions): AwaitedCertificate | undefined {
  if (file === undefined) return undefined;
  if (file === '') throw new UsageError('--certificate=FILE: which file?');
  if (engine !== 'compiled' || search !== 'bfs' || storage !== 'exact' || reduce !== 'none') {
    throw new UsageError(
      '--certificate needs all states: --engine=compiled, --search=bfs, --storage=exact, --reduce=none',
    );
  }
  const target = writing(file, () => wholeFile(file));
  let states: StoredStates | undefined;
  return {
    onStates: (all) => {
      states = all;
    },
    finish({ program, properties }, report, stop) {
      const missing =
        program.within === undefined
          ? whyNone(report, states)
          : "the model has a 'within', which it cannot state";
      if (missing !== undefined || states === undefined) {
        note(`no certificate: ${missing}; ${file} was not written`);
        return true;
      }
      const all = states;
      const checks = checksOf(program, properties);
      const isMade = unlessStopped(() =>
        stop.run('the certificate was made', () => {
          const pieces = certificateText(program, digestOf(programJson(program, checks)), all);
          writing(file, () => writeWhole(target, pieces));
        }),
      );
      // Code that V8 ends gets no chance to clean up.
      if (!isMade && target.part !== undefined) rmSync(target.part, { force: true });
      const left = checks.filter(needsGraph).map(({ name }) => name);
      if (isMade && left.length > 0) {
        note(`not in the certificate, which is about single states and steps: ${left.join(', ')}`);
      }
      return isMade;
    },
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

function writing<R>(file: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw new OutputError(
      `cannot write the certificate ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
