#!/usr/bin/env node
// Checks a certificate that `raceproof check MODEL --certificate=FILE` wrote. Shares no code with raceproof.
//
//   raceproof export MODEL --to=json > program.json
//   node verify.js program.json FILE            exit status 0: certified, 1: refused, 2: a file cannot be read
//
// A certificate is a set of states, as an automaton. A state is a word: the location of each thread and the value of
// each variable, in the order of `columns`; an edge is a value, and words lead from the root to node 0. The Program is
// explored from its initial states. A certificate is refused if a state is reached that is not in the set, or one of
// the set is not; a step has no value or reports an assertion; a check of single states fails; there is a deadlock.
// Properties of whole runs are not covered. To be trusted: this file, Node, the Program.

import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The certificate does not show what it claims. */
export class Refused extends Error {}
const refuse = (why) => {
  throw new Refused(why);
};

/** Returns what is certified, or throws a Refused or a SyntaxError. `onProgress` hears: states met, of how many. */
export function verify(programText, certificateText, onProgress = () => {}) {
  const program = parsed(programText, 'raceproof-program');
  const certificate = parsed(certificateText, 'raceproof-certificate');
  const digest = createHash('sha256').update(programText).digest('hex');
  const claimed = JSON.stringify([certificate.program, certificate.model, certificate.settings]);
  const about = JSON.stringify([digest, program.name, program.settings]);
  if (claimed !== about) refuse('it is about another Program');
  const set = readAutomaton(certificate, program.threads.length + program.variables.length);
  return walk(compile(program, set), set, onProgress);
}

function parsed(text, format) {
  const data = JSON.parse(text);
  if (data?.format === format && data.version === 1) return data;
  throw new SyntaxError(`not a file of format '${format}', version 1`);
}

/** Edges of node n: `values[i]` leads to `targets[i]`, past `before[i]` words; i from first[n] up to first[n + 1]. */
function readAutomaton({ states, columns, nodes }, width) {
  const inOrder = Array.isArray(columns) ? columns.toSorted((a, b) => a - b) : [];
  if (inOrder.length !== width || inOrder.some((c, i) => c !== i)) throw new SyntaxError('wrong columns');
  const hasEdges = (node) => Array.isArray(node) && node.length % 2 === 0;
  if (!Array.isArray(nodes) || !nodes.every(hasEdges)) throw new SyntaxError('nodes are no lists of edges');
  const edgeCount = nodes.reduce((sum, edges) => sum + edges.length / 2, 0);
  const [first, targets] = [new Uint32Array(nodes.length + 2), new Uint32Array(edgeCount)];
  const [values, before] = [new Float64Array(edgeCount), new Float64Array(edgeCount)];
  const [words, lengths] = [[1], [0]];
  let i = 0;
  for (const edges of nodes) {
    const n = words.push(0) - 1;
    for (let e = 0; e < edges.length; e += 2, i++) {
      const [value, target] = [edges[e], edges[e + 1]];
      if (!Number.isInteger(value) || value <= edges[e - 2]) refuse(`node ${n}: values do not ascend`);
      if (!Number.isInteger(target) || !(lengths[target] >= 0)) refuse(`node ${n}: leads to no earlier node`);
      if (lengths[target] !== lengths[edges[1]]) refuse(`node ${n}: some words are longer than others`);
      [values[i], targets[i], before[i]] = [value, target, words[n]];
      words[n] += words[target];
    }
    lengths[n] = lengths[edges[1]] + 1;
    first[n + 1] = i;
  }
  const [count, length] = [words[nodes.length], lengths[nodes.length]];
  if (length !== width) refuse('its words do not have a value for each column');
  if (count !== states) refuse(`it claims ${states} states, and has ${count}`);
  if (states >= 2 ** 32) throw new SyntaxError('more than 4,294,967,295 states');
  return { states, columns, root: nodes.length, first, values, targets, before };
}

/** Functions that the code of conditions and steps calls. `arrays` are lists of columns; an index picks one. */
function operationsOn(variables, shift, arrays) {
  const divisor = (y) => (y === 0 ? refuse('a division by zero') : y);
  return {
    pick: (array, i) => arrays[array][i] ?? refuse(`index ${i} is outside of its array`),
    div: (x, y) => Math.trunc(x / divisor(y)),
    mod: (x, y) => x % divisor(y),
    put(state, column, value) {
      const { name, domain } = variables[column - shift];
      const { min = 0, max = (domain.values?.length ?? 2) - 1 } = domain;
      if (value < min || value > max) refuse(`${name} becomes ${value}, outside its domain`);
      state[column] = value;
    },
  };
}

