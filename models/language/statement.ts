// Statements and blocks as data. A block is an object literal: its keys are the labels, in program order, its values
// the statements. One label is one atomic step, or control (For, Either, Choose, Goto, Return, Call) that takes no step
// of its own.

import { exactly } from './arity.js';
import { created, dropped } from './creation.js';
import type { Domain, DomainNode } from './domain.js';
import { describe, type ExprNode, type Place } from './expression.js';
import { ModelError, type SourceLocation, whereWritten } from './location.js';
import type { FenceKind } from './order.js';
import type { Part } from './parts.js';
import { isByName, requireText } from './required.js';

export type CaptionPart = string | Place | ExprNode;

/** Where in the C sources a step is, if the model says more than the file. */
export interface PlaceInC {
  readonly path: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly function?: string;
  /** Of the text of the function that was modelled, as `show --beside --digests` prints it. */
  readonly digest?: string;
}

/** A statement, and its place in the model. */
export type StmtNode = { readonly at: SourceLocation | undefined } & (
  | {
      readonly kind: 'step';
      /** What the kernel does here, and its file. */
      readonly caption: readonly CaptionPart[];
      readonly file: string;
      readonly inC?: PlaceInC;
      readonly parts: readonly Part[];
    }
  | {
      readonly kind: 'if';
      readonly arms: readonly { readonly cond: ExprNode; readonly then: BlockNode }[];
      readonly else: BlockNode;
    }
  | { readonly kind: 'while'; readonly cond: ExprNode; readonly body: BlockNode }
  | { readonly kind: 'test'; readonly test: TestNode; readonly then: BlockNode; readonly else: BlockNode }
  /** Repeats as long as the answer of the test is `whether`. */
  | {
      readonly kind: 'while test';
      readonly test: TestNode;
      readonly whether: boolean;
      readonly body: BlockNode;
    }
  | { readonly kind: 'for'; readonly length: ExprNode; readonly id: symbol; readonly body: BlockNode }
  | { readonly kind: 'either'; readonly arms: BlocksNode }
  | {
      readonly kind: 'choose';
      readonly from: DomainNode | ExprNode;
      readonly id: symbol;
      readonly body: BlockNode;
    }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'return' }
  /** Takes a step only under a memory model that it matters to. */
  | { readonly kind: 'fence'; readonly fence: FenceKind }
  | {
      readonly kind: 'call';
      readonly procedure: ProcedureNode;
      readonly args: { readonly [local: string]: ExprNode };
      /** The target of the callee's local `ret`: a local of the caller. */
      readonly into?: Place;
      /** The arguments of an inline. */
      readonly given?: readonly unknown[];
    }
  /** In an inline: a block that it was given, which belongs to the procedure that gave it. */
  | {
      readonly kind: 'body';
      readonly block: BlockNode;
      /** What is done on every other way out of the block: by Return, or by Goto. */
      readonly leaving?: { readonly label: string; readonly stmt: StmtNode };
    }
);
export type BlockNode = readonly (readonly [label: string, stmt: StmtNode])[];
type BlocksNode = readonly (readonly [name: string, body: BlockNode])[];

/** An atomic test: one step that has the effects of its answer. `both` come before `yes` and `no`. */
export interface TestNode {
  readonly caption: readonly CaptionPart[];
  readonly file: string;
  readonly inC?: PlaceInC;
  readonly cond: ExprNode;
  readonly both: readonly Part[];
  readonly yes: readonly Part[];
  readonly no: readonly Part[];
  /** Where the answer may be false although `cond` is true. */
  readonly mayFail?: ExprNode;
  readonly at: SourceLocation | undefined;
}

/** A procedure as data; its body is built when the model is lowered. */
export interface ProcedureNode {
  readonly name: string;
  readonly locals: { readonly [name: string]: Domain<unknown> };
  readonly body: () => BlockNode;
  /** For one use of an inline: the inline. */
  readonly inline?: object;
  readonly at: SourceLocation | undefined;
}

declare const $labels: unique symbol;

/** A statement whose inner labels are L. */
export interface Stmt<L extends string = never> {
  readonly stmt: StmtNode;
  readonly [$labels]?: L;
}
// biome-ignore lint/suspicious/noExplicitAny: any labels at all
export type Block = { readonly [label: string]: Stmt<any> };

/** All labels of a block and the blocks in it; also with an enclosing label, which makes equal labels unique. */
export type LabelsOf<B> = {
  [K in keyof B]: (K & string) | (B[K] extends Stmt<infer L> ? L | Within<K & string, L> : never);
}[keyof B] extends infer L extends string
  ? L
  : never;
/** Labels of callees, `procedure:label`, contain their procedure already; two labels are enough. */
type Within<K extends string, L extends string> = L extends
  | `${string}:${string}`
  | `${string}.${string}.${string}`
  ? never
  : `${K}.${L}`;

/** JavaScript moves integer-like keys to the front of an object: such a label would reorder the program. */
export type NamesOnly<B> = {
  readonly [K in keyof B]: K extends number | `${number}` ? ['a label must not be a number', K] : B[K];
};

/** Refuses names that cannot be used in `procedure.label`. */
export function requireName(what: string, name: string, at = whereWritten()): void {
  requireText(name, `the name of the ${what}`);
  if (/^[A-Za-z_]\w*$/.test(name)) return;
  throw new ModelError(`the ${what} '${name}' is not a name (letters, digits and _, no digit first)`, at);
}

/** A statement that must be used in a block. */
export const statement = exactly('statement', (node: StmtNode): StmtNode => created(node, dropped.statement));

/** A block as data. `at` is its place in the model. */
export function block(statements: Block, at = whereWritten()): BlockNode {
  if (!isByName(statements)) {
    throw new ModelError(`a block is { label: statement, … }, not ${describe(statements)}`, at);
  }
  return Object.entries(statements).map(([label, statement]) => {
    requireName('label', label, at);
    // The types require a statement; a model in plain JavaScript may contain something else.
    const { stmt }: { readonly stmt?: StmtNode } = Object(statement);
    if (stmt !== undefined) return [label, stmt] as const;
    const problem = `'${label}' is not a statement but ${describe(statement)}`;
    throw new ModelError(`${problem}; an effect needs its step: c\`what it does\`(…)`, at);
  });
}
