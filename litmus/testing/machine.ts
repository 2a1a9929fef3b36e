// What a test may leave, found by running it: all interleavings of its statements, with memory that is one for all, or
// with a buffer for the stores of each thread, which is x86-TSO. It shares nothing with the models but the parser.

import type { CExpression, CStatement, LitmusTest, LitmusValue } from '../syntax/ast.js';

interface State {
  readonly memory: { readonly [location: string]: LitmusValue };
  readonly threads: readonly ThreadState[];
}

interface ThreadState {
  readonly rest: readonly CStatement[];
  readonly registers: { readonly [name: string]: LitmusValue };
  /** The oldest first. */
  readonly buffer: readonly (readonly [string, LitmusValue])[];
}

/** The final states, each as text: what `locations` names. */
export function runs(
  test: LitmusTest,
  { hasBuffers }: { readonly hasBuffers: boolean },
): ReadonlySet<string> {
  const memory = Object.fromEntries([...test.initial, ['l', 0]]) as State['memory'];
  const threads = test.threads.map(({ body }): ThreadState => ({ rest: body, registers: {}, buffer: [] }));
  const seen = new Set<string>();
  const ends = new Set<string>();
  const queue: State[] = [{ memory, threads }];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const key = JSON.stringify([
      state.memory,
      state.threads.map(({ rest, ...more }) => [rest.map(({ at }) => at), more]),
    ]);
    if (seen.has(key)) continue;
    seen.add(key);
    const isOver = state.threads.every(({ rest, buffer }) => rest.length === 0 && buffer.length === 0);
    if (isOver) ends.add(endText(test, state));
    for (const i of state.threads.keys()) queue.push(...flushed(state, i), ...stepped(state, i, hasBuffers));
  }
  return ends;
}

function endText(test: LitmusTest, { memory, threads }: State): string {
  const values = test.locations.map((each) =>
    each.kind === 'register'
      ? `${each.thread}:${each.name}=${threads[each.thread]!.registers[each.name] ?? 0}`
      : `[${each.name}]=${memory[each.name]}`,
  );
  return values.join(' ');
}

const replaced = (state: State, i: number, thread: Partial<ThreadState>, memory = state.memory): State => ({
  memory,
  threads: state.threads.map((old, j) => (i === j ? { ...old, ...thread } : old)),
});

function flushed(state: State, i: number): readonly State[] {
  const [oldest, ...buffer] = state.threads[i]!.buffer;
  return oldest === undefined
    ? []
    : [replaced(state, i, { buffer }, { ...state.memory, [oldest[0]]: oldest[1] })];
}

function stepped(state: State, i: number, hasBuffers: boolean): readonly State[] {
  const thread = state.threads[i]!;
  const [statement, ...rest] = thread.rest;
  const isEmpty = thread.buffer.length === 0;
  const value = (expression: CExpression): number => Number(worth(expression, thread));
  const on = (more: Partial<ThreadState>, memory = state.memory) => [
    replaced(state, i, { rest, ...more }, memory),
  ];
  const store = (location: string, stored: number, more: Partial<ThreadState> = {}) =>
    hasBuffers
      ? on({ ...more, buffer: [...thread.buffer, [location, stored]] })
      : on(more, { ...state.memory, [location]: stored });
  switch (statement?.kind) {
    case undefined:
      return [];
    case 'declare':
      return on({});
    case 'if':
      return on({
        rest: [...(value(statement.condition) === 0 ? statement.otherwise : statement.then), ...rest],
      });
    case 'assign': {
      const { name, args } = statement.value as CExpression & { readonly kind: 'call' };
      const set = (found: number) => ({ registers: { ...thread.registers, [statement.name]: found } });
      const location = pointed(args.at(name.startsWith('atomic') ? -1 : 0)!);
      if (name === 'READ_ONCE' || name === 'smp_load_acquire') {
        const own = thread.buffer.findLast(([stored]) => stored === location);
        return on(set(Number(own?.[1] ?? state.memory[location])));
      }
      if (!isEmpty) return [];
      const old = Number(state.memory[location]);
      const write = (left: number, found: number) => on(set(found), { ...state.memory, [location]: left });
      if (name.startsWith('xchg')) return write(value(args[1]!), old);
      if (name.startsWith('cmpxchg')) return write(old === value(args[1]!) ? value(args[2]!) : old, old);
      return write(old + 1, old + 1);
    }
    case 'call':
    case 'store': {
      const { name, args } =
        statement.kind === 'call'
          ? statement.call
          : { name: '=', args: [statement.address, statement.value] };
      const location = args.length === 0 ? '' : pointed(args[0]!);
      if (name === '=' || name === 'WRITE_ONCE' || name === 'smp_store_release')
        return store(location, value(args[1]!));
      if (name === 'spin_unlock') return store(location, 0);
      if (name === 'spin_lock')
        return isEmpty && state.memory[location] === 0 ? on({}, { ...state.memory, [location]: 1 }) : [];
      if (name === 'atomic_inc')
        return isEmpty ? on({}, { ...state.memory, [location]: Number(state.memory[location]) + 1 }) : [];
      return name === 'smp_mb' && !isEmpty ? [] : on({});
    }
  }
}

/** `*x` and `x` are the location x. */
const pointed = (expression: CExpression): string => expression.text.replace(/^\*/, '');

function worth(expression: CExpression, thread: ThreadState): LitmusValue {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'name') return thread.registers[expression.name] ?? 0;
  if (expression.kind === 'binary' && expression.operator === '==') {
    return worth(expression.left, thread) === worth(expression.right, thread) ? 1 : 0;
  }
  throw new Error(`the machine does not know ${expression.text}`);
}
