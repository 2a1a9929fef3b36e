// The script of the explorer's page: walks through the Program by what is clicked or typed. It runs in a browser, after
// the bundled engine, whose functions it has as raceproofEngine.

export const explorerScript = `
'use strict';
const find = (id) => document.getElementById(id);
const data = JSON.parse(find('data').textContent);
const { Explorer, readWalk, walkText } = raceproofEngine;
const explorer = new Explorer(data);
const element = (tag, text, className) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};
const counted = (count, noun) => count.toLocaleString('en') + ' ' + noun + (count === 1 ? '' : 's');
const statesMax = 200000;

// The walk; steps beyond 'at' were taken back and can be taken again.
let walk = { initial: 0, steps: [] };
let at = 0;
let breakpoints = new Set();
const here = () => ({ initial: walk.initial, steps: walk.steps.slice(0, at) });
const stateHere = () => explorer.statesOf(here()).at(-1);

const go = (next, position = next.steps.length) => {
  const possible = explorer.statesOf(next);
  const isCut = possible.length - 1 < next.steps.length && !explorer.choices(possible.at(-1)).some(({ step }) => step === next.steps[possible.length - 1]);
  walk = isCut ? { ...next, steps: next.steps.slice(0, possible.length - 1) } : next;
  at = Math.min(position, walk.steps.length);
  history.replaceState(null, '', '#' + walkText(here()));
  show();
  if (isCut) say('the rest of that walk is not possible in this model');
};
const say = (text) => { find('said').textContent = text; };

const row = (cells, className) => {
  const made = element('tr', undefined, className);
  made.append(...cells.map((text, i) => {
    const cell = element(i === 0 ? 'th' : 'td', text);
    if (i === 0) cell.scope = 'row';
    return cell;
  }));
  return made;
};

const choiceButton = (choice) => {
  const item = element('li');
  const button = element('button', undefined, choice.isBad || choice.violates.length > 0 ? 'choice bad' : 'choice');
  button.type = 'button';
  button.dataset.step = choice.step;
  button.append(element('strong', choice.actor + ': ' + choice.place), element('span', choice.caption));
  for (const change of choice.changes) button.append(element('span', change, 'change'));
  if (choice.message !== undefined) button.append(element('span', '✗ ' + choice.message, 'bad'));
  for (const name of choice.violates) button.append(element('span', '✗ violates ' + name, 'bad'));
  button.addEventListener('click', () => {
    say('');
    go({ ...walk, steps: [...walk.steps.slice(0, at), choice.step] });
    find('choices').querySelector('button')?.focus();
  });
  item.append(button);
  return item;
};

const show = () => {
  const states = explorer.statesOf(here());
  const state = states.at(-1);
  const isEnded = states.length - 1 < at;
  const before = states.length > 1 && !isEnded ? explorer.values(states.at(-2)) : undefined;
  const choices = isEnded ? [] : explorer.choices(state);
  find('choices').replaceChildren(...choices.map(choiceButton));
  if (choices.length === 0) find('choices').append(element('li', isEnded ? 'the last step has no value: the walk ends' : 'no step is possible', 'soft'));
  const decided = explorer.decidedIn(state);
  find('decided').textContent = decided.length === 0 ? '' : 'here: ' + decided.join(', ');
  find('where').textContent = 'after ' + counted(at, 'step') + (walk.steps.length > at ? ' of ' + walk.steps.length : '');
  find('values').replaceChildren(...explorer.values(state).map(({ name, value }, i) =>
    row([name, value], before !== undefined && before[i].value !== value ? 'changed' : '')));
  find('places').replaceChildren(...explorer.places(state).map(({ actor, place, waits }) =>
    row([actor, waits === undefined ? place : place + ', waits until ' + waits])));
  const names = walk.steps.map((id, i) => {
    const item = element('li');
    const step = explorer.program.steps[id];
    const button = element('button', explorer.program.threads[step.thread].name + ': ' + step.label, i < at ? '' : 'soft');
    button.type = 'button';
    if (i === at - 1) button.setAttribute('aria-current', 'step');
    button.addEventListener('click', () => go(walk, i + 1));
    item.append(button);
    return item;
  });
  find('walk').replaceChildren(...names);
  find('back').disabled = find('first').disabled = at === 0;
  find('forth').disabled = find('run').disabled = choices.length === 0 && at === walk.steps.length;
  find('forth').disabled = at === walk.steps.length;
  if (find('formula').value !== '' && find('formula').dataset.asked) evaluateHere();
};

const evaluateHere = () => {
  const text = find('formula').value;
  find('formula').dataset.asked = 'yes';
  try {
    find('value').textContent = text === '' ? '' : text + ' is ' + explorer.evaluate(text, stateHere());
    find('value').className = '';
  } catch (error) {
    find('value').textContent = error.message;
    find('value').className = 'bad';
  }
};

// Long work goes on between turns of the page, so that it can be stopped.
let working;
const work = async (generator, progress) => {
  working = generator;
  find('stop').hidden = false;
  try {
    for (;;) {
      const started = performance.now();
      let next = generator.next();
      while (!next.done && performance.now() - started < 30) next = generator.next();
      if (working !== generator) return undefined;
      if (next.done) return { result: next.value };
      progress(next.value);
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    if (working === generator) { working = undefined; find('stop').hidden = true; }
  }
};

const jump = async () => {
  const text = find('formula').value;
  if (text === '') return say('type a formula first');
  try {
    const done = await work(explorer.find(text, here(), statesMax), (states) => say(counted(states, 'state') + ' …'));
    if (done === undefined) return say('stopped');
    if (done.result === undefined) return say('no state from here, among the first ' + statesMax.toLocaleString('en') + ', makes it true');
    go(done.result.walk);
    say('reached after ' + counted(done.result.walk.steps.length, 'step'));
    evaluateHere();
  } catch (error) {
    say(error.message);
  }
};

const run = () => {
  // The first possible step, again and again, until a breakpoint, a bug, or no step.
  say('');
  for (let count = 0; count < 1000; count++) {
    const state = stateHere();
    const states = explorer.statesOf(here());
    if (states.length - 1 < at) return;
    const [choice] = explorer.choices(state);
    if (choice === undefined) return say('no step is possible');
    if (count > 0 && explorer.choices(state).some(({ label }) => breakpoints.has(label))) return say('at a breakpoint');
    go({ ...walk, steps: [...walk.steps.slice(0, at), choice.step] });
    if (choice.isBad) return say(choice.message);
  }
  say('stopped after 1,000 steps');
};

const showChecked = ({ states, transitions, found, end }) => {
  const how = end === 'all' ? 'every reachable state' : end === 'limit' ? 'stopped at ' + statesMax.toLocaleString('en') + ' states: not a proof' : 'so far';
  find('checked').replaceChildren(element('p', counted(states, 'state') + ', ' + counted(transitions, 'transition') + ': ' + how));
  const list = element('ul');
  const names = new Set(found.map(({ name }) => name));
  for (const { name, isExample, walk: way } of found) {
    const item = element('li');
    const button = element('button', (isExample ? '✓ reached: ' : '✗ violated: ') + name + ', in ' + counted(way.steps.length, 'step'), isExample ? 'good' : 'bad');
    button.type = 'button';
    button.addEventListener('click', () => { go(way); find('where').scrollIntoView({ block: 'nearest' }); });
    item.append(button);
    list.append(item);
  }
  const kindFound = (kind) => data.checks.filter((check) => check.kind === kind && names.has(check.name));
  const upTo = kindFound('domain').length > 0 ? ' up to the domain error' : '';
  // A formula that has no value in some state decides nothing.
  const unvalued = new Set(kindFound('formula').map(({ condition }) => JSON.stringify(condition)));
  if (end === 'all') for (const { name, kind, condition } of data.checks) {
    if (names.has(name) || kind === 'formula') continue;
    if (unvalued.has(JSON.stringify(condition))) {
      list.append(element('li', 'not decided, since its formula has no value in some state: ' + name, 'soft'));
      continue;
    }
    list.append(element('li', (kind === 'sometimes' ? '✗ never reached: ' : '✓ holds' + upTo + ': ') + name, 'soft'));
  }
  find('checked').append(list);
};
const checkAll = async () => {
  const done = await work(explorer.checkAll(statesMax), showChecked);
  if (done === undefined) find('checked').append(element('p', 'stopped: not a proof'));
  else showChecked(done.result);
};

const actions = {
  first: () => go(walk, 0), back: () => go(walk, Math.max(0, at - 1)), forth: () => go(walk, at + 1), run,
  evaluate: evaluateHere, jump, check: checkAll,
  stop: () => { working = undefined; find('stop').hidden = true; },
  share: async () => {
    try { await navigator.clipboard.writeText(location.href); say('the address of this walk is copied'); }
    catch { say('the address bar has the address of this walk'); }
  },
};
for (const [id, action] of Object.entries(actions)) find(id).addEventListener('click', action);
find('ask').addEventListener('submit', (event) => { event.preventDefault(); evaluateHere(); });

const labels = [...new Set(explorer.program.steps.map(({ label }) => label))].sort();
find('breakpoint').append(...labels.map((label) => { const option = element('option', label); option.value = label; return option; }));
const showBreakpoints = () => find('breakpoints').replaceChildren(...[...breakpoints].map((label) => {
  const item = element('li');
  const button = element('button', 'remove ' + label);
  button.type = 'button';
  button.addEventListener('click', () => { breakpoints.delete(label); showBreakpoints(); });
  item.append(button);
  return item;
}));
find('breakpoint').addEventListener('change', () => {
  if (find('breakpoint').value !== '') breakpoints.add(find('breakpoint').value);
  find('breakpoint').value = '';
  showBreakpoints();
});
if (explorer.initialCount > 1) {
  find('initial').max = explorer.initialCount;
  find('initials').hidden = false;
  find('initial').addEventListener('change', () => {
    const number = Math.min(Math.max(1, Number(find('initial').value) || 1), explorer.initialCount);
    find('initial').value = number;
    go({ initial: number - 1, steps: [] });
  });
}

document.addEventListener('keydown', (event) => {
  if (event.target.matches('input, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  const digit = Number(event.key);
  if (digit >= 1 && digit <= 9) find('choices').querySelectorAll('button')[digit - 1]?.click();
  const action = { ArrowLeft: 'back', ArrowRight: 'forth', Home: 'first' }[event.key];
  if (action === undefined || find(action).disabled) return;
  event.preventDefault();
  actions[action]();
});
const fromAddress = () => go(readWalk(decodeURIComponent(location.hash.slice(1))) ?? data.walk ?? { initial: 0, steps: [] });
addEventListener('hashchange', fromAddress);
fromAddress();
`;
