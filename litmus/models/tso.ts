// x86-TSO, as the kernel's primitives are compiled for x86: smp_mb() is a fence, a read-modify-write is locked, whatever
// its name says of order, and so is the taking of a lock; everything else is a mov, a trylock that fails included. A write may be overtaken by later
// reads of its own thread, and by nothing else. After Owens, Sarkar, Sewell: A Better x86 Memory Model: x86-TSO (2009).

import { at, both, edge, either, eitherSet, product, sequence, set } from '../relations/relation.js';
import { co, fencerel, fr, interrupted, perLocation, po, R, RMW, rfe, W } from './common.js';
import type { AxiomaticModel } from './model.js';

/** Locked instructions, including a cmpxchg that changes nothing. */
const locked = eitherSet(RMW, set('LKR'), set('LKW'));

/** All of program order but from a write to a read. */
const ppo = edge('ppo', both(po, either(product(W, W), product(R, W), product(R, R))));
const implied = edge('implied', either(sequence(po, at(locked)), sequence(at(locked), po)));
const mfence = edge('mfence', fencerel(set('mb')));

export const tso: AxiomaticModel = {
  name: 'tso',
  title: 'x86-TSO',
  axioms: [
    { name: 'coherence', demand: 'acyclic', of: perLocation },
    { name: 'atomic', demand: 'empty', of: interrupted },
    { name: 'tso', demand: 'acyclic', of: either(ppo, mfence, implied, rfe, co, fr) },
  ],
  flags: [],
  hasLoadBuffering: false,
  hasRcu: false,
  keeps: either(ppo, mfence, implied),
};
