// The whole loop: readers correct a model, it learns from them, it answers, and it is taken back.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { rowsOf } from '../src/lib/csv.ts';
import { accessibilityFaults, browser, folder, naevus, open, python, Server } from './harness.ts';

const patience = { timeout: 240_000 }; // a loaded machine is slow
const data = join(folder(), 'data');
const workspace = join(folder(), 'workspace');
const words = new Map([
  ['bkl', 'benign keratosis'],
  ['mel', 'melanoma'],
  ['nv', 'melanocytic nevus'],
]);
const recipe = `architecture = "scratch-cnn"
size = 32
batch = 16
epochs = 3
learning_rate = 4e-3
ema = 0.8
threads = 1
picture_cache = "off"
`;

interface Prediction {
  id: string;
  model: { name: string; version: string };
  predicted: string;
}

let server: Server;
let opened: Browser;
let held: { path: string; label: string }[]; // that the model has not seen
const truth = new Map<string, string>(); // by prediction
const seen = new Set<string>(); // in the browser
const keys = new Map<string, string>();

/** Three classes told apart by colour: 600 pictures to judge by, 120 to train from, 120 to validate, 120 kept back. */
function makeWorkspace(): void {
  python('../../tests/functional/make_three_classes', workspace, '960');
  const [head = [], ...rows] = rowsOf(readFileSync(join(workspace, 'manifest.csv'), 'utf8'));
  const part = (place: number) => (place < 600 ? 'test' : place < 720 ? 'validation' : 'train');
  const base = rows.slice(0, 840).map((row, place) => [...row, part(place)]);
  writeFileSync(join(workspace, 'base.csv'), [[...head, 'split'], ...base].map((row) => row.join(',') + '\n').join(''));
  writeFileSync(join(workspace, 'recipe.toml'), recipe);
  held = rows.slice(840).map(([image = '', label = '']) => ({ path: join(workspace, image), label }));
}

/** A first model that has not learned enough: it takes many moles for keratoses. */
function firstModel(): string {
  const out = join(folder(), 'run');
  const few = ['--epochs', '1', '--learning-rate', '1e-3'];
  const from = [join(workspace, 'recipe.toml'), '--manifest', join(workspace, 'base.csv')];
  naevus(['train', ...from, ...few, '--name', 'clinic', '--out', out]);
  return join(out, 'model.onnx');
}

async function send(path: string): Promise<Prediction> {
  const headers = { Authorization: `Bearer ${keys.get('camera')}`, 'Content-Type': 'image/png' };
  const answer = await server.ask('/api/v1/predictions', { method: 'POST', headers, body: readFileSync(path) });
  assert.equal(answer.status, 201);
  return (await answer.json()) as Prediction;
}

async function read(reader: string, prediction: string, label: string): Promise<void> {
  const headers = { Authorization: `Bearer ${keys.get(reader)}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ label });
  const answer = await server.ask(`/api/v1/predictions/${prediction}/feedback`, { method: 'POST', headers, body });
  assert.equal(answer.status, 201);
}

async function as(user: string, path: string) {
  const watched = await open(opened, server, path);
  const { page } = watched;
  await page.getByLabel('Name', { exact: true }).fill(user);
  await page.getByLabel('Password', { exact: true }).fill(`${user}'s own password`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  return watched;
}

before(async () => {
  makeWorkspace();
  const model = firstModel();
  for (const [user, role] of [
    ['reader', 'reviewer'],
    ['head', 'admin'],
  ] as const)
    naevus(['user', 'add', user, '--role', role, '--data', data], `${user}'s own password`);
  for (const name of ['camera', 'careless', 'careful'])
    keys.set(name, naevus(['key', 'create', name, '--role', 'reviewer', '--data', data]).trim());
  server = await Server.start({ data, options: [model, '--keys', '--workspace', workspace] });
  opened = await browser();
  for (const picture of held) truth.set((await send(picture.path)).id, picture.label);
});
after(async () => {
  await opened.close();
  await server.end();
});

async function retrain(page: Page, { ifConfirmed = '' } = {}): Promise<void> {
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await page.getByRole('button', { name: 'Start a job' }).click();
  await page.getByRole('radio', { name: 'Retrain from feedback' }).check();
  await page.getByLabel('Manifest', { exact: true }).selectOption('base.csv');
  await page.getByLabel('Recipe', { exact: true }).selectOption('recipe.toml');
  await page.getByLabel('Only with so many new confirmed labels').fill(ifConfirmed);
  await page.getByRole('checkbox', { name: 'Let it answer at once where it passes' }).check();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/data\/[0-9a-f]{32}$/);
}

