// Which model answers: its card, what it could be replaced by, and why it was.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { binsOf } from '../src/lib/drift.ts';
import { accessibilityFaults, browser, folder, naevus, open, repository, Server, synthetic } from './harness.ts';

const programs = resolve(process.env['NAEVUS_BIN'] ?? join(repository, 'build/ci/bin'));
const password = 'the password of a viewer';
const data = join(folder(), 'data');
let server: Server;
let opened: Browser;
let pictures: string[];

/** A network that has learned next to nothing, within seconds. */
function smallModel(): string {
  const made = folder();
  const { folder: set } = synthetic(24, { size: '64x48', seed: 5 });
  naevus(['split', join(set, 'manifest.csv'), '-o', join(made, 'split.csv'), '--seed', '1']);
  writeFileSync(
    join(made, 'recipe.toml'),
    'architecture = "scratch-cnn"\nsize = 32\nbatch = 8\nepochs = 1\npicture_cache = "off"\n',
  );
  const args = [join(made, 'recipe.toml'), '--manifest', join(made, 'split.csv'), '--out', join(made, 'run')];
  const ran = spawnSync(join(programs, 'naevus-train'), [...args, '--name', 'small'], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  return join(made, 'run/model.onnx');
}

before(async () => {
  pictures = synthetic(12, { size: '224x168', seed: 9 }).pictures;
  naevus(['models', 'add', smallModel(), '--data', data]);
  naevus(['user', 'add', 'viewer', '--role', 'viewer', '--data', data], password);
  server = await Server.start({ data });
  opened = await browser();
});
after(async () => {
  await opened.close();
  await server.end();
});

async function look(): Promise<void> {
  for (const picture of pictures) {
    const headers = { 'Content-Type': 'image/jpeg' };
    const answer = await server.ask('/api/v1/predictions', { method: 'POST', headers, body: readFileSync(picture) });
    assert.equal(answer.status, 201);
  }
}

const row = (page: Page, model: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: model }) });

// A shadow looks when a core is idle: when it has counted, no test can know. That it counts, the server's tests show.
async function counted(page: Page): Promise<void> {
  await page.route(/\/api\/v1\/models\/[0-9a-f]{64}$/, async (route) => {
    const response = await route.fetch();
    const json = (await response.json()) as { id: string; agreement: unknown };
    const beside = { id: json.id, name: 'naevus-7', version: '1' };
    json.agreement = [{ with: beside, pictures: 40, same_class: 30, same_decision: 38 }];
    await route.fulfill({ response, json });
  });
}

