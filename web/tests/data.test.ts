// Cleaning and training from the page, on a server with a workspace.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { rowsOf } from '../src/lib/csv.ts';
import { accessibilityFaults, browser, folder, naevus, open, Server, synthetic } from './harness.ts';

const patience = { timeout: 240_000 }; // a loaded machine is slow
const recipe = 'architecture = "scratch-cnn"\nsize = 32\nbatch = 16\nlearning_rate = 4e-3\npicture_cache = "off"\n';

let server: Server;
let workspace: string;
let opened: Browser;

/** The same photograph in a smaller size, as a JPEG of its own. */
async function nearCopy(path: string): Promise<Buffer> {
  const page = await opened.newPage();
  const url = await page.evaluate(async (bytes) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${bytes}`)).blob());
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * 0.9);
    canvas.height = Math.round(picture.height * 0.9);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/jpeg', 0.8);
  }, readFileSync(path).toString('base64'));
  await page.close();
  return Buffer.from(url.split(',')[1] ?? '', 'base64');
}

/** Manifests and recipes: a set with a copy, an unreadable manifest, a short training and one without end. */
async function makeWorkspace(): Promise<string> {
  const made = join(folder(), 'workspace');
  const { folder: pictures } = synthetic(30, { size: '224x168', seed: 5 });
  mkdirSync(made);
  cpSync(pictures, join(made, 'set'), { recursive: true });
  const manifest = join(made, 'set/manifest.csv');
  naevus(['split', manifest, '-o', join(made, 'split.csv'), '--seed', '1']);
  const [, [image = '', label = ''] = []] = rowsOf(readFileSync(manifest, 'utf8'));
  writeFileSync(join(made, 'set/images/near.jpg'), await nearCopy(join(made, 'set', image)));
  appendFileSync(manifest, `images/near.jpg,${label},lesion_900002,55,female,back,synthetic\n`);
  writeFileSync(join(made, 'broken.csv'), 'image,label,split\na.jpg,nv,somewhere\n');
  writeFileSync(join(made, 'short.toml'), recipe + 'epochs = 2\n');
  writeFileSync(join(made, 'endless.toml'), recipe + 'epochs = 5000\n');
  return made;
}

before(async () => {
  opened = await browser();
  workspace = await makeWorkspace();
  server = await Server.start({ options: ['--workspace', workspace] });
});
after(async () => {
  await opened.close();
  await server.end();
});

async function start(page: Page, kind: string, fields: Record<string, string>): Promise<void> {
  await page.goto(server.address + '/data?start');
  await page.getByRole('radio', { name: kind }).check();
  for (const [label, value] of Object.entries(fields)) {
    const field = page.getByLabel(label, { exact: true });
    if (await field.evaluate((it) => it instanceof HTMLSelectElement)) await field.selectOption(value);
    else await field.fill(value);
  }
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/data\/[0-9a-f]{32}$/);
}

const counts = async (page: Page): Promise<Record<string, string[]>> => {
  const rows = page.getByRole('figure', { name: 'Pictures of each class' }).getByRole('row');
  const cells = await Promise.all((await rows.all()).map((row) => row.locator('th, td').allInnerTexts()));
  return Object.fromEntries(cells.map(([label = '', ...rest]) => [label, rest]));
};

test('without a workspace the page says how to have one', async () => {
  const bare = await Server.start();
  const { page, context, complaints } = await open(opened, bare, '/data');
  await page.getByText('No job was started yet.').waitFor();
  await page.getByRole('button', { name: 'Start a job' }).click();
  await page.getByText('naevus serve --workspace DIR').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
  await bare.end();
});

test('a set is cleaned, its findings are answered by keyboard alone, and the answers stay', async () => {
  const { page, context, complaints } = await open(opened, server, '/data?start');
  await page.getByRole('radio', { name: 'Clean a set' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await start(page, 'Clean a set', { Manifest: 'set/manifest.csv' });
  await page.getByText('31 pictures were looked at').waitFor(patience);
  assert.deepEqual(await accessibilityFaults(page), []);

  await page.getByRole('link', { name: 'Answer the findings' }).press('Enter');
  await page.getByRole('heading', { name: 'Near copies' }).waitFor();
  assert.equal(await page.getByRole('img').count(), 2); // side by side
  await page.getByRole('button', { name: 'As a table' }).press('Enter');
  const before = await counts(page);
  assert.deepEqual(await accessibilityFaults(page), []);

  // The pair is dropped, then seen again and taken for the same lesion.
  const title = () => page.locator('#finding').innerText();
  await page.keyboard.press('d');
  await page.getByRole('heading', { name: 'Near copies' }).waitFor({ state: 'hidden' });
  await page.waitForFunction((was) => was !== document.querySelector('table')?.innerText, await tableText(page));
  const dropped = await counts(page);
  const changed = Object.keys(before).filter((label) => before[label]?.join() !== dropped[label]?.join());
  assert.equal(changed.length, 1);
  assert.equal(Number(dropped[changed[0] ?? '']?.[1]), Number(before[changed[0] ?? '']?.[1]) - 1);
  await page.keyboard.press('b');
  await page.getByText('Your answer was: Drop.').waitFor();
  await page.keyboard.press('s');
  await page.waitForFunction(() => document.querySelector('#finding')?.textContent.trim() !== 'Near copies');

  // Single pictures: no "same lesion"; another label by its number.
  const first = await title();
  await page.keyboard.press('s');
  assert.equal(await page.getByRole('button', { name: 'Same lesion' }).count(), 0);
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Which label is right?' });
  await dialog.waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  const choice = dialog.locator('button:not(:disabled)', { has: page.locator('kbd') }).first();
  await page.keyboard.press((await choice.locator('kbd').innerText()).trim());
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /^All 2 \// }).waitFor();

  // Reloaded, what is open comes first, and what was answered says so.
  await page.reload();
  await page.getByRole('button', { name: /^All 2 \// }).waitFor();
  await page.getByLabel('Only what is not answered').uncheck();
  await page.getByRole('heading', { level: 1 }).focus();
  for (let steps = 0; (await title()) !== 'Near copies'; ++steps) {
    assert(steps < 100);
    const at = await place(page);
    await page.keyboard.press('p');
    await page.waitForFunction((was) => document.querySelector('.place')?.textContent !== was, at);
  }
  await page.getByText('Your answer was: Same lesion.').waitFor();
  await page.keyboard.press('f');
  await page.getByRole('heading', { name: first, level: 2 }).waitFor();
  await page.getByText(/Your answer was: Relabel: /).waitFor();

  // All others are answered at a stretch.
  await page.getByLabel('Only what is not answered').check();
  await page.getByRole('heading', { level: 1 }).focus();
  for (let steps = 0; !(await page.getByRole('heading', { name: /^Done: all/ }).isVisible()); ++steps) {
    assert(steps < 100);
    const at = await place(page);
    await page.keyboard.press(steps % 2 ? 'k' : 'n');
    await page.waitForFunction((was) => document.querySelector('.place')?.textContent !== was, at);
  }
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

const tableText = (page: Page) => page.evaluate(() => document.querySelector('table')?.innerText);
const place = (page: Page) => page.evaluate(() => document.querySelector('.place')?.textContent ?? '');

test('an answer that the server did not hear is not lost in silence', async () => {
  const jobs = (await (await server.ask('/api/v1/jobs')).json()) as { jobs: { id: string; kind: string }[] };
  const job = jobs.jobs.find((one) => one.kind === 'clean')?.id ?? '';
  const { page, context } = await open(opened, server, `/data/${job}/findings`);
  await page.getByRole('button', { name: 'From the beginning' }).click();
  await page.getByLabel('Only what is not answered').uncheck();
  await page.getByRole('button', { name: 'From the beginning' }).click();
  await page.getByRole('heading', { name: 'Near copies' }).waitFor();
  await page.route('**/answer', (route) => route.abort());
  await page.keyboard.press('k');
  await page.getByRole('alert').getByText("The server can't be reached.").waitFor();
  await page.getByRole('heading', { name: 'Near copies' }).waitFor();
  await page.unroute('**/answer');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Near copies' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('b');
  await page.getByText('Your answer was: Keep.').waitFor();
  await context.close();
});

test('a training shows its curves as they grow, and its model is entered', async () => {
  const { page, context, complaints } = await open(opened, server, '/data');
  await start(page, 'Train a model', { Manifest: 'split.csv', Recipe: 'short.toml', 'Name of the model': 'small' });
  const loss = page.getByRole('figure', { name: 'Loss' });
  await loss.waitFor(patience); // an epoch has ended
  await loss.getByRole('button', { name: 'As a table' }).click();
  await page.getByText(/^Best was epoch/).waitFor(patience);
  assert.equal(await loss.getByRole('row').count(), 1 + 2);
  await page.getByRole('link', { name: 'small v1' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  const [report] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open the report' }).click(),
  ]);
  await report.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('link', { name: 'small v1' }).click();
  await page.getByRole('heading', { name: 'small v1', level: 1 }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a job is followed through a lost connection, and is stopped once that was confirmed', async () => {
  const { page, context } = await open(opened, server, '/data');
  await start(page, 'Train a model', { Manifest: 'split.csv', Recipe: 'endless.toml' });
  const loss = page.getByRole('figure', { name: 'Loss' });
  await loss.waitFor(patience);
  await loss.getByRole('button', { name: 'As a table' }).click();
  const epochs = async () => {
    const rows = await loss.locator('tbody th').allInnerTexts();
    return rows.map((text) => Number(text.replaceAll(',', '')));
  };
  await server.end();
  await page.getByText('The connection is lost and tried again.').waitFor(patience);
  const known = await epochs();
  await server.again();
  await page.waitForFunction(
    (count) => document.querySelectorAll('figure tbody tr').length > count + 1,
    known.length,
    patience,
  );
  const all = await epochs();
  assert.deepEqual(
    all,
    all.map((_, at) => at + 1),
  ); // none is missing, none is told twice
  await page.getByRole('button', { name: 'Stop it…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stop this job?' });
  await dialog.getByRole('button', { name: 'Let it go on' }).click();
  assert.equal(await page.getByText('It was stopped.').count(), 0);
  await page.getByRole('button', { name: 'Stop it…' }).click();
  await dialog.getByRole('button', { name: 'Stop it' }).click();
  await page.getByText('It was stopped. Nothing came of it.').waitFor(patience);
  assert.deepEqual(await accessibilityFaults(page), []);
  await context.close();
});

test('a job that fails says why, and what to do', async () => {
  const { page, context, complaints } = await open(opened, server, '/data');
  await start(page, 'Clean a set', { Manifest: 'broken.csv' });
  await page
    .getByText(/broken\.csv:2/)
    .first()
    .waitFor(patience);
  await page.getByText(/Mend the manifest at that line/).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.goto(server.address + '/data');
  await page.getByText('failed', { exact: true }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what the server refuses to start is said, and the form keeps what was filled in', async () => {
  const { page, context } = await open(opened, server, '/data?start');
  await page.getByRole('radio', { name: 'Train a model' }).check();
  await page.getByLabel('Manifest', { exact: true }).selectOption('split.csv');
  await page.getByLabel('Name of the model').fill('../up');
  assert(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled());
  await page.getByLabel('Name of the model').fill('up');
  renameSync(join(workspace, 'split.csv'), join(workspace, 'gone'));
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('alert').getByText('names no file of the workspace').waitFor();
  assert.equal(await page.getByLabel('Name of the model').inputValue(), 'up');
  renameSync(join(workspace, 'gone'), join(workspace, 'split.csv'));
  await context.close();
});
