// Every verdict on a formula compared with its definition: random formulas of up to forty operators, with past,
// fairness, assumptions and steps with faults, on random graphs whose runs are enumerated; and the laws that all
// verdicts obey. RANDOM_FORMULAS is the number of formulas, by default 2,000.

import { expect, test } from 'vitest';
import { type Formula, mapAtoms, operands, state } from '../../properties/language/temporal.js';
import { explore } from '../index.js';
import { int, not, read } from '../ir/expression.js';
import type { Program } from '../ir/program.js';
import type { Fairness } from '../property/property.js';
import { type Stated, specify } from '../property/specify.js';
import type { PropertyResult } from '../search/report.js';
import { type Random, random } from '../testing/random.js';
import { isFairRun, isTrueOf, runsOf, type SmallGraph, type WrittenRun } from './testing/by_definition.js';
import { graphProgram } from './testing/graph_program.js';

type F = Formula<string>;

/** A walker over nodes, and a flag that its steps keep, flip, or overflow: an overflow is a fault of the step. */
interface Case {
  readonly program: Program;
  readonly graph: SmallGraph;
  /** Is p, q (of nodes) or r (the flag) true in a state such as `b1`? */
  holds(atom: string, state: string): boolean;
  readonly atoms: ReturnType<typeof graphProgram>['atoms'];
}

function randomCase(dice: Random): Case {
  const nodes = 'abcd';
  const node = () => nodes[dice.below(4)]!;
  const pairs = [
    ...new Set([`a${node()}`, ...Array.from({ length: 3 + dice.below(3) }, () => node() + node())]),
  ];
  const truths = { p: nodes.slice(dice.below(4)), q: nodes.slice(0, dice.below(5)) };
  const flag = {
    id: 0,
    name: 'flag',
    domain: { kind: 'bool' },
    initial: dice.oneIn(2) ? [0, 1] : [0],
  } as const;
  const { program: plain, atoms } = graphProgram(pairs.join(' '), truths, [flag]);
  const reading = read({ variables: [0] }, 'bool');
  const kinds = plain.steps.map(() => dice.pick(['keep', 'keep', 'flip', 'fault'] as const));
  const program: Program = {
    ...plain,
    steps: plain.steps.map((step, i) => {
      const value = { keep: reading, flip: not(reading), fault: int(2) }[kinds[i]!];
      return { ...step, assignments: [{ target: { variables: [0] }, value }] };
    }),
  };
  const edges = [0, 1].flatMap((value) =>
    plain.steps.map(({ id, label }) => {
      const after = kinds[id] === 'flip' ? 1 - value : value;
      return {
        id,
        from: `${label[0]}${value}`,
        to: kinds[id] === 'fault' ? undefined : `${label[1]}${after}`,
      };
    }),
  );
  const first = plain.threads[0]!.locations[0]!.label;
  const holds = (atom: string, at: string) =>
    atom === 'r' ? at[1] === '1' : truths[atom as 'p' | 'q'].includes(at[0]!);
  const graph = { initial: flag.initial.map((value) => `${first}${value}`), edges };
  return { program, graph, holds, atoms: { ...atoms, r: reading } };
}

const unary = ['not', 'next', 'eventually', 'always'] as const;
const binary = ['and', 'or', 'implies', 'until', 'weakUntil', 'release', 'leadsTo'] as const;
const pastUnary = ['not', 'previously', 'once', 'historically'] as const;
const pastBinary = ['and', 'or', 'since'] as const;

/** A formula with so many operators; the operand of a past operator has no future operators. */
function randomFormula(dice: Random, size: number, isPast = false): F {
  if (size === 0) return state(dice.pick(['p', 'q', 'r']));
  const past = isPast || dice.oneIn(8);
  const inner = (count: number) => randomFormula(dice, count, past);
  if (size === 1 || dice.oneIn(2)) return { op: dice.pick(past ? pastUnary : unary), x: inner(size - 1) };
  const left = dice.below(size);
  const op = past ? dice.pick(pastBinary) : dice.oneIn(12) ? 'iff' : dice.pick(binary);
  return { op, x: inner(left), y: inner(size - 1 - left) };
}

