// Trace files. A saved trace is a Trace with the numbers of its steps and the digest of its Program, so that it can be
// replayed. Files are untrusted: every field is validated, and control characters, such as those that move the cursor
// or change the direction of text, are replaced by visible ones.

import { checkKindNames, checkNames, type Path } from '../../checker/index.js';
import { visible } from '../../models/language/index.js';
import { isDecidedBy } from './decided.js';
import type { Trace } from './trace.js';

/**
 * What is written today, and all that is read. 1: what is violated or reached. 2: walks too. 3: of a Program in which
 * built-in checks are switched off. 4: of a Program with store buffers. A file bears the lowest number whose readers
 * understand it, so that an older version refuses by its number only what it would misread.
 */
const savedSchemas = [1, 2, 3, 4] as const;
/** What an older version cannot read, by the schema that it came with. */
const newestIn = ({ without, bufferSlots }: Trace): string => {
  if (bufferSlots !== undefined) return 'store buffers';
  return without === undefined ? 'walks' : 'checks that are switched off';
};

const schemaOf = ({ property, without, bufferSlots }: Trace): number =>
  bufferSlots !== undefined ? 4 : without !== undefined ? 3 : property.expectation === 'walk' ? 2 : 1;
const kind = 'raceproof trace';

export interface SavedTrace {
  /** The digest of the Program, by `digestOf`. */
  readonly digest: string;
  /** The initial state by number, and the steps, by their numbers in that Program. */
  readonly path: Path;
  readonly trace: Trace;
}

/** A file that is no valid saved trace; the message says what is wrong and where. */
export class SavedTraceError extends Error {
  override readonly name = 'SavedTraceError';
}

/** Larger files are neither written nor read: a text of V8 has little more room. In characters. */
export const savedLengthMax = 500_000_000;

/** JSON beyond this would only take memory: it is neither written nor parsed. */
const savedValuesMax = 20_000_000;
/** What no saved trace comes near. */
const savedDepthMax = 20;

interface SavedLimits {
  readonly lengthMax?: number;
  readonly valuesMax?: number;
}

/** Deterministic: equal traces give equal bytes. Throws a SavedTraceError for one that is too long to be read again. */
export function saveTrace(
  { digest, path, trace }: SavedTrace,
  { lengthMax = savedLengthMax, valuesMax = savedValuesMax }: SavedLimits = {},
): string {
  const { steps, states, ...rest } = trace;
  let length = 0;
  const lines = (items: readonly unknown[]) => {
    const all = items.map((item) => {
      const line = `  ${JSON.stringify(item)}`;
      length += line.length + 2;
      if (length > lengthMax) throw tooLong(trace, `${lengthMax} characters`);
      return line;
    });
    return `[\n${all.join(',\n')}\n]`;
  };
  const head = JSON.stringify({ schema: schemaOf(trace), kind, digest, path, trace: rest }, null, 1);
  const text = `${head.slice(0, -5)},\n"steps": ${lines(steps)},\n"states": ${lines(states)}\n}}\n`;
  if (text.length > lengthMax) throw tooLong(trace, `${lengthMax} characters`);
  if (valuesIn(text) > valuesMax) throw tooLong(trace, `${valuesMax} values`);
  return text;
}

const tooLong = ({ steps }: Trace, limit: string): SavedTraceError =>
  new SavedTraceError(
    `a trace of ${steps.length} steps is too long to be saved: its file would have more than ${limit}, and would not be read again`,
  );

/** Reads what `saveTrace` wrote. Throws a SavedTraceError for everything else. */
export function readSavedTrace(text: string): SavedTrace {
  if (text.length > savedLengthMax) throw new SavedTraceError(`more than ${savedLengthMax} characters`);
  const root = parse(text);
  if (typeof root !== 'object' || root === null || !('kind' in root) || root.kind !== kind) {
    throw new SavedTraceError(`this is no saved trace: it has no "kind": "${kind}"`);
  }
  const { schema } = root as { readonly schema?: unknown };
  if (!savedSchemas.some((known) => known === schema)) {
    throw new SavedTraceError(
      `schema ${JSON.stringify(schema)?.slice(0, 40)}: this version reads schemas ${savedSchemas.join(', ')}`,
    );
  }
  const saved = savedShape(root, 'the file') as SavedTrace;
  if (schemaOf(saved.trace) > Number(schema)) {
    throw new SavedTraceError(`schema ${schema} knows no ${newestIn(saved.trace)}`);
  }
  consistent(saved);
  return saved;
}

function parse(text: string): unknown {
  refuseExcess(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SavedTraceError(`no JSON: ${visible(why).slice(0, 200)}`);
  }
}

/** Refuses JSON that would take too much memory, before it does. */
function refuseExcess(text: string): void {
  if (valuesIn(text) > savedValuesMax) throw new SavedTraceError(`more than ${savedValuesMax} values`);
}

/** Counts brackets and commas outside of strings, which takes no memory; stops when there are too many values. */
function valuesIn(text: string): number {
  let [depth, values, isInString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) isInString = !isInString;
    else if (isInString) i += code === backslash ? 1 : 0;
    else if (code === comma) values++;
    else if (code === openBracket || code === openBrace) depth++;
    else if (code === closeBracket || code === closeBrace) depth--;
    if (depth > savedDepthMax) throw new SavedTraceError(`nested more than ${savedDepthMax} deep`);
    if (values > savedValuesMax) break;
  }
  return values;
}
const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Validates a value and returns a copy with only the known fields and escaped texts. */
type Validator = (value: unknown, where: string) => unknown;

