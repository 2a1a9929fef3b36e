// The Linux-kernel memory model. Relations have the names that tools/memory-model/linux-kernel.cat gives them, and
// stand in its order; a number such as cat:80 is a line of that file in Linux 6.18, bell:89 one of linux-kernel.bell.
// The definitions are those of Alglave, Maranget, McKenney, Parri, Stern: Frightening Small Children and Disconcerting
// Grown-ups (ASPLOS 2018), and of the kernel's Documentation/explanation.txt, with what was mended since.

import {
  at,
  base,
  both,
  bothSets,
  domain,
  edge,
  either,
  eitherSet,
  inverse,
  least,
  maybe,
  minus,
  named,
  product,
  type Relation,
  range,
  sequence,
  set,
  setMinus,
  star,
} from '../relations/relation.js';
import {
  co,
  ext,
  fencerel,
  fr,
  IW,
  id,
  int,
  interrupted,
  loc,
  M,
  maybePo,
  perLocation,
  po,
  poLoc,
  R,
  RMW,
  rf,
  rfe,
  rfi,
  rmw,
  W,
} from './common.js';
import type { AxiomaticModel } from './model.js';

// Events. A failed read-modify-write orders nothing (bell:44 to 48); locks release and acquire (lock.cat).

const F = set('F');
const [LKR, LKW, UL] = [set('LKR'), set('LKW'), set('UL')];
const failedRmw = setMinus(RMW, domain(rmw), range(rmw));
const Acquire = eitherSet(setMinus(set('acquire'), W, failedRmw), LKR);
const Release = eitherSet(setMinus(set('release'), R, failedRmw), UL);
const Mb = setMinus(set('mb'), failedRmw);
const Noreturn = setMinus(set('noreturn'), W);
const [syncRcu, rcuLock, rcuUnlock] = [set('sync-rcu'), set('rcu-lock'), set('rcu-unlock')];

/** bell:89 to 91. First values are marked; only ordinary C accesses are plain. */
const Plain = setMinus(bothSets(M, set('plain')), IW, RMW);
const Marked = eitherSet(setMinus(M, Plain), F);
const marked = at(Marked);
const memory = at(M);

// Dependencies, also those that pass through memory that a thread writes and reads back (bell:93 to 96).

const carryDep = star(sequence(base('data'), rfi));
const addr = edge('addr', sequence(carryDep, base('addr')));
const ctrl = edge('ctrl', sequence(carryDep, base('ctrl')));
const data = edge('data', sequence(carryDep, base('data')));

// Basic relations (cat:27 to 72).

const acqPo = edge('acq-po', sequence(at(Acquire), po, memory)); // cat:28
const poRel = edge('po-rel', sequence(memory, po, at(Release))); // cat:29
const poUnlockLockPo = edge('po-unlock-lock-po', sequence(po, at(UL), either(po, rf), at(LKR), po)); // cat:30

const R4rmb = setMinus(R, Noreturn); // cat:33
const rmb = edge('rmb', sequence(at(R4rmb), fencerel(set('rmb')), at(R4rmb))); // cat:34
const wmb = edge('wmb', sequence(at(W), fencerel(set('wmb')), at(W))); // cat:35
const mb = edge(
  'mb', // cat:36
  either(
    sequence(memory, fencerel(Mb), memory),
    sequence(memory, po, at(bothSets(Mb, R))), // cat:45
    sequence(at(bothSets(Mb, W)), po, memory),
    sequence(memory, fencerel(set('before-atomic')), at(RMW), maybePo, memory),
    sequence(memory, maybePo, at(RMW), fencerel(set('after-atomic')), memory),
    sequence(memory, maybePo, at(LKW), fencerel(set('after-spinlock')), memory),
    sequence(memory, poUnlockLockPo, at(set('after-unlock-lock')), po, memory), // cat:61
  ),
);
const gp = edge('gp', sequence(po, at(syncRcu), maybePo)); // cat:64
const localStrongFence = named('strong-fence', either(mb, gp)); // cat:65

const nonrwFence = named('nonrw-fence', either(localStrongFence, poRel, acqPo)); // cat:67
const localFence = named('fence', either(nonrwFence, wmb, rmb)); // cat:68
const barrier = either(
  fencerel(
    eitherSet(
      ...([
        set('barrier'),
        set('rmb'),
        set('wmb'),
        Mb,
        syncRcu,
        set('before-atomic'),
        set('after-atomic'),
      ] as const),
      ...[Acquire, Release, rcuLock, rcuUnlock],
    ),
  ),
  sequence(po, at(Release)),
  sequence(at(Acquire), po),
); // cat:69

// Instruction execution ordering (cat:89 to 95).

const dep = either(addr, data);
const rwdep = sequence(either(dep, ctrl), at(W));
const overwrite = either(edge('co', co), edge('fr', fr));
const toW = either(rwdep, both(overwrite, int), sequence(addr, at(Plain), wmb));
const toR = either(sequence(addr, at(R)), sequence(dep, marked, rfi));
const ppo = named('ppo', either(toR, toW, both(localFence, int), both(poUnlockLockPo, int)));

// Propagation: ordering from release operations and strong fences (cat:97 to 102).

const aCumul = (relation: Relation) => sequence(maybe(sequence(rfe, marked)), relation);
const rmwSequence = star(sequence(edge('rf', rf), edge('rmw', rmw)));
const cumulFence = named(
  'cumul-fence',
  sequence(marked, either(aCumul(either(localStrongFence, poRel)), wmb, poUnlockLockPo), marked, rmwSequence),
);
const prop = named(
  'prop',
  sequence(marked, maybe(both(overwrite, ext)), star(cumulFence), marked, maybe(rfe), marked),
);

