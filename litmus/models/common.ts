// Relations that every model begins with, under the names of herd's cat language.

import { at, base, both, type EventSet, edge, either, maybe, sequence, set } from '../relations/relation.js';

export const [M, R, W, IW, RMW] = [set('M'), set('R'), set('W'), set('IW'), set('RMW')];

export const po = base('po');
export const poLoc = base('po-loc');
export const [rf, co, fr] = [base('rf'), base('co'), base('fr')];
export const rmw = base('rmw');
export const [loc, int, ext, id] = [base('loc'), base('int'), base('ext'), base('id')];

export const rfe = edge('rfe', both(rf, ext));
export const rfi = edge('rfi', both(rf, int));
export const coe = edge('coe', both(co, ext));
export const fre = edge('fre', both(fr, ext));

/** `fencerel(B)`: from before a barrier to behind it. */
export const fencerel = (barriers: EventSet) => sequence(po, at(barriers), po);

/** `po?`. */
export const maybePo = maybe(po);

/** Sequential consistency for each location alone. */
export const perLocation = either(poLoc, rf, co, fr);

/** A read-modify-write with another thread's write between its two events: explained by the path through that write. */
export const interrupted = both(sequence(fre, coe), rmw);
