'use strict';
// Shows one finding at a time and sends the reviewer's answers. The server holds all state: reloaded, the page goes on.

const $ = id => document.getElementById(id);
const choiceNames = {keep: 'Keep', drop: 'Drop', relabel: 'Relabel', same_lesion: 'Same lesion', not_sure: 'Not sure'};
const patience = 30_000;  // ms
const choiceKeys = {k: 'keep', d: 'drop', r: 'relabel', s: 'same_lesion', n: 'not_sure'};

let session = null;   // what /session told
let shown = null;     // the finding on the page; null on the end page
let kind = '';        // the only kind that is shown, or all
let busy = false;     // a request is under way: further answers would meet the wrong finding
let view = {blink: false, zoom: false, asItIs: false, second: false};

// --- the server

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, {...options, signal: AbortSignal.timeout(patience)});
  } catch {
    throw new Error('naevus does not answer. Was it stopped in the terminal?');
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.error ?? `the server answered ${response.status}`);
}

const get = async path => (await request(path)).json();
const post = async (path, content) => (await request(path, {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(content),
})).json();
const ofKind = () => kind ? `&kind=${kind}` : '';

// --- pictures: fetched as blobs, so that the next finding's are there before it is shown

const pictures = new Map();  // path -> promise of an object URL
const picturesKept = 16;

function picture(finding, which) {
  const path = `picture?finding=${finding.finding}&which=${which}&size=${view.zoom ? 'large' : 'small'}`;
  if (!pictures.has(path)) {
    const url = request(path).then(response => response.blob()).then(blob => URL.createObjectURL(blob));
    pictures.set(path, url);
    url.catch(() => pictures.delete(path));
    if (pictures.size > picturesKept) {
      const [oldest, gone] = pictures.entries().next().value;
      pictures.delete(oldest);
      gone.then(URL.revokeObjectURL, () => {});
    }
  }
  return pictures.get(path);
}

function centre(box) {
  box.scrollTo((box.scrollWidth - box.clientWidth) / 2, (box.scrollHeight - box.clientHeight) / 2);
}

const parts = finding => finding.pair ? ['first', view.asItIs ? 'second_as_it_is' : 'second'] : ['first'];

async function fetchAhead(finding) {
  const next = await get(`next?after=${finding.finding}${ofKind()}`);
  if (next.finding) for (const which of parts(next.finding)) await picture(next.finding, which);
}

// --- showing

function element(name, text, properties = {}) {
  return Object.assign(document.createElement(name), {textContent: text}, properties);
}

function figure(finding, index) {
  const image = finding.images[index];
  const box = element('div', '', {className: 'picture'});
  if (view.zoom) box.tabIndex = 0;  // the arrow keys move the picture
  const label = image.label || 'no label';
  const caption = document.createElement('figcaption');
  caption.append(element('strong', finding.pair ? `${index + 1}: ${label}` : label), image.name);
  const whole = document.createElement('figure');
  whole.append(box, caption);
  picture(finding, parts(finding)[index]).then(url => {
    const order = finding.pair ? ['First', 'Second'][index] + ' picture' : 'Picture';
    const img = element('img', '', {src: url, alt: `${order}, ${image.name}, labelled ${label}`});
    box.replaceChildren(img);
    if (view.zoom) img.decode().then(() => centre(box));
  }).catch(error => box.replaceChildren(element('p', `This picture can't be shown. ${error.message}`)));
  return whole;
}

function showStage() {
  const stage = $('stage');
  stage.replaceChildren(...shown.images.map((_, index) => figure(shown, index)));
  stage.classList.toggle('pair', shown.pair);
  stage.classList.toggle('zoom', view.zoom);
  showView();
}

function showView() {
  const single = shown.pair && (view.blink || view.zoom);
  $('stage').classList.toggle('single', single);
  [...$('stage').children].forEach((one, index) => one.classList.toggle('shown', index === Number(view.second)));
  $('blink').setAttribute('aria-pressed', view.blink);
  $('zoom').setAttribute('aria-pressed', view.zoom);
  $('turn').setAttribute('aria-pressed', view.asItIs);
  $('blink').hidden = $('turn').hidden = !shown.pair;
}