const hb = named('hb', sequence(marked, either(ppo, rfe, both(minus(prop, id), int)), marked)); // cat:109
const pb = named('pb', sequence(prop, localStrongFence, star(hb), marked)); // cat:117

// RCU (cat:134 to 171).

const rcuGp = at(syncRcu);
const rcuRscsi = edge('rcu-rscsi', inverse(base('rcu-rscs')));
const rcuLink = named('rcu-link', sequence(maybePo, star(hb), star(pb), prop, po));
const rcuOrder = least((self) =>
  either(
    rcuGp,
    sequence(rcuGp, rcuLink, rcuRscsi),
    sequence(rcuRscsi, rcuLink, rcuGp),
    sequence(rcuGp, rcuLink, self, rcuLink, rcuRscsi),
    sequence(rcuRscsi, rcuLink, self, rcuLink, rcuGp),
    sequence(self, rcuLink, self),
  ),
); // cat:154
const rcuFence = named('rcu-fence', sequence(po, rcuOrder, maybePo)); // cat:164
const fence = either(localFence, rcuFence);
const strongFence = either(localStrongFence, rcuFence);
const rb = named('rb', sequence(prop, rcuFence, star(hb), star(pb), marked)); // cat:169

// Plain accesses and data races (cat:186 to 226).

const atPlainWrite = at(bothSets(Plain, W));
const mixedAccesses = either(
  sequence(atPlainWrite, minus(poLoc, barrier), marked),
  sequence(marked, minus(poLoc, barrier), atPlainWrite),
);

const xbstar = star(either(hb, pb, rb));
const vis = sequence(
  star(cumulFence),
  maybe(rfe),
  marked,
  either(sequence(strongFence, marked, xbstar), both(xbstar, int)),
);

const rmbBefore = sequence(at(R4rmb), fencerel(set('rmb')), at(setMinus(eitherSet(M, F), Noreturn)));
const rmbAfter = sequence(at(setMinus(eitherSet(M, F), Noreturn)), fencerel(set('rmb')), at(R4rmb));
const wPreBounded = sequence(marked, maybe(either(addr, fence)));
const rPreBounded = sequence(marked, maybe(either(addr, nonrwFence, rmbBefore)));
const wPostBounded = sequence(maybe(fence), marked, rmwSequence);
const rPostBounded = sequence(maybe(either(nonrwFence, rmbAfter)), marked);

const visibleTo = (preBounded: Relation) =>
  either(fence, sequence(strongFence, xbstar, preBounded), sequence(wPostBounded, vis, preBounded));
const wwVis = visibleTo(wPreBounded); // cat:205
const wrVis = visibleTo(rPreBounded);
const rwXbstar = either(fence, sequence(rPostBounded, xbstar, wPreBounded));

const preRace = both(ext, either(product(Plain, M), product(setMinus(M, IW), Plain))); // cat:212
// The file demands that no such pair is ordered the other way round. As a cycle, the explanation of a violation has both directions.
const wrIncoh = sequence(both(edge('rf', rf), preRace), rwXbstar);
const rwIncoh = sequence(both(edge('fr', fr), preRace), wrVis);
const wwIncoh = sequence(both(edge('co', co), preRace), wwVis);

const wwNonrace = both(wwVis, both(either(product(Marked, W), rwXbstar), either(product(W, Marked), wrVis)));
const wwRace = minus(both(preRace, co), wwNonrace);
const wrRace = minus(minus(both(preRace, sequence(maybe(co), rf)), wrVis), inverse(rwXbstar));
const rwRace = minus(both(preRace, fr), rwXbstar);

// Misuse of locks (lock.cat) and of RCU sections (bell).

const lockEvents = eitherSet(LKR, LKW, UL, set('LF'), set('RL'), set('RU'));
const critical = base('critical');
const rcuSections = base('rcu-rscs');

export const lkmm: AxiomaticModel = {
  name: 'lkmm',
  title: 'the Linux-kernel memory model',
  axioms: [
    { name: 'coherence', demand: 'acyclic', of: perLocation }, // cat:80
    { name: 'atomic', demand: 'empty', of: interrupted }, // cat:83
    { name: 'happens-before', demand: 'acyclic', of: hb }, // cat:110
    { name: 'propagation', demand: 'acyclic', of: pb }, // cat:118
    { name: 'rcu', demand: 'irreflexive', of: rb }, // cat:171
    { name: 'plain-coherence', demand: 'irreflexive', of: either(wrIncoh, rwIncoh, wwIncoh) }, // cat:218
  ],
  flags: [
    { name: 'data-race', of: either(wwRace, wrRace, rwRace) }, // cat:226
    { name: 'mixed-accesses', of: mixedAccesses }, // cat:189
    { name: 'mixed-lock-accesses', of: sequence(at(setMinus(M, IW, lockEvents)), loc, at(lockEvents)) },
    { name: 'unmatched-unlock', of: at(setMinus(UL, range(critical))) },
    { name: 'unmatched-rcu-lock', of: at(setMinus(rcuLock, domain(rcuSections))) },
    { name: 'unmatched-rcu-unlock', of: at(setMinus(rcuUnlock, range(rcuSections))) },
  ],
  hasLoadBuffering: true,
  hasRcu: true,
  keeps: either(ppo, localFence, poUnlockLockPo),
};
