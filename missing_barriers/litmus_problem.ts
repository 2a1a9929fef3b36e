// A litmus test as a problem of barriers: they may be put before each statement but the first of a thread, and the condition
// must not be what it is about.

import { type AxiomaticModel, judge } from '../litmus/index.js';
import type { CExpression, CStatement, LitmusTest } from '../litmus/syntax/ast.js';
import type { AddedBarrier, BarrierKind, BarrierPlace, BarrierProblem } from './search.js';

/** Where a statement stands: its thread, and its number among all statements of the thread. */
interface StatementPlace {
  readonly thread: number;
  readonly index: number;
}

const fenceName = (kind: BarrierKind): string => (kind === 'sync' ? 'synchronize_rcu' : `smp_${kind}`);

export function litmusProblem(test: LitmusTest, model: AxiomaticModel): BarrierProblem {
  const places = placesOf(test, model);
  const present = presentIn(test);
  return {
    places,
    present: present.map(({ name }) => name),
    holds: async (added, leftOut) => {
      const gone = leftOut.map((i) => present[i]!);
      const verdict = judge(changed(test, places, added, gone), model);
      const isViolated = test.condition.quantifier === 'exists' ? verdict.positive > 0 : !verdict.isOk;
      return verdict.executions > 0 && !isViolated;
    },
  };
}

/** Statements in the order of the file, those of arms included. */
const flat = (statements: readonly CStatement[]): readonly CStatement[] =>
  statements.flatMap((statement) =>
    statement.kind === 'if'
      ? [statement, ...flat(statement.then), ...flat(statement.otherwise)]
      : [statement],
  );

const calls = (statement: CStatement): (CExpression & { readonly kind: 'call' }) | undefined => {
  if (statement.kind === 'call') return statement.call;
  return statement.kind === 'assign' && statement.value.kind === 'call' ? statement.value : undefined;
};

const isRelaxed = (statement: CStatement): boolean => calls(statement)?.name.endsWith('_relaxed') === true;

const isFence = (statement: CStatement): boolean =>
  /^(smp_(mb|rmb|wmb)|barrier$|synchronize_rcu)/.test(calls(statement)?.name ?? '');
const isAccess = (statement: CStatement): boolean =>
  !isFence(statement) &&
  (statement.kind === 'store' ||
    calls(statement) !== undefined ||
    (statement.kind === 'assign' && statement.value.kind === 'pointed'));

function placesOf(
  { threads }: LitmusTest,
  { name: model }: AxiomaticModel,
): readonly (BarrierPlace & StatementPlace)[] {
  const reads = threads.map(({ body }) => flat(body).some((one) => calls(one)?.name === 'rcu_read_lock'));
  return threads.flatMap(({ body }, thread) => {
    const all = flat(body);
    // Who reads under RCU cannot wait for itself.
    const maySync = !reads[thread] && reads.includes(true);
    return all.flatMap((statement, index) => {
      const earlier = all.slice(0, index).findLast(isAccess);
      if (!isAccess(statement) || earlier === undefined) return [];
      const kinds: readonly BarrierKind[] =
        model !== 'lkmm'
          ? ['mb']
          : [
              ...(calls(earlier)?.name === 'READ_ONCE' || isRelaxed(earlier) ? ['acquire' as const] : []),
              ...(calls(statement)?.name === 'WRITE_ONCE' || isRelaxed(statement)
                ? ['release' as const]
                : []),
              'rmb',
              'wmb',
              'mb',
              ...(maySync ? ['sync' as const] : []),
            ];
      const text = statement.text.replace(/;$/, '');
      return [{ name: `before line ${statement.at.line} of P${thread}: ${text}`, kinds, thread, index }];
    });
  });
}

function presentIn({ threads }: LitmusTest): readonly (StatementPlace & { readonly name: string })[] {
  return threads.flatMap(({ body }, thread) =>
    flat(body).flatMap((statement, index) =>
      isFence(statement)
        ? [
            {
              thread,
              index,
              name: `${statement.text.replace(/;$/, '')} in line ${statement.at.line} of P${thread}`,
            },
          ]
        : [],
    ),
  );
}

/** The test with barriers added and taken away. */
function changed(
  test: LitmusTest,
  places: readonly StatementPlace[],
  added: readonly AddedBarrier[],
  gone: readonly StatementPlace[],
): LitmusTest {
  const threads = test.threads.map((thread, number) => {
    const all = flat(thread.body);
    const isAt = (place: StatementPlace, index: number) => place.thread === number && place.index === index;
    const rebuilt = (statements: readonly CStatement[]): readonly CStatement[] =>
      statements.flatMap((statement) => {
        const index = all.indexOf(statement);
        if (gone.some((place) => isAt(place, index))) return [];
        const here = added.filter(({ place }) => isAt(places[place]!, index)).map(({ kind }) => kind);
        const acquires = added.some(
          ({ place, kind }) =>
            kind === 'acquire' &&
            places[place]!.thread === number &&
            all.slice(0, places[place]!.index).findLast(isAccess) === statement,
        );
        const fences = here.filter((kind) => kind !== 'acquire' && kind !== 'release');
        const strong = here.includes('release')
          ? renamed(statement, 'release')
          : acquires
            ? renamed(statement, 'acquire')
            : statement;
        const whole =
          strong.kind === 'if'
            ? { ...strong, then: rebuilt(strong.then), otherwise: rebuilt(strong.otherwise) }
            : strong;
        return [...fences.map((kind) => fenceBefore(statement, kind)), whole];
      });
    return { ...thread, body: rebuilt(thread.body) };
  });
  return { ...test, threads };
}

const fenceBefore = ({ at }: CStatement, kind: BarrierKind): CStatement => {
  const text = `${fenceName(kind)}()`;
  return { kind: 'call', at, text, call: { kind: 'call', at, text, name: fenceName(kind), args: [] } };
};

/** READ_ONCE(*x) as smp_load_acquire(x), xchg_relaxed(x, 1) as xchg_acquire(x, 1). */
function renamed(statement: CStatement, order: 'acquire' | 'release'): CStatement {
  const call = calls(statement)!;
  const name = isRelaxed(statement)
    ? call.name.replace(/relaxed$/, order)
    : order === 'acquire'
      ? 'smp_load_acquire'
      : 'smp_store_release';
  const [place, ...rest] = call.args;
  const args = place?.kind === 'pointed' ? [place.address, ...rest] : call.args;
  const stronger = { ...call, name, args };
  if (statement.kind === 'call') return { ...statement, call: stronger };
  return statement.kind === 'assign' ? { ...statement, value: stronger } : statement;
}