function showProgress(progress) {
  $('bar').max = Math.max(1, progress.total);
  $('bar').value = progress.answered;
  $('answered').textContent = `${progress.answered} of ${progress.total} answered`;
  $('back').disabled = !progress.back;
  $('end-back').hidden = !progress.back;
  $('end-more').hidden = progress.answered === progress.total;
  for (const one of progress.kinds) {
    const button = document.querySelector(`#kinds [data-kind="${one.name}"]`);
    const title = session.kinds.find(known => known.name === one.name).title;
    button.textContent = `${title} (${one.total - one.answered} open)`;
  }
}

function show({finding, progress}, focus) {
  showProgress(progress);
  shown = finding;
  view = {...view, blink: false, second: false, asItIs: false, zoom: false};
  $('card').hidden = !finding;
  $('end').hidden = Boolean(finding);
  if (!finding) return showEnd(progress);
  $('number').textContent = `${finding.number} of ${finding.of}`;
  $('title').textContent = finding.title;
  $('meaning').textContent = finding.meaning;
  $('evidence').textContent = finding.evidence;
  document.title = `${finding.number} of ${finding.of}: ${finding.title}, naevus review`;
  document.querySelector('[data-choice="same_lesion"]').hidden = !finding.same_lesion;
  $('given').hidden = !finding.answer;
  if (finding.answer)
    $('given').textContent = `Your answer was: ${described(finding.answer)}. A new one replaces it; Forward leaves it.`;
  for (const button of document.querySelectorAll('[data-choice]'))
    button.setAttribute('aria-pressed', finding.answer?.choice === button.dataset.choice);
  showStage();
  // A key or a button that is still there keeps the focus; only where it would be lost, the heading takes it.
  if (focus || !document.activeElement || document.activeElement.disabled || !document.activeElement.checkVisibility())
    $('title').focus({preventScroll: true});
  fetchAhead(finding).catch(() => {});  // shown again, and reported, when its turn comes
}

const described = answer => choiceNames[answer.choice] + (answer.label ? ` as ${answer.label}` : '');

function showEnd(progress) {
  const open = progress.total - progress.answered;
  const titles = Object.fromEntries(session.kinds.map(one => [one.name, one.title]));
  $('end-title').textContent = progress.total === 0 ? 'Nothing is open for you' :
    open === 0 ? `Done: all ${progress.total} findings are answered` :
    kind ? `Nothing else is open under “${titles[kind]}”` : 'You have been through all findings';
  $('end-counts').replaceChildren(...Object.entries(choiceNames).map(([choice, name]) => {
    const row = document.createElement('tr');
    row.append(element('th', name, {scope: 'row'}), element('td', progress.choices[choice] ?? 0));
    return row;
  }));
  $('end-open').textContent = open === 0 ? '' : `Still open: ${open} of ${progress.total}.`;
  document.title = 'naevus: review';
  say($('end-title').textContent);
  $('end-title').focus();
}

function say(text) {
  $('said').textContent = text;
}

function complain(error) {
  $('trouble').textContent = error.message;
  $('trouble').hidden = false;
}

// --- doing

/** Runs one step at a time; what goes wrong is said, and the finding stays. */
async function step(action) {
  if (busy) return;
  busy = true;
  try {
    await action();
    $('trouble').hidden = true;
  } catch (error) {
    complain(error);
  } finally {
    busy = false;
  }
}

const announced = state => state.finding ?
  `${state.finding.number} of ${state.finding.of}: ${state.finding.title}. ${state.finding.evidence}` : '';

function answer(choice, label = '') {
  const finding = shown;
  if (!finding || (choice === 'same_lesion' && !finding.same_lesion)) return;
  step(async () => {
    try {
      await post('answer', {finding: finding.finding, choice, label});
    } catch (error) {
      throw new Error(`Your answer is not confirmed, give it again: ${error.message}`);
    }
    const state = await get(`next?after=${finding.finding}${ofKind()}`);
    show(state);
    if (state.finding) say(`Kept: ${described({choice, label})}. ${announced(state)}`);
  });
}

function move(load) {
  step(async () => {
    const state = await load();
    show(state, true);
    if (state.finding) say(announced(state));
  });
}

