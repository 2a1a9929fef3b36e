// Terms as people read them: `vma[m].pmd == huge`. Also the clauses of an invariant, those of several places as one.

import type { Clause } from './clauses.js';
import type { Family, Fun, StateTerm } from './program.js';

const operators = { eq: '==', lt: '<', le: '<=', add: '+', sub: '-', mul: '*' } as const;

export function termText(x: StateTerm): string {
  switch (x.op) {
    case 'const':
      if (x.type === 'int') return String(x.value);
      return x.type === 'bool' ? (x.value === 0 ? 'false' : 'true') : x.type[x.value]!;
    case 'first':
      return '0';
    case 'var':
      return x.name;
    case 'element':
      return String(x.index);
    case 'modulo':
      return `${termText(x.x)} % ${x.sort}`;
    case 'size':
      return x.sort;
    case 'read':
      return readText(x.fun, x.args.map(termText));
    case 'at': {
      const places = [...new Set(x.locations.map((at) => x.family.locations[at]!.path))];
      return `${memberText(x.family, x.member)} at ${places.join(' or ')}`;
    }
    case 'nobody':
      return 'free';
    case 'actor':
      return memberText(x.family, x.member);
    case 'not':
      if (x.x.op === 'eq') return `${termText(x.x.x)} != ${termText(x.x.y)}`;
      return `!${inner(x.x)}`;
    case 'and':
      return x.xs.map(inner).join(' && ');
    case 'or':
      return x.xs.map(inner).join(' || ');
    case 'if':
      return `${inner(x.x)} ? ${inner(x.then)} : ${inner(x.else)}`;
    case 'all':
    case 'any':
    case 'sum': {
      const word = { all: 'for all', any: 'for some', sum: 'number of' }[x.op];
      return `(${word} ${x.bound.name} of ${x.bound.sort}: ${termText(x.x)})`;
    }
    default:
      return `${inner(x.x)} ${operators[x.op]} ${inner(x.y)}`;
  }
}

const isSimple = (x: StateTerm): boolean =>
  ['const', 'first', 'var', 'size', 'read', 'nobody', 'actor', 'all', 'any', 'sum'].includes(x.op);
const inner = (x: StateTerm): string => {
  const isNegation = x.op === 'not' && isSimple(x.x);
  return isSimple(x) || isNegation ? termText(x) : `(${termText(x)})`;
};

const memberText = ({ name, sort }: Family, member: StateTerm | undefined): string =>
  sort === undefined ? name : `${name}[${member === undefined ? '' : termText(member)}]`;

function readText(fun: Fun, args: readonly string[]): string {
  if (fun.place.length === 0) return args.length === 0 ? fun.name : `${fun.name}(${args.join(', ')})`;
  let index = 0;
  let arg = 0;
  const text = fun.place.map((part, i) => {
    if (typeof part !== 'number') return i === 0 ? part : `.${part}`;
    return fun.sorts[index++] === undefined ? `[${part}]` : `[${args[arg++]!}]`;
  });
  if (fun.family === undefined) return text.join('');
  const member = fun.family.sort === undefined ? fun.family.name : `${fun.family.name}[${args[arg]!}]`;
  return fun.kind === 'share' ? `${text.join('')}[${member}]` : `${member}:${text.join('')}`;
}

/** A line for each clause; those that say the same of several places are one. */
export function invariantTexts(clauses: readonly Clause[]): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { name, place, places } of clauses) {
    if (places !== undefined) {
      const labels = places.at.map((at) => places.family.locations[at]!.label);
      lines.set(`${places.family.name} at ${[...new Set(labels)].join(', ')}: ${places.says}`, []);
    } else if (place === undefined) lines.set(name, []);
    else
      lines.set(place.says, [...(lines.get(place.says) ?? []), `${place.family.name} at ${pathOf(place)}`]);
  }
  return [...lines].map(([says, places]) => (places.length === 0 ? says : `${places.join(', ')}: ${says}`));
}

const pathOf = ({ family, at }: NonNullable<Clause['place']>): string => family.locations[at]!.path;
