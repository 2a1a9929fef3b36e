// The style of the page of a trace: light or dark as the system, one column on a narrow screen, ink-saving in print.
// Everything that a colour shows is also text.

export const pageStyle = `
:root { color-scheme: light dark; --fore: #1f2328; --back: #fff; --soft: #59636e; --line: #d1d9e0; --pale: #f6f8fa;
  --change: #0550ae; --bad: #b42318; --good: #116329; --mark: #fff4e5; --edge: #bc4c00; --here: #ddf4ff; --lock: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --fore: #e6edf3; --back: #0d1117; --soft: #9198a1; --line: #3d444d;
  --pale: #151b23; --change: #79c0ff; --bad: #ff938a; --good: #56d364; --mark: #2d1f0e; --edge: #f0883e; --here: #12283f; --lock: #d4a72c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 110rem; padding: 1rem; font: 15px/1.45 system-ui, sans-serif; color: var(--fore);
  background: var(--back); overflow-wrap: break-word; }
[hidden] { display: none !important; }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; } h2 { font-size: 1rem; margin: 1rem 0 .3rem; }
code, .step, #state table, .lanes { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); } .change { color: var(--change); } .bad { color: var(--bad); }
.good { color: var(--good); } .lock { color: var(--lock); } .strong { font-weight: 600; } .dim, small { color: var(--soft); } small { font-weight: 400; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 24rem); gap: 1rem; align-items: start; }
.lanes { display: grid; grid-template-columns: 2.6rem repeat(var(--lanes), minmax(0, 1fr)); gap: 0 .5rem; }
.names { font-weight: 600; border-bottom: 1px solid var(--line); padding: .2rem 0; }
ol.steps { list-style: none; margin: 0; padding: 0; }
ol.long > li { content-visibility: auto; contain-intrinsic-size: auto 4.5rem; }
ol.steps > li { border-bottom: 1px solid var(--line);
  scroll-margin: 4rem; }
.lanes > .number { text-align: right; padding: .25rem .3rem 0 0; color: var(--soft); }
.lanes > .number, .lanes > .step, .lanes > .bar { grid-row: 1; }
.racing > .number { border-left: 4px double var(--bad); } .note { font-size: .85rem; padding: .15rem 0; }
.bar { grid-column: calc(var(--lane) + 2); width: 4px; margin: -1px 0 -1px calc(var(--slot) * 7px); background: var(--lock); }
.bar.starts { margin-top: .5rem; border-radius: 2px 2px 0 0; } .bar.ends { margin-bottom: .5rem; border-radius: 0 0 2px 2px; }
.step { display: block; grid-column: calc(var(--lane) + 2); margin-left: calc(var(--slots) * 7px); padding: .25rem .4rem; border-left: 3px solid transparent;
  color: inherit; text-decoration: none; border-radius: 3px; min-width: 0; }
.step > span { display: block; } .step .who { display: none; }
.essential .step { background: var(--mark); border-left-color: var(--edge); }
.step[aria-current] { background: var(--here); outline: 2px solid var(--change); }
.step:focus-visible { outline: 3px solid var(--change); }
#panel { position: sticky; top: .5rem; max-height: calc(100vh - 1rem); overflow: auto; background: var(--pale);
  border: 1px solid var(--line); border-radius: 6px; padding: .6rem; }
#panel h2 { margin-top: 0; } #state table { border-collapse: collapse; width: 100%; }
#state th, #state td { text-align: left; padding: .1rem .3rem; font-weight: normal; vertical-align: top; width: 50%; }
#state tr.changed { background: var(--here); font-weight: 600; }
#filters { display: flex; flex-wrap: wrap; gap: .3rem .9rem; align-items: baseline; margin: .4rem 0; font-size: .9rem; }
#filters select, #filters input[type=search] { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line);
  border-radius: 4px; padding: .15rem .3rem; max-width: 13rem; } #filters .switch { font-weight: 600; }
.fold { display: none; } .as-story > .fold { display: block; } .as-story > .aside { display: none; }
.note.fold { padding: .35rem 0 .35rem 2.6rem; font-style: italic; }
#others { list-style: none; margin: 0; padding: 0; font-size: .85rem; } #others li { padding: .15rem 0; }
#others .does { display: block; padding-left: 1rem; } #instead h2, #state h2 { margin: .6rem 0 .2rem; font-size: .95rem; }
details summary { cursor: pointer; padding: .3rem 0; color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: .3rem; margin: .4rem 0; }
button { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 4px;
  padding: .15rem .5rem; cursor: pointer; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.matrix { border-collapse: collapse; font-size: .85rem; } .matrix th, .matrix td { border: 1px solid var(--line);
  padding: .25rem .5rem; text-align: left; } .scroll { overflow-x: auto; }
.tall { max-height: 85vh; overflow: auto; } .legend { font-size: .9rem; }
.sticky { border-collapse: separate; border-spacing: 0; } .sticky th { background: var(--pale); overflow-wrap: normal; min-width: 6rem; }
.sticky thead th { position: sticky; top: 0; z-index: 1; } .sticky th:first-child { position: sticky; left: 0; z-index: 1; }
.sticky thead th:first-child { z-index: 2; } .cell { min-width: 7rem; } .cell a { display: block; color: inherit; text-decoration: none; }
.cell a:hover, .cell a:focus-visible { text-decoration: underline; } .cell.good { background: color-mix(in srgb, var(--good) 12%, var(--back)); }
.cell.bad { background: color-mix(in srgb, var(--bad) 12%, var(--back)); } .cell b { font-size: 1.05rem; }
.conclusions li { margin: .3rem 0; scroll-margin: 1rem; } .conclusions li:target { background: var(--mark); }
.figures td, .figures thead th { overflow-wrap: break-word; } .figures th { min-width: 8rem; }
@media (max-width: 60rem), print { main { grid-template-columns: minmax(0, 1fr); }
  #panel { position: sticky; bottom: 0; top: auto; max-height: 45vh; order: 2; }
  ol.steps > li, .step { scroll-margin-bottom: 48vh; } }
@media (max-width: 40rem) { .lanes { grid-template-columns: 2.2rem minmax(0, 1fr); } .names > span:not(:first-child) { display: none; }
  .names { display: none; } .step { grid-column: 2; margin-left: 0; } .step .who { display: block; color: var(--soft); } .bar { display: none; } }
.many .lanes { grid-template-columns: 2.6rem minmax(0, 1fr); } .many .names { display: none; }
.many .bar { display: none; } .many .step { grid-column: 2; margin-left: 0; } .many .step .who { display: block; color: var(--soft); }
@media print { #panel, nav, #filters, .keys { display: none; } body { max-width: none; padding: 0; }
  ol.steps > li { break-inside: avoid; content-visibility: visible; } .step[aria-current] { outline: none; background: none; } }
`;