const back = () => move(() => post(`back?${ofKind()}`, {}));
const forward = () => move(() => get(shown ? `next?after=${shown.finding}${ofKind()}` : `next?${ofKind()}`));

/** The end page offers what is open of any kind. */
function more() {
  choose('');
  forward();
}

function choose(name) {
  kind = name;
  for (const button of $('kinds').children) button.setAttribute('aria-pressed', button.dataset.kind === name);
  $('filter-now').textContent = name ? session.kinds.find(one => one.name === name).title : 'all';
}

function blink() {
  if (!shown?.pair) return;
  const boxes = [...document.querySelectorAll('#stage .picture')];
  const {scrollLeft, scrollTop} = boxes[Number(view.second)];
  if (view.blink || view.zoom) view.second = !view.second;
  view.blink = true;
  showView();
  const index = Number(view.second);
  if (view.zoom) boxes[index].scrollTo(scrollLeft, scrollTop);  // the same place of the other picture
  say(`${['First', 'Second'][index]} picture, ${shown.images[index].label || 'no label'}`);
}

/** The button ends what it began; the key goes on to the other picture. */
function toggleBlink() {
  if (!view.blink) return blink();
  view = {...view, blink: false, second: false};
  showView();
}

function toggle(name) {
  if (!shown || (name === 'asItIs' && !shown.pair)) return;
  view[name] = !view[name];
  showStage();
}

function askLabel() {
  if (!shown || busy) return;
  $('labels').showModal();
  const present = shown.answer?.label || shown.images[0].label;
  for (const button of $('label-list').children) button.disabled = button.dataset.label === shown.images[0].label;
  [...$('label-list').children].find(button => !button.disabled && button.dataset.label !== present)?.focus();
}

function relabel(label) {
  $('labels').close();
  answer('relabel', label);
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if ($('labels').open) {
    const button = $('label-list').children[Number(event.key) - 1];
    if (button && !button.disabled) relabel(button.dataset.label);
    return;
  }
  if ($('help').open || !$('keys').checked) return;
  const onControl = event.target.closest?.('button, summary, input, a');
  const actions = {b: back, f: shown ? forward : more, z: () => toggle('zoom'), t: () => toggle('asItIs'),
                   '?': () => $('help').showModal(), ' ': onControl ? null : blink};
  const choice = choiceKeys[event.key];
  const action = choice === 'relabel' ? askLabel : choice ? () => answer(choice) : actions[event.key];
  if (!action || (event.key === ' ' && !shown?.pair)) return;
  event.preventDefault();
  action();
}

function connect() {
  for (const button of document.querySelectorAll('[data-choice]'))
    button.addEventListener('click', () => button.dataset.choice === 'relabel' ? askLabel() : answer(button.dataset.choice));
  $('back').addEventListener('click', back);
  $('end-back').addEventListener('click', back);
  $('forward').addEventListener('click', forward);
  $('end-more').addEventListener('click', more);
  $('blink').addEventListener('click', toggleBlink);
  $('zoom').addEventListener('click', () => toggle('zoom'));
  $('turn').addEventListener('click', () => toggle('asItIs'));
  $('show-help').addEventListener('click', () => $('help').showModal());
  document.addEventListener('keydown', onKey);
}

function listKinds() {
  const choices = [{name: '', title: 'All'}, ...session.kinds];
  $('kinds').replaceChildren(...choices.map(one => {
    const button = element('button', one.title, {type: 'button', title: one.meaning ?? ''});
    button.dataset.kind = one.name;
    button.addEventListener('click', () => {
      if (busy) return;
      choose(one.name);
      move(() => get(`next?${ofKind()}`));
    });
    return button;
  }));
  choose('');
}

function listLabels() {
  $('label-list').replaceChildren(...session.labels.map((label, index) => {
    const button = element('button', '', {type: 'button'});
    if (index < 9) button.append(element('kbd', String(index + 1)), ' ');
    button.append(label);
    button.dataset.label = label;
    button.addEventListener('click', () => relabel(label));
    return button;
  }));
}

step(async () => {
  session = await get('session');
  $('reviewer').textContent = session.reviewer;
  $('folder').textContent = session.folder;
  listKinds();
  listLabels();
  connect();
  show(await get('next'));
});
