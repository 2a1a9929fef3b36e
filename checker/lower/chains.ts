// Long chains of conditions, which are not lowered one inside the other.

import type { BinaryOperator, ExprNode } from '../../models/language/index.js';
import { chainMax } from '../ir/expression.js';

/** Two operands of an operator. */
export type OperatorChain = Extract<ExprNode, { readonly op: BinaryOperator }>;

/** Is it one of more than `chainMax` conditions, joined to the left or to the right? */
export function isLong(node: OperatorChain): boolean {
  return (['x', 'y'] as const).some((side) => {
    let inner: ExprNode = node;
    let length = 1;
    for (; inner.op === node.op && length <= chainMax; length++) inner = (inner as OperatorChain)[side];
    return length > chainMax;
  });
}
