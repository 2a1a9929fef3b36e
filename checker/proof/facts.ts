// Comparisons of sizes and indices that lowering has settled by trying small ones: solvers are asked whether they hold
// for all.

import { walk } from '../ir/expression.js';
import type { Expr, VariableId } from '../ir/program.js';
import type { OpenSizes } from '../lower/rigid.js';
import type { Obligations, ProofQuestion } from './obligations.js';

/** One question for each settled comparison. */
export function factObligations({ settled, rigid, least }: OpenSizes): Obligations | undefined {
  const texts = new Map<string, ProofQuestion>();
  for (const { x, value, least: from } of settled) {
    const ids = new Set<VariableId>();
    walk(x, (one) => {
      if (one.op === 'read') ids.add(one.cell.variables[0]!);
    });
    const indices = [...ids].flatMap((id) => {
      const of = rigid.get(id)!;
      if (of.kind === 'size') return [];
      const name = `|index ${id}|`;
      return [
        `(declare-const ${name} Int)\n(assert (and (<= 0 ${name}) (< ${name} |size of ${of.setting}|)))\n`,
      ];
    });
    const larger = [...from].filter(([name, size]) => size > least.get(name)!);
    const where = larger.map(([name, size]) => `(assert (>= |size of ${name}| ${size}))\n`);
    const holds = value ? text(x, rigid) : `(not ${text(x, rigid)})`;
    const asked = `${where.join('')}${indices.join('')}(assert (not (and ${holds} ${divisions(x, rigid).join(' ')})))\n`;
    const id = `fact ${texts.size}`;
    if (!texts.has(asked)) texts.set(asked, { id, text: asked, asks: `that ${holds} for all sizes` });
  }
  if (texts.size === 0) return undefined;
  const sizes = [...least].map(([name, from]) => {
    return `(declare-const |size of ${name}| Int)\n(assert (>= |size of ${name}| ${from}))\n`;
  });
  return {
    name: 'sizes',
    assumes: `(set-logic ALL)\n${sizes.join('')}`,
    given: '',
    questions: [...texts.values()],
  };
}

const words = { eq: '=', lt: '<', le: '<=', add: '+', sub: '-', mul: '*', div: 'div', mod: 'mod' } as const;

/** Where nothing negative is divided, and not by 0, SMT-LIB's division is that of C. */
function divisions(x: Expr, rigid: OpenSizes['rigid']): readonly string[] {
  const found: string[] = [];
  walk(x, (one) => {
    if (one.op !== 'div' && one.op !== 'mod') return;
    found.push(`(<= 0 ${text(one.x, rigid)})`, `(< 0 ${text(one.y, rigid)})`);
  });
  return found;
}

function text(x: Expr, rigid: OpenSizes['rigid']): string {
  const of = (y: Expr) => text(y, rigid);
  switch (x.op) {
    case 'const':
      if (x.type === 'bool') return x.value === 0 ? 'false' : 'true';
      return x.value < 0 ? `(- ${-x.value})` : String(x.value);
    case 'read': {
      const id = x.cell.variables[0]!;
      const one = rigid.get(id)!;
      return one.kind === 'size' ? `|size of ${one.setting}|` : `|index ${id}|`;
    }
    case 'not':
      return `(not ${of(x.x)})`;
    case 'and':
    case 'or':
      return `(${x.op} ${of(x.x)} ${of(x.y)})`;
    case 'if':
      return `(ite ${of(x.x)} ${of(x.then)} ${of(x.else)})`;
    case 'at':
      throw new Error('a place is no size');
    default:
      return `(${words[x.op]} ${of(x.x)} ${of(x.y)})`;
  }
}
