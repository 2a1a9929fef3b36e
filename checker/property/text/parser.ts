// The text language of formulas, by recursive descent: one method for each level of precedence, loosest first.
// Operators of C bind as in C; temporal operators bind between `&&` and the comparisons.
//
//   G(p -> F q)    never p and once q    truncate at truncate_inode_page.delete and compound_mapcount >= 0
//
//   formula  = implied { ('<->' | iff) implied }
//   implied  = or [ ('->' | implies | '~>' | leadsTo) implied ]
//   or       = and { ('||' | or) and }            and   = timed { ('&&' | and) timed }
//   timed    = unary [ (U | until | W | weakUntil | R | release | S | since) timed ]
//   unary    = (not | G | always | F | eventually | X | next | never | O | once | H | historically | Y | previously) unary
//            | comparison
//
// A name in double quotes is always a name: `"next" == 1`.

import type { Formula } from '../../../properties/language/temporal.js';
import { arithmetic, int, joined, nestingMax, truth } from '../../ir/expression.js';
import type { Expr, Program } from '../../ir/program.js';
import { conditionOn, enabledCall } from './actors.js';
import { FormulaReader } from './formula_reader.js';
import type { Token } from './lexer.js';
import { FormulaNames, type Suggest } from './names.js';
import { formulaPart, negated, type ParsedPart, PartMeaning, valuePart } from './parts.js';
import { binaryWords, comparisons, implyWords, products, reserved, sums, unaryWords } from './words.js';

/** The formula that a text means in a Program. Throws a FormulaError. */
export function parseFormula(text: string, program: Program, suggest: Suggest = () => ''): Formula<Expr> {
  return new Parser(new FormulaReader(text), new FormulaNames(program, suggest)).whole();
}

/**
 * As `parseFormula`; the text may also mean a number or a word of an enum. Throws a FormulaError.
 * Example: `parseValue('counter + 1', program).op === 'state'`
 */
export function parseValue(text: string, program: Program, suggest: Suggest = () => ''): Formula<Expr> {
  return new Parser(new FormulaReader(text), new FormulaNames(program, suggest)).whole(true);
}

class Parser {
  readonly #reader: FormulaReader;
  readonly #names: FormulaNames;
  readonly #meaning: PartMeaning;
  #depth = 0;

  constructor(reader: FormulaReader, names: FormulaNames) {
    this.#reader = reader;
    this.#names = names;
    this.#meaning = new PartMeaning(names, (problem, token) => reader.fail(problem, token));
  }

  /** The whole text; `isAny` if it may mean a number or a word. */
  whole(isAny = false): Formula<Expr> {
    const part = this.#iff();
    const formula = isAny ? this.#meaning.any(part) : this.#meaning.formula(part);
    const { token } = this.#reader;
    if (token.kind !== 'end') this.#reader.fail(`'${token.text}' is not expected here`);
    return formula;
  }

