// Names that other tools accept: identifiers of letters, digits and underscores, each given out once.
//
//   `mm[0].pmd` -> mm_0_pmd     `mm_0.pmd` after it -> mm_0_pmd_2     a keyword `end` -> end_2

/** Letters, digits and underscores only, not beginning with a digit or an underscore. */
export function identifier(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(plain) ? plain : `n${plain === '' ? '' : `_${plain}`}`;
}

/** Assigns identifiers; two that differ only in case count as the same. */
export class Identifiers {
  readonly #taken: Set<string>;
  readonly #forbidden: RegExp | undefined;

  /** No name is one of `reserved`, in any case, and none has a prefix that `forbidden` matches. */
  constructor(reserved: readonly string[], forbidden?: RegExp) {
    this.#forbidden = forbidden;
    this.#taken = new Set(reserved.map((word) => word.toLowerCase()));
  }

  /** The identifier of the first text that is still free; otherwise of the last, with a number appended. */
  take(...texts: readonly [string, ...string[]]): string {
    const wishes = texts.map(identifier).map((wish) => (this.#forbidden?.test(wish) ? `n_${wish}` : wish));
    const free = wishes.find((wish) => this.#add(wish));
    if (free !== undefined) return free;
    const base = wishes.at(-1)!;
    let n = 2;
    while (!this.#add(`${base}_${n}`)) n++;
    return `${base}_${n}`;
  }

  #add(name: string): boolean {
    const key = name.toLowerCase();
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}

/** Makes texts unique: the second `recheck` becomes `recheck (2)`. */
export class Titles {
  readonly #counts = new Map<string, number>();

  take(text: string): string {
    const count = (this.#counts.get(text) ?? 0) + 1;
    this.#counts.set(text, count);
    return count === 1 ? text : `${text} (${count})`;
  }
}

/** A text for double quotes or a line comment: one line of ASCII, without quotes and backslashes. */
export const plainText = (text: string): string =>
  text
    .replace(/…/g, '...')
    .replace(/["\\]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/g, '?');

/** A text for the inside of a C comment: it cannot end the comment. */
export const commentText = (text: string): string => plainText(text).replace(/\*\//g, '* /');
