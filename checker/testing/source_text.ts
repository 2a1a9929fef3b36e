// TypeScript for the tidy tests: the code without the contents of comments, strings and regular expressions, which
// become spaces, so that every offset and every line stays the same.
//
//   if (a === 'x') b(`y ${c}`); // z          if (a === '  ') b(`  ${c}`);

type Mode = { readonly kind: 'code' | 'template'; depth: number };

/** The text with comments, the insides of strings and of regular expressions replaced by spaces. */
export function codeOf(text: string): string {
  const out: string[] = [];
  const modes: Mode[] = [{ kind: 'code', depth: 0 }];
  let i = 0;
  const blank = (end: number) => {
    out.push(text.slice(i, end).replace(/[^\n]/g, ' '));
    i = end;
  };
  const keep = (count: number) => {
    out.push(text.slice(i, i + count));
    i += count;
  };
  while (i < text.length) {
    const mode = modes.at(-1)!;
    const char = text[i]!;
    if (mode.kind === 'template') {
      if (text.startsWith('${', i)) {
        keep(2);
        modes.push({ kind: 'code', depth: 0 });
      } else if (char === '`') {
        keep(1);
        modes.pop();
      } else blank(i + (char === '\\' ? 2 : 1));
    } else if (text.startsWith('//', i)) {
      blank(endOf(text, '\n', i));
    } else if (text.startsWith('/*', i)) {
      blank(Math.min(text.length, endOf(text, '*/', i) + 2));
    } else if (char === "'" || char === '"') {
      const end = endOfString(text, i);
      keep(1);
      blank(end - 1);
      keep(1);
    } else if (char === '/' && beginsRegExp(out.join('').trimEnd())) {
      const end = endOfRegExp(text, i);
      keep(1);
      blank(end);
      keep(1);
    } else {
      if (char === '`') modes.push({ kind: 'template', depth: 0 });
      if (char === '{') mode.depth++;
      if (char === '}' && mode.depth-- === 0 && modes.length > 1) modes.pop();
      keep(1);
    }
  }
  return out.join('');
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found;
}

/** The end of the string that begins at `from`: after its closing quote. */
function endOfString(text: string, from: number): number {
  let i = from + 1;
  while (i < text.length && text[i] !== text[from] && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

/**
 * Does a slash divide here: after a name, a number, or a closing bracket? After a keyword it begins a regular
 * expression.
 */
const beginsRegExp = (before: string): boolean =>
  !/[\w$)\]}'"`]$/.test(before) || /\b(?:return|typeof|case|in|of|yield|await|throw)$/.test(before);

/** The closing slash of the regular expression that begins at `from`; one in brackets does not close it. */
function endOfRegExp(text: string, from: number): number {
  let isInClass = false;
  let i = from + 1;
  for (; i < text.length && text[i] !== '\n' && (isInClass || text[i] !== '/'); i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') isInClass = true;
    else if (text[i] === ']') isInClass = false;
  }
  return i;
}

/**
 * The modules that a file imports or exports from, types included, and those that it loads as a worker or by
 * `import()`.
 */
export function importsOf(text: string): readonly string[] {
  const code = codeOf(text);
  const found = code.matchAll(/\b(?:from|import)\b\s*\(?\s*'|\b(?:new URL|register)\(\s*'/g);
  return [...found].map(({ index, 0: match }) => {
    const start = index + match.length;
    return text.slice(start, text.indexOf("'", start));
  });
}

export interface FunctionText {
  /** As it is declared: `function lower(`, `#block(`, `=>`. */
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** The functions, methods and arrow functions with a body in braces. */
export function functionsOf(text: string): readonly FunctionText[] {
  const code = codeOf(text);
  const found: FunctionText[] = [];
  const open: number[] = [];
  for (let i = 0; i < code.length; i++) {
    if (code[i] === '{') open.push(i);
    if (code[i] !== '}') continue;
    const start = open.pop() ?? 0;
    const name = headOf(code, start);
    if (name === undefined) continue;
    const line = lineAt(code, start);
    found.push({ name, line, lines: lineAt(code, i) - line + 1 });
  }
  return found;
}

export interface ClassText {
  readonly name: string;
  /** From the signature to the closing brace. */
  readonly lines: number;
  /** The comment before it. */
  readonly about: string;
}

/** The top-level classes. */
export function classesOf(text: string): readonly ClassText[] {
  const code = codeOf(text);
  return [...code.matchAll(/^(?:export )?(?:abstract )?class (\w+)/gm)].map(({ index, 1: name }) => {
    const end = index + code.slice(index).search(/^\}|^(?:export )?(?:abstract )?class .*\}$/m);
    const about = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(0, index))?.[0] ?? '';
    return { name: name!, lines: lineAt(code, end) - lineAt(code, index) + 1, about };
  });
}

const lineAt = (code: string, offset: number): number => code.slice(0, offset).split('\n').length;

const keywords = /\b(?:if|for|while|switch|catch|with)\s*$/;

/**
 * The text before a brace, if the brace opens a function: `=>`, or parameters, optionally with the type of a result.
 */
function headOf(code: string, brace: number): string | undefined {
  const before = code.slice(0, brace).trimEnd();
  if (before.endsWith('=>')) return '=>';
  const typed = /\)\s*:\s*[\w$.<>[\]|&,\s'"?*#]*$/.exec(before);
  const close = before.endsWith(')') ? before.length - 1 : typed?.index;
  if (close === undefined) return undefined;
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    if (before[i] === ')') depth++;
    if (before[i] === '(' && --depth === 0) {
      const word = before.slice(0, i).trimEnd();
      return keywords.test(word) ? undefined : (/[\w$#.*\s]{0,40}$/.exec(word)?.[0].trim() ?? '');
    }
  }
  return undefined;
}
