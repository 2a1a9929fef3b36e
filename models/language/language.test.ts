// The language builds data: what it refuses meanwhile, and how the lines of a model are found and reported.

import { describe, expect, test } from 'vitest';
import {
  bool,
  displayLocation,
  Expr,
  int,
  ModelError,
  oneOf,
  shared,
  source,
  whereWritten,
} from './index.js';

const state = shared({ n: int(0, 3), pmd: oneOf('none', 'huge'), busy: bool() });
const { n, pmd, busy } = state;

test('an expression that JavaScript would compute with is refused, since it has no value yet', () => {
  const number = n as unknown as number;
  const refused = 'an expression has no value while the model is built; use .eq(), .lt(), .plus() …';
  expect(() => number < 3).toThrow(refused);
  expect(() => number + 1).toThrow(refused);
  expect(() => `${pmd as unknown as string}`).toThrow(refused);
});

test('expressions are trees of plain data', () => {
  expect(n.plus(1).eq(2).node).toEqual({
    op: 'eq',
    x: { op: 'add', x: { op: 'read', place: { name: 'n', path: [] } }, y: { op: 'const', value: 1 } },
    y: { op: 'const', value: 2 },
  });
  expect(n.gt(1).node).toEqual({ op: 'not', x: n.le(1).node });
  expect(busy.called('is_busy').node).toEqual({ op: 'called', name: 'is_busy', x: busy.node });
  expect(pmd).toBeInstanceOf(Expr);
});

test('a caption keeps its words, its places and its expressions apart', () => {
  const { stmt } = source('mm/memory.c')`read ${n} of ${n.plus(1)}, ${'now'}`();
  const caption = stmt.kind === 'step' ? stmt.caption : [];
  expect(caption).toEqual(['read ', n.place, ' of ', n.plus(1).node, ', ', 'now', '']);
});

describe('the line that a statement is written on', () => {
  test('is that of the innermost frame which is neither the language nor the kernel', () => {
    const here = whereWritten();
    const { stmt } = source('mm/memory.c')`step`();
    expect(stmt.at).toEqual({ file: here.file, line: here.line + 1 });
  });

  test('is given relative to the package, as the source file even after the build', () => {
    const { file } = whereWritten();
    expect(displayLocation({ file, line: 7 })).toBe('models/language/language.test.ts:7');
    const root = file.slice(0, -'models/language/language.test.ts'.length);
    const built = { file: `file://${root.replace('file://', '')}dist/models/a/state.js`, line: 3 };
    expect(displayLocation(built)).toBe('models/a/state.ts:3');
  });

  test('is given as a whole path for a model elsewhere, with its spaces', () => {
    expect(displayLocation({ file: 'file:///home/a%20b/model.ts', line: 3 })).toBe('/home/a b/model.ts:3');
    expect(displayLocation({ file: '/home/a b/model.ts', line: 3 })).toBe('/home/a b/model.ts:3');
  });

  test.each([
    ['    at zap (file:///tmp/a%20b/model.ts:12:3)', 'file:///tmp/a%20b/model.ts', 12],
    ['    at file:///tmp/model.ts:12:3', 'file:///tmp/model.ts', 12],
    ['    at async file:///tmp/model.ts:4:1', 'file:///tmp/model.ts', 4],
    ['    at new Zap (/tmp/a b (1)/model.ts:9:3)', '/tmp/a b (1)/model.ts', 9],
    ['    at Object.<anonymous> (/tmp/model.ts:9:3)', '/tmp/model.ts', 9],
  ])('is found in the frame %s', (frame, file, line) => {
    const found = withStack(
      `Error\n    at node:internal/process/task_queues:95:5\n${frame}\n    at x (/b.ts:1:1)`,
    );
    expect(found).toEqual({ file, line });
  });

  test('is undefined if no frame belongs to a file', () => {
    const stack = 'Error\n    at eval (<anonymous>:1:1)\n    at node:internal/x:95:5';
    expect(withStack(stack)).toEqual({ file: 'nowhere', line: 0 });
  });
});

/** What `whereWritten` finds when this is the stack. */
function withStack(stack: string) {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = () => stack;
  try {
    // The stack is read when the location is read.
    const { file, line } = whereWritten();
    return { file, line };
  } finally {
    Error.prepareStackTrace = prepare as NonNullable<typeof prepare>;
  }
}

test('a model error names the place that it is given, or where it is made, or nowhere', () => {
  expect(new ModelError('wrong').at?.file).toMatch(/language\.test\.ts$/);
  expect(new ModelError('wrong', { file: '/a.ts', line: 3 }).at).toEqual({ file: '/a.ts', line: 3 });
  expect(new ModelError('wrong', undefined).at).toBeUndefined();
});
