// A state of a finite instance as people read it: where each actor stands, the value of each variable, and where actors
// are in their loops.
//
//   a[0] is at run.wait    flag[0] = true    a[0] in its loop over NR: at 1, still to do 0, 2

import { typeOfDomain, valueText } from '../ir/expression.js';
import type { Location } from '../ir/program.js';
import type { InstanceState } from './evaluation.js';
import type { FiniteInstance, InstanceCell } from './instance.js';
import type { Family, Fun, Parameterised, StateTerm } from './program.js';
import { walk } from './term.js';
import { termText } from './text.js';

type ValueCell = Extract<InstanceCell, { kind: 'value' }>;

/** A text for each part of a state. */
export function stateTexts(instance: FiniteInstance, state: InstanceState): readonly string[] {
  const cells = instance.cells();
  const simple = cells.flatMap((cell, i) => {
    if (cell.kind === 'place') return [placeText(cell.family, cell.member, state[i]!)];
    return isOfLoop(cell.fun) ? [] : [valueCellText(cell, state[i]!, instance)];
  });
  const loops = instance.program.funs.filter(({ kind }) => kind === 'to do');
  return [...simple, ...loops.flatMap((todo) => loopTexts(todo, instance, state))];
}

const isOfLoop = ({ kind }: Fun): boolean => kind === 'loop index' || kind === 'to do';

const memberText = ({ name }: Family, member: StateTerm | undefined): string =>
  member === undefined ? name : `${name}[${termText(member)}]`;

const placeText = (family: Family, member: StateTerm | undefined, at: Location): string =>
  `${memberText(family, member)} is at ${family.locations[at]!.path}`;

function valueCellText({ fun, args }: ValueCell, value: number, instance: FiniteInstance): string {
  const name = termText({ op: 'read', fun, args });
  const { range } = fun;
  if (range.kind === 'index') return `${name} = ${value}`;
  if (range.kind !== 'owner') return `${name} = ${valueText(value, typeOfDomain(range))}`;
  const owner = instance.actors().find((one) => one.value === value)?.actor;
  return `${name} = ${owner === undefined ? 'free' : termText(owner)}`;
}

/** Where each member is that stands inside of a loop. */
function loopTexts(todo: Fun, instance: FiniteInstance, state: InstanceState): readonly string[] {
  const family = todo.family!;
  const index = instance.program.funs.find(({ name }) => name === todo.name.replace(/todo$/, 'index'))!;
  const inside = placesInside(index, instance.program);
  const numbered = instance.cells().map((cell, i) => ({ cell, value: state[i]! }));
  const of = (fun: Fun, member: StateTerm | undefined) =>
    numbered.filter(({ cell }) => {
      if (cell.kind !== 'value' || cell.fun !== fun) return false;
      return member === undefined || sameElement(cell.args.at(-1)!, member);
    });
  return numbered.flatMap(({ cell, value }) => {
    if (cell.kind !== 'place' || cell.family !== family || !inside.has(value)) return [];
    const [at] = of(index, cell.member);
    const left = of(todo, cell.member).flatMap((one) =>
      one.value === 0 ? [] : [termText((one.cell as ValueCell).args[0]!)],
    );
    const rest = left.length === 0 ? 'nothing left to do' : `still to do ${left.join(', ')}`;
    return [`${memberText(family, cell.member)} in its loop over ${todo.args[0]}: at ${at!.value}, ${rest}`];
  });
}

const sameElement = (x: StateTerm, y: StateTerm): boolean =>
  x.op === 'element' && y.op === 'element' && x.index === y.index;

/** The places from which a step reads the index of a loop. */
function placesInside(index: Fun, { rules }: Parameterised): ReadonlySet<Location> {
  const reads = (x: StateTerm): boolean => {
    let found = false;
    walk(x, (one) => {
      if (one.op === 'read' && one.fun === index) found = true;
    });
    return found;
  };
  const inside = rules.filter(
    ({ guard, updates }) =>
      reads(guard) || updates.some(({ args, value }) => [...args, value].some((x) => reads(x))),
  );
  return new Set(inside.map(({ from }) => from));
}
