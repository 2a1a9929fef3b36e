// The text language of formulas, by recursive descent: one method for each level of binding, loosest first. What
// binds as in C reads as in C; what is about time binds between `&&` and the comparisons.
//
//   G(p -> F q)    never p and once q    truncate at truncate_inode_page.delete and compound_mapcount >= 0
//
//   formula  = implied { ('<->' | iff) implied }
//   implied  = or [ ('->' | implies | '~>' | leadsTo) implied ]
//   or       = and { ('||' | or) and }            and   = timed { ('&&' | and) timed }
//   timed    = unary [ (U | until | W | weakUntil | R | release | S | since) timed ]
// A name in double quotes is a name, whatever it means without them: `"next" == 1`.
//
//   unary    = (not | G | always | F | eventually | X | next | never | O | once | H | historically | Y | previously) unary
//            | comparison

import type { Formula } from '../../../properties/language/temporal.js';
import { isExact } from '../../analyse/ranges.js';
import {
  type Arithmetic,
  and,
  arithmetic,
  constant,
  equal,
  int,
  joined,
  less,
  nestingMax,
  not,
  or,
  sameType,
  truth,
  typeOf,
  typeOfDomain,
} from '../../ir/expression.js';
import type { Expr, Program, Type } from '../../ir/program.js';
import { FormulaError, type Token, tokensOf } from './lexer.js';
import { FormulaNames, orList, type Suggest } from './names.js';

/** A part of the text: a formula, a value, or a name that only what it is compared with can explain. */
type ParsedPart =
  | { readonly kind: 'formula'; readonly formula: Formula<Expr>; readonly token: Token }
  | { readonly kind: 'value'; readonly expr: Expr; readonly token: Token }
  | { readonly kind: 'word'; readonly name: string; readonly token: Token };
type FormulaOp = Exclude<Formula<Expr>['op'], 'state'>;

const binaryWords: { readonly [word: string]: FormulaOp } = {
  ...{ U: 'until', until: 'until', W: 'weakUntil', weakUntil: 'weakUntil', R: 'release', release: 'release' },
  ...{ S: 'since', since: 'since' },
};
const unaryWords: { readonly [word: string]: FormulaOp } = {
  ...{ not: 'not', G: 'always', '[]': 'always', always: 'always', F: 'eventually', '<>': 'eventually' },
  ...{ eventually: 'eventually', X: 'next', next: 'next', never: 'not', O: 'once', once: 'once' },
  ...{ H: 'historically', historically: 'historically', Y: 'previously', previously: 'previously' },
};
const implyWords: { readonly [word: string]: FormulaOp } = {
  ...{ '->': 'implies', '=>': 'implies', implies: 'implies', '~>': 'leadsTo', leadsTo: 'leadsTo' },
};
const sums: { readonly [sign: string]: Arithmetic } = { '+': 'add', '-': 'sub' };
const products: { readonly [sign: string]: Arithmetic } = { '*': 'mul', '/': 'div', '%': 'mod' };
const comparisons = ['==', '!=', '<', '<=', '>', '>='];
const reserved: ReadonlySet<string> = new Set([
  ...Object.keys({ ...binaryWords, ...unaryWords, ...implyWords }),
  ...['and', 'or', 'iff', 'at', 'is', 'enabled'],
]);

/** The formula that a text means in a Program. Throws a FormulaError. */
export function parseFormula(text: string, program: Program, suggest: Suggest = () => ''): Formula<Expr> {
  return new Parser(text, new FormulaNames(program, suggest)).whole();
}

