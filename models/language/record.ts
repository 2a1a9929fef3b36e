// Records as values: several fields stored at once, a record copied, two compared. Each expands to its fields, so a
// field that a step writes twice is found.

import type { DomainNode } from './domain.js';
import { atOnce, type EffectsAtOnce, forAll, type SomeEffect, set } from './effect.js';
import {
  all,
  allOf,
  Bool,
  boolNode,
  describe,
  Enum,
  Expr,
  type ExprNode,
  enumNode,
  Int,
  intNode,
  type Place,
} from './expression.js';
import { ModelError } from './location.js';
import { ofActors } from './per_actor.js';
import { isByName } from './required.js';
import { someoneNode, type Who } from './someone.js';

/** A part of the state, and its domain. */
export interface DomainPlace {
  readonly place: Place;
  readonly node: DomainNode;
}

const within = ({ place }: DomainPlace, step: string | ExprNode, node: DomainNode): DomainPlace => ({
  place: { ...place, path: [...place.path, step] },
  node,
});

/** The fields that can be stored and compared: not the lifetime of an object. */
function fieldsOf(of: DomainPlace): readonly (readonly [name: string, field: DomainPlace])[] {
  const { node } = of;
  if (node.kind !== 'record') return [];
  return Object.entries(node.fields).flatMap(([name, field]) =>
    field === node.lifetime ? [] : [[name, within(of, name, field.node)] as const],
  );
}

/** The effects that store values in the fields that are named. */
export function setFields(record: DomainPlace, values: unknown): EffectsAtOnce {
  const fields = new Map(fieldsOf(record));
  const form = 'set(…) of a record has values by field, { field: value, … }';
  if (!isByName(values)) throw new ModelError(`${form}, not ${describe(values)}`);
  const effects = Object.entries(values).map(([name, value]): SomeEffect => {
    const field = fields.get(name);
    if (field === undefined) {
      throw new ModelError(`the record has no field '${name}'; there are ${[...fields.keys()].join(', ')}`);
    }
    return field.node.kind === 'record' ? setFields(field, value) : set(field.place, valueIn(field, value));
  });
  if (effects.length === 0) throw new ModelError(`${form}, and names none`);
  return atOnce(...effects);
}

function valueIn({ node }: DomainPlace, value: unknown): ExprNode {
  switch (node.kind) {
    case 'int':
    case 'range':
      return intNode(value as number | Int);
    case 'bool':
      return boolNode(value as boolean | Bool);
    case 'enum':
      return enumNode(value as string | Enum<string>);
    case 'someone':
      return someoneNode(value as Who | 'nobody', 'set()');
    case 'pointer':
      if (value === 'NULL') return { op: 'const', value };
      if (
        value instanceof Expr &&
        !(value instanceof Int || value instanceof Bool || value instanceof Enum)
      ) {
        return value.node;
      }
      throw new ModelError(`a pointer is set to 'NULL' or a pointer, not ${describe(value)}`);
    default:
      throw new ModelError(refusalOfPart(node.kind));
  }
}

const refusalOfPart = (kind: DomainNode['kind']): string => {
  if (kind === 'owner' || kind === 'holders') return 'a lock has no value: it is taken and dropped';
  if (kind === 'latch') return 'a latch has no value: it is armed';
  return 'an array has no value: set its elements, as in forAll(n, (i) => a.at(i).set(…))';
};

/** The effects that copy all fields of one record into another. */
export const copyFields = (to: DomainPlace, from: DomainPlace): EffectsAtOnce => atOnce(...copied(to, from));

function copied(to: DomainPlace, from: DomainPlace): readonly SomeEffect[] {
  requireLike(to, from, 'copy()');
  const { node } = to;
  switch (node.kind) {
    case 'record':
      return fieldPairs(to, from).flatMap(([x, y]) => copied(x, y));
    case 'array': {
      const element = (of: DomainPlace, i: Int) => within(of, i.node, elementOf(of));
      const length = new Int(node.length);
      return [
        ...(node.isQueue ? [set(lengthOf(to), { op: 'read', place: lengthOf(from) })] : []),
        forAll(length, (i) => atOnce(...copied(element(to, i), element(from, i)))),
      ];
    }
    case 'per actor': {
      const of = (one: DomainPlace, x: ExprNode) => within(one, { op: 'whose', x }, elementOf(one));
      const id = Symbol('actor');
      const x: ExprNode = { op: 'bound', id };
      return [{ length: 'everyone', id, forAll: atOnce(...copied(of(to, x), of(from, x))) }];
    }
    case 'owner':
    case 'holders':
    case 'latch':
      throw new ModelError(refusalOfPart(node.kind));
    default:
      return [set(to.place, { op: 'read', place: from.place })];
  }
}

/** Are all fields of two records the same? */
export function sameFields(x: DomainPlace, y: DomainPlace): Bool {
  requireLike(x, y, 'same()');
  const { node } = x;
  switch (node.kind) {
    case 'record':
      return allOf(...fieldPairs(x, y).map(([a, b]) => sameFields(a, b)));
    case 'array': {
      const elements = all(new Int(node.length), (i) =>
        sameFields(within(x, i.node, elementOf(x)), within(y, i.node, elementOf(y))),
      );
      return node.isQueue ? equal(lengthOf(x), lengthOf(y)).and(elements) : elements;
    }
    case 'per actor': {
      const of = (one: DomainPlace, who: ExprNode) => within(one, { op: 'whose', x: who }, elementOf(one));
      return ofActors('all', (who) => sameFields(of(x, who.node), of(y, who.node)));
    }
    case 'owner':
    case 'holders':
    case 'latch':
      throw new ModelError(refusalOfPart(node.kind));
    default:
      return equal(x.place, y.place);
  }
}

const equal = (x: Place, y: Place): Bool =>
  new Bool({ op: 'eq', x: { op: 'read', place: x }, y: { op: 'read', place: y } });

const fieldPairs = (x: DomainPlace, y: DomainPlace): readonly (readonly [DomainPlace, DomainPlace])[] => {
  const others = new Map(fieldsOf(y));
  return fieldsOf(x).map(([name, field]) => [field, others.get(name)!] as const);
};

const elementOf = ({ node }: DomainPlace): DomainNode => (node as ArrayNode).element.node;
type ArrayNode = Extract<DomainNode, { kind: 'array' | 'per actor' }>;

/** The place of a queue's length. */
const lengthOf = ({ place }: DomainPlace): Place => ({ ...place, path: [...place.path, 'length'] });

const kindOf = ({ kind }: DomainNode): string => (kind === 'range' ? 'int' : kind);

/** Throws a ModelError unless both have the same fields; their domains may differ, as with single values. */
function requireLike(x: DomainPlace, y: DomainPlace, whose: string): void {
  const names = (of: DomainPlace) => fieldsOf(of).map(([name]) => name);
  const isQueue = (of: DomainPlace) => of.node.kind === 'array' && of.node.isQueue === true;
  const isLike =
    kindOf(x.node) === kindOf(y.node) &&
    isQueue(x) === isQueue(y) &&
    names(x).length === names(y).length &&
    names(x).every((name) => names(y).includes(name));
  if (isLike) return;
  const [one, other] = [x, y].map((of) =>
    of.node.kind === 'record'
      ? `{ ${names(of).join(', ')} }`
      : `${of.node.kind} '${String(of.place.path.at(-1))}'`,
  );
  throw new ModelError(`${whose} needs two records with the same fields, not ${one} and ${other}`);
}
