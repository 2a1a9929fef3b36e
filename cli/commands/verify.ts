// raceproof verify FILE MODEL: does a certificate show what it claims? certificate/verify.js decides, which shares no
// code with the engines; here the Program is made for it, and its answer is printed.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { programJson } from '../../checker/export/index.js';
import { addTyped, checksOf, type Program } from '../../checker/index.js';
import { counted } from '../../counterexamples/text.js';
import { commandOf } from '../arguments/command.js';
import { formulas, typedProperties } from '../arguments/formulas.js';
import { memory, number, operand, requireModel, settings, without } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { CertificateRefused, Misfit, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { digestOf } from '../output/certificate_file.js';
import { watchStates } from '../output/progress.js';
import { print } from '../output/terminal.js';
import { packageUrl } from '../package.js';
import type { Stop } from '../stop.js';
import { lowerBuffered } from './buffered.js';

const parameters = {
  file: operand,
  model: operand,
  set: settings,
  ...formulas,
  without,
  ...memory,
  'max-seconds': number(0, { whole: false }),
};

/** What certificate/verify.js offers. */
interface Verifier {
  readonly Refused: new () => Error;
  verify(program: string, certificate: string, onProgress: (met: number, states: number) => void): Certified;
}

interface Certified {
  readonly states: number;
  readonly holds: readonly string[];
  readonly reached: readonly string[];
  readonly notCovered: readonly string[];
}

async function verify(args: ParameterValues<typeof parameters>, stop: Stop): Promise<ExitStatus> {
  const { file } = args;
  if (file === undefined || file === '') throw new UsageError('which file? raceproof verify FILE MODEL');
  const name = requireModel('verify FILE', args.model);
  const certificate = readCertificate(file, name);
  const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name));
  if (certificate.startsWith('{"format":"raceproof-views"')) {
    const { verifyViewsOf } = await import('./verify_views.js');
    await verifyViewsOf(file, certificate, loaded, args, stop);
    return exitStatus.ok;
  }
  const lowered = stop.run(`${name} was lowered`, () =>
    addTyped(lowerBuffered(loaded.lower, args), typedProperties(args)),
  );
  const { program, properties } = lowered;
  const text = programJson(program, checksOf(program, properties));
  requireSameProgram(file, certificate, text, program);
  const verifier: Verifier = await import(`${packageUrl}certificate/verify.js`);
  stop.listen();
  const progress = watchStates(`${file}: verifying`);
  const certified = stop.run('the certificate was checked', () => {
    try {
      return verifier.verify(text, certificate, progress.next);
    } catch (error) {
      if (error instanceof verifier.Refused)
        throw new CertificateRefused(`${file} is refused: ${error.message}`);
      if (error instanceof SyntaxError) throw new UsageError(`${file} is no certificate: ${error.message}`);
      throw error;
    } finally {
      progress.end();
    }
  });
  await print(certifiedText(program.name, certified));
  return exitStatus.ok;
}

/** `model` is what was given for the model, which may be the certificate. */
function readCertificate(file: string, model: string): string {
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a folder');
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = !existsSync(file) && existsSync(model) ? '; the file comes first: verify FILE MODEL' : '';
    throw new UsageError(`cannot read ${file}: ${why}${hint}`);
  }
}

/** Throws a Misfit, with what differs, for a certificate of another Program. */
function requireSameProgram(file: string, certificate: string, text: string, program: Program): void {
  const head = headOf(certificate);
  if (head === undefined || head.program === digestOf(text)) return;
  const differing =
    head.model === program.name
      ? Object.keys({ ...head.settings, ...program.settings }).filter(
          (key) => head.settings[key] !== program.settings[key],
        )
      : [];
  const valuesText = (of: { readonly [name: string]: unknown }) =>
    differing.map((key) => `${key}=${String(of[key])}`).join(' ');
  const why =
    head.model !== program.name
      ? `it is about ${head.model}, not about ${program.name}`
      : differing.length > 0
        ? `it is about ${valuesText(head.settings)}, not about ${valuesText(program.settings)}`
        : `${program.name} or its properties are not those of the certificate`;
  throw new Misfit(`${file} does not fit: ${why}`);
}

interface Head {
  readonly model: string;
  readonly settings: { readonly [name: string]: unknown };
  readonly program: string;
}

/** What it says it is about; undefined if that cannot be read, which the verifier will say. */
function headOf(certificate: string): Head | undefined {
  try {
    const head = JSON.parse(certificate);
    const isWhole = typeof head.model === 'string' && typeof head.program === 'string';
    return isWhole && typeof head.settings === 'object' && head.settings !== null ? head : undefined;
  } catch {
    return undefined;
  }
}

const certifiedText = (model: string, { states, holds, reached, notCovered }: Certified): string =>
  [
    `${model}: certified: ${counted(states, 'state')}, all that can be reached`,
    ...holds.map((name) => `  holds        ${name}`),
    ...reached.map((name) => `  reached      ${name}`),
    ...notCovered.map((name) => `  not covered  ${name}`),
    '',
  ].join('\n');

export const command = commandOf('verify', parameters, verify);