class Parser {
  readonly #text: string;
  readonly #names: FormulaNames;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string, names: FormulaNames) {
    this.#text = text;
    this.#names = names;
    this.#tokens = tokensOf(text);
  }

  whole(): Formula<Expr> {
    const formula = this.#formula(this.#iff());
    if (this.#token.kind !== 'end') this.#fail(`'${this.#token.text}' is not expected here`, this.#token);
    return formula;
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(...texts: readonly string[]): Token | undefined {
    if (this.#token.kind === 'number' || this.#token.isQuoted || !texts.includes(this.#token.text))
      return undefined;
    return this.#tokens[this.#next++];
  }

  #fail(problem: string, { start }: Token): never {
    throw new FormulaError(problem, this.#text, start);
  }

  /** What stands inside something else, and so on: each level takes some of the stack. */
  #inside(inner: () => ParsedPart): ParsedPart {
    if (++this.#depth > nestingMax) {
      this.#fail(`this stands inside more than ${nestingMax} others: split the formula`, this.#token);
    }
    const part = inner();
    this.#depth--;
    return part;
  }

  #iff(): ParsedPart {
    let x = this.#implied();
    for (let count = 2; this.#take('<->', '<=>', 'iff'); count++) {
      x = this.#join(
        'iff',
        x,
        this.#operand(count, () => this.#implied()),
      );
    }
    return x;
  }

  /** The operand of that number in a chain that nests to the left. */
  #operand(count: number, inner: () => ParsedPart): ParsedPart {
    if (count > nestingMax) this.#fail(`more than ${nestingMax} operands: split the formula`, this.#token);
    return inner();
  }

  #implied(): ParsedPart {
    const x = this.#or();
    const op = this.#take(...Object.keys(implyWords));
    return op === undefined
      ? x
      : this.#join(
          implyWords[op.text]!,
          x,
          this.#inside(() => this.#implied()),
        );
  }

  #or(): ParsedPart {
    const all = [this.#and()];
    while (this.#take('||', 'or')) all.push(this.#and());
    return joined(all, (x, y) => this.#join('or', x, y));
  }

  #and(): ParsedPart {
    const all = [this.#timed()];
    while (this.#take('&&', 'and')) all.push(this.#timed());
    return joined(all, (x, y) => this.#join('and', x, y));
  }

  #timed(): ParsedPart {
    const x = this.#unary();
    const op = this.#take(...Object.keys(binaryWords));
    return op === undefined
      ? x
      : this.#join(
          binaryWords[op.text]!,
          x,
          this.#inside(() => this.#timed()),
        );
  }

  #unary(): ParsedPart {
    const token = this.#take(...Object.keys(unaryWords));
    if (token === undefined) return this.#comparison();
    const x = this.#formula(this.#inside(() => this.#unary()));
    const op = unaryWords[token.text]!;
    if (token.text === 'never') return part(token, { op: 'always', x: negated(x) });
    return part(token, op === 'not' ? negated(x) : ({ op, x } as Formula<Expr>));
  }

  #comparison(): ParsedPart {
    const x = this.#sum();
    const op = this.#take(...comparisons);
    if (op === undefined) return x;
    const y = this.#sum();
    if (this.#take(...comparisons))
      this.#fail('comparisons cannot be chained: say `and`', this.#tokens[this.#next - 1]!);
    return { kind: 'value', token: x.token, expr: this.#compare(op, x, y) };
  }

  #compare(op: Token, x: ParsedPart, y: ParsedPart): Expr {
    const a = this.#value(x, y);
    const b = this.#value(y, x);
    const [left, right] = [typeOf(a), typeOf(b)];
    if (!sameType(left, right)) this.#fail(`${kindOf(right)} is compared with ${kindOf(left)}`, y.token);
    if (op.text === '==' || op.text === '!=') return op.text === '==' ? equal(a, b) : not(equal(a, b));
    if (left !== 'int') this.#fail(`'${op.text}' compares numbers only, not ${kindOf(left)}`, op);
    if (op.text === '<') return less('lt', a, b);
    if (op.text === '<=') return less('le', a, b);
    return not(less(op.text === '>' ? 'le' : 'lt', a, b));
  }

  #sum(): ParsedPart {
    let x = this.#product();
    for (let count = 2, op = this.#take('+', '-'); op !== undefined; count++, op = this.#take('+', '-')) {
      x = this.#calculate(
        sums[op.text]!,
        x,
        this.#operand(count, () => this.#product()),
      );
    }
    return x;
  }

  #product(): ParsedPart {
    let x = this.#primary();
    const next = () => this.#take('*', '/', '%');
    for (let count = 2, op = next(); op !== undefined; count++, op = next()) {
      x = this.#calculate(
        products[op.text]!,
        x,
        this.#operand(count, () => this.#primary()),
      );
    }
    return x;
  }

  #calculate(op: Arithmetic, x: ParsedPart, y: ParsedPart): ParsedPart {
    const expr = arithmetic(op, this.#int(x), this.#int(y));
    if (!isExact(this.#names.rangeOf(expr))) {
      this.#fail('this computes numbers beyond 2^53, which are not exact', x.token);
    }
    return { kind: 'value', token: x.token, expr };
  }

  #primary(): ParsedPart {
    const token = this.#token;
    if (this.#take('(')) {
      const x = this.#inside(() => this.#iff());
      if (!this.#take(')'))
        this.#fail(`')' is missing for the '(' at character ${token.start + 1}`, this.#token);
      return { ...x, token };
    }
    if (this.#take('!')) return part(token, negated(this.#formula(this.#inside(() => this.#primary()))));
    if (this.#take('-'))
      return {
        kind: 'value',
        token,
        expr: arithmetic('sub', int(0), this.#int(this.#inside(() => this.#primary()))),
      };
    if (this.#take('enabled')) return this.#enabled(token);
    this.#next++;
    if (token.kind === 'number') return { kind: 'value', token, expr: int(this.#number(token)) };
    if (token.kind === 'end') this.#fail(`something is missing here${this.#quoteHint(-2)}`, token);
    if (token.kind === 'sign') {
      this.#fail(`'${token.text}' is not expected here${this.#quoteHint(-2)}`, token);
    }
    if (!token.isQuoted && reserved.has(token.text)) {
      this.#fail(`'${token.text}' is not expected here${this.#quoteHint(-1)}`, token);
    }
    return this.#name(token);
  }

  /** Was a token, counted from the next one, meant as a name? */
  #quoteHint(offset: number): string {
    const token = this.#tokens[this.#next + offset];
    if (token === undefined || token.isQuoted || !reserved.has(token.text)) return '';
    if (!this.#names.isNamed(token.text)) return '';
    return `; '${token.text}' is a word of the language: write "${token.text}" for what the model names so`;
  }

  #number(token: Token): number {
    const value = Number(token.text);
    if (Number.isSafeInteger(value)) return value;
    return this.#fail('a number beyond 2^53 is not exact', token);
  }

  #name(token: Token): ParsedPart {
    if (!token.isQuoted && (token.text === 'true' || token.text === 'false')) {
      return { kind: 'value', token, expr: truth(token.text === 'true') };
    }
    const refuse = (problem: string): never => this.#fail(problem, token);
    if (this.#take('at')) {
      const thread = this.#names.thread(token.text, refuse);
      let expr = truth(false);
      do {
        const label = this.#label();
        expr = or(
          expr,
          this.#names.standsAt(thread, label.text, (problem) => this.#fail(problem, label)),
        );
      } while (this.#take('|'));
      return { kind: 'value', token, expr };
    }
    if (this.#take('is')) {
      const what = this.#label();
      const thread = this.#names.thread(token.text, refuse);
      if (what.text === 'done') return { kind: 'value', token, expr: this.#names.isDone(thread) };
      if (what.text === 'dead') return { kind: 'value', token, expr: this.#names.isDead(thread) };
      if (what.text === 'enabled') {
        return { kind: 'value', token, expr: this.#names.isEnabled(thread, undefined, refuse) };
      }
      this.#fail(`an actor 'is done', 'is dead' or 'is enabled', not '${what.text}'`, what);
    }
    return { kind: 'word', name: token.text, token };
  }

  /** enabled(actor) or enabled(actor, label) */
  #enabled(token: Token): ParsedPart {
    if (!this.#take('(')) this.#fail("'(' is missing: enabled(actor) or enabled(actor, label)", this.#token);
    const actor = this.#label();
    const label = this.#take(',') && this.#label();
    if (!this.#take(')')) this.#fail("')' is missing", this.#token);
    const thread = this.#names.thread(actor.text, (problem) => this.#fail(problem, actor));
    const refuse = (problem: string): never => this.#fail(problem, label ?? actor);
    return { kind: 'value', token, expr: this.#names.isEnabled(thread, label?.text, refuse) };
  }

  #label(): Token {
    const token = this.#token;
    if (token.kind !== 'name') this.#fail('a name is missing here', token);
    this.#next++;
    return token;
  }

  /** Joins conditions on the state into one, and what is about time into a formula. */
  #join(op: FormulaOp, x: ParsedPart, y: ParsedPart): ParsedPart {
    const [a, b] = [this.#formula(x), this.#formula(y)];
    if (a.op === 'state' && b.op === 'state') {
      if (op === 'and') return part(x.token, { op: 'state', x: and(a.x, b.x) });
      if (op === 'or') return part(x.token, { op: 'state', x: or(a.x, b.x) });
      if (op === 'implies') return part(x.token, { op: 'state', x: or(not(a.x), b.x) });
      if (op === 'iff') return part(x.token, { op: 'state', x: equal(a.x, b.x) });
    }
    return part(x.token, { op, x: a, y: b } as Formula<Expr>);
  }

  #formula(x: ParsedPart): Formula<Expr> {
    if (x.kind === 'formula') return x.formula;
    const expr = this.#value(x);
    if (typeOf(expr) !== 'bool') this.#fail(`${kindOf(typeOf(expr))} is neither true nor false`, x.token);
    return { op: 'state', x: expr };
  }

  /** A word is one of those of the enum that it is compared with. */
  #value(x: ParsedPart, beside?: ParsedPart): Expr {
    if (x.kind === 'value') return x.expr;
    if (x.kind === 'formula') {
      if (x.formula.op === 'state') return x.formula.x;
      return this.#fail('a formula about time has no value to compare or calculate with', x.token);
    }
    const { name: text } = x;
    const found = this.#names.variables(text);
    const type = beside && this.#typeBeside(beside);
    const words = type === undefined || typeof type === 'string' ? undefined : type;
    if (words?.includes(text)) {
      const same = found.find(({ domain }) => sameType(typeOfDomain(domain), words));
      if (same === undefined) return constant(words.indexOf(text), words);
      return this.#fail(`'${text}' may be the variable ${same.name} or one of ${words.join(', ')}`, x.token);
    }
    const [variable, ...others] = found;
    if (others.length > 0) this.#fail(`'${text}' may be ${orList(found.map(({ name }) => name))}`, x.token);
    if (variable !== undefined) return this.#names.read(variable);
    const isNone = words !== undefined && `'${text}' is none of ${words.join(', ')}`;
    return this.#fail(isNone || this.#names.unknown(text), x.token);
  }

  /** The type of what a name is compared with, if that is known without it. */
  #typeBeside(beside: ParsedPart): Type | undefined {
    if (beside.kind === 'value') return typeOf(beside.expr);
    if (beside.kind === 'formula') return undefined;
    const [variable, ...others] = this.#names.variables(beside.name);
    return variable === undefined || others.length > 0 ? undefined : typeOfDomain(variable.domain);
  }

  #int(x: ParsedPart): Expr {
    const expr = this.#value(x);
    if (typeOf(expr) !== 'int') this.#fail(`${kindOf(typeOf(expr))} is no number`, x.token);
    return expr;
  }
}

const part = (token: Token, formula: Formula<Expr>): ParsedPart =>
  formula.op === 'state' ? { kind: 'value', token, expr: formula.x } : { kind: 'formula', token, formula };
const negated = (x: Formula<Expr>): Formula<Expr> =>
  x.op === 'state' ? { op: 'state', x: not(x.x) } : { op: 'not', x };
const kindOf = (type: ReturnType<typeof typeOf>): string =>
  type === 'bool' ? 'a condition' : type === 'int' ? 'a number' : `one of ${type.join(', ')}`;