/** The Program as functions of a state: an array of the threads' locations, and then the variables' values. */
function compile({ threads, variables, steps, checks, initially, lockWaits }, { columns }) {
  const shift = threads.length;
  const int = (x) => (Number.isSafeInteger(x) ? x : refuse(`${JSON.stringify(x)} is no whole number`));
  const arrays = [];
  const operations = operationsOn(variables, shift, arrays);
  const cell = ({ variables: ids, index }) => {
    if (index === undefined) return `${shift + int(ids[0])}`;
    return `op.pick(${arrays.push(ids.map((id) => shift + int(id))) - 1}, ${code(index)})`;
  };
  const infix = { and: '&&', or: '||', eq: '===', lt: '<', le: '<=', add: '+', sub: '-', mul: '*' };
  const code = (x) => {
    const [a, b] = [x.x && code(x.x), x.y && code(x.y)];
    if (x.op === 'const') return `(${int(x.value)})`;
    if (x.op === 'read') return `s[${cell(x.cell)}]`;
    const isHere = (l) => ` | (s[${int(x.thread)}] === ${int(l)})`;
    if (x.op === 'at') return `(0${x.locations.map(isHere).join('')})`;
    if (x.op === 'not') return `(1 - ${a})`;
    if (x.op === 'if') return `(${a} ? ${code(x.then)} : ${code(x.else)})`;
    if (x.op === 'div' || x.op === 'mod') return `op.${x.op}(${a}, ${b})`;
    if (!Object.hasOwn(infix, x.op)) refuse(`the Program has an unknown operator ${JSON.stringify(x.op)}`);
    return `Number(${a} ${infix[x.op]} ${b})`;
  };
  const make = (parameters, body) => new Function('op', `return (${parameters}) => ${body}`)(operations);
  const condition = (x) => make('s', code(x));
  const effect = ({ thread, to, assignments }) => {
    const reads = assignments.map((a, i) => `const t${i} = ${cell(a.target)}, v${i} = ${code(a.value)};`);
    const writes = assignments.map((_, i) => `op.put(n, t${i}, v${i});`);
    return make('s, n', `{ ${reads.join(' ')} n[${int(thread)}] = ${int(to)}; ${writes.join(' ')} }`);
  };
  const stepsAt = threads.map(({ locations }) => locations.map(() => []));
  for (const step of steps) {
    const written = step.assignments.flatMap(({ target }) => target.variables.map((id) => shift + id));
    stepsAt[step.thread][step.from].push({
      what: `${threads[step.thread].name}: ${step.label}`,
      reports: step.reports?.message,
      guard: condition(step.guard),
      take: effect(step),
      firstPlace: Math.min(...[step.thread, ...written].map((column) => columns.indexOf(column))),
    });
  }
  const held = ({ cell: lock, holder: by }) =>
    `s[${cell(lock)}] ${by === undefined ? '- 1' : `? ${int(by)} : -1`}`;
  const closed = (own) => `![${own.map(code)}].every(Boolean)`;
  const wayOn = ({ locks, own }) =>
    make('s', `({ isClosed: ${closed(own)}, holders: [${locks.map(held)}] })`);
  return {
    stepsAt,
    checks: checks.map((check) => ({ ...check, test: check.condition && condition(check.condition) })),
    initially: condition(initially),
    start: threads.map((thread) => thread.start),
    initial: variables.map((variable) => variable.initial),
    mayStay: (s, t) => s[t] === threads[t].done || (threads[t].rests ?? []).includes(s[t]),
    isDead: (s) => threads.some(({ dead }, t) => dead !== undefined && s[t] === dead),
    lockWaits: lockWaits.map(({ steps: all, ...place }) => ({ ...place, waysOn: all.map(wayOn) })),
  };
}

/** Do threads wait for each other's locks for ever: does each step of each of them wait for a lock of another one? */
function waitInCircle({ lockWaits, mayStay }, s) {
  const here = lockWaits.filter(({ thread, location }) => s[thread] === location);
  const waiting = new Map(here.map(({ thread, waysOn }) => [thread, waysOn.map((way) => way(s))]));
  const isKept = ({ isClosed, holders }) => isClosed || holders.some((holder) => waiting.has(holder));
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const [thread, ways] of waiting) {
      if (!ways.every(isKept) || ways.every(({ isClosed }) => isClosed)) waiting.delete(thread);
    }
  }
  return [...waiting.keys()].some((thread) => !mayStay(s, thread));
}

