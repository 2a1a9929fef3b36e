// How many members decide a step or a condition: a part of certificate/views.js, which it shares no state with. A `place`
// is where an expression stands: the schema, the classes of the members in slots there, and a name for messages.

/** The certificate does not show what it claims. */
export class ViewsRefused extends Error {}
export const refuse = (why) => {
  throw new ViewsRefused(why);
};

export const sum = (all) => all.reduce((x, y) => x + y, 0);
/** The classes of the actor, if it is a member, and of its partners. */
export const slotsOf = ({ by, partners }) => (by?.class === undefined ? partners : [by.class, ...partners]);

const none = (n, { name }) => (n === 0 ? 0 : refuse(`${name}: no number of members decides it`));
const beside = (place, index) => ({ ...place, slots: [...place.slots, index] });
const partsOf = (x) => {
  const inner = x.cell === undefined ? [] : [x.cell.by ?? x.cell.index].filter(Boolean);
  return [...(x.all ?? []), x.x, x.y, x.then, x.else].filter(Boolean).concat(inner);
};
const inside = (x, is) => is(x) || partsOf(x).some((part) => inside(part, is));
const quantifies = ({ op }) => op === 'every' || op === 'some' || op === 'sum';
const divides = ({ op, y }) => (op === 'div' || op === 'mod') && !(y.op === 'const' && y.value !== 0);
const mayFault = (x) => divides(x) || x.cell?.of === 'array' || x.cell?.of === 'named';
const counts = (x) =>
  ['lt', 'le', 'eq'].includes(x.op) && inside(x, ({ op }) => op === 'sum' || op === 'size');
const variablesOf = ({ of, class: index, slot, variables, variable }, { schema, slots }) => {
  const own =
    of === 'named' ? schema.classes[index] : slot === undefined ? schema : schema.classes[slots[slot]];
  return (variables ?? [variable]).map((id) => own.variables[id]);
};

/** So many members besides those in slots that what a step does in view, or a condition says, is what it does or says. */
export function witnesses(of, schema) {
  const place = { schema, slots: slotsOf(of), name: of.label ?? of.name };
  const condition = of.guard ?? of.bad;
  const named = new Set();
  findNamed(condition, place, place.slots.length, named);
  const isWhole = inside(condition, mayFault) && inside(condition, quantifies);
  let needs = isWhole ? exact(condition, place) : truth(condition, true, place);
  for (const { each, target, value } of of.assignments ?? []) {
    const here = each === undefined ? place : beside(place, each);
    const read = { op: 'read', cell: target };
    const own = exact(read, here) + exact(value, here);
    needs += each === undefined ? own : none(own, place);
    for (const x of [read, value]) findNamed(x, here, place.slots.length, named);
  }
  return needs + named.size;
}

/** References of which something is asked: the members that they name have to be in view. */
function findNamed(x, place, limit, named) {
  const use = (reference) => {
    if (inside(reference, (y) => (y.slot ?? y.cell?.slot ?? -1) >= limit)) none(1, place);
    named.add(JSON.stringify(reference));
  };
  const refers = (y) => {
    if (y.op === 'if') return refers(y.then) || refers(y.else);
    return y.op === 'read' && variablesOf(y.cell, place).some((variable) => variable.refers);
  };
  if (x.cell?.of === 'named') use(x.cell.by);
  if (x.op === 'eq' && refers(x.x) && refers(x.y)) use(x.x);
  const inner = quantifies(x) ? beside(place, x.class) : place;
  for (const part of partsOf(x)) findNamed(part, inner, limit, named);
}

/** So many that the condition has this value in view wherever it has it. */
function truth(x, is, place) {
  const side = (y) => truth(y, is, place);
  switch (x.op) {
    case 'not':
      return truth(x.x, !is, place);
    case 'and':
    case 'or':
      return (x.op === 'and') === is ? sum(x.all.map(side)) : Math.max(...x.all.map(side));
    case 'every':
    case 'some': {
      const needs = truth(x.x, is, beside(place, x.class));
      return (x.op === 'every') === is ? none(needs, place) : 1 + needs;
    }
    case 'if':
      return exact(x.x, place) + Math.max(side(x.then), side(x.else));
    default:
      return counts(x) ? compared(x, is, place) : exact(x, place);
  }
}

/** So many that the value in view is the value. */
function exact(x, place) {
  if (x.op === 'size' || x.op === 'sum') return none(1, place);
  if (x.op === 'every' || x.op === 'some') return Math.max(truth(x, true, place), truth(x, false, place));
  if (x.op === 'if') return exact(x.x, place) + Math.max(exact(x.then, place), exact(x.else, place));
  if (counts(x)) return Math.max(compared(x, true, place), compared(x, false, place));
  return sum(partsOf(x).map((part) => exact(part, place)));
}

function compared({ op, x, y }, is, place) {
  const ordered = (low, high, by) => atLeast([...terms(high, 1), ...terms(low, -1)], by, place);
  if (op === 'lt') return is ? ordered(x, y, 1) : ordered(y, x, 0);
  if (op === 'le') return is ? ordered(x, y, 0) : ordered(y, x, 1);
  return is ? ordered(x, y, 0) + ordered(y, x, 0) : Math.max(ordered(x, y, 1), ordered(y, x, 1));
}

function terms(x, sign) {
  if (x.op === 'add') return x.all.flatMap((one) => terms(one, sign));
  return x.op === 'sub' ? [...terms(x.x, sign), ...terms(x.y, -sign)] : [{ x, sign }];
}

/** So many that the sum is at least `min` in view wherever it is. */
function atLeast(all, min, place) {
  const found = all.filter(({ x }) => x.op === 'sum').map(({ x, sign }) => ({ ...counted(x, place), sign }));
  const rest = all.filter(({ x }) => x.op !== 'sum' && x.op !== 'size');
  // The size less those that satisfy p is those that do not.
  for (const { x, sign } of all.filter((one) => one.x.op === 'size')) {
    const other = found.find((one) => one.class === x.class && one.sign === -sign) ?? none(1, place);
    [other.sign, other.is] = [sign, !other.is];
    const inSlots = place.slots.filter((one) => one === x.class).length;
    rest.push({ x: { op: 'const', value: x.plus + inSlots }, sign });
  }
  const needs = (one, is) => truth(one.p, is, beside(place, one.class));
  for (const one of found) if (one.sign < 0) none(needs(one, !one.is), place);
  const own = sum(rest.map(({ x }) => exact(x, place)));
  const adding = found.filter(({ sign }) => sign > 0);
  if (adding.length === 0) return own;
  if (adding.length < found.length) none(1, place);
  const missing = Math.max(0, min - sum(rest.map(({ x, sign }) => least(x, sign, place))));
  return own + missing * (1 + Math.max(...adding.map((one) => needs(one, one.is))));
}

/** What a sum counts: members of a class for which p has this value. */
function counted({ class: index, x }, place) {
  const [yes, no] = [x.then?.value, x.else?.value];
  if (x.op !== 'if' || !((yes === 1 && no === 0) || (yes === 0 && no === 1))) none(1, place);
  return { class: index, p: x.x, is: yes === 1 };
}

function least(x, sign, place) {
  if (x.op === 'const') return sign * x.value;
  if (x.op === 'if') return Math.min(least(x.then, sign, place), least(x.else, sign, place));
  if (x.op !== 'read') return none(1, place);
  return Math.min(...variablesOf(x.cell, place).map(({ min, max }) => (sign > 0 ? min : -max)));
}
