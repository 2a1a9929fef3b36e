#!/usr/bin/env node
// Checks a certificate that `raceproof prove MODEL --for=… --certificate=FILE` wrote. Shares no code with raceproof.
//
//   node views.js FILE                          exit status 0: certified, 1: refused, 2: the file cannot be read
//
// It has a program for any number of members (`schema`), and views: the shared part with k members. Refused unless the
// first views are there, no configuration whose views are all there is bad, and every step leads to views that are there.
// To be trusted: this file, Node, that the schema is what the model says, and small instances (see docs/prove.md).

import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { refuse, slotsOf, sum, ViewsRefused, witnesses } from './witnesses.js';

export { ViewsRefused };

/** It depends on a member out of view, so another configuration decides; or there is no value. */
const [hidden, fault] = [Symbol('hidden'), Symbol('fault')];
const thrown = (what) => {
  throw what;
};
const outOfView = 1_000_000;
const isMember = (reference) => reference >= 0;

/** Returns what is certified, or throws a ViewsRefused or a SyntaxError. */
export function verifyViews(text) {
  const { format, version, schema, k, views } = JSON.parse(text);
  if (format !== 'raceproof-views' || version !== 1)
    throw new SyntaxError("not a file of format 'raceproof-views', version 1");
  if (!Number.isInteger(k) || k < 1 || k > 3 || !Array.isArray(views)) throw new SyntaxError('no views');
  close(schema, k, views);
  const reported = schema.steps.flatMap(({ reports }) => (reports ? [reports.message] : []));
  const holds = [...schema.conditions.map(({ name }) => name), ...new Set(reported), 'no value out of range'];
  return { sizes: schema.classes.map(({ setting }) => setting), k, views: views.length, holds };
}

// ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────

const others = (index, { members }, slots) =>
  [...members.keys()].filter((p) => members[p].class === index && !slots.includes(p));
const choices = (classes, here) =>
  classes.reduce(
    (all, index) => all.flatMap((slots) => others(index, here, slots).map((p) => [...slots, p])),
    [[]],
  );

function value(x, here, slots) {
  const of = (y) => value(y, here, slots);
  const each = () => others(x.class, here, slots).map((p) => value(x.x, here, [...slots, p]));
  switch (x.op) {
    case 'const':
      return x.value;
    case 'size':
      return here.members.filter((one) => one.class === x.class).length + x.plus;
    case 'nobody':
      return -1;
    case 'thread':
      return -2 - x.thread;
    case 'member':
      return slots[x.slot];
    case 'at':
      return Number(x.locations.includes(here.members[slots[x.slot]].at));
    case 'thread at':
      return Number(x.locations.includes(here.at[x.thread]));
    case 'read': {
      const [owner, id] = cellOf(x.cell, here, slots);
      return owner.values[id];
    }
    case 'not':
      return 1 - of(x.x);
    case 'and':
      return Number(x.all.every(of));
    case 'or':
      return Number(x.all.some(of));
    case 'add':
      return sum(x.all.map(of));
    case 'every':
      return Number(others(x.class, here, slots).every((p) => value(x.x, here, [...slots, p])));
    case 'some':
      return Number(others(x.class, here, slots).some((p) => value(x.x, here, [...slots, p])));
    case 'sum':
      return sum(each());
    case 'if':
      return of(x.x) ? of(x.then) : of(x.else);
    default:
  }
  const [a, b] = [of(x.x), of(x.y)];
  switch (x.op) {
    case 'eq':
      return a === outOfView && b === outOfView ? thrown(hidden) : Number(a === b);
    case 'lt':
      return Number(a < b);
    case 'le':
      return Number(a <= b);
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return b === 0 ? thrown(fault) : Math.trunc(a / b);
    case 'mod':
      return b === 0 ? thrown(fault) : a % b;
    default:
      return refuse(`the schema has an unknown operator ${JSON.stringify(x.op)}`);
  }
}

