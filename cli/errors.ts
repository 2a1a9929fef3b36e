// The errors of a command: each ends in one line on stderr and an exit status. A stack is printed only with
// RACEPROOF_DEBUG=1.

import { ModelError, type SourceLocation, visible } from '../models/language/index.js';
import { type ExitStatus, exitStatus, statusOfSignal } from './exit_status.js';
import { locate } from './locate.js';
import { Stopped } from './stop.js';

/** An error in the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** There is nothing to show: no counterexample, or no essence. */
export class NothingToShow extends Error {
  override readonly name = 'NothingToShow';
}

/** A saved trace does not fit its model any more, or a certificate is about another Program. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

/** A certificate does not show what it claims. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
}

/** A solver could not be run, failed, or gave no answer to a question. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}

/** An error of types, as TypeScript's compiler reports it; line and column are counted from 1. */
export interface TypeProblem extends SourceLocation {
  readonly column: number;
  /** Such as 2345. */
  readonly code: number;
  /** Its further lines are indented. */
  readonly message: string;
}

/** TypeScript finds errors in a model's file. */
export class TypesRefused extends Error {
  override readonly name = 'TypesRefused';
  readonly errors: readonly TypeProblem[];
  /** The error of the model, if it cannot be built either. */
  readonly ofModel: ModelError | undefined;

  constructor(errors: readonly TypeProblem[], ofModel: ModelError | undefined) {
    super(`${errors.length} errors of types`);
    this.errors = errors;
    this.ofModel = ofModel;
  }
}

/** The result could not be written. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** A question that another process answered by an error: of the model, of its settings, of raceproof itself. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
  /** What the command would end with. */
  readonly status: ExitStatus;

  constructor(message: string, status: ExitStatus) {
    super(message);
    this.status = status;
  }

  /** Is it a bug in raceproof, not a mistake of the user's? */
  get isInternal(): boolean {
    return this.status === exitStatus.internal;
  }
}

/** Errors of the user, by name: importing their classes would load the checker to report a usage error. */
const userErrors: ReadonlySet<string> = new Set([
  'UsageError',
  'ComparisonError',
  'SettingError',
  'EngineError',
  'ExportError',
  'FormulaError',
  'SuiteError',
]);

/** The text to print for an error, control characters made visible, and the exit status. */
export function explain(error: unknown): { readonly text: string; readonly status: ExitStatus } {
  const { text, status } = explained(error);
  return { text: text.split('\n').map(visible).join('\n'), status };
}

function explained(error: unknown): { readonly text: string; readonly status: ExitStatus } {
  if (error instanceof Error && userErrors.has(error.name)) {
    return { text: `raceproof: ${error.message}`, status: exitStatus.usage };
  }
  if (error instanceof ModelError) {
    const where = error.at === undefined ? 'raceproof' : locate(error.at);
    return { text: `${where}: ${error.message}`, status: exitStatus.usage };
  }
  if (error instanceof TypesRefused) return { text: typesText(error), status: exitStatus.usage };
  if (error instanceof Stopped) {
    const status = error.signal === undefined ? exitStatus.incomplete : statusOfSignal[error.signal];
    return { text: `raceproof: ${error.message}`, status };
  }
  if (error instanceof NothingToShow)
    return { text: `raceproof: ${error.message}`, status: exitStatus.nothing };
  if (error instanceof ProofError)
    return { text: `raceproof: ${error.message}`, status: exitStatus.unjudged };
  if (error instanceof Misfit) return { text: `raceproof: ${error.message}`, status: exitStatus.misfit };
  if (error instanceof CertificateRefused) {
    return { text: `raceproof: ${error.message}`, status: exitStatus.refused };
  }
  // Another process explained it already, a bug of raceproof included.
  if (error instanceof ProcessError) return { text: `raceproof: ${error.message}`, status: error.status };
  if (error instanceof OutputError) return { text: `raceproof: ${error.message}`, status: exitStatus.output };
  const shown = error instanceof Error ? error : new Error(String(error));
  const debug = process.env['RACEPROOF_DEBUG'] === '1';
  const hint = 'a bug in raceproof, not in the model; RACEPROOF_DEBUG=1 prints the stack';
  return {
    text: debug
      ? `raceproof: internal error: ${shown.stack}`
      : `raceproof: internal error: ${firstLine(shown.message)} (${hint})`,
    status: exitStatus.internal,
  };
}

const typeErrorsShown = 10;

/** The errors, each with its place, what the model says itself, and what to do. */
function typesText({ errors, ofModel }: TypesRefused): string {
  const more = errors.length - typeErrorsShown;
  return [
    ...errors
      .slice(0, typeErrorsShown)
      .map(({ column, code, message, ...at }) => `${locate(at)}:${column}: ${message} (TypeScript ${code})`),
    ...(more > 0 ? [`${more} more errors of TypeScript`] : []),
    ...(ofModel === undefined ? [] : [explained(ofModel).text]),
    `raceproof: ${errors.length === 1 ? 'an error' : 'errors'} of types: nothing was checked; --no-types checks the model without its types`,
  ].join('\n');
}

const firstLine = (text: string): string => text.split('\n')[0]!;

/**
 * An error that the code of a model file threw, as a ModelError with that file and line. Errors of the language have
 * both already; for others they come from the stack.
 */
export function blameModel(error: unknown, isModelFile: (url: string) => boolean): unknown {
  if (!(error instanceof Error) || error.name === 'SettingError') return error;
  if (error.name === 'ModelError') return new ModelError(error.message, (error as ModelError).at);
  const at = framesOf(error).find(({ file }) => isModelFile(file));
  return at === undefined ? error : new ModelError(firstLine(error.message), at);
}

/** The source locations of a stack, innermost first. Some errors have one in their first line. */
function framesOf({ stack = '' }: Error): readonly SourceLocation[] {
  return stack.split('\n').flatMap((line) => {
    const match = /(?:^|\(|at (?:async )?)((?:file:\/\/)?\/[^()\s]*?):(\d+)(?::\d+)?\)?$/.exec(line);
    return match === null ? [] : [{ file: match[1]!, line: Number(match[2]) }];
  });
}