const wrong = (where: string, wanted: string): never => {
  throw new SavedTraceError(`${visible(where).slice(0, 200)} is not ${wanted}`);
};

const text: Validator = (value, where) =>
  typeof value === 'string' ? visible(value) : wrong(where, 'a text');
const count: Validator = (value, where) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? value : wrong(where, 'a number from 0 up');
const flag: Validator = (value, where) =>
  typeof value === 'boolean' ? value : wrong(where, 'true or false');
const scalar: Validator = (value, where) => {
  if (typeof value === 'string') return visible(value);
  const isPlain = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
  return isPlain ? value : wrong(where, 'a number, a text, true or false');
};
const oneOf =
  (...words: readonly string[]): Validator =>
  (value, where) =>
    words.some((known) => known === value) ? value : wrong(where, `one of ${words.join(', ')}`);
const set: Validator = (value, where) => (value === true ? true : wrong(where, 'true'));
const list =
  (item: Validator): Validator =>
  (value, where) =>
    Array.isArray(value) ? value.map((each, i) => item(each, `${where}[${i}]`)) : wrong(where, 'a list');
const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const table =
  (item: Validator): Validator =>
  (value, where) => {
    if (!isRecord(value)) return wrong(where, 'an object');
    const entries = Object.entries(value).map(([key, each]) => [visible(key), item(each, `${where}.${key}`)]);
    return Object.fromEntries(entries);
  };
const record =
  (
    needed: { readonly [field: string]: Validator },
    more: { readonly [field: string]: Validator } = {},
  ): Validator =>
  (value, where) => {
    if (!isRecord(value)) return wrong(where, 'an object');
    const field = (name: string, shape: Validator) => [name, shape(value[name], `${where}.${name}`)] as const;
    const given = Object.entries(more).filter(([name]) => value[name] !== undefined);
    return Object.fromEntries(
      [...Object.entries(needed), ...given].map(([name, shape]) => field(name, shape)),
    );
  };

const step = record(
  {
    actor: text,
    label: text,
    path: text,
    caption: text,
    writes: list(record({ path: text, from: scalar, to: scalar })),
  },
  { file: text, source: text },
);
const property = record(
  {
    name: text,
    expectation: oneOf(...checkKindNames, 'walk'),
    verdict: oneOf('violated', 'reached', 'walked'),
  },
  { about: text, condition: text, source: text },
);
const wait = record({ actor: text, lock: text, holder: text }, { isShared: flag });
const standing = record(
  { actor: text, label: text, path: text, asked: flag },
  { waitsFor: text, rests: flag },
);
const evidence = record({ path: text, value: scalar });
const term = record(
  { depth: count, text, decides: flag, reads: list(evidence) },
  { value: flag, since: count, isNamed: set },
);
const ofLock = record({ lock: text, actor: text, what: oneOf('queued', 'nested') });
const slot = record({ buffer: text, index: count }, { holds: list(text) });
const trace = record(
  {
    model: text,
    settings: table(scalar),
    property,
    actors: list(text),
    variables: list(
      record(
        { name: text },
        { actor: text, lock: text, lockName: text, ofLock, holder: text, queue: text, slot },
      ),
    ),
    steps: list(step),
    states: list(record({ at: table(text), values: table(scalar) })),
    ending: record(
      { evidence: list(evidence), standing: list(standing) },
      { message: text, terms: list(term), waits: list(wait), cycle: list(wait) },
    ),
  },
  { nonDefault: list(text), loop: count, without: list(oneOf(...checkNames)), bufferSlots: count },
);
const savedShape = record({ digest: text, path: record({ initial: count, steps: list(count) }), trace });

/** Checks that the parts of the trace fit each other, for example that each step has a known actor. */
function consistent({
  path,
  trace: { property, actors, variables, steps, states, ending, loop },
}: SavedTrace): void {
  const demand = (is: boolean, what: string) => {
    if (!is) throw new SavedTraceError(what);
  };
  const isWalk = property.expectation === 'walk';
  demand(
    isWalk === (property.verdict === 'walked'),
    `'${property.expectation}' does not go with '${property.verdict}'`,
  );
  const isFault = isDecidedBy(property, 'fault') && steps.length > 0 && states.length === steps.length;
  demand(
    isFault || states.length === steps.length + 1,
    `${steps.length} steps do not go with ${states.length} states`,
  );
  demand(
    path.steps.length === steps.length,
    `${path.steps.length} step numbers do not go with ${steps.length} steps`,
  );
  demand(new Set(actors).size === actors.length, 'an actor is named twice');
  const known = new Set(actors);
  for (const [i, { actor }] of steps.entries())
    demand(known.has(actor), `step ${i + 1} is of '${actor}', who is no actor`);
  demand(
    ending.standing.length === actors.length && ending.standing.every(({ actor }, i) => actor === actors[i]),
    'the ending does not say of each actor where it stands',
  );
  for (const [i, { at, values }] of states.entries()) {
    const whole = actors.every((actor) => Object.hasOwn(at, actor));
    demand(whole && variables.every(({ name }) => Object.hasOwn(values, name)), `state ${i} is not complete`);
  }
  demand(loop === undefined || loop < steps.length, `there is no step after state ${loop} to loop over`);
}
