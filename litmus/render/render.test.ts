// What is printed and drawn of the execution that decides.

import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../syntax/parser.js';
import { litmus, modelNamed } from '../testing/judged.js';
import { storyOf, type VerdictStory } from '../verdict/story.js';
import { judge } from '../verdict/verdict.js';
import { renderDot } from './dot.js';
import { reasonLines } from './reason.js';
import { renderSvg } from './svg.js';

const explained = (text: string, name: 'lkmm' | 'tso' | 'sc' = 'lkmm'): string =>
  reasonLines(judge(parseLitmus(text), modelNamed(name))).join('\n');

const mp = (writer: string, reader: string): string =>
  litmus('', [`WRITE_ONCE(*x, 1); ${writer}`, `${reader}`], 'exists (1:r0=1 /\\ 1:r1=0)');

describe('what is printed', () => {
  test('of what is forbidden is a cycle, and which axiom forbids it', () => {
    const text = explained(
      mp('smp_wmb(); WRITE_ONCE(*y, 1);', 'r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);'),
    );
    expect(text).toContain('  Axiom happens-before forbids it:\n');
    expect(text.split('\n').slice(-4)).toEqual([
      '    d -> e  acq-po   behind an acquire',
      '    e -> a  fr       the read missed the write of x',
      '    a -> c  wmb      write barrier between them',
      '    c -> d  rfe      the read sees the write of y',
    ]);
  });

  test('of what no interleaving has is what is not kept in order', () => {
    const text = explained(mp('smp_wmb(); WRITE_ONCE(*y, 1);', 'r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);'));
    expect(text).toContain('Nothing in the Linux-kernel memory model keeps d before e.');
    expect(explained(mp('WRITE_ONCE(*y, 1);', 'r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);'), 'tso')).toContain(
      'Axiom tso forbids it:',
    );
  });

  test('of an interleaving is its order', () => {
    const text = explained(litmus('', ['WRITE_ONCE(*x, 1);', 'r0 = READ_ONCE(*x);'], 'exists (1:r0=0)'));
    expect(text).toContain('b  line 4   r0 = READ_ONCE(*x)              R x=0, the first value');
    expect(text).toContain('It is an interleaving: b a.');
  });

  test('of RCU counts grace periods and sections', () => {
    const reader = 'rcu_read_lock(); r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); rcu_read_unlock();';
    const text = explained(
      litmus(
        '',
        [reader, 'WRITE_ONCE(*y, 1); synchronize_rcu(); WRITE_ONCE(*x, 1);'],
        'exists (0:r0=1 /\\ 0:r1=0)',
      ),
    );
    expect(text).toContain('d -> a  rcu-rscsi from the end of a read-side section back to its begin');
    expect(text).toContain(
      'It passes 1 grace period and, backwards, 1 read-side section: at least as many periods as sections.',
    );
  });

  test('of an update that is lost is the write in the middle of a read-modify-write', () => {
    const text = explained(litmus('', ['atomic_inc(x);', 'atomic_inc(x);'], 'exists (x=1)'));
    expect(text.split('\n').slice(-4)).toEqual([
      '  Axiom atomic forbids it:',
      '',
      '    c -> b  fre      the read missed the write of x',
      '    b -> d  coe      a later write of x',
    ]);
  });

  test('of what is incoherent is what was read, not an order of writes that has nothing to do with it', () => {
    const text = explained(
      litmus(
        '',
        ['WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 2);', 'r0 = READ_ONCE(*x); r1 = READ_ONCE(*x);'],
        'exists (1:r0=2 /\\ 1:r1=1)',
      ),
    );
    expect(text.split('\n').slice(-3)).toEqual([
      '    b -> c  rf       the read sees the write of x',
      '    c -> d  po-loc   program order, same location',
      '    d -> b  fr       the read missed the write of x',
    ]);
  });

  test('of a value that only the filter leaves out names the filter', () => {
    const seen = litmus('', ['WRITE_ONCE(*x, 1);', 'r0 = READ_ONCE(*x);'], 'filter (1:r0=0) exists (1:r0=1)');
    expect(explained(seen)).toBe(
      'No execution that the filter keeps, allowed or not, makes the condition true.',
    );
  });

  test('of what was not found among the executions that are tried is that there are more', () => {
    const values = [1, 2, 3, 4, 5, 6];
    const writes = values.map((value) => `WRITE_ONCE(*x, ${value});`).join(' ');
    const reads = values.map((value) => `r${value} = READ_ONCE(*x);`).join(' ');
    expect(explained(litmus('', [writes, reads], 'exists (1:r1=6 /\\ 1:r2=5)'))).toBe(
      'The condition is never true. Of 20000 executions, forbidden ones too, none makes it so; no more were tried.',
    );
  });

  test('of plain accesses that are in order is what orders them, as a cycle', () => {
    const text = (last: string, condition: string) =>
      explained(
        litmus(
          '',
          ['*x = 1; smp_store_release(y, 1);', `r0 = smp_load_acquire(y); if (r0) { ${last} }`],
          `exists (1:r0=1 /\\ ${condition})`,
        ),
      ).split('\n');
    const ordered = [
      '    a -> b  po-rel   before a release',
      '    b -> c  rfe      the read sees the write of y',
      '    c -> d  acq-po   behind an acquire',
    ];
    expect(text('r1 = *x;', '1:r1=0').slice(-6)).toEqual([
      '  Axiom plain-coherence forbids it:',
      '',
      '    d -> a  fr       the read missed the write of x',
      ...ordered,
    ]);
    expect(text('WRITE_ONCE(*x, 2);', 'x=1').slice(-4)).toEqual([
      '    d -> a  co       a later write of x',
      ...ordered,
    ]);
  });

  test('of a data race is which accesses are in it', () => {
    expect(explained(litmus('', ['*x = 1;', 'r0 = *x;'], 'exists (1:r0=1)'))).toContain(
      'Flag data-race: a plain access may happen at the same time as another access of its location:\n\n    P0  line 3   *x = 1\n    P1  line 4   r0 = *x\n',
    );
  });

  test('of what is incoherent is an incoherent execution, and of what cannot be, that it cannot', () => {
    const twice = litmus(
      '',
      ['WRITE_ONCE(*x, 1);', 'r0 = READ_ONCE(*x); r1 = READ_ONCE(*x);'],
      'exists (1:r0=1 /\\ 1:r1=0)',
    );
    expect(explained(twice)).toContain('Axiom coherence forbids it:');
    expect(explained(litmus('', ['r0 = READ_ONCE(*x);'], 'exists (0:r0=7)'))).toBe(
      'No execution, allowed or not, makes the condition true: no read can have such a value.',
    );
    expect(explained(litmus('', ['r0 = READ_ONCE(*x);'], 'forall (0:r0=7)'))).toContain(
      'in which the condition is false:',
    );
  });
});

