// The script of the page of a trace: steps back and forth, shows the state after a step and what it changed, goes to
// the steps of the essence. It runs in a browser, on the data that page.ts writes into the page.
//
// State n is state 0 with the first n differences applied.

export const pageScript = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const steps = [...document.querySelectorAll('.step')];
const last = steps.length;
const find = (id) => document.getElementById(id);
// A step has a place on the page and a number in the whole trace; a filter leaves numbers out.
const numberAt = (n) => (data.numbers === undefined || n === 0 ? n : data.numbers[n - 1]);
const placeOf = (number) => (data.numbers === undefined || number === 0 ? number : data.numbers.indexOf(number) + 1);
let current = 0;

const stateAt = (n) => {
  const values = [...data.values], at = [...data.at];
  let changed = new Set(), moved = new Set();
  for (let i = 0; i < n && i < data.changes.length; i++) {
    const [valueChanges, atChanges] = data.changes[i];
    changed = new Set(valueChanges.map(([id]) => id));
    moved = new Set(atChanges.map(([id]) => id));
    for (const [id, value] of valueChanges) values[id] = value;
    for (const [id, value] of atChanges) at[id] = value;
  }
  return { values, at, changed, moved };
};

const fill = (body, names, values, changed) => {
  body.replaceChildren(...names.map((name, i) => {
    const row = document.createElement('tr');
    row.dataset.name = name;
    if (changed.has(i)) row.className = 'changed';
    const head = document.createElement('th');
    head.scope = 'row';
    head.textContent = name;
    const cell = document.createElement('td');
    cell.textContent = values[i];
    if (changed.has(i)) {
      const said = document.createElement('span');
      said.className = 'hidden';
      said.textContent = ' (changed)';
      cell.append(said);
    }
    row.append(head, cell);
    return row;
  }));
};

const show = (n, { focus = true } = {}) => {
  if (current > 0) steps[current - 1].removeAttribute('aria-current');
  current = Math.max(0, Math.min(last, n));
  const { values, at, changed, moved } = stateAt(current);
  find('state').dataset.step = numberAt(current);
  fill(find('values'), data.variables, values, changed);
  fill(find('places'), data.actors, at, moved);
  find('where').textContent = current === 0 ? 'at the start' : 'after step ' + numberAt(current) + ' of ' + data.length;
  const step = steps[current - 1];
  if (step !== undefined) {
    step.setAttribute('aria-current', 'step');
    if (focus) { step.focus({ preventScroll: true }); step.scrollIntoView({ block: 'nearest' }); }
    history.replaceState(null, '', '#step-' + numberAt(current));
  } else if (focus) {
    history.replaceState(null, '', '#');
  }
};

const essential = data.essential.map(placeOf).filter((n) => n > 0);
const nextEssential = () => essential.find((n) => n > current) ?? essential[0] ?? current;
const actions = {
  first: () => show(0), back: () => show(current - 1), next: () => show(current + 1), last: () => show(last),
  essence: () => show(nextEssential()),
};
const keys = { ArrowDown: 'next', ArrowRight: 'next', j: 'next', ArrowUp: 'back', ArrowLeft: 'back', k: 'back',
  Home: 'first', End: 'last', e: 'essence' };

document.addEventListener('keydown', (event) => {
  const action = actions[keys[event.key]];
  if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
});
for (const button of document.querySelectorAll('button[data-action]')) {
  button.addEventListener('click', () => actions[button.dataset.action]());
}
for (const link of document.querySelectorAll('a[href^="#step-"]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const place = placeOf(Number(link.getAttribute('href').slice('#step-'.length)));
    if (place > 0) show(place);
  });
}
find('panel').hidden = false;
show(placeOf(Number(/^#step-(\\d+)$/.exec(location.hash)?.[1] ?? 0)), { focus: location.hash !== '' });
`;
