// What a run has not covered: labels, branches, waiting, left sides of implications, and runs that no actor can take.

import { describe, expect, test } from 'vitest';
import { spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  actors,
  allOf,
  bool,
  Goto,
  If,
  int,
  model,
  not,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import {
  always,
  eventually,
  implies,
  leadsTo,
  type Properties,
  property,
  weaklyFair,
} from '../../properties/language/index.js';
import { type Expr, explore, lower } from '../index.js';
import { isAlwaysTrue } from '../ir/tautology.js';
import { gapsOf } from './coverage.js';

const c = source('example.c');
const state = shared({ lock: spinlock(), other: spinlock(), count: int(0, 2), broken: bool() });
const { lock, other, count, broken } = state;

const work = procedure('work', () => ({
  lock: spin_lock(lock),
  count: c`count++`(count.inc()),
  check: If(count.gt(2), { panic: c`panic`(broken.set(true)) }).Else({ fine: c`fine`() }),
  unlock: spin_unlock(lock),
}));
const alone = procedure('alone', () => ({ lock: spin_lock(other), unlock: spin_unlock(other) }));
const worker = actors('worker', 2, work);
const example = model('example', {
  about: 'two workers under one lock, and one under a lock of its own',
  state,
  actors: [worker, actor('loner', alone)],
});

const flag = (id: number): Expr => ({ op: 'read', cell: { variables: [id] }, type: 'bool' });

const engines = ['reference', 'compiled'] as const;

describe('coverage', () => {
  test.each(engines)('lists what the %s engine never reached, and nothing else', async (engine) => {
    const { program } = lower(example);
    const { labels = [] } = await explore(program, [], { engine, coverage: true });
    expect(gapsOf(labels)).toEqual([
      'work.check never led to work.panic',
      'work.panic was never reached',
      'alone.lock never had to wait',
    ]);
    expect(labels.find(({ label }) => label === 'work.lock')).toMatchObject({
      isReached: true,
      hasBlocked: true,
      ways: [{ to: 'work.count', isTaken: true }],
    });
  });

  test('is reported only on request, and changes no counts', async () => {
    const { program } = lower(example);
    const [plain, covered] = await Promise.all([
      explore(program, []),
      explore(program, [], { coverage: true }),
    ]);
    expect(plain.labels).toBeUndefined();
    expect({ ...covered, labels: undefined }).toEqual({ ...plain, labels: undefined });
  });

  test('the branches of an If leave nothing to wait for', () => {
    const [x, y] = [flag(0), flag(1)];
    expect(isAlwaysTrue({ op: 'or', x, y: { op: 'not', x } })).toBe(true);
    expect(
      isAlwaysTrue({
        op: 'or',
        x,
        y: { op: 'or', x: { op: 'and', x: { op: 'not', x }, y }, y: { op: 'not', x: y } },
      }),
    ).toBe(true);
    expect(isAlwaysTrue({ op: 'or', x, y })).toBe(false);
  });
});

describe('vacuity', () => {
  const allDone = worker.all((one) => one.done);
  const verdicts = async (properties: Properties, engine: (typeof engines)[number]) => {
    const lowered = lower(example, {}, properties);
    const { properties: results } = await explore(lowered.program, lowered.properties, { engine });
    const ofProperties = results.slice(0, Object.keys(properties).length);
    return ofProperties.map(
      ({ check, verdict, isVacuous }) => `${check.name} ${verdict}${isVacuous ? ' vacuously' : ''}`,
    );
  };

  test.each(engines)('a left side that is never true is reported, by the %s engine', async (engine) => {
    const properties: Properties = {
      useful: always(allDone.implies(count.eq(2))),
      idle: always(broken.implies(count.eq(0))),
      half_idle: always(allOf(broken.implies(count.eq(0)), allDone.implies(count.eq(2)))),
      idle_in_time: always(implies(broken, eventually(allDone))),
      idle_leads: property(leadsTo(broken, not(broken)), 'it heals', { fair: weaklyFair() }),
      useful_leads: property(leadsTo(count.eq(1), allDone), 'they finish', { fair: weaklyFair() }),
      wrong: always(allDone.implies(count.eq(1))),
    };
    expect(await verdicts(properties, engine)).toEqual([
      'useful holds',
      'idle holds vacuously',
      'half_idle holds',
      'idle_in_time holds vacuously',
      'idle_leads holds vacuously',
      'useful_leads holds',
      'wrong violated',
    ]);
  });

  test.each(engines)('an assumption that no run fulfils is reported, by the %s engine', async (engine) => {
    const properties: Properties = {
      assumed: property(eventually(count.eq(2)), 'both count', { assuming: eventually(allDone) }),
      excluded: property(eventually(broken), 'it breaks', { assuming: always(eventually(count.eq(1))) }),
      against: property(eventually(broken), 'it breaks', { assuming: eventually(allDone) }),
    };
    expect(await verdicts(properties, engine)).toEqual([
      'assumed holds',
      'excluded holds vacuously',
      'against violated',
    ]);
  });
});

test('a loop that no actor leaves shows as labels that were never reached', async () => {
  const stuck = procedure('stuck', () => ({
    spin: If(broken, { out: c`leave`() }).Else({ again: Goto('spin') }),
  }));
  const { program } = lower(model('stuck', { about: 'a loop', state, actors: [actor('a', stuck)] }));
  const { labels = [] } = await explore(program, [], { coverage: true });
  expect(gapsOf(labels)).toEqual(['stuck.spin never led to stuck.out', 'stuck.out was never reached']);
});
