// One Schema for every number of members: schemas at several sizes must be the same, but for numbers that are the size
// and a constant. `heard >= 4` with four members and `heard >= 5` with five is `heard >= size`.

import { NotUniform, type Schema, type SchemaExpr } from './schema.js';

/** The sizes of classes, in their order. */
export type Sizes = readonly number[];

/**
 * The schema whose instance at `sizes` is `one`, and with one more member in class `index` is `more`. Throws a
 * NotUniform that names what differs otherwise.
 */
export function generalized(one: Schema, more: Schema, index: number, sizes: Sizes): Schema {
  return {
    ...merged(one, more, [], (a, b) => {
      if (a['op'] === 'size' && b['op'] === 'const') {
        const { class: of, plus } = a as Extract<SchemaExpr, { op: 'size' }>;
        return b['value'] === sizes[of]! + plus ? a : undefined;
      }
      if (a['op'] !== 'const' || b['op'] !== 'const') return undefined;
      const [value, larger] = [a['value'] as number, b['value'] as number];
      return larger === value + 1 ? { op: 'size', class: index, plus: value - sizes[index]! } : undefined;
    }),
  };
}

/** Throws a NotUniform unless the schema's instance at `sizes` is the other one. */
export function requireInstance(schema: Schema, other: Schema, sizes: Sizes): void {
  merged(schema, other, [], (a, b) => {
    if (a['op'] !== 'size' || b['op'] !== 'const') return undefined;
    return b['value'] === sizes[a['class'] as number]! + (a['plus'] as number) ? a : undefined;
  });
}

type Tree = { readonly [key: string]: unknown };

/** Merges two trees that are the same; `differ` decides about expressions that are not. */
function merged<T>(
  one: T,
  other: T,
  path: readonly string[],
  differ: (a: Tree, b: Tree) => object | undefined,
): T {
  if (one === other) return one;
  if (!isData(one) || !isData(other)) throw new NotUniform(difference(path, one, other));
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  const decided = 'op' in one ? differ(one, other) : undefined;
  if (decided !== undefined) return decided as T;
  const keys = Object.keys(one).filter((key) => key !== 'source');
  if (
    keys.join() !==
    Object.keys(other)
      .filter((key) => key !== 'source')
      .join()
  ) {
    throw new NotUniform(difference(path, one, other));
  }
  const parts = keys.map((key) => [key, merged(one[key], other[key], [...path, nameOf(one, key)], differ)]);
  if (Array.isArray(one)) return parts.map(([, part]) => part) as T;
  return { ...one, ...Object.fromEntries(parts) };
}

const isData = (x: unknown): x is Tree => typeof x === 'object' && x !== null;

/** A part of the tree as people know it. */
function nameOf(of: Tree, key: string): string {
  const { name, label }: { readonly name?: unknown; readonly label?: unknown } = Object(of[key]);
  if (typeof label === 'string') return label;
  return typeof name === 'string' ? name : Array.isArray(of) ? '' : key;
}

function difference(path: readonly string[], one: unknown, other: unknown): string {
  const what = path.filter((part) => part !== '').join(', ') || 'the program';
  const text = (x: unknown) =>
    isData(x) ? (Array.isArray(x) ? `${x.length} entries` : 'something else') : String(x);
  return `${what}: changes with the number of members (${text(one)}, then ${text(other)})`;
}
