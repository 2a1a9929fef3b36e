// Murphi as a tree: exporters build it, print.ts prints it. A tree may have holes, which are filled before it is
// printed: the printer takes trees of MurphiExpression<never>, which have none.
//
//   (a = 1) & forall x: worker_t do ... endforall      { kind: 'chain', op: '&', all: [{ kind: 'binary', ... }, ...] }

/** Infix operators. */
export type MurphiOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

/** An expression, with holes of type H. */
export type MurphiExpression<H = never> =
  /** A variable, a constant, a word of an enum, `true` or `false`. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'element'; readonly array: string; readonly index: MurphiExpression<H> }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly MurphiExpression<H>[] }
  | { readonly kind: 'not'; readonly x: MurphiExpression<H> }
  | {
      readonly kind: 'binary';
      readonly op: MurphiOperator;
      readonly x: MurphiExpression<H>;
      readonly y: MurphiExpression<H>;
    }
  /** Operands in their order; `&` and `|` evaluate them until one decides. Not empty. */
  | { readonly kind: 'chain'; readonly op: '&' | '|' | '+'; readonly all: readonly MurphiExpression<H>[] }
  | {
      readonly kind: 'choice';
      readonly x: MurphiExpression<H>;
      readonly yes: MurphiExpression<H>;
      readonly no: MurphiExpression<H>;
    }
  | {
      readonly kind: 'quantified';
      readonly word: 'exists' | 'forall';
      readonly over: MurphiParameter;
      readonly body: MurphiExpression<H>;
    }
  | { readonly kind: 'hole'; readonly hole: H };

/** The target of an assignment. */
export type MurphiPlace<H = never> = Extract<MurphiExpression<H>, { kind: 'name' | 'element' | 'hole' }>;

/** A statement, with holes of type H in its expressions. */
export type MurphiStatement<H = never> =
  | { readonly kind: 'assign'; readonly to: MurphiPlace<H>; readonly value: MurphiExpression<H> }
  | { readonly kind: 'undefine'; readonly place: MurphiPlace<H> }
  /** Assigns to a place of a scalarset's type, which may be undefined. */
  | { readonly kind: 'copy'; readonly to: MurphiPlace<H>; readonly from: MurphiPlace<H> }
  | {
      readonly kind: 'if';
      readonly condition: MurphiExpression<H>;
      readonly yes: readonly MurphiStatement<H>[];
      readonly no?: readonly MurphiStatement<H>[];
    }
  | { readonly kind: 'for'; readonly over: MurphiParameter; readonly body: readonly MurphiStatement<H>[] }
  /** One statement for each number from 0 on, and one for all others. */
  | {
      readonly kind: 'switch';
      readonly of: MurphiExpression<H>;
      readonly cases: readonly MurphiStatement<H>[];
      readonly otherwise: MurphiStatement<H>;
    }
  | { readonly kind: 'return'; readonly value: MurphiExpression<H> }
  | { readonly kind: 'assume'; readonly condition: MurphiExpression<H> }
  | { readonly kind: 'error'; readonly message: string };

/** A type, as written after a colon. */
export type MurphiType =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'range'; readonly min: number; readonly max: number }
  | { readonly kind: 'enum'; readonly words: readonly string[] }
  | { readonly kind: 'scalarset'; readonly size: number }
  | { readonly kind: 'array'; readonly over: string; readonly of: MurphiType };

/** A name and its type: of a parameter, a local, or a variable that a ruleset, a quantifier or a loop binds. */
export interface MurphiParameter {
  readonly name: string;
  readonly type: MurphiType;
}

/** A number with a name. */
export interface MurphiConstant {
  readonly name: string;
  readonly value: number;
}

/** The items of a module, in any order that names allow. */
export type MurphiItem =
  | { readonly kind: 'comment'; readonly lines: readonly string[] }
  | MurphiDeclarations
  | MurphiFunction
  | MurphiStartState
  | MurphiRule
  | MurphiClaim;

/** Constants, types and variables of a module. */
export interface MurphiDeclarations {
  readonly kind: 'declarations';
  /** Each comment stands above the constants that it is about. */
  readonly constants: readonly { readonly about: string; readonly all: readonly MurphiConstant[] }[];
  readonly types: readonly MurphiParameter[];
  readonly variables: readonly MurphiParameter[];
}

/** A function, which may read variables and change its own locals. */
export interface MurphiFunction {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly MurphiParameter[];
  readonly returns: MurphiType;
  readonly locals: readonly MurphiParameter[];
  readonly body: readonly MurphiStatement[];
}

/** The initial states: one for each choice of the parameters that its assumptions admit. */
export interface MurphiStartState {
  readonly kind: 'startstate';
  readonly title: string;
  readonly parameters: readonly MurphiParameter[];
  readonly body: readonly MurphiStatement[];
}

/** A step: where the condition is true, the body may be executed. */
export interface MurphiRule {
  readonly kind: 'rule';
  readonly about: string;
  readonly title: string;
  /** The parameters of the ruleset around it; empty for a rule by itself. */
  readonly parameters: readonly MurphiParameter[];
  /** The conjunction of all of these; or a disjunction of conjunctions, one in each line. */
  readonly condition:
    | { readonly allOf: readonly MurphiExpression[] }
    | { readonly anyOf: readonly (readonly MurphiExpression[])[] };
  readonly locals: readonly MurphiParameter[];
  readonly body: readonly MurphiStatement[];
}

/** A property for the tool. */
export interface MurphiClaim {
  readonly kind: 'claim';
  readonly clause: 'invariant' | 'cover' | 'liveness';
  readonly about: string | undefined;
  readonly title: string;
  readonly condition: MurphiExpression;
}

/** A variable, a constant or a word, as an expression. */
export const name = (text: string): { readonly kind: 'name'; readonly name: string } => ({
  kind: 'name',
  name: text,
});
/** A declared type, or `boolean`. */
export const named = (text: string): MurphiType => ({ kind: 'named', name: text });
/** Two operands and the operator between them. */
export const binary = <H>(
  op: MurphiOperator,
  x: MurphiExpression<H>,
  y: MurphiExpression<H>,
): MurphiExpression<H> => ({
  kind: 'binary',
  op,
  x,
  y,
});
/** Are two values the same? */
export const equals = <H>(x: MurphiExpression<H>, y: MurphiExpression<H>): MurphiExpression<H> =>
  binary('=', x, y);
/** The chain; of one operand, that operand. */
export const chain = <H>(op: '&' | '|' | '+', all: readonly MurphiExpression<H>[]): MurphiExpression<H> =>
  all.length === 1 ? all[0]! : { kind: 'chain', op, all };

const opposite: { readonly [op in MurphiOperator]?: MurphiOperator } = { '=': '!=', '<': '>=', '<=': '>' };

/** The opposite condition; of a comparison, the opposite comparison. Example: of `a < b` it is `a >= b`. */
export function negation<H>(x: MurphiExpression<H>): MurphiExpression<H> {
  const op = x.kind === 'binary' ? opposite[x.op] : undefined;
  return x.kind === 'binary' && op !== undefined ? { ...x, op } : { kind: 'not', x };
}