test('a model looks on, how often it agrees is told, and that it looks on can be undone', async () => {
  const { page, context, complaints } = await open(opened, server, '/about');
  await counted(page);
  await page.goto(server.address + '/models');
  await row(page, 'naevus-7 v1').getByText('answers').waitFor();
  assert.equal(await row(page, 'naevus-7 v1').getByRole('button').count(), 0); // it answers already
  await page.getByRole('button', { name: 'Let it look on small v1' }).click();
  await page.getByRole('heading', { name: 'small v1 looks on' }).waitFor();
  const agreement = page.getByRole('table', { name: 'Agreement while looking on' });
  await agreement.waitFor();
  assert.deepEqual(await agreement.locator('tbody').getByRole('cell').allInnerTexts(), ['40', '75.0%', '95.0%']);
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'End looking on small v1' }).click();
  await page.getByRole('heading', { name: 'small v1 looks on' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Undo' }).last().click(); // and it looks on again
  await page.getByRole('heading', { name: 'small v1 looks on' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
});

test('drift is told in words, and each measure in pictures and as a table', async () => {
  await look();
  const { page, context, complaints } = await open(opened, server, '/models');
  await page.getByText('From 12 answers since').waitFor();
  const sharpness = page.locator('details').filter({ hasText: 'Sharpness' });
  if (!(await sharpness.evaluate((it) => it.hasAttribute('open')))) await sharpness.locator('summary').click();
  const chart = page.getByRole('figure', { name: 'Sharpness' });
  await chart.getByRole('img', { name: 'Sharpness' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await chart.getByRole('button', { name: 'As a table' }).click();
  const drift = (await (await server.ask('/api/v1/drift')).json()) as {
    measures: { measure: string; edges: number[]; current: number[] }[];
  };
  const there = drift.measures.find((measure) => measure.measure === 'sharpness');
  const names = binsOf(there?.edges ?? [], (edge, digits) => edge.toFixed(digits));
  const rows = await chart.locator('tbody tr').allInnerTexts();
  assert.deepEqual(
    rows.map((text) => text.split(/\t|\n/)[0]),
    names,
  );
  const shares = rows.map((text) => Number.parseFloat(text.split(/\s+/).at(-1) ?? ''));
  assert.deepEqual(
    shares.map((share) => Math.round((share / 100) * 12)),
    there?.current,
  );
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a card is told in words, and the model file is there to be had', async () => {
  const { page, context, complaints } = await open(opened, server, '/models');
  await page.getByRole('link', { name: 'naevus-7 v1' }).first().click();
  await page.getByRole('heading', { name: 'naevus-7 v1', level: 1 }).waitFor();
  await page
    .getByText(/CC BY-NC 4.0/)
    .first()
    .waitFor();
  await page.getByRole('term').filter({ hasText: 'melanoma' }).getByText('malignant').waitFor();
  await page.getByText('Of 100 malignant lesions it finds 96.').waitFor();
  assert.equal(await page.getByText("architecture = 'efficientnet-lite0'").isVisible(), false);
  await page.getByText('Training settings').click();
  await page.getByText("architecture = 'efficientnet-lite0'").waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  const id = page.url().split('/').at(-1) ?? '';
  const link = page.getByRole('link', { name: 'Download the model file' });
  assert.equal(await link.getAttribute('href'), `/api/v1/models/${id}/file`);
  const file = await server.ask(`/api/v1/models/${id}/file`);
  assert.equal(file.status, 200);
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  assert.equal(Buffer.from(digest).toString('hex'), id);
  assert.deepEqual(complaints, []);
  await context.close();
});

// What a card holds after an evaluation, by hand: what is drawn must be those numbers.
const evaluation = {
  of: '10 pictures of held-out.csv',
  cases: 10,
  failed: 1,
  intervals: '95 %, by bootstrap',
  checks: [{ check: 'copies', verdict: 'failed', text: '2 copies of training pictures' }],
  warnings: ['few pictures'],
  figures: [
    { name: 'balanced_accuracy', value: 0.7, low: 0.41, high: 0.93, cases: 10 },
    { name: 'sensitivity', class: 'mel', value: 0.5, low: 0.125, high: 0.875, cases: 4 },
  ],
  reliability: [
    { predicted: 0.31, observed: 0.4, low: 0.12, high: 0.77, cases: 5 },
    { predicted: 0.88, observed: 0.8, low: 0.38, high: 0.96, cases: 5 },
  ],
  malignant_reliability: [],
  confusion: [
    [4, 1],
    [2, 3],
  ],
};

test('an evaluation is drawn with its intervals, and can be read as a table', async () => {
  const { page, context, complaints } = await open(opened, server, '/about');
  await page.route(/\/api\/v1\/models\/[0-9a-f]{64}$/, async (route) => {
    const response = await route.fetch();
    const json = (await response.json()) as { card: Record<string, unknown> };
    Object.assign(json.card, { classes: ['mel', 'nv'], malignant: ['mel'], evaluation });
    await route.fulfill({ response, json });
  });
  await page.goto(server.address + '/models');
  await page.getByRole('link', { name: 'naevus-7 v1' }).first().click();
  await page.getByText('Tested on 10 pictures').waitFor();
  await page.getByText('2 copies of training pictures').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  for (const [title, cells] of [
    ['All diagnoses together', ['Right answers, each diagnosis counting the same', '70.0%', '41.0% – 93.0%', '10']],
    ['Share found, for each diagnosis', ['melanoma', '50.0%', '12.5% – 87.5%', '4']],
    ['Can its probabilities be believed?', ['31%', '40%', '12% – 77%', '5']],
  ] as const) {
    const chart = page.getByRole('figure', { name: title });
    await chart.getByRole('img', { name: title }).waitFor();
    await chart.getByRole('button', { name: 'As a table' }).click();
    assert.deepEqual(await chart.locator('tbody tr').first().locator('th, td').allInnerTexts(), cells);
  }
  const confusion = page.getByRole('figure', { name: 'What was taken for what' }).locator('tbody tr');
  assert.deepEqual(
    (await confusion.first().locator('th, td').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')),
    ['mel', '4 80%', '1 20%', '5'],
  );
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
});

test('another model answers for a reason, and the old one again for another', async () => {
  const { page, context, complaints } = await open(opened, server, '/models');
  await page.getByRole('button', { name: 'Let it answer… small v1' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Let small v1 answer?' });
  await dialog.waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert(await dialog.getByRole('button', { name: 'Let it answer' }).isDisabled());
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Let it answer… small v1' }).click();
  const why = 'It agreed <b>well</b> while looking on';
  await dialog.getByLabel('Reason').fill(why);
  await dialog.getByRole('button', { name: 'Let it answer' }).click();
  await row(page, 'small v1').first().getByText('answers').waitFor();
  const history = page.getByRole('region', { name: 'What was changed, and why' });
  await history.getByText('small v1 was let answer').waitFor();
  await history.getByText(why).waitFor(); // as it was written: nothing in it is markup

  await page.getByRole('button', { name: 'Roll back…' }).click();
  const back = page.getByRole('dialog', { name: 'Roll back?' });
  await back.getByText('naevus-7 v1 answers again.').waitFor();
  await back.getByLabel('Reason').fill('Too many alarms');
  assert.deepEqual(await accessibilityFaults(page), []);
  await back.getByRole('button', { name: 'Roll back' }).click();
  await row(page, 'naevus-7 v1').first().getByText('answers').waitFor();
  await history.getByText('Rolled back to naevus-7 v1').waitFor();
  await history.getByText('Too many alarms').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a viewer sees the models and changes none of them', async () => {
  const closed = await Server.start({ data: server.data, options: ['--keys'] });
  const { page, context, complaints } = await open(opened, closed, '/models');
  await page.getByLabel('Name', { exact: true }).fill('viewer');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'small v1' }).first().waitFor();
  for (const change of [/^Let /, /^Roll back/])
    assert.equal(await page.getByRole('button', { name: change }).count(), 0);
  await page.getByRole('link', { name: 'small v1' }).first().click();
  await page.getByRole('heading', { name: 'small v1', level: 1 }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Let / }).count(), 0);
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
  await closed.end();
});
