// What a race is about, so that one of its shape is found: the commit that fixed it, how it goes wrong, and what of the
// kernel it uses. And names of reports that the manifests of several races have.

/** What KASAN prints of an access in a function, as the language reports it. */
export const use_after_free = (where: string) => `BUG: KASAN: slab-use-after-free in ${where}`;
/** What CONFIG_DEBUG_OBJECTS prints of memory that is freed with something active in it, as the language reports it. */
export const free_active = (type: string) => `ODEBUG: free active (active state 0) object type: ${type}`;

/** How the kernel goes wrong. */
type RaceKind =
  | 'use-after-free'
  | 'out-of-bounds'
  | 'bug'
  | 'warning'
  | 'deadlock'
  | 'lost wake-up'
  | 'leak'
  | 'stale data'
  | 'livelock';

export interface Race {
  /** The subsystem, as in the subjects of its commits: `tty`. */
  readonly subsystem: string;
  /** The commit that fixed it, and its subject. */
  readonly fix: { readonly commit: string; readonly subject: string };
  readonly kinds: readonly [RaceKind, ...RaceKind[]];
  /** The primitives that the race is about: `refcount`, `wait queue`. */
  readonly uses: readonly string[];
  /** What of the commit message the essence says, or why it says something else. */
  readonly essence: string;
  /** Why other properties are violated under x86-TSO, where some are. */
  readonly tso?: string;
  /** Where the model judges a fix differently from history: a merged fix that it refutes, and what became of it. */
  readonly history?: string;
}
