// The location of a statement: the model's file and line, taken from the stack when the statement is built; and the
// error type that carries it. Frames of the language and of the kernel primitives are skipped, so `spin_lock(ptl)` has
// the line of the model that uses it.

export interface SourceLocation {
  /** A path as Node prints it; `displayLocation` shortens it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A model that cannot be built or lowered: the message, and the place in the model. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly at: SourceLocation | undefined;

  /** Without `at`: the line of the model that is being built; with it: that place or, if undefined, none. */
  constructor(problem: string, ...at: readonly [at?: SourceLocation | undefined]) {
    super(problem);
    this.at = at.length === 0 ? whereWritten() : at[0];
  }
}

/** Folders whose frames are never "the model": this one, and the kernel primitives beside it. */
const here = new URL('.', import.meta.url).href;
const machinery = [here, new URL('../kernel/', here).href, new URL('../../properties/language/', here).href];

/** `at f (file:///a/b.ts:12:3)` or `at /a/b.ts:12:3`; frames of Node itself have neither a scheme nor a slash. */
const frame = /^\s*at (?:async )?(?:.*? \()?((?:file:\/\/)?\/.*?):(\d+):\d+\)?$/;

/**
 * The innermost frame outside the language: the line of the model that is being built. Reading a stack takes longer
 * than building a statement, and few are ever needed, so it is read on demand.
 */
export function whereWritten(): SourceLocation {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const here = new Error();
  Error.stackTraceLimit = limit;
  let found: SourceLocation | undefined;
  const read = () => {
    found ??= innermost(here.stack ?? '');
    return found;
  };
  return {
    get file() {
      return read().file;
    },
    get line() {
      return read().line;
    },
  };
}

function innermost(stack: string): SourceLocation {
  for (const line of stack.split('\n').slice(1)) {
    const match = frame.exec(line);
    if (match === null) continue;
    const [, file = '', number = '0'] = match;
    if (!isMachinery(urlOf(file))) return { file, line: Number(number) };
  }
  return { file: 'nowhere', line: 0 };
}

const urlOf = (file: string): string => (file.startsWith('file:') ? file : `file://${encodeURI(file)}`);

/** The language's own tests are models too. */
const isMachinery = (url: string) =>
  machinery.some((folder) => url.startsWith(folder)) && !/\.test\.[jt]s$/.test(url.split('?')[0]!);

/** The package's root: the folder above `models/`, or above `dist/models/` once built. */
const root = new URL('../../', here).href.replace(/dist\/$/, '');

/**
 * A location for people: relative to the package (`models/thp_truncate/mm/rmap.ts:12`), or the whole path for a model
 * that lies elsewhere. The build blanks out types and keeps lines, so a line of `dist/models/a.js` is the same line of
 * `models/a.ts`.
 */
export function displayLocation({ file, line }: SourceLocation): string {
  const url = urlOf(file);
  if (!url.startsWith(root)) return `${decodeURI(url.slice('file://'.length))}:${line}`;
  const path = url.slice(root.length);
  return `${path.startsWith('dist/') ? path.slice('dist/'.length).replace(/\.js$/, '.ts') : path}:${line}`;
}
