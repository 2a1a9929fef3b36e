// The script of the page of a trace: steps back and forth, shows the state after a step, what it changed and what else
// was possible, filters the steps, copies the trace. It runs in a browser, on the data that page.ts writes into the page.
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

const element = (tag, { text, className } = {}) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

// A name may be broken after its dots.
const named = (tag, name) => {
  const made = element(tag);
  for (const part of name.split(/(?<=\\.)(?=[A-Za-z_])/)) made.append(part, document.createElement('wbr'));
  return made;
};

const fill = (body, names, values, changed, which) => {
  body.replaceChildren(...which.map((i) => {
    const row = element('tr', { className: changed.has(i) ? 'changed' : '' });
    row.dataset.name = names[i];
    const head = named('th', names[i]);
    head.scope = 'row';
    const cell = element('td');
    cell.append(String(values[i]));
    if (changed.has(i)) cell.append(element('span', { text: ' (changed)', className: 'hidden' }));
    row.append(head, cell);
    return row;
  }));
};

const still = new Set(data.still), stillActors = new Set(data.stillActors);
const indices = (names, isAsked) => names.map((_, i) => i).filter(isAsked);
const movingVariables = indices(data.variables, (i) => !still.has(i));
const movingActors = indices(data.actors, (i) => !stillActors.has(i));
const counted = (count, noun) => count + ' ' + noun + (count === 1 ? '' : 's');
find('still').hidden = still.size + stillActors.size === 0;
find('still').querySelector('summary').textContent =
  counted(stillActors.size, 'actor') + ' without a step' + (still.size > 0 ? ', ' + counted(still.size, 'variable') + ' of theirs' : '');

const fillOthers = (n) => {
  const list = find('others');
  if (list === null) return;
  const others = data.others[numberAt(n)] ?? [];
  list.replaceChildren(...others.map(([actor, place, lines, isBad]) => {
    const item = element('li', { className: isBad ? 'bad' : '' });
    item.append(element('strong', { text: actor }), ' ', named('span', place));
    for (const line of lines) item.append(element('span', { text: line, className: 'does' }));
    return item;
  }));
  if (others.length === 0) list.append(element('li', { text: 'no other step', className: 'soft' }));
};

const show = (n, { focus = true } = {}) => {
  if (current > 0) steps[current - 1].removeAttribute('aria-current');
  current = Math.max(0, Math.min(last, n));
  const { values, at, changed, moved } = stateAt(current);
  find('state').dataset.step = numberAt(current);
  fill(find('values'), data.variables, values, changed, movingVariables);
  fill(find('places'), data.actors, at, moved, movingActors);
  fill(find('stillRows'), [...data.variables, ...data.actors], [...values, ...at], new Set(),
    [...data.still, ...data.stillActors.map((i) => i + data.variables.length)]);
  fillOthers(current);
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

const items = steps.map((step) => step.parentElement);
const list = document.querySelector('ol.steps');
const filter = { story: find('story'), actor: find('actor'), variable: find('variable'), text: find('text') };
const isShown = (n) => n === 0 || !items[n - 1].hidden;
const applyFilters = () => {
  const isStory = filter.story?.checked === true;
  const [actor, variable, text] = [filter.actor.value, filter.variable.value, filter.text.value.toLowerCase()];
  list.classList.toggle('as-story', isStory && actor === '' && variable === '' && text === '');
  items.forEach((item, i) => {
    const [who, changes] = data.does[i];
    item.hidden = (isStory && item.classList.contains('aside')) ||
      (actor !== '' && data.actors[who] !== actor) ||
      (variable !== '' && !changes.some((id) => data.variables[id] === variable)) ||
      (text !== '' && !item.textContent.toLowerCase().includes(text));
  });
  const shown = items.filter((item) => !item.hidden).length;
  find('shown').textContent = shown === items.length ? '' : shown + ' of ' + counted(items.length, 'step') + ' shown';
};
for (const control of Object.values(filter)) control?.addEventListener('input', applyFilters);
find('filters').addEventListener('submit', (event) => event.preventDefault());

// Steps that a filter hides are passed over.
const towards = (way) => {
  let n = current + way;
  while (n > 0 && n <= last && !isShown(n)) n += way;
  return n > last ? current : n;
};
const essential = data.essential.map(placeOf).filter((n) => n > 0);
const nextEssential = () => essential.find((n) => n > current && isShown(n)) ?? essential.find(isShown) ?? current;
const lastShown = () => { let n = last; while (n > 0 && !isShown(n)) n--; return n; };
const actions = {
  first: () => show(0), back: () => show(towards(-1)), next: () => show(towards(1)), last: () => show(lastShown()),
  essence: () => show(nextEssential()),
  story: () => filter.story?.click(),
  search: () => filter.text.focus(),
};
const keys = { ArrowDown: 'next', ArrowRight: 'next', j: 'next', ArrowUp: 'back', ArrowLeft: 'back', k: 'back',
  Home: 'first', End: 'last', e: 'essence', s: 'story', '/': 'search' };

document.addEventListener('keydown', (event) => {
  if (event.target.matches('input:not([type=checkbox]), select')) {
    if (event.key === 'Escape') { event.target.value = ''; applyFilters(); event.target.blur(); }
    return;
  }
  const action = actions[keys[event.key]];
  if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
});
for (const button of document.querySelectorAll('button[data-action]')) {
  button.addEventListener('click', () => actions[button.dataset.action]());
}

const said = (text) => { find('copied').textContent = text; };
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where pages have no clipboard, as from some files: by a selection.
    const area = element('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
};
for (const button of document.querySelectorAll('button[data-copy]')) {
  // The story, while it is what is shown.
  const text = () => (filter.story?.checked ? data.storyCopies : data.copies)?.[button.dataset.copy];
  button.hidden = text() === undefined;
  button.addEventListener('click', () => copy(text()).then(() => said('copied as ' + button.dataset.copy)));
}
for (const button of document.querySelectorAll('button[data-download]')) {
  button.addEventListener('click', () => {
    const link = element('a');
    link.href = URL.createObjectURL(new Blob([data.saved], { type: 'application/json' }));
    link.download = button.dataset.download;
    link.click();
    URL.revokeObjectURL(link.href);
    said('downloaded ' + link.download);
  });
}
for (const link of document.querySelectorAll('a[href^="#step-"]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const place = placeOf(Number(link.getAttribute('href').slice('#step-'.length)));
    if (place > 0) show(place);
  });
}
find('panel').hidden = false;
find('filters').hidden = false;
applyFilters();
show(placeOf(Number(/^#step-(\\d+)$/.exec(location.hash)?.[1] ?? 0)), { focus: location.hash !== '' });
`;