/** Who has the variable (the configuration itself, or a member), and which of its variables it is. */
function cellOf(cell, here, slots) {
  const owner = cell.slot === undefined ? here : here.members[slots[cell.slot]];
  if (cell.of === 'all' || cell.of === 'member') return [owner, cell.variable];
  const index = value(cell.of === 'named' ? cell.by : cell.index, here, slots);
  if (cell.of === 'array') return [owner, cell.variables[index] ?? thrown(fault)];
  if (index === outOfView) thrown(hidden);
  return [here.members[index] ?? thrown(fault), cell.variable];
}

// ── configurations ───────────────────────────────────────────────────────────────────────────────────────────────────

const mapped = (variables, values, change) => values.map((v, id) => (variables[id].refers ? change(v) : v));
const changed = (schema, here, change) => ({
  at: here.at,
  values: mapped(schema.variables, here.values, change),
  members: here.members.map((one) => ({
    ...one,
    values: mapped(schema.classes[one.class].variables, one.values, change),
  })),
});
/** What is seen of a configuration if only these members are in view. */
const seen = (schema, here, places) =>
  changed(schema, { ...here, members: places.map((p) => here.members[p]) }, (r) => {
    if (!isMember(r) || r === outOfView) return r;
    return places.includes(r) ? places.indexOf(r) : outOfView;
  });
const keyOf = ({ at, values, members }) =>
  JSON.stringify([at, values, members.map((one) => [one.class, one.at, one.values])]);
const orders = (of) =>
  of.length < 2 ? [of] : of.flatMap((p, i) => orders(of.toSpliced(i, 1)).map((rest) => [p, ...rest]));
const chosen = (n, k) =>
  k === 0
    ? [[]]
    : n < k
      ? []
      : [...chosen(n - 1, k), ...chosen(n - 1, k - 1).map((some) => [...some, n - 1])];
const lists = (n, k) =>
  k === 0 ? [[]] : lists(n, k - 1).flatMap((rest) => [...Array(n).keys()].map((i) => [...rest, i]));

const plain = (r) => (isMember(r) ? 0 : r);
const start = ({ start: at, variables }) => ({ at, values: variables.map(({ initial }) => initial) });

function readViews(schema, k, given) {
  const views = given.map(([at, values, members]) => ({
    ...{ at, values },
    members: members.map(([index, where, own]) => ({ class: index, at: where, values: own })),
  }));
  if (views.some(({ members }) => members.length !== k))
    throw new SyntaxError(`not all views have ${k} members`);
  const inPlace = [...Array(k).keys()];
  const isWhole = (view) => keyOf(seen(schema, view, inPlace)) === keyOf(view);
  if (!views.every(isWhole)) refuse('a view names a member that is none');
  return views;
}

function close(schema, k, given) {
  const views = readViews(schema, k, given);
  const everyOrder = orders([...Array(k).keys()]);
  const keys = views.flatMap((view) => everyOrder.map((order) => keyOf(seen(schema, view, order))));
  const known = new Set(keys);
  const isKnown = (here) => known.has(keyOf(here));
  for (const classes of lists(schema.classes.length, k)) {
    const members = classes.map((index) => ({ class: index, ...start(schema.classes[index]) }));
    const first = { at: schema.threads.map((one) => one.start), values: start(schema).values, members };
    if (!isKnown(first)) refuse('the first views are not in it');
  }
  const sizeOf = (part) => Math.max(k, (part.bad ? 0 : k) + slotsOf(part).length + witnesses(part, schema));
  const parts = [...schema.steps, ...schema.conditions].map((part) => ({ part, size: sizeOf(part) }));
  const enlarge = enlarging(schema, k, views, isKnown);
  let level = new Map(views.map((view) => [keyOf(view), view]));
  for (let size = k; parts.some((one) => one.size >= size); size++) {
    const reach = (to, { label }) => {
      const isClosed = chosen(size, k).every((some) => isKnown(seen(schema, to, some)));
      if (!isClosed) refuse(`${label} leads to a view that is not in it`);
    };
    for (const { part } of parts.filter((one) => one.size === size)) {
      for (const here of level.values()) {
        if (part.bad === undefined) follow(part, here, schema, reach);
        else requireGood(part, here);
      }
    }
    level = new Map([...level.values()].flatMap(enlarge).map((one) => [keyOf(one), one]));
  }
}

