// The context of a block while it is lowered: the procedures that run, the labels in scope, and the drafts and refusals
// that follow from them. control.ts goes through the statements.

import {
  ModelError,
  type ProcedureNode,
  type SourceLocation,
  type StmtNode,
} from '../../models/language/index.js';
import { truth } from '../ir/expression.js';
import type { Location, Source } from '../ir/program.js';
import type { Draft, Text } from './draft.js';
import type { LabelNames } from './label_names.js';
import { didYouMean } from './nearest.js';
import type { Scope } from './scope.js';

/** The context of a running procedure: its labels, its exit, and the calls that led to it. */
export interface ProcedureFrame {
  readonly labels: LabelNames;
  readonly procedure: ProcedureNode;
  readonly exit: Location;
  /** The procedures around it, outermost first, itself last. */
  readonly chain: readonly ProcedureNode[];
  /** The calls around it, as the prefix of a path: `unmap_region.unmap_vmas > `. */
  readonly callers: string;
}

/** The labels in scope of a Goto: those of the blocks around it, innermost first. */
interface VisibleLabels {
  readonly here: ReadonlyMap<string, Location>;
  readonly around: VisibleLabels | undefined;
  /** What a way out of the block with these labels has to do. */
  readonly leaving: Leaving | undefined;
}

/** What is done on every way out of a block, and then on that out of the blocks around it. */
export interface Leaving {
  readonly label: string;
  readonly stmt: StmtNode;
  /** Where the statement stands: in the inline that was given the block. */
  readonly context: BlockContext;
  readonly around: Leaving | undefined;
  /** By where control goes on after it: where it begins. */
  readonly entries: Map<Location, Location>;
}

/** The context of a block while it is lowered. */
export interface BlockContext {
  readonly scope: Scope;
  readonly frame: ProcedureFrame;
  readonly labels: VisibleLabels | undefined;
  /** The labels and arms around the block inside the procedure, from outside. */
  readonly around: readonly string[];
  /** What a way out of the block has to do. */
  readonly leaving: Leaving | undefined;
  /** In an inline: the context of its use, for the blocks that it was given. */
  readonly user?: BlockContext;
  /** The loop indices and choices inside the procedure, for the path of a location. */
  readonly indices: string;
}

/** The context of a procedure's own block. */
export const outermost = { labels: undefined, leaving: undefined, around: [], indices: '' } as const;

/** The context of a block inside a statement. */
export const inside = (context: BlockContext, label: string, arm?: string): BlockContext => ({
  ...context,
  around: [...context.around, label, ...(arm === undefined ? [] : [arm])],
});

/** A draft of a step with this label, as yet without guards, effects and locations. */
export function draftIn(
  { frame, indices, around }: BlockContext,
  label: string,
  caption: Text,
  at: SourceLocation | undefined,
  { file, inC }: Pick<Source, 'file' | 'inC'> = {},
): Draft {
  const name = frame.labels.nameOf(label, around);
  const source: Source = {
    ...(file !== undefined && { file }),
    ...(inC !== undefined && { inC }),
    ...(at !== undefined && { model: at }),
  };
  return {
    from: -1,
    to: -1,
    label: name,
    path: `${frame.callers}${name}${indices}`,
    caption,
    source,
    guard: truth(true),
    expectations: [],
    assignments: [],
    locks: [],
    rests: false,
  };
}

/** Refuses a call of a procedure that is running already. */
export function refuseRecursion(
  chain: readonly ProcedureNode[],
  procedure: ProcedureNode,
  at: SourceLocation | undefined,
): void {
  const first = chain.indexOf(procedure);
  if (first < 0) return;
  const circle = [...chain.slice(first), procedure].map(({ name }) => name).join(' > ');
  throw new ModelError(`recursion: ${circle}; a call is written out, so it must end`, at);
}

/** The location of a label that a Goto names, and what is done on the way out of its block. Throws a ModelError if no block around has it. */
export function findLabel(
  label: string,
  context: BlockContext,
  at: SourceLocation | undefined,
): { readonly at: Location; readonly leaving: Leaving | undefined } {
  const visible: string[] = [];
  for (let labels = context.labels; labels !== undefined; labels = labels.around) {
    const found = labels.here.get(label);
    if (found !== undefined) return { at: found, leaving: labels.leaving };
    visible.push(...labels.here.keys());
  }
  const { name } = context.frame.procedure;
  const hint = didYouMean(label, visible) || ` (there are ${visible.join(', ')})`;
  throw new ModelError(`Goto('${label}'): ${name} has no such label in the blocks around it${hint}`, at);
}