const sizeOf = (x: F): number =>
  operands(x).reduce((sum, inner) => sum + sizeOf(inner), x.op === 'state' ? 0 : 1);

function randomFairness(dice: Random, { steps }: Program): readonly Fairness[] {
  return Array.from({ length: dice.below(3) }, (_, i) => ({
    strength: dice.oneIn(2) ? 'weak' : 'strong',
    name: `some steps ${i}`,
    steps: steps.filter(() => dice.oneIn(2)).map(({ id }) => id),
  }));
}

const text = (x: F): string => (x.op === 'state' ? x.x : `${x.op}(${operands(x).map(text).join(', ')})`);

interface Question {
  readonly formula: F;
  readonly fairness: readonly Fairness[];
  readonly assumption?: F;
}

interface Answers {
  readonly results: readonly PropertyResult[];
  /** Does the Program have a monitor for a formula? Then a loop also repeats the monitor's state. */
  readonly remembers: boolean;
}

/** The results of the checker for formulas of one Program. */
async function answers(
  { program, atoms }: Case,
  questions: readonly Question[],
  engine: 'reference' | 'compiled',
): Promise<Answers> {
  const overExprs = (x: F) => mapAtoms(x, (atom) => state(atoms[atom]!));
  const stated = questions.map(({ formula, fairness, assumption }, i): Stated => {
    const claim = overExprs(formula);
    const assumed = assumption && overExprs(assumption);
    return {
      name: `f${i}`,
      expectation: 'run',
      claim,
      fairness,
      assumption: assumed,
      about: undefined,
      source: {},
    };
  });
  const specified = specify(program, stated);
  const report = await explore(specified.program, specified.properties, {
    engine,
    shortestLassos: engine === 'compiled',
  });
  return { results: report.properties.slice(0, questions.length), remembers: specified.program !== program };
}

/** The run of a counterexample, by the edges that it takes. */
function writtenRun({ graph }: Case, { finding }: PropertyResult): WrittenRun {
  const { path, loop } = finding!;
  const states = [graph.initial[path.initial]!];
  for (const step of path.steps) {
    states.push(graph.edges.find(({ id, from }) => id === step && from === states.at(-1))!.to!);
  }
  return { states: loop === undefined ? states : states.slice(0, -1), edges: path.steps, loop };
}

/** The length of the enumerated runs. */
const stepsMax = 5;

function judge(
  one: Case,
  runs: readonly WrittenRun[],
  question: Question,
  result: PropertyResult,
  remembers: boolean,
): void {
  const { formula, fairness, assumption } = question;
  const context = `${text(formula)} on ${JSON.stringify(one.graph)}`;
  const isBad = (run: WrittenRun) =>
    !isTrueOf(formula, run, one.holds) &&
    (assumption === undefined || isTrueOf(assumption, run, one.holds)) &&
    fairness.every((fair) => isFairRun(run, fair, one.graph));
  const bad = runs.filter(isBad);
  // A formula may be too large: then it has no verdict.
  if (result.verdict === 'unknown') return;
  if (result.verdict !== 'violated') {
    expect(result.verdict, context).toBe('holds');
    expect(bad, context).toEqual([]);
    return;
  }
  const found = writtenRun(one, result);
  if (result.check.kind === 'liveness') {
    expect(isBad(found), context).toBe(true);
    const shortest = Math.min(...bad.map(({ edges }) => edges.length));
    if (result.finding!.isShortest === undefined && !remembers && shortest <= stepsMax) {
      expect(found.edges.length, context).toBe(shortest);
    }
    return;
  }
  // A prefix after which every run violates the formula.
  const goOn = runs.filter(
    ({ states, edges }) => states[0] === found.states[0] && found.edges.every((edge, i) => edges[i] === edge),
  );
  expect(
    goOn.filter((run) => isTrueOf(formula, run, one.holds)),
    context,
  ).toEqual([]);
}

const formulaCount = Number(process.env['RANDOM_FORMULAS'] ?? 2000);
const perCase = 4;

