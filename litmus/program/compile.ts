// From the C of a test to instructions: calls become accesses, values that are read go to registers of their own.
// What the model gives no order to, such as two accesses in one expression, is refused.

import {
  type CExpression,
  type CStatement,
  LitmusError,
  type LitmusTest,
  type LitmusThread,
  type Position,
} from '../syntax/ast.js';
import type { Access, Instruction, LitmusProgram, Pure } from './instructions.js';
import { type Modification, type Primitive, primitives } from './primitives.js';

/** The instructions of a test. Throws a LitmusError for what is not covered. */
export function compile(test: LitmusTest): LitmusProgram {
  const threads = test.threads.map((thread) => new ThreadCompiler(thread).instructions());
  const pointedTo = [...test.initial.values()].filter((value) => typeof value === 'string');
  const named = [
    ...test.initial.keys(),
    ...pointedTo,
    ...test.threads.flatMap(({ parameters }) => parameters),
  ];
  const registers = test.threads.map(({ body }) => new Set(registersOf(body)));
  return { threads, registers, locations: [...new Set(named)].sort() };
}

/** Long, since each kind of statement and expression is a case of it. */
class ThreadCompiler {
  readonly #code: Instruction[] = [];
  readonly #thread: LitmusThread;
  readonly #locations: ReadonlySet<string>;
  readonly #registers: ReadonlySet<string>;
  #temporaries = 0;
  #joins = 0;

  constructor(thread: LitmusThread) {
    this.#thread = thread;
    this.#locations = new Set(thread.parameters);
    this.#registers = new Set(registersOf(thread.body));
  }

  instructions(): readonly Instruction[] {
    this.#statements(this.#thread.body);
    return this.#code;
  }

  #statements(statements: readonly CStatement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: CStatement): void {
    const { at, text } = statement;
    switch (statement.kind) {
      case 'declare':
        for (const name of statement.names) this.#isRegister(name, at);
        return;
      case 'assign': {
        this.#isRegister(statement.name, at);
        const value = this.#value(statement.value, text, statement.name);
        if (value.kind !== 'register' || value.name !== statement.name)
          this.#code.push({ kind: 'set', at, text, to: statement.name, value });
        return;
      }
      case 'store': {
        const [address, value] = this.#unordered([statement.address, statement.value], text);
        this.#code.push({ kind: 'write', at, text, order: 'plain', address: address!, value: value! });
        return;
      }
      case 'call':
        this.#call(statement.call, text, undefined);
        return;
      case 'if':
        this.#if(statement);
    }
  }

  #isRegister(name: string, at: Position): void {
    if (!this.#locations.has(name)) return;
    throw new LitmusError(
      `'${name}' is a parameter: it cannot be a register as well; what it points to is '*${name}'`,
      at,
    );
  }

  #if({ at, text, condition, then, otherwise }: CStatement & { readonly kind: 'if' }): void {
    const tested = this.#value(condition, text);
    const join = this.#joins++;
    const branch = this.#code.length;
    this.#code.push({ kind: 'jump', to: branch + 1 });
    this.#statements(then);
    const jump = this.#code.length;
    this.#code.push({ kind: 'jump', to: jump + 1 });
    this.#code[branch] = { kind: 'branch', at, text, condition: tested, otherwise: this.#code.length, join };
    this.#statements(otherwise);
    this.#code[jump] = { kind: 'jump', to: this.#code.length };
    this.#code.push({ kind: 'join', id: join });
  }

  /** Values that are computed side by side: only one of them may access memory. */
  #unordered(expressions: readonly CExpression[], text: string): readonly Pure[] {
    const before = this.#code.length;
    const accessing: CExpression[] = [];
    const values = expressions.map((expression) => {
      const from = this.#code.length;
      const value = this.#value(expression, text);
      if (this.#code.length > from) accessing.push(expression);
      return value;
    });
    const [, second] = accessing;
    if (second === undefined || this.#code.length === before) return values;
    throw new LitmusError(
      `'${text}' accesses memory twice and C gives the accesses no order: write two statements`,
      second.at,
    );
  }

  /** The value of an expression; what is read from memory goes to `to`, or to a register of its own. */
  #value(expression: CExpression, text: string, to?: string): Pure {
    switch (expression.kind) {
      case 'number':
        return { kind: 'value', value: expression.value };
      case 'name':
        return this.#name(expression.name, expression.at);
      case 'pointed': {
        const address = this.#value(expression.address, text);
        const register = to ?? this.#temporary();
        this.#code.push({ kind: 'read', at: expression.at, text, order: 'plain', address, to: register });
        return { kind: 'register', name: register };
      }
      case 'unary':
        return {
          kind: 'unary',
          operator: expression.operator,
          operand: this.#value(expression.operand, text),
        };
      case 'binary': {
        if (expression.operator === '&&' || expression.operator === '||')
          this.#readsNothing(expression.right, text);
        const [left, right] = this.#unordered([expression.left, expression.right], text);
        return { kind: 'binary', operator: expression.operator, left: left!, right: right! };
      }
      case 'call': {
        const register = to ?? this.#temporary();
        this.#call(expression, text, register);
        return { kind: 'register', name: register };
      }
    }
  }

  /** C evaluates the right operand of && and || only sometimes. */
  #readsNothing(expression: CExpression, text: string): void {
    const before = this.#code.length;
    this.#value(expression, text);
    if (this.#code.length === before) return;
    throw new LitmusError(`'${expression.text}' accesses memory behind && or ||: write an if`, expression.at);
  }

  #name(name: string, at: Position): Pure {
    if (this.#locations.has(name)) return { kind: 'value', value: name };
    if (this.#registers.has(name)) return { kind: 'register', name };
    throw new LitmusError(`'${name}' is no parameter of this thread, and nothing is assigned to it`, at);
  }

  /** Not a name that C can write. */
  #temporary = (): string => `#${this.#temporaries++}`;

  #call(call: CExpression & { readonly kind: 'call' }, text: string, to: string | undefined): void {
    const { name, at, args } = call;
    const { primitive, takes } = calledPrimitive(call, to !== undefined);
    const expressions = args.map((argument, i) =>
      takes[i] === 'place' ? addressOf(argument, name) : argument,
    );
    const values = this.#unordered(expressions, text);
    const value = (wanted: (typeof takes)[number]): Pure =>
      values[takes.indexOf(wanted)] ?? { kind: 'value', value: 1 };
    const address = takes.includes('place') ? value('place') : value('address');
    this.#code.push(...accesses(primitive, { at, text }, address, value, to ?? this.#temporary()));
  }
}

