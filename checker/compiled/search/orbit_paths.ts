// Paths of a search that kept one state of each orbit. Between two states that it kept there need not be a step; but from
// every state of an orbit some step leads into the next orbit. So a path is built forward, from states that really
// follow each other, and is as short as any. A condition may be true only in another state of the last orbit: then
// threads are exchanged in all steps of the path.
//
//   kept      {a, a} -> {a, b} -> {b, b}          path     worker[0] a -> b, worker[1] a -> b

import { conditionChecks, isReportOf } from '../../decide/decide.js';
import type { StepId } from '../../ir/program.js';
import type { Check, Finding, Path } from '../../search/report.js';
import type { CompiledProgram, Successors } from '../compile.js';
import type { PathStates } from '../table/parents.js';
import { OrbitSorter } from './orbit_sorter.js';
import type { FoundAt } from './paths.js';

/** The findings of a search with orbits, with their paths. */
export function orbitFindingsAt(
  places: ReadonlyMap<Check, FoundAt>,
  compiled: CompiledProgram,
  states: PathStates,
): ReadonlyMap<Check, Finding> {
  if (places.size === 0) return new Map();
  const paths = new OrbitPaths(compiled, states);
  return new Map([...places].map(([check, place]) => [check, paths.finding(check, place)]));
}

class OrbitPaths {
  readonly #compiled: CompiledProgram;
  readonly #states: PathStates;
  readonly #successors: Successors;
  readonly #sorter: OrbitSorter;
  readonly #sorted: Int32Array;

  constructor(compiled: CompiledProgram, states: PathStates) {
    this.#compiled = compiled;
    this.#states = states;
    this.#successors = compiled.successors();
    this.#sorter = new OrbitSorter(compiled.orbitPlan!);
    this.#sorted = new Int32Array(compiled.stride);
  }

  finding(check: Check, { number, step, fault }: FoundAt): Finding {
    const { path, last } = this.#to(number);
    if (step !== undefined && fault !== undefined) {
      this.#successors.expand(last, 0);
      const [faulty] = this.#successors.faults;
      if (faulty === undefined) throw new Error(`no step has a fault behind the path to state ${number}`);
      return { path: followedBy(path, faulty), fault: this.#compiled.fault(faulty, last, 0) };
    }
    if (step !== undefined) return { path: followedBy(path, this.#reporting(check, last)) };
    // What has no value is the same in all states of an orbit.
    if (fault !== undefined) return { path, fault };
    return { path: this.#exchanged(path, check, last) };
  }

  /** The path to some state of an orbit, and that state. */
  #to(number: number): { readonly path: Path; readonly last: Int32Array } {
    const states = this.#states;
    const kept: number[] = [];
    let initial = number;
    for (let parent = states.parent(initial); parent >= 0; parent = states.parent(initial)) {
      kept.push(initial);
      initial = parent;
    }
    const at = states.offset(initial);
    let last: Int32Array = states.segment(initial).slice(at, at + states.words);
    const steps = kept.reverse().map((next) => {
      const taken = this.#stepInto(last, next);
      last = taken.to;
      return taken.step;
    });
    return { path: { initial, steps }, last };
  }

  /** The first step from a state into the orbit of a kept one. */
  #stepInto(from: Int32Array, kept: number): { readonly step: StepId; readonly to: Int32Array } {
    const { batch, expand } = this.#successors;
    const { words, stride } = { words: this.#states.words, stride: this.#compiled.stride };
    const wanted = this.#states.segment(kept);
    const at = this.#states.offset(kept);
    const filled = expand(from, 0);
    for (let n = 0; n < filled; n += stride) {
      const to = batch.slice(n, n + words);
      this.#sorted.set(to);
      this.#sorter.sort(this.#sorted, 0, stride);
      if (to.every((_, k) => this.#sorted[k] === wanted[at + k])) return { step: batch[n + words]!, to };
    }
    throw new Error(`no step leads into the orbit of state ${kept}`);
  }

  /** A step that reports what a check is about. */
  #reporting(check: Check, from: Int32Array): StepId {
    const { batch, expand } = this.#successors;
    const { program, stride } = this.#compiled;
    const filled = expand(from, 0);
    for (let n = stride - 1; n < filled; n += stride) {
      if (isReportOf(check, program.steps[batch[n]!]!)) return batch[n]!;
    }
    throw new Error(`no step reports '${check.name}' behind its path`);
  }

  /** The path with threads exchanged such that the condition of the check decides it in its last state. */
  #exchanged(path: Path, check: Check, last: Int32Array): Path {
    const { orbits } = this.#compiled;
    const [asked] = conditionChecks([check]);
    if (asked === undefined) return path;
    const image = orbits!
      .images(check.condition)
      .find(
        ({ condition }) =>
          this.#compiled.explain(this.#compiled.condition(condition), last, 0) === asked.where,
      );
    if (image === undefined) throw new Error(`no image of '${check.name}' is decided by its path`);
    const steps = image.exchanges.reduceRight<readonly StepId[]>(
      (all, i) => all.map((step) => orbits!.exchanges[i]!.steps[step]!),
      path.steps,
    );
    return { ...path, steps };
  }
}

const followedBy = ({ initial, steps }: Path, step: StepId): Path => {
  return { initial, steps: [...steps, step] };
};
