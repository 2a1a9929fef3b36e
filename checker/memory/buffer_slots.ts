// The slots of one store buffer as variables: which place of memory a store is for, and its value, in a variable for each
// type of value. Slot 0 has the oldest store; the slots that are taken come first; what is not used has its first value, so
// equal buffers are equal states.
//
//   process[0] stored flag = 1, then x = 2:     slot 0: flag, 1      slot 1: x, 2      slot 2: empty

import { and, constant, equal, not, read, typeOfDomain } from '../ir/expression.js';
import type { Assignment, BufferSlot, Domain, Expr, Type, Variable, VariableId } from '../ir/program.js';

/** A slot: the variable that says for which place, and by type of value the variable that holds it. */
interface SlotVariables {
  readonly place: VariableId;
  readonly values: ReadonlyMap<string, VariableId>;
}

/** The word for a slot that holds no store. */
const empty = 'empty';

export class BufferSlots {
  /** What the buffer adds to the state. */
  readonly variables: readonly Variable[];
  /** The places that its threads store to. */
  readonly stored: readonly VariableId[];
  readonly #slots: readonly SlotVariables[];
  readonly #places: readonly string[];
  readonly #memory: readonly Variable[];

  /** `first` is the number of its first variable; `whose` names the buffer. */
  constructor(
    whose: string,
    stored: readonly VariableId[],
    count: number,
    memory: readonly Variable[],
    first: VariableId,
  ) {
    this.stored = stored;
    this.#memory = memory;
    this.#places = [empty, ...stored.map((id) => memory[id]!.name)];
    const domains = new Map<string, Domain>();
    for (const id of stored) {
      const { domain } = memory[id]!;
      const key = keyOf(typeOfDomain(domain));
      domains.set(key, hull(domain, domains.get(key)));
    }
    const variables: Variable[] = [];
    const add = (name: string, domain: Domain, slot: BufferSlot): VariableId => {
      const id = first + variables.length;
      variables.push({ id, name, domain, initial: [domain.kind === 'int' ? startOf(domain) : 0], slot });
      return id;
    };
    this.#slots = Array.from({ length: count }, (_, i): SlotVariables => {
      const name = `${whose}[${i}]`;
      const slot = { buffer: whose, index: i };
      const holds = (key: string) =>
        stored.map((id) => memory[id]!).filter(({ domain }) => keyOf(typeOfDomain(domain)) === key);
      const valueSlot = ([key, domain]: readonly [string, Domain], j: number) => {
        const places = holds(key).map((place) => place.name);
        return [key, add(`${name}.value${j === 0 ? '' : j}`, domain, { ...slot, holds: places })] as const;
      };
      return {
        place: add(`${name}.place`, { kind: 'enum', values: this.#places }, slot),
        values: new Map([...domains].map(valueSlot)),
      };
    });
    this.variables = variables;
  }

  get count(): number {
    return this.#slots.length;
  }

  readonly isEmpty = (): Expr => this.#isFree(0);
  /** Every slot is taken. */
  readonly isFull = (): Expr => not(this.#isFree(this.count - 1));
  /** Is this slot the next one to be taken? */
  isNext(i: number): Expr {
    return i === 0 ? this.#isFree(0) : and(not(this.#isFree(i - 1)), this.#isFree(i));
  }
  #isFree = (i: number): Expr => this.#isFor(i, 0);

  /** Is the slot for the place, as number among those that the buffer knows? */
  #isFor = (i: number, place: number): Expr => equal(this.#place(i), constant(place, this.#places));
  #place = (i: number): Expr => read({ variables: [this.#slots[i]!.place] }, this.#places);
  #value(i: number, type: Type): Expr {
    return read({ variables: [this.#slots[i]!.values.get(keyOf(type))!] }, type);
  }

  /** Is the oldest store for this place? */
  isOldest(id: VariableId): Expr {
    return this.#isFor(0, this.#numberOf(id));
  }
  /** Its value. */
  oldest = (id: VariableId): Expr => this.#value(0, typeOfDomain(this.#memory[id]!.domain));

  /** A store becomes the newest, in slot i. `place` says for which place, as an expression of `placeType`. */
  stores(i: number, place: Expr, value: Expr, type: Type): readonly Assignment[] {
    return [
      { target: { variables: [this.#slots[i]!.place] }, value: place },
      { target: { variables: [this.#slots[i]!.values.get(keyOf(type))!] }, value },
    ];
  }
  /** The place as a word. */
  placeOf = (id: VariableId): Expr => constant(this.#numberOf(id), this.#places);

  /** All stores move on by one slot: the oldest is gone. */
  shifts(): readonly Assignment[] {
    return this.#slots.flatMap(({ place, values }, i) =>
      [place, ...values.values()].map((id, j): Assignment => {
        const next = this.#slots[i + 1];
        const { domain, initial } = this.variables.find((one) => one.id === id)!;
        const type = typeOfDomain(domain);
        const from = next === undefined ? undefined : [next.place, ...next.values.values()][j]!;
        return {
          target: { variables: [id] },
          value: from === undefined ? constant(initial[0]!, type) : read({ variables: [from] }, type),
        };
      }),
    );
  }

  /** What a thread of the buffer sees at the place: the newest store to it, else `memory`. */
  seen(id: VariableId, memory: Expr, type: Type, wanted?: Expr): Expr {
    return this.#slots.reduce<Expr>((older, _, i) => {
      const isHere = this.#isFor(i, this.#numberOf(id));
      const x = wanted === undefined ? isHere : and(wanted, isHere);
      return { op: 'if', x, then: this.#value(i, type), else: older };
    }, memory);
  }

  #numberOf = (id: VariableId): number => this.stored.indexOf(id) + 1;
}

const keyOf = (type: Type): string => (typeof type === 'string' ? type : type.join('|'));

/** The first value of an unused slot. */
const startOf = ({ min, max }: { readonly min: number; readonly max: number }): number =>
  Math.min(Math.max(0, min), max);

/** A domain of both, which are of one type. */
function hull(domain: Domain, other: Domain | undefined): Domain {
  if (domain.kind === 'int' && other?.kind === 'int') {
    return { kind: 'int', min: Math.min(domain.min, other.min), max: Math.max(domain.max, other.max) };
  }
  return domain.kind === 'owner' ? { kind: 'enum', values: domain.values } : domain;
}