/** The primitive that a call means, and its arguments. Throws a LitmusError if it is called wrongly. */
function calledPrimitive({ name, at, args }: CExpression & { readonly kind: 'call' }, isUsed: boolean) {
  const primitive = primitives.get(name);
  if (primitive === undefined) {
    throw new LitmusError(unknownCall(name), at, { word: name, known: [...primitives.keys()] });
  }
  const takes = argumentsOf(primitive);
  if (args.length !== takes.length) {
    const wanted = `${takes.length} argument${takes.length === 1 ? '' : 's'}`;
    throw new LitmusError(`${name}() takes ${wanted}, not ${args.length}`, at);
  }
  if (isUsed && !returnsValue(primitive)) throw new LitmusError(`${name}() returns nothing`, at);
  return { primitive, takes };
}

/** What a call of a primitive becomes. */
function accesses(
  primitive: Primitive,
  placed: Pick<Access, 'at' | 'text'>,
  address: Pure,
  value: (wanted: 'operand' | 'expected') => Pure,
  to: string,
): readonly Access[] {
  switch (primitive.kind) {
    case 'load':
      return [{ ...placed, kind: 'read', order: primitive.order, address, to }];
    case 'store': {
      const write = {
        ...placed,
        kind: 'write',
        order: primitive.order,
        address,
        value: value('operand'),
      } as const;
      return primitive.fence === undefined
        ? [write]
        : [write, { ...placed, kind: 'fence', fence: primitive.fence }];
    }
    case 'modify':
      return [
        {
          ...placed,
          kind: 'modify',
          primitive,
          address,
          operand: value('operand'),
          expected: value('expected'),
          to: returnsValue(primitive) ? to : undefined,
        },
      ];
    case 'fence':
      return [{ ...placed, kind: 'fence', fence: primitive.fence }];
    case 'lock':
    case 'unlock':
      return [{ ...placed, kind: primitive.kind, address }];
    case 'trylock':
    case 'is locked':
      return [{ ...placed, kind: primitive.kind, address, to }];
  }
}

const returnsValue = (primitive: Primitive): boolean =>
  primitive.kind === 'modify'
    ? primitive.returns !== 'nothing'
    : ['load', 'trylock', 'is locked'].includes(primitive.kind);

function argumentsOf(primitive: Primitive): readonly ('place' | Modification['args'][number])[] {
  switch (primitive.kind) {
    case 'load':
      return [primitive.takes];
    case 'store':
      return [primitive.takes, 'operand'];
    case 'modify':
      return primitive.args;
    case 'fence':
      return [];
    case 'lock':
    case 'unlock':
    case 'trylock':
    case 'is locked':
      return ['address'];
  }
}

function addressOf(place: CExpression, name: string): CExpression {
  if (place.kind === 'pointed') return place.address;
  throw new LitmusError(
    `${name}(${place.text}) is an access to '${place.text}' itself: write ${name}(*${place.text})`,
    place.at,
  );
}

function unknownCall(name: string): string {
  if (/srcu/.test(name))
    return `${name}() is not covered: there is no SRCU here; of RCU there are rcu_read_lock(), rcu_read_unlock() and synchronize_rcu()`;
  return `${name}() is not covered: no primitive of this name is known (docs/memory.md lists them)`;
}

/** Registers that are declared or assigned to. */
const registersOf = (statements: readonly CStatement[]): readonly string[] =>
  statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'declare':
        return statement.names;
      case 'assign':
        return [statement.name];
      case 'if':
        return [...registersOf(statement.then), ...registersOf(statement.otherwise)];
      default:
        return [];
    }
  });
