// Which function of the C sources each label of a model stands for: the one that its step names, or that has the line
// that it names, or else the one that is called as the label's procedure, in a file that the procedure quotes.

import type { Program, Step } from '../../checker/index.js';
import { type CFunction, digestOf, functionsOf } from './c_functions.js';

/** A source tree: the text of a file, by its path in the tree; undefined if there is none. */
export type SourceTree = (path: string) => string | undefined;

/** A label of the model, with what its step says. */
export interface PlacedLabel {
  /** Such as `zap_huge_pmd.clear`. */
  readonly label: string;
  readonly caption: string;
  /** The line that the model names. */
  readonly line: number | undefined;
}

/** A function, and the labels that stand for it, in the order of the Program. */
export interface PlacedFunction {
  readonly path: string;
  readonly name: string;
  /** Several under #if and #else. */
  readonly definitions: readonly CFunction[];
  readonly digest: string;
  readonly labels: readonly PlacedLabel[];
}

export interface LabelsBeside {
  readonly functions: readonly PlacedFunction[];
  /** Procedures that are no function of the files that they quote: labels that stand for none. */
  readonly others: readonly { readonly procedure: string; readonly labels: readonly PlacedLabel[] }[];
  /** What the model names and the tree does not have, or has with another text. */
  readonly misfits: readonly Misfitting[];
}

export interface Misfitting {
  readonly problem: string;
  /** Where a step of the model says so. */
  readonly at: Step['source']['model'];
}

/** Puts the labels of a Program beside the functions of a tree. */
export function besideOf({ steps }: Program, tree: SourceTree): LabelsBeside {
  const files = new Map<string, readonly CFunction[] | undefined>();
  const functionsIn = (path: string): readonly CFunction[] | undefined => {
    if (!files.has(path)) {
      const text = tree(path);
      files.set(path, text === undefined ? undefined : functionsOf(text));
    }
    return files.get(path);
  };
  const quoted = new Map<string, Set<string>>();
  for (const { label, source } of steps) {
    const procedure = procedureOf(label);
    if (source.file === undefined || source.inC !== undefined) continue;
    quoted.set(procedure, (quoted.get(procedure) ?? new Set()).add(source.file));
  }
  const named = new Map<string, { path: string; name: string; labels: Map<string, PlacedLabel> }>();
  const others = new Map<string, Map<string, PlacedLabel>>();
  const misfits = new Map<string, Misfitting>();
  for (const step of steps) {
    const place = placeOf(step, functionsIn, quoted.get(procedureOf(step.label)) ?? new Set());
    if (place.problem !== undefined) {
      const { model: at } = step.source;
      entry(misfits, [place.problem, at?.file, at?.line].join(), () => ({ problem: place.problem!, at }));
    }
    const group =
      'name' in place
        ? entry(named, `${place.path}: ${place.name}`, () => ({ ...place, labels: new Map() })).labels
        : entry(others, procedureOf(step.label), () => new Map());
    if (!group.has(step.label)) group.set(step.label, labelOf(step));
  }
  return {
    functions: [...named.values()].map(({ path, name, labels }) => {
      const definitions = functionsIn(path)!.filter(({ names }) => names.includes(name));
      return { path, name, definitions, digest: digestOf(definitions), labels: [...labels.values()] };
    }),
    others: [...others].map(([procedure, labels]) => ({ procedure, labels: [...labels.values()] })),
    misfits: [...misfits.values()],
  };
}

type FunctionPlace =
  | { readonly path: string; readonly name: string; readonly problem?: string }
  | { readonly problem?: string };

function placeOf(
  { label, source: { inC } }: Step,
  functionsIn: (path: string) => readonly CFunction[] | undefined,
  quoted: ReadonlySet<string>,
): FunctionPlace {
  if (inC === undefined) {
    const name = procedureOf(label);
    const path = [...quoted].find((file) => functionsIn(file)?.some(({ names }) => names.includes(name)));
    return path === undefined ? {} : { path, name };
  }
  const { path, line, function: name, digest } = inC;
  const functions = functionsIn(path);
  if (functions === undefined) return { problem: `${path}: there is no such file` };
  if (name === undefined) {
    const around = functions.find(({ from, to }) => from <= line! && line! <= to);
    return around === undefined
      ? { problem: `${path}:${line}: no function is there` }
      : { path, name: around.names[0]! };
  }
  const definitions = functions.filter(({ names }) => names.includes(name));
  if (definitions.length === 0) return { problem: `${path}: there is no function ${name}()` };
  const now = digestOf(definitions);
  const changed = `${path}: ${name}() has changed since it was modelled: its digest is ${now}, not ${digest}`;
  return { path, name, ...(digest !== undefined && digest !== now && { problem: changed }) };
}

const procedureOf = (label: string): string => label.split('.')[0]!;

const labelOf = ({ label, caption, source }: Step): PlacedLabel => ({
  label,
  // The answers of a test are one place.
  caption: caption.replace(/: (true|false|again|leave)$/, ''),
  line: source.inC?.line,
});

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