  /** Parses a nested part: each level takes some of the stack. */
  #enter(): void {
    if (++this.#depth > nestingMax) {
      this.#reader.fail(`more than ${nestingMax} nested formulas: split the formula`);
    }
  }

  #leave(part: ParsedPart): ParsedPart {
    this.#depth--;
    return part;
  }

  /** The operators of a chain, whose operands nest to the left. */
  *#operators(texts: readonly string[]): Generator<Token> {
    for (let count = 2; ; count++) {
      const op = this.#reader.take(...texts);
      if (op === undefined) return;
      if (count > nestingMax) this.#reader.fail(`more than ${nestingMax} operands: split the formula`);
      yield op;
    }
  }

  #iff(): ParsedPart {
    let x = this.#implied();
    for (const _ of this.#operators(['<->', '<=>', 'iff'])) x = this.#meaning.join('iff', x, this.#implied());
    return x;
  }

  #implied(): ParsedPart {
    const x = this.#or();
    const op = this.#reader.take(...Object.keys(implyWords));
    if (op === undefined) return x;
    this.#enter();
    return this.#meaning.join(implyWords[op.text]!, x, this.#leave(this.#implied()));
  }

  #or(): ParsedPart {
    const all = [this.#and()];
    while (this.#reader.take('||', 'or')) all.push(this.#and());
    return joined(all, (x, y) => this.#meaning.join('or', x, y));
  }

  #and(): ParsedPart {
    const all = [this.#timed()];
    while (this.#reader.take('&&', 'and')) all.push(this.#timed());
    return joined(all, (x, y) => this.#meaning.join('and', x, y));
  }

  #timed(): ParsedPart {
    const x = this.#unary();
    const op = this.#reader.take(...Object.keys(binaryWords));
    if (op === undefined) return x;
    this.#enter();
    return this.#meaning.join(binaryWords[op.text]!, x, this.#leave(this.#timed()));
  }

  #unary(): ParsedPart {
    const token = this.#reader.take(...Object.keys(unaryWords));
    if (token === undefined) return this.#comparison();
    this.#enter();
    const x = this.#meaning.formula(this.#leave(this.#unary()));
    const op = unaryWords[token.text]!;
    if (token.text === 'never') return formulaPart(token, { op: 'always', x: negated(x) });
    return formulaPart(token, op === 'not' ? negated(x) : ({ op, x } as Formula<Expr>));
  }

  #comparison(): ParsedPart {
    const x = this.#sum();
    const op = this.#reader.take(...comparisons);
    if (op === undefined) return x;
    const y = this.#sum();
    const another = this.#reader.take(...comparisons);
    if (another !== undefined) this.#reader.fail('comparisons cannot be chained: use `and`', another);
    return this.#meaning.compare(op, x, y);
  }

  #sum(): ParsedPart {
    let x = this.#product();
    for (const { text } of this.#operators(Object.keys(sums))) {
      x = this.#meaning.calculate(sums[text]!, x, this.#product());
    }
    return x;
  }

  #product(): ParsedPart {
    let x = this.#primary();
    for (const { text } of this.#operators(Object.keys(products))) {
      x = this.#meaning.calculate(products[text]!, x, this.#primary());
    }
    return x;
  }

  #primary(): ParsedPart {
    const { token } = this.#reader;
    if (this.#reader.take('(')) return this.#parentheses(token);
    if (this.#reader.take('!')) {
      this.#enter();
      return formulaPart(token, negated(this.#meaning.formula(this.#leave(this.#primary()))));
    }
    if (this.#reader.take('-')) {
      this.#enter();
      return valuePart(token, arithmetic('sub', int(0), this.#meaning.int(this.#leave(this.#primary()))));
    }
    if (this.#reader.take('enabled')) return valuePart(token, enabledCall(this.#reader, this.#names));
    if (token.kind === 'end') this.#reader.fail(`something is missing here${this.#quoteHint(-1)}`);
    if (token.kind === 'sign')
      this.#reader.fail(`'${token.text}' is not expected here${this.#quoteHint(-1)}`);
    if (token.kind === 'number') return numberPart(this.#reader.next(), this.#reader);
    if (!token.isQuoted && reserved.has(token.text)) {
      this.#reader.fail(`'${token.text}' is not expected here${this.#quoteHint(0)}`);
    }
    return namePart(this.#reader.next(), this.#reader, this.#names);
  }

  #parentheses(open: Token): ParsedPart {
    this.#enter();
    const x = this.#leave(this.#iff());
    if (!this.#reader.take(')')) {
      this.#reader.fail(`')' is missing for the '(' at character ${open.start + 1}`);
    }
    return { ...x, token: open };
  }

  /** The hint for a token, by its distance from the current one, that was meant as a name. */
  #quoteHint = (distance: number): string => this.#names.quoteHint(this.#reader.at(distance));
}

/** `true` and `false`, a condition on an actor, or a name whose meaning depends on the other operand. */
function namePart(token: Token, reader: FormulaReader, names: FormulaNames): ParsedPart {
  const { text, isQuoted } = token;
  if (!isQuoted && (text === 'true' || text === 'false')) return valuePart(token, truth(text === 'true'));
  const condition = conditionOn(token, reader, names);
  return condition === undefined ? { kind: 'word', name: text, token } : valuePart(token, condition);
}

function numberPart(token: Token, reader: FormulaReader): ParsedPart {
  const value = Number(token.text);
  if (!Number.isSafeInteger(value)) reader.fail('a number beyond 2^53 is not exact', token);
  return valuePart(token, int(value));
}
