// Names of labels: the procedure and the label. If several blocks of a procedure have the label, the name also contains
// the nearest label around it that makes it unique, or otherwise the arm of an If.
//
//   first: While(…, { lock })    second: If(…, { lock }).Else({ lock })
//
//   p.first.lock    p.second.then.lock    p.second.else.lock      p.second.lock means both, p.lock is refused

import type { BlockNode, ProcedureNode, StmtNode } from '../../models/language/index.js';

/** A block inside a statement, and the part of its path after the statement's label. */
interface InnerBlock {
  readonly block: BlockNode;
  readonly arm?: string;
}

/** The name of a block of an If in a path: no label begins with a dot. */
export const armOfIf = (i: number): string => (i === 0 ? '.then' : `.else_if_${i}`);
const isArmOfIf = (part: string): boolean => part.startsWith('.');
const spelled = (part: string): string => part.replace('.', '');

/** The blocks directly inside a statement, with the names of the arms they stand in. */
export function innerBlocks(stmt: StmtNode): readonly InnerBlock[] {
  switch (stmt.kind) {
    case 'if': {
      const arms = stmt.arms.map(({ then: block }, i) => ({ block, arm: armOfIf(i) }));
      return [...arms, { block: stmt.else, arm: '.else' }];
    }
    case 'test':
      return [
        { block: stmt.then, arm: '.then' },
        { block: stmt.else, arm: '.else' },
      ];
    case 'while':
    case 'while test':
    case 'for':
    case 'choose':
      return [{ block: stmt.body }];
    case 'either':
      return stmt.arms.map(([arm, block]) => ({ block, arm }));
    case 'call':
      // A block that an inline was given belongs to the procedure that uses the inline.
      return stmt.procedure.inline === undefined ? [] : bodiesIn(stmt.procedure.body());
    default:
      return [];
  }
}

/** The blocks that the body of an inline runs. */
const bodiesIn = (block: BlockNode): readonly InnerBlock[] =>
  block.flatMap(([, stmt]) =>
    stmt.kind === 'body'
      ? [{ block: stmt.block }]
      : innerBlocks(stmt).flatMap((inner) => bodiesIn(inner.block)),
  );

/** The position of a label: the labels and arms around it, from outside. */
interface LabelSite {
  readonly label: string;
  readonly around: readonly string[];
  /** Goto and Return take no step. */
  readonly isJump: boolean;
}

/** The labels of one procedure. */
export class LabelNames {
  readonly #procedure: string;
  readonly #sites: readonly LabelSite[];
  readonly #byLabel = new Map<string, LabelSite[]>();

  constructor({ name }: Pick<ProcedureNode, 'name'>, body: BlockNode) {
    this.#procedure = name;
    this.#sites = sitesIn(body, []);
    for (const site of this.#sites) {
      const same = this.#byLabel.get(site.label);
      if (same === undefined) this.#byLabel.set(site.label, [site]);
      else same.push(site);
    }
  }

  /** The name of the label in the block at this position. */
  nameOf(label: string, around: readonly string[]): string {
    return `${this.#procedure}.${[...this.#qualifiers(label, around).map(spelled), label].join('.')}`;
  }

  /** All names, those of jumps too. */
  get names(): readonly { readonly name: string; readonly isJump: boolean }[] {
    return this.#sites.map(({ label, around, isJump }) => ({ name: this.nameOf(label, around), isJump }));
  }

  /**
   * The names of the labels that a text matches; the text is the part after the procedure: `lock`, or `second.lock`.
   */
  meant(parts: readonly string[]): readonly { readonly name: string; readonly isJump: boolean }[] {
    const label = parts.at(-1)!;
    const named = (this.#byLabel.get(label) ?? []).map(({ around, isJump }) => {
      return { name: this.nameOf(label, around), isJump, around };
    });
    const exact = named.filter(({ name }) => name === [this.#procedure, ...parts].join('.'));
    return exact.length > 0 ? exact : named.filter(({ around }) => isWithin(parts.slice(0, -1), around));
  }

  /** The labels around a label that its name must include. */
  #qualifiers(label: string, around: readonly string[]): readonly string[] {
    const sites = this.#byLabel.get(label) ?? [];
    // The first statement of an arm has the location of the arm.
    if (around.at(-1) === label && !sites.some((site) => isSame(site.around, around))) {
      return this.#qualifiers(label, around.slice(0, -1));
    }
    const others = sites.filter((site) => !isSame(site.around, around));
    if (others.length === 0) return [];
    const labels = around.flatMap((part) => (isArmOfIf(part) ? [] : [[part]]));
    const arms = around.flatMap((part, i) => (isArmOfIf(part) ? [around.slice(i - 1, i + 1)] : []));
    const isUnique = (said: readonly string[]) =>
      !others.some((other) => isWithin(said.map(spelled), other.around));
    return labels.findLast(isUnique) ?? arms.findLast(isUnique) ?? around;
  }
}

const isSame = (x: readonly string[], y: readonly string[]): boolean =>
  x.length === y.length && x.every((one, i) => one === y[i]);

/** Does the path contain these, in this order? */
function isWithin(said: readonly string[], around: readonly string[]): boolean {
  const parts = around.map(spelled);
  let from = 0;
  return said.every((one) => {
    from = parts.indexOf(one, from) + 1;
    return from > 0;
  });
}

/** All labels of a block. An arm is a label; its first statement may have the same. */
function sitesIn(body: BlockNode, around: readonly string[], arm?: string): readonly LabelSite[] {
  return body.flatMap(([label, stmt], i): readonly LabelSite[] => {
    const isJump = stmt.kind === 'goto' || stmt.kind === 'return' || stmt.kind === 'fence';
    const inner = [...around, label];
    const arms = stmt.kind === 'either' ? stmt.arms.map(([name]) => name) : [];
    return [
      ...(i === 0 && label === arm ? [] : [{ label, around, isJump }]),
      ...arms.map((name) => ({ label: name, around: inner, isJump: false })),
      ...(stmt.kind === 'body' && stmt.leaving !== undefined
        ? [{ label: stmt.leaving.label, around, isJump: false }]
        : []),
      ...innerBlocks(stmt).flatMap(({ block, arm: name }) =>
        sitesIn(
          block,
          name === undefined ? inner : [...inner, name],
          arms.includes(name ?? '') ? name : undefined,
        ),
      ),
    ];
  });
}
