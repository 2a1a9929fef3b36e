// The functions of a C file, found without a preprocessor: by their heads and braces. What a macro defines counts, too:
// SYSCALL_DEFINE3(mmap, …) is sys_mmap() and mmap(), DEFINE_IDTENTRY(exc_page_fault) is exc_page_fault(), and a #define
// with parameters is a function.

import { createHash } from 'node:crypto';

/** A definition of a function; lines are counted from 1, the last one included. */
export interface CFunction {
  readonly names: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** All functions of a file, in their order. Under #if and #else there may be two of one name. */
export function functionsOf(source: string): readonly CFunction[] {
  const { code, directives } = masked(source);
  const defined = [...bracedIn(code), ...macrosIn(directives)].sort((a, b) => a.from - b.from);
  return defined.map(({ names, from, to }) => ({
    names,
    from: lineAt(source, from),
    to: lineAt(source, to),
    text: source.slice(from, to),
  }));
}

/**
 * 16 hexadecimal digits of the text of all definitions of a function, without comments and white space, so that
 * formatting does not change it.
 */
export function digestOf(definitions: readonly CFunction[]): string {
  const text = definitions.map((each) => squeezed(each.text)).join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Comments, texts and characters of C. */
const lexemes =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/(?:\\\n|[^\n])*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g;
const isComment = (lexeme: string): boolean => lexeme.startsWith('/');

/** White space is kept where it separates two words, and inside of texts. */
function squeezed(text: string): string {
  const texts: string[] = [];
  const bare = text.replace(lexemes, (lexeme) => {
    if (isComment(lexeme)) return ' ';
    texts.push(lexeme);
    return `"${texts.length - 1}"`;
  });
  return bare
    .replace(/\\\n/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/(?<!\w) | (?!\w)/g, '')
    .replace(/"(\d+)"/g, (_, i) => texts[Number(i)]!);
}

/** Spaces of the same length, with the same lines. */
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Directives of the preprocessor, with the lines that a backslash continues. */
const directive = /^[ \t]*#(?:\\\n|[^\n])*/gm;

/** The source with comments, texts and directives blanked out, and the directives alone, at the same positions. */
function masked(source: string): { readonly code: string; readonly directives: string } {
  const bare = source.replace(lexemes, blank);
  let at = 0;
  let directives = '';
  for (const { 0: text, index } of bare.matchAll(directive)) {
    directives += blank(bare.slice(at, index)) + text;
    at = index + text.length;
  }
  return { code: bare.replace(directive, branching), directives: directives + blank(bare.slice(at)) };
}

/** What branches is marked by one character, since braces of #if and #else are alternatives; the rest is blanked out. */
function branching(text: string): string {
  const [, word = ''] = /^[ \t]*#[ \t]*(\w+)/.exec(text) ?? [];
  const mark = word.startsWith('if') ? '⊢' : word.startsWith('el') ? '⊦' : word === 'endif' ? '⊣' : ' ';
  return mark + blank(text).slice(1);
}

/** A definition, from its first character up to the one after its last. */
type Defined = Pick<CFunction, 'names' | 'from' | 'to'>;

function bracedIn(code: string): readonly Defined[] {
  const found: Defined[] = [];
  /** The depths at each #if that is open. */
  const branches: number[] = [];
  let depth = 0;
  let head = 0;
  let body: { readonly from: number; readonly names: readonly string[] } | undefined;
  for (const { 0: token, index } of code.matchAll(/[{};⊢⊦⊣]/g)) {
    if (token === '⊢') branches.push(depth);
    else if (token === '⊦') depth = branches.at(-1) ?? depth;
    else if (token === '⊣') branches.pop();
    else if (token === '{') {
      if (depth === 0)
        body = { from: head + code.slice(head).search(/\S/), names: namesIn(code.slice(head, index)) };
      depth++;
    } else if (token === '}') depth = Math.max(0, depth - 1);
    if (depth > 0) continue;
    if (token === '}' && body !== undefined && body.names.length > 0) {
      found.push({ ...body, to: index + 1 });
    }
    if (token === '}') body = undefined;
    if (/[};⊢⊦⊣]/.test(token)) head = index + 1;
  }
  return found;
}

const lineAt = (source: string, position: number): number => source.slice(0, position).split('\n').length;

/** Attributes in the head of a function that have arguments. */
const attribute =
  /^(__attribute__|__printf|__scanf|__section|__aligned|__alloc_size|__acquires?|__releases?|__must_hold|__cond_acquires|__nonnull|__no_sanitize|__counted_by|__malloc|__diagnose_as)$/;

/** The names of the function that has this head; none if it is no function. */
function namesIn(head: string): readonly string[] {
  if (/=\s*$/.test(head) || /^\s*(typedef|enum|union|struct)\b[^()]*$/.test(head)) return [];
  for (const { groups } of head.matchAll(
    /(?<name>[A-Za-z_]\w*)\s*\((?<args>[^()]*(?:\([^()]*\)[^()]*)*)\)/g,
  )) {
    const { name = '', args = '' } = groups ?? {};
    if (attribute.test(name)) continue;
    return /^[A-Z][A-Z0-9_]*$/.test(name) ? definedBy(name, args) : [name];
  }
  return [];
}

/** The names that a macro gives to the function whose body follows it. */
function definedBy(macro: string, args: string): readonly string[] {
  const [, first] = /^\s*(\w+)/.exec(args) ?? [];
  if (first === undefined) return [macro];
  const [, compat] = /^(COMPAT_)?SYSCALL_DEFINE\d$/.exec(macro) ?? [];
  const isCall = /SYSCALL_DEFINE\d$/.test(macro);
  return isCall ? [first, `${compat === undefined ? '' : 'compat_'}sys_${first}`] : [first];
}

const macro = /#[ \t]*define[ \t]+(\w+)\((?:\\\n|[^\n])*/g;

const macrosIn = (directives: string): readonly Defined[] =>
  [...directives.matchAll(macro)].map(({ 0: text, 1: name, index }) => {
    return { names: [name!], from: index, to: index + text.length };
  });
