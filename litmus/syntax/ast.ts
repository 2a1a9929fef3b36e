// A litmus test: its first values, the C of its threads, and its final condition.

/** Where something stands in the file, both from 1. */
export interface Position {
  /** Only where it is not the file of the test. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

export interface UnknownWord {
  readonly word: string;
  readonly known: readonly string[];
}

/** What is wrong with a litmus test, or not covered here, and where. */
export class LitmusError extends Error {
  override readonly name = 'LitmusError';
  readonly at: Position | undefined;
  /** An unknown word, and the valid ones. */
  readonly unknown: UnknownWord | undefined;

  constructor(message: string, at?: Position, unknown?: UnknownWord) {
    super(message);
    this.at = at;
    this.unknown = unknown;
  }
}

/** A number, or the address of the location with this name. */
export type LitmusValue = number | string;

export const operators = {
  unary: ['-', '!', '~'],
  binary: ['*', '/', '%', '+', '-', '<<', '>>', '<', '<=', '>', '>=', '==', '!=', '&', '^', '|', '&&', '||'],
} as const;
export type CUnaryOperator = (typeof operators.unary)[number];
export type CBinaryOperator = (typeof operators.binary)[number];

/** `text`: as it is written, for messages and pictures. */
interface Written {
  readonly at: Position;
  readonly text: string;
}

export type CExpression = Written &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'pointed'; readonly address: CExpression }
    | { readonly kind: 'unary'; readonly operator: CUnaryOperator; readonly operand: CExpression }
    | {
        readonly kind: 'binary';
        readonly operator: CBinaryOperator;
        readonly left: CExpression;
        readonly right: CExpression;
      }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly CExpression[] }
  );

export type CStatement = Written &
  (
    | { readonly kind: 'declare'; readonly names: readonly string[] }
    | { readonly kind: 'assign'; readonly name: string; readonly value: CExpression }
    | { readonly kind: 'store'; readonly address: CExpression; readonly value: CExpression }
    | { readonly kind: 'call'; readonly call: CExpression & { readonly kind: 'call' } }
    | {
        readonly kind: 'if';
        readonly condition: CExpression;
        readonly then: readonly CStatement[];
        readonly otherwise: readonly CStatement[];
      }
  );

export interface LitmusThread {
  readonly at: Position;
  /** Names of locations; in the thread they are pointers to them. */
  readonly parameters: readonly string[];
  readonly body: readonly CStatement[];
}

/** A value at the end of an execution: a register of a thread, or a location. */
export type Observable =
  | { readonly kind: 'register'; readonly thread: number; readonly name: string; readonly at: Position }
  | { readonly kind: 'location'; readonly name: string; readonly at: Position };

export type Proposition =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'equal' | 'different'; readonly of: Observable; readonly value: LitmusValue }
  | { readonly kind: 'not'; readonly of: Proposition }
  | { readonly kind: 'and' | 'or' | 'implies'; readonly parts: readonly [Proposition, Proposition] };

export interface Condition {
  readonly quantifier: 'exists' | '~exists' | 'forall';
  readonly proposition: Proposition;
  /** As it is written. */
  readonly text: string;
}

export interface LitmusTest {
  readonly name: string;
  /** First values by location; a location that is not here begins with 0. */
  readonly initial: ReadonlyMap<string, LitmusValue>;
  readonly threads: readonly LitmusThread[];
  /** What `locations` names. */
  readonly locations: readonly Observable[];
  /** Executions that do not satisfy it are left out. */
  readonly filter: Proposition | undefined;
  readonly condition: Condition;
}

/** What a proposition quantifies over. */
export function observablesOf(proposition: Proposition): readonly Observable[] {
  switch (proposition.kind) {
    case 'constant':
      return [];
    case 'equal':
    case 'different':
      return [proposition.of];
    case 'not':
      return observablesOf(proposition.of);
    case 'and':
    case 'or':
    case 'implies':
      return proposition.parts.flatMap(observablesOf);
  }
}
