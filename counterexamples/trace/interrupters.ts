// Who has interrupted whom: a step of an actor waits until the handlers on its CPU are over.

import {
  conjuncts,
  type Expr,
  type Program,
  type State,
  stepsFrom,
  type ThreadId,
} from '../../checker/index.js';

/** The handler of which the condition says that it is over; undefined if it says anything else. */
export function handlerOver(x: Expr, waiter: ThreadId, { threads }: Program): ThreadId | undefined {
  if (x.op !== 'not' || x.x.op !== 'at') return undefined;
  const handler = threads[x.x.thread]!;
  const isHandler = handler.context !== undefined && handler.context.level !== 'task';
  return isHandler && handler.cpu !== undefined && handler.cpu === threads[waiter]!.cpu
    ? handler.id
    : undefined;
}

/** The handlers that have interrupted an actor, in the order of its guards. */
export function interruptersOf(program: Program, state: State, waiter: ThreadId): readonly ThreadId[] {
  const guards = stepsFrom(program, waiter, state.at.get(waiter)!).flatMap(({ guard }) => conjuncts(guard));
  const found = guards.flatMap((x) => {
    const handler = handlerOver(x, waiter, program);
    const at = handler !== undefined && x.op === 'not' && x.x.op === 'at' ? x.x.locations : [];
    return handler !== undefined && at.includes(state.at.get(handler)!) ? [handler] : [];
  });
  return [...new Set(found)];
}