test(`${formulaCount} random formulas are what their definition says, and their verdicts obey the laws`, {
  timeout: 1_200_000,
}, async () => {
  const dice = random(1);
  const seen = { holds: 0, violated: 0, unknown: 0, liveness: 0, past: 0, large: 0, laws: 0 };
  for (let i = 0; i < formulaCount / perCase; i++) {
    const one = randomCase(dice);
    const runs = runsOf(one.graph, stepsMax);
    const fairness = dice.oneIn(2) ? [] : randomFairness(dice, one.program);
    const questions = Array.from({ length: perCase }, (_, k): Question => {
      const formula = randomFormula(dice, k === 0 ? 10 + dice.below(31) : 1 + dice.below(9));
      const assumption = dice.oneIn(6) ? { assumption: randomFormula(dice, 1 + dice.below(2)) } : {};
      return { formula, fairness, ...assumption };
    });
    const laws = lawsOf(questions[1]!.formula, questions[2]!.formula);
    const asked = (i % 2 === 0 ? laws.formulas : []).map((formula): Question => ({ formula, fairness }));
    // A formula that becomes a monitor is also checked as an automaton: with an assumption it becomes none.
    if (asked.length > 0) asked.push({ ...asked[0]!, assumption: tautology });
    const engine = i % 4 === 0 ? 'compiled' : 'reference';
    const { results, remembers } = await answers(one, [...questions, ...asked], engine);
    for (const [k, question] of questions.entries()) {
      const result = results[k]!;
      judge(one, runs, question, result, remembers);
      seen[result.verdict as 'holds' | 'violated' | 'unknown']++;
      if (result.check.kind === 'liveness') seen.liveness++;
      if (sizeOf(question.formula) > 25) seen.large++;
      if (/previously|once|historically|since/.test(text(question.formula))) seen.past++;
    }
    if (asked.length === 0 || results.some(({ verdict }) => verdict === 'unknown')) continue;
    const verdicts = results.slice(perCase).map(({ verdict }) => verdict === 'holds');
    laws.check(verdicts, text(questions[1]!.formula));
    seen.laws++;
  }
  expect(seen.unknown).toBeLessThan(formulaCount / 1000);
  if (formulaCount === 2000)
    expect(seen).toMatchInlineSnapshot(`
      {
        "holds": 991,
        "large": 224,
        "laws": 250,
        "liveness": 1566,
        "past": 1107,
        "unknown": 0,
        "violated": 1009,
      }
    `);
});

const tautology: F = { op: 'or', x: state('p'), y: { op: 'not', x: state('p') } };

/** Formulas made of two others, and the relation between their verdicts: does each hold? */
function lawsOf(f: F, g: F) {
  const negation = (x: F): F => ({ op: 'not', x });
  const both = (x: F, y: F): F => ({ op: 'and', x, y });
  const either = (x: F, y: F): F => ({ op: 'or', x, y });
  const until: F = { op: 'until', x: f, y: g };
  const unfolded = either(g, both(f, { op: 'next', x: until }));
  const twice = negation(negation(f));
  return {
    formulas: [
      f,
      g,
      both(f, g),
      negation(f),
      either(f, g),
      until,
      unfolded,
      { op: 'eventually', x: g } as F,
      twice,
    ],
    check(
      [
        isF,
        isG,
        isBoth,
        isNot,
        isEither,
        isUntil,
        isUnfolded,
        isLater,
        isTwice,
        isAutomaton,
      ]: readonly boolean[],
      context: string,
    ) {
      expect(isBoth, `conjunction of ${context}`).toBe(isF! && isG!);
      // A fair run always exists, and on it a formula and its negation are not both true.
      expect(isF && isNot, `negation of ${context}`).toBe(false);
      if (isF || isG) expect(isEither, `weakening of ${context}`).toBe(true);
      expect(isUntil, `until of ${context}`).toBe(isUnfolded);
      if (isUntil) expect(isLater, `end of until of ${context}`).toBe(true);
      expect(isTwice, `double negation of ${context}`).toBe(isF);
      expect(isAutomaton, `automaton of ${context}`).toBe(isF);
    },
  };
}