describe('a picture', () => {
  const story = storyOf(
    judge(
      parseLitmus(mp('smp_mb(); WRITE_ONCE(*y, 1);', 'r0 = READ_ONCE(*y); smp_mb(); r1 = READ_ONCE(*x);')),
      modelNamed('lkmm'),
    ),
  ) as VerdictStory;

  test('for Graphviz has a cluster for each thread, and the cycle in bold', () => {
    const lines = renderDot('a "title"', story).split('\n');
    expect(lines[0]).toBe('digraph "a \\"title\\"" {');
    expect(lines.filter((line) => line.includes('subgraph'))).toHaveLength(2);
    expect(
      lines.filter((line) => line.includes('penwidth=3')).map((line) => /label="([^"]+)"/.exec(line)![1]),
    ).toEqual(['mb', 'fr', 'mb', 'rfe']);
  });

  test('as SVG has a box for each event and an arrow for each edge, and shows text as text', () => {
    const svg = renderSvg(['<title> & more'], story);
    expect(svg).toContain('&lt;title&gt; &amp; more');
    // Six events and the first value of x; the background and the labels of arrows are rectangles, too.
    expect([...svg.matchAll(/rx="4"/g)]).toHaveLength(7);
    expect([...svg.matchAll(/stroke-width="3"/g)]).toHaveLength(4);
    expect(
      [...svg.matchAll(/<(\w+)[^>]*[^/]>/g)].map(([, name]) => name).filter((name) => name === 'svg'),
    ).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  test('as SVG leaves out first values where there are more of them than columns, and keeps long texts in their boxes', () => {
    const names = [...'abcd'].map((x) => `a_location_with_a_very_long_name_${x}`);
    const parameters = names.map((name) => `int *${name}`).join(', ');
    const reads = names.map((name, i) => `r${i} = READ_ONCE(*${name});`).join(' ');
    const text = `C long\n{}\nP0(${parameters}) { ${reads} }\nexists (0:r0=0)`;
    const story = storyOf(judge(parseLitmus(text), modelNamed('sc')));
    if (typeof story === 'string') throw new Error(story);
    const svg = renderSvg(['title'], story);
    expect([...svg.matchAll(/rx="4"/g)]).toHaveLength(4);
    expect(svg).toContain('A read without an arrow rf reads the first value.');
    const texts = [...svg.matchAll(/font-weight="bold">([^<]*)</g)].map(([, text]) => text!);
    expect(texts.filter((text) => text.length > 36)).toEqual([]);
  });
});