const row = (page: Page, model: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader').getByRole('link', { name: model }) });

/** That version answers, within the seconds that a server takes to follow, and says so to a reader who sends a picture. */
async function answers(version: string): Promise<void> {
  const { page, context, complaints } = await as('reader', '/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  for (let tries = 0; (await send(held[0]?.path ?? '')).model.version !== version; ++tries) {
    assert(tries < 300, `version ${version} does not answer`);
    await new Promise((done) => setTimeout(done, 100));
  }
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(held[1]?.path ?? '');
  await page.getByText(`Answered by clinic v${version}`).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
}

test('from what a careless reader said nothing is learned, and the page says why', async () => {
  const wrong = new Map([
    ['bkl', 'mel'],
    ['mel', 'nv'],
    ['nv', 'mel'],
  ]);
  for (const [id, label] of [...truth].slice(0, 60)) await read('careless', id, wrong.get(label) ?? '');
  const { page, context, complaints } = await as('head', '/data');
  await retrain(page);
  await page
    .getByText(/nothing is left of the feedback to learn from/)
    .first()
    .waitFor(patience);
  await page.getByText(/Labels of a reader who is doubted too often do not count\./).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await answers('1');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('readers name what they see, by keys', async () => {
  const { page, context, complaints } = await as('reader', '/review');
  const waiting = await page.getByText(/^\d+ pictures wait$/).innerText();
  for (let left = Number.parseInt(waiting), last = left - 8; left > last; --left) {
    await page.getByText(`${left} pictures wait`, { exact: true }).waitFor();
    const source = await page.getByRole('region', { name: 'Picture to be read' }).locator('img').getAttribute('src');
    const id = /predictions\/([^/]+)\/picture/.exec(source ?? '')?.[1] ?? '';
    assert(truth.has(id) && !seen.has(id));
    seen.add(id);
    const named = page.getByRole('button', { name: words.get(truth.get(id) ?? '') ?? '', exact: true });
    await page.keyboard.press(await named.locator('kbd').innerText());
  }
  assert.deepEqual(complaints, []);
  await context.close();
  for (const [id, label] of truth) if (!seen.has(id)) await read('careful', id, label);
});

test('too little that is confirmed is no reason to learn', async () => {
  const { page, context, complaints } = await as('head', '/data');
  await retrain(page, { ifConfirmed: '5' });
  await page.getByText('There were too few new confirmed labels: nothing was done.').waitFor(patience);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a model that learned from its readers answers once it is shown to be no worse, and is taken back', async () => {
  const { page, context, complaints } = await as('head', '/data');
  await retrain(page);
  await page.getByRole('progressbar').waitFor(patience);
  const loss = page.getByRole('figure', { name: 'Loss' });
  await loss.waitFor(patience);
  await loss.getByRole('button', { name: 'As a table' }).click();
  await page
    .getByText(/^It learned from \d+ pictures; \d+ were kept apart to judge\.\s+It passed and answers from now on\.$/)
    .waitFor(patience);
  assert.equal(await loss.locator('tbody tr').count(), 3);
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByText('It passed what a retrained model must show:').waitFor();
  const conditions = await result.getByRole('listitem').allInnerTexts();
  assert.equal(conditions.length, 5);
  for (const condition of conditions) assert.match(condition, /^Yes:/);
  assert.match(conditions[0] ?? '', /balanced accuracy on the frozen test part: (0\.9\d\d|1\.000) against/);
  await result.getByText(/^The labels of 1 reader did not count/).waitFor();
  await result.getByRole('link', { name: 'clinic v2' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await answers('2');
  await page.getByRole('link', { name: 'What it is for' }).click();
  await page.getByRole('definition').getByText('clinic v2').waitFor(); // this page is not loaded anew either

  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await row(page, 'clinic v2').getByText('answers').waitFor();
  await row(page, 'clinic v2').getByText('trained from clinic v1').waitFor();
  const history = page.getByRole('region', { name: 'What was changed, and why' });
  await history.getByText(/^clinic v2 was let answer/).waitFor();
  await history
    .getByText(/^retrained with \d+ pictures that readers labelled; it meets every condition against clinic v1$/)
    .waitFor();
  const malignant = page.locator('details').filter({ hasText: 'Share of the malignant classes' });
  await malignant.locator('summary').click();
  await malignant.getByRole('img').waitFor();

  await page.getByRole('button', { name: 'Roll back…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Roll back?' });
  await dialog.getByText('clinic v1 answers again.').waitFor();
  await dialog.getByLabel('Reason').fill('Its readers want to look at it first');
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await row(page, 'clinic v1').getByText('answers').waitFor();
  await history.getByText('Rolled back to clinic v1').waitFor();
  await history.getByText('Its readers want to look at it first').waitFor();
  await answers('1');
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});
