// The language in which a memory model is written: relations and sets of events as data, with the operators of herd's
// cat language. evaluate.ts computes their value in one execution; explain.ts computes why a pair is in one.
//
//   const hb = named('hb', within(marked, union(ppo, rfe)));     // let hb = [Marked] ; (ppo | rfe) ; [Marked]

/** A set of events. */
export type EventSet =
  | { readonly kind: 'base'; readonly name: string }
  | { readonly kind: 'union' | 'both' | 'minus'; readonly parts: readonly [EventSet, EventSet] }
  | { readonly kind: 'domain' | 'range'; readonly of: Relation };

/** A relation between events. */
export type Relation =
  | { readonly kind: 'base'; readonly name: string }
  | { readonly kind: 'identity'; readonly on: EventSet }
  | { readonly kind: 'product'; readonly from: EventSet; readonly to: EventSet }
  | { readonly kind: 'union' | 'sequence'; readonly parts: readonly Relation[] }
  | { readonly kind: 'both' | 'minus'; readonly parts: readonly [Relation, Relation] }
  | { readonly kind: 'inverse' | 'plus' | 'star' | 'maybe'; readonly of: Relation }
  | Least
  /** `isEdge`: a pair of it is printed as one edge, not as its parts. */
  | { readonly kind: 'named'; readonly name: string; readonly of: Relation; readonly isEdge: boolean };

/** The least relation that is its body, in which `self` stands for it. */
export interface Least {
  readonly kind: 'least';
  readonly self: Relation;
  readonly body: Relation;
  /** The body and its parts, as far as `self` is in them. */
  readonly changing: ReadonlySet<Relation>;
}

export const set = (name: string): EventSet => ({ kind: 'base', name });
export const eitherSet = (first: EventSet, ...more: readonly EventSet[]): EventSet =>
  more.reduce<EventSet>((a, b) => ({ kind: 'union', parts: [a, b] }), first);
export const bothSets = (a: EventSet, b: EventSet): EventSet => ({ kind: 'both', parts: [a, b] });
/** `a \ b \ c`. */
export const setMinus = (first: EventSet, ...less: readonly EventSet[]): EventSet =>
  less.reduce<EventSet>((a, b) => ({ kind: 'minus', parts: [a, b] }), first);
export const domain = (of: Relation): EventSet => ({ kind: 'domain', of });
export const range = (of: Relation): EventSet => ({ kind: 'range', of });

/** Basic relations of the execution: po, rf, co and others. */
export const base = (name: string): Relation => ({ kind: 'base', name });
/** `[S]`. */
export const at = (on: EventSet): Relation => ({ kind: 'identity', on });
/** `S * T`. */
export const product = (from: EventSet, to: EventSet): Relation => ({ kind: 'product', from, to });
/** `a | b`. */
export const either = (...parts: readonly Relation[]): Relation => ({ kind: 'union', parts });
/** `a ; b`. */
export const sequence = (...parts: readonly Relation[]): Relation => ({ kind: 'sequence', parts });
/** `a & b`. */
export const both = (a: Relation, b: Relation): Relation => ({ kind: 'both', parts: [a, b] });
/** `a \ b`. */
export const minus = (a: Relation, b: Relation): Relation => ({ kind: 'minus', parts: [a, b] });
/** `a^-1`. */
export const inverse = (of: Relation): Relation => ({ kind: 'inverse', of });
/** `a*`. */
export const star = (of: Relation): Relation => ({ kind: 'star', of });
/** `a?`. */
export const maybe = (of: Relation): Relation => ({ kind: 'maybe', of });
/** `let rec a = body(a)`. */
export function least(body: (self: Relation) => Relation): Relation {
  const self = base('self');
  const whole = body(self);
  const changing = new Set<Relation>([self]);
  addChanging(whole, changing);
  return { kind: 'least', self, body: whole, changing };
}

/** Adds the relation and its parts, as far as one of `changing` is in them. */
function addChanging(relation: Relation, changing: Set<Relation>): boolean {
  const parts = 'parts' in relation ? relation.parts : 'of' in relation ? [relation.of] : [];
  const isChanging = parts.map((part) => addChanging(part, changing)).includes(true);
  if (isChanging) changing.add(relation);
  return changing.has(relation);
}

/** `let name = of`. */
export const named = (name: string, of: Relation): Relation => ({ kind: 'named', name, of, isEdge: false });
/** The same, and one edge in pictures and cycles. */
export const edge = (name: string, of: Relation): Relation => ({ kind: 'named', name, of, isEdge: true });