/** Gives all configurations of one member more whose views are all known. */
function enlarging(schema, k, views, isKnown) {
  const beside = (here) => keyOf(changed(schema, { ...here, members: [] }, plain));
  const members = new Map(views.map((view) => [beside(view), new Map()]));
  for (const view of views) {
    for (const one of changed(schema, view, plain).members)
      members.get(beside(view)).set(JSON.stringify(one), one);
  }
  /** With members in order, so that most that are the same are looked at once. */
  const inOrder = (here) => {
    const texts = changed(schema, here, plain).members.map((one) => JSON.stringify(one));
    const places = [...texts.keys()].sort((a, b) => (texts[a] < texts[b] ? -1 : 1));
    return seen(schema, here, places);
  };
  return (here) =>
    [...(members.get(beside(here))?.values() ?? [])]
      .flatMap((member) => joined(schema, here, member))
      .filter((one) => {
        const last = one.members.length - 1;
        return chosen(last, k - 1).every((some) => isKnown(seen(schema, one, [...some, last])));
      })
      .map(inOrder);
}

/** The member beside the others, for all that references of it, and of the others to it, may name. */
function joined(schema, here, member) {
  const n = here.members.length;
  const whole = { ...here, members: [...here.members, member] };
  const options = [];
  changed(schema, here, (r) => options.push(r === outOfView ? [outOfView, n] : [r]));
  const own = schema.classes[member.class].variables;
  mapped(own, member.values, (r) => options.push(isMember(r) ? [...Array(n + 1).keys(), outOfView] : [r]));
  const answers = options.reduce((all, option) => all.flatMap((one) => option.map((v) => [...one, v])), [[]]);
  return answers.map((answer) => {
    let next = 0;
    return changed(schema, whole, () => answer[next++]);
  });
}

function requireGood({ name, bad, partners }, here) {
  for (const slots of choices(partners, here))
    if (outcome(() => value(bad, here, slots), name)) refuse(`'${name}' is not excluded`);
}

function follow(step, here, schema, reach) {
  const isThread = step.by.thread !== undefined;
  if (isThread && here.at[step.by.thread] !== step.from) return;
  for (const slots of choices(slotsOf(step), here)) {
    if (!isThread && here.members[slots[0]].at !== step.from) continue;
    const next = outcome(
      () => (value(step.guard, here, slots) ? taken(step, here, slots, schema) : undefined),
      step.label,
    );
    if (next === undefined) continue;
    if (step.reports !== undefined) refuse(`'${step.reports.message}' is not excluded`);
    reach(next, step);
  }
}

/** The result; undefined where a member out of view decides. */
function outcome(work, what) {
  try {
    return work();
  } catch (error) {
    if (error === hidden) return undefined;
    return error === fault ? refuse(`${what} may have no value`) : thrown(error);
  }
}

function taken(step, here, slots, schema) {
  const next = structuredClone(here);
  if (step.by.thread !== undefined) next.at[step.by.thread] = step.to;
  else next.members[slots[0]].at = step.to;
  for (const { each, target, value: to } of step.assignments) {
    for (const own of each === undefined ? [slots] : others(each, here, slots).map((p) => [...slots, p])) {
      const [owner, id] = cellOf(target, here, own);
      const { refers, min, max } = (owner === here ? schema : schema.classes[owner.class]).variables[id];
      const stored = value(to, here, own);
      if (!refers && (stored < min || stored > max)) thrown(fault);
      (owner === here ? next : next.members[here.members.indexOf(owner)]).values[id] = stored;
    }
  }
  return next;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const [file] = process.argv.slice(2);
    if (file === undefined) throw new SyntaxError('usage: node views.js FILE');
    process.stdout.write(`certified: ${JSON.stringify(verifyViews(readFileSync(file, 'utf8')), null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof ViewsRefused ? 'refused: ' : ''}${error.message}\n`);
    process.exitCode = error instanceof ViewsRefused ? 1 : 2;
  }
}
