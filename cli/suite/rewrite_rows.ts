// Writes rows anew into the file that they stand in. In a program only the text of a row's own object is replaced;
// one that is written in another way, such as by a call, is left to its author.

import { readFileSync } from 'node:fs';
import { type Expression, type Program, parse } from 'acorn';
import { type RowData, type RowOrigin, rowText } from '../../suite/index.js';
import { OutputError } from '../errors.js';
import { wholeFile, writeWhole } from '../output/whole_file.js';

/** A row as it shall be. */
export interface NewRow {
  readonly origin: RowOrigin;
  readonly row: RowData;
}

/** Rewrites the rows of one file. Returns those that are not written as an object there. Throws an OutputError. */
export async function rewriteRows(file: string, rows: readonly NewRow[]): Promise<readonly NewRow[]> {
  const text = readFileSync(file, 'utf8');
  const { changed, left } = file.endsWith('.json') ? inJson(text, rows) : await inProgram(file, text, rows);
  if (changed !== text) replaceFile(file, changed);
  return left;
}

interface Rewritten {
  readonly changed: string;
  readonly left: readonly NewRow[];
}

function inJson(text: string, rows: readonly NewRow[]): Rewritten {
  const project = JSON.parse(text) as { readonly models: readonly { readonly rows: unknown[] }[] };
  for (const { origin, row } of rows) project.models[origin.entry!]!.rows[origin.row] = row;
  const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ';
  return { changed: `${JSON.stringify(project, null, indent)}\n`, left: [] };
}

async function inProgram(file: string, text: string, rows: readonly NewRow[]): Promise<Rewritten> {
  // Types are blanked out, so positions stay.
  const { stripTypes } = await import('../load/strip_types.js');
  const source = /\.m?ts$/.test(file) ? stripTypes(text, file) : text;
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const left: NewRow[] = [];
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (const each of rows) {
    const { origin, row } = each;
    const list =
      origin.entry === undefined
        ? declared(program, 'manifest')
        : field(elementOf(field(defaultExport(program), 'models'), origin.entry), 'rows');
    const object = elementOf(list, origin.row);
    if (object?.type !== 'ObjectExpression') left.push(each);
    else edits.push({ start: object.start, end: object.end, text: rowText(row) });
  }
  const changed = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end, text: now }) => all.slice(0, start) + now + all.slice(end), text);
  return { changed, left };
}

type MaybeExpression = Expression | undefined;

/** The value that a name has at the top of the file. */
function declared({ body }: Program, name: string): MaybeExpression {
  for (const statement of body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier' && id.name === name) return init ?? undefined;
    }
  }
  return undefined;
}

function defaultExport(program: Program): MaybeExpression {
  for (const statement of program.body) {
    if (statement.type !== 'ExportDefaultDeclaration') continue;
    const value = statement.declaration as Expression;
    return value.type === 'Identifier' ? declared(program, value.name) : value;
  }
  return undefined;
}

function field(object: MaybeExpression, name: string): MaybeExpression {
  if (object?.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const { key } = property;
    const isIt = key.type === 'Identifier' ? key.name === name : key.type === 'Literal' && key.value === name;
    if (isIt) return property.value as Expression;
  }
  return undefined;
}

/** An element of a list that is written out: without a spread before it, which would move it. */
function elementOf(list: MaybeExpression, index: number): MaybeExpression {
  if (list?.type !== 'ArrayExpression') return undefined;
  const before = list.elements.slice(0, index + 1);
  const element = before[index];
  if (before.some((one) => one?.type === 'SpreadElement')) return undefined;
  return element === null || element === undefined ? undefined : (element as Expression);
}

function replaceFile(file: string, text: string): void {
  try {
    writeWhole(wholeFile(file), [text]);
  } catch (error) {
    throw new OutputError(`cannot write ${file}: ${(error as Error).message}`);
  }
}
