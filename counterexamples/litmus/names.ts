// Names of the locations of a litmus test: those of the model as C has them, without indices where one name is enough.
//
//   vma[0].pmd   ->   vma_pmd          fork[0], fork[1]   ->   fork_0, fork_1

import type { Program, VariableId } from '../../checker/index.js';
import type { LocationKey } from './statements.js';

const reserved: ReadonlySet<string> = new Set(
  (
    'auto break case char const continue current default do double else enum exists extern filter float for forall goto if ' +
    'inline int long locations not register restrict return short signed sizeof static struct switch typedef union ' +
    'unsigned void volatile while with true false atomic_t spinlock_t ' +
    // Words of herd's C and of its conditions.
    'lock unlock and or in observed final default cases fault states mtx_t mtx_lock mtx_unlock atomic_int srcu_struct ' +
    'fence SCAS WCAS intptr_t uintptr_t int8_t uint8_t int16_t uint16_t int32_t uint32_t int64_t uint64_t'
  ).split(' '),
);

/** Different names, by location. */
export function namesOf(
  keys: readonly LocationKey[],
  program: Program,
  labelOf: (mark: number) => string,
): ReadonlyMap<LocationKey, string> {
  const textOf = (key: LocationKey): string => {
    const [kind, ...rest] = key.split(' ');
    const of = rest.join(' ');
    if (kind === 'variable') return program.variables[Number(of) as VariableId]!.name;
    return kind === 'lock' ? of : `past.${labelOf(Number(of))}`;
  };
  const whole = keys.map((key) => identifier(textOf(key)));
  const short = keys.map((key) => identifier(textOf(key).replace(/\[\d+\]/g, '')));
  const names = new Map<LocationKey, string>();
  for (const [i, key] of keys.entries()) {
    const isTaken = (name: string) => [...names.values()].includes(name);
    const isAlone = short.filter((name) => name === short[i]).length === 1;
    let name = isAlone ? short[i]! : whole[i]!;
    while (isTaken(name)) name = `${name}_`;
    names.set(key, name);
  }
  return names;
}

/** Without what C does not allow; not a register, a thread, or a word of C. */
function identifier(text: string): string {
  const name = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return reserved.has(name) || /^(?:\d|[rP]\d+$)/.test(name) || name === ''
    ? `${name}_`.replace(/^(?=\d)/, '_')
    : name;
}