/** States by their numbers in the set, in the order of their words. */
function wordsOf({ columns, root, first, values, targets, before }) {
  const width = columns.length;
  // The current state, the nodes on its word, and how many words of the set are smaller at each of them.
  const s = new Float64Array(width);
  const [path, passed] = [new Uint32Array(width + 1).fill(root), new Float64Array(width + 1)];
  /** The number of the word of x, which agrees with the current state before place k; -1 if it is not in the set. */
  const numberOf = (x, k) => {
    let [node, number] = [path[k], passed[k]];
    for (; k < width; k++) {
      const [value, end] = [x[columns[k]], first[node + 1]];
      let i = first[node];
      while (i < end && values[i] < value) i++;
      if (i === end || values[i] !== value) return -1;
      number += before[i];
      node = targets[i];
    }
    return number;
  };
  const readWord = (number) => {
    for (let k = 0; k < width; k++) {
      let i = first[path[k] + 1] - 1;
      while (passed[k] + before[i] > number) i--;
      s[columns[k]] = values[i];
      passed[k + 1] = passed[k] + before[i];
      path[k + 1] = targets[i];
    }
  };
  return { s, numberOf, readWord };
}

function walk(program, { states, ...set }, onProgress) {
  const { stepsAt, checks, initial, start, initially, isDead, mayStay } = program;
  const { s, numberOf, readWord } = wordsOf(set);
  const [seen, queue] = [new Uint32Array(Math.ceil(states / 32)), new Uint32Array(states)];
  let [met, open] = [0, 0];
  const meet = (number, from) => {
    if (number < 0) refuse(`${from} leads to a state that is not in it`);
    const bit = 1 << (number & 31);
    if ((seen[number >>> 5] & bit) !== 0) return;
    seen[number >>> 5] |= bit;
    queue[open++] = number;
    if (++met % 16_384 === 0) onProgress(met, states);
  };
  const begin = (values, v) => {
    if (v < initial.length) for (const value of initial[v]) begin([...values, value], v + 1);
    else if (initially(values)) meet(numberOf(values, 0), 'the beginning');
  };
  begin(start, 0);
  const asksDeadlock = checks.some(({ kind }) => kind === 'deadlock');
  const reached = new Set();
  const next = s.slice();
  while (open > 0) {
    readWord(queue[--open]);
    for (const { kind, name, test } of checks) {
      if ((kind === 'always' && !test(s)) || (kind === 'never' && test(s))) refuse(`'${name}' is violated`);
      if (kind === 'sometimes' && !reached.has(name) && test(s)) reached.add(name);
    }
    let canGoOn = false;
    for (const [t, locations] of stepsAt.entries()) {
      for (const { guard, take, reports, what, firstPlace } of locations[s[t]]) {
        if (!guard(s)) continue;
        canGoOn = true;
        if (reports !== undefined) refuse(`'${reports}' is reported by ${what}`);
        next.set(s);
        take(s, next);
        meet(numberOf(next, firstPlace), what);
      }
    }
    const isFinal = isDead(s) || stepsAt.every((_, t) => mayStay(s, t));
    if (asksDeadlock && !isFinal && (!canGoOn || waitInCircle(program, s))) refuse('there is a deadlock');
  }
  if (met !== states) refuse(`${states - met} of its ${states} states are never met`);
  const named = (isAsked) => checks.filter(({ kind }) => isAsked(kind)).map(({ name }) => name);
  const sometimes = named((kind) => kind === 'sometimes');
  for (const name of sometimes) if (!reached.has(name)) refuse(`'${name}' is never reached`);
  const isDecided = (kind) => ['always', 'never', 'assertion', 'deadlock', 'domain'].includes(kind);
  const notCovered = named((kind) => kind !== 'sometimes' && !isDecided(kind));
  return { states, holds: named(isDecided), reached: sometimes, notCovered };
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const [program, certificate] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
    if (certificate === undefined) throw new SyntaxError('usage: node verify.js program.json FILE');
    process.stdout.write(`certified: ${JSON.stringify(verify(program, certificate), null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Refused ? 'refused: ' : ''}${error.message}\n`);
    process.exitCode = error instanceof Refused ? 1 : 2;
  }
}
