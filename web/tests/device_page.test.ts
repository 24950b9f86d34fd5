// Private mode as its reader sees it: fetched, used without the server, renewed, removed.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { preview } from '../bench/answerers.ts';
import { accessibilityFaults, browser, folder, naevus, open, repository, Server, synthetic } from './harness.ts';
import type { Watched } from './harness.ts';

let server: Server;
let opened: Browser;
before(async () => {
  server = await Server.start();
  opened = await browser();
});
after(async () => {
  await opened.close();
  await server.end();
});

async function settings(from = server, options: BrowserContextOptions = {}): Promise<Watched> {
  return open(opened, from, '/settings', { serviceWorkers: 'allow', ...options });
}

const onDevice = (page: Page) => page.getByRole('radio', { name: 'On this device (private)' });
const fetchButton = (page: Page) => page.getByRole('button', { name: /^Fetch the model/ });
const ready = (page: Page) => page.getByText('naevus-7 v1 answers on this device.');

async function fetched(page: Page): Promise<void> {
  await onDevice(page).check();
  await fetchButton(page).click();
  await ready(page).waitFor();
}

/** Until the page's files are kept. */
async function served(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

test('nothing is fetched before private mode is chosen, and its size is told before it is fetched', async () => {
  const { page, context, complaints } = await settings();
  const asked: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.reload();
  await onDevice(page).waitFor();
  await served(page);
  assert.deepEqual(
    asked.filter((path) => /ort-|worker|\/file$/.test(path)),
    [],
  );
  await onDevice(page).check();
  await page.getByRole('button', { name: 'Fetch the model (28 MiB)' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('with the network cut the page starts, and this device answers', async () => {
  const { page, context, complaints } = await settings();
  await fetched(page);
  assert.deepEqual(await accessibilityFaults(page), []);
  await served(page);
  await context.setOffline(true);
  await page.goto(server.address + '/settings');
  await ready(page).waitFor();
  await page.getByText('knows 7 kinds').waitFor();
  assert.equal(await page.getByText("The server can't be reached").count(), 0);
  assert.equal(await page.getByRole('heading', { name: 'Sign in' }).count(), 0);
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByText("The server can't be reached").first().waitFor();
  await context.setOffline(false);
  await page.getByText("The server can't be reached").first().waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
  await context.close();
});

test('with the network cut a picture is answered, and nothing is asked of anybody for it', async () => {
  const { page, context, complaints } = await settings();
  await fetched(page);
  await served(page);
  await context.setOffline(true);
  await page.goto(server.address);
  await ready(page).waitFor();
  const asked: string[] = [];
  context.on('request', (request) => request.url().startsWith('http') && asked.push(request.url()));
  const [file = ''] = synthetic(1).pictures;
  await page.locator('input[type=file]').first().setInputFiles(file);
  await page.getByText('on this device, kept nowhere').waitFor();
  assert.deepEqual(asked, []);
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what is on this device can be removed', async () => {
  const { page, context } = await settings();
  await fetched(page);
  await page.getByText('On this device: naevus-7 v1, 14.0 MiB').waitFor();
  await page.getByRole('button', { name: 'Remove from this device' }).click();
  await fetchButton(page).waitFor();
  const kept = await page.evaluate(async () =>
    (await caches.keys()).filter((name) => !name.startsWith('naevus-page-')),
  );
  assert.deepEqual(kept, []);
  await context.close();
});

test('a fetch can be cancelled, and begun again', async () => {
  const { page, context } = await settings();
  let go = (): void => undefined;
  const held = new Promise<void>((done) => (go = done));
  await context.route(/\/assets\/ort-wasm.*\.wasm$/, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await onDevice(page).check();
  await fetchButton(page).click();
  await page.getByRole('progressbar', { name: 'Fetching the model, in MiB' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await fetchButton(page).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  go();
  await fetchButton(page).click();
  await ready(page).waitFor();
  await context.close();
});

test('a model that arrives changed is not kept', async () => {
  const { page, context } = await settings();
  const file = readFileSync(join(repository, 'models/naevus-7.onnx'));
  file[file.length >> 1] = (file[file.length >> 1] ?? 0) ^ 1;
  await context.route(/\/models\/[0-9a-f]+\/file$/, (route) => route.fulfill({ body: file }));
  await onDevice(page).check();
  await fetchButton(page).click();
  await page.getByRole('alert').getByText('The model did not arrive as the server has it.').waitFor();
  await context.unroute(/\/models\/[0-9a-f]+\/file$/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await ready(page).waitFor();
  await context.close();
});

test('a model that was promoted is offered, and takes the place of the one that is here', async () => {
  const own = await Server.start();
  const { page, context, complaints } = await settings(own);
  await fetched(page);
  // The same network under another id: one more line of metadata at the file's end, which ONNX passes over.
  const file = join(folder(), 'second.onnx');
  cpSync(join(repository, 'models/naevus-7.onnx'), file);
  appendFileSync(file, Buffer.from([0x72, 8, 0x0a, 3, ...Buffer.from('two'), 0x12, 1, 0x32]));
  naevus(['models', 'add', file, '--data', own.data]);
  const id = createHash('sha256').update(readFileSync(file)).digest('hex');
  naevus(['models', 'promote', id.slice(0, 12), '--data', own.data]);
  await page.reload();
  await page.getByText('The server has a newer model: naevus-7 v2.').waitFor({ timeout: 60_000 });
  await ready(page).waitFor(); // until then the old one answers
  await page.getByRole('button', { name: 'Fetch the model (14 MiB)' }).click();
  await page.getByText('naevus-7 v2 answers on this device.').waitFor();
  assert.equal(await page.getByText('newer model').count(), 0);
  const kept = await page.evaluate(async () => (await (await caches.open('naevus-model')).keys()).length);
  assert.equal(kept, 1);
  assert.deepEqual(complaints, []);
  await context.close();
  await own.end();
});

test('who is not signed in can let this device answer', async () => {
  const data = join(folder(), 'data');
  const password = 'a long password of hers';
  naevus(['user', 'add', 'ada', '--role', 'clinician', '--data', data], password);
  const own = await Server.start({ data, options: ['--keys'] });
  const { page, context } = await settings(own);
  await page.getByLabel('Name', { exact: true }).fill('ada');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await fetched(page);
  await page.getByRole('radio', { name: 'On the server' }).check();
  await context.clearCookies();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByRole('button', { name: 'Answer on this device, without signing in' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await ready(page).waitFor();
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await context.close();
  await own.end();
});

test('a newer page is offered, and taken over cleanly', async () => {
  const built = join(folder(), 'dist');
  const vite = join(repository, 'web/node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', built, '--emptyOutDir'], {
    cwd: join(repository, 'web'),
  });
  const shown = await preview(`http://127.0.0.1:${server.port}`, '--outDir', built);
  const context = await opened.newContext({ serviceWorkers: 'allow' });
  const page = await context.newPage();
  await page.goto(`${shown.address}/settings`);
  await served(page);
  const shelves = () =>
    page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('naevus-page-')));
  const before = await shelves();
  assert.equal(before.length, 1);
  const script = join(built, 'sw.js');
  writeFileSync(script, readFileSync(script, 'utf8').replace(/"version":"[0-9a-f]+"/, '"version":"another"'));
  await page.reload();
  await page.getByText('A newer version of this page is there.').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.waitForFunction(async () => (await caches.keys()).join() === 'naevus-page-another');
  await onDevice(page).waitFor();
  assert.equal(await page.getByText('A newer version').count(), 0);
  await context.close();
  shown.stop();
});

test('the page can be installed', async () => {
  // A context of Playwright's is a private window, where nothing can be installed.
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const context = await chromium.launchPersistentContext(folder(), { executablePath, args: ['--no-sandbox'] });
  const page = await context.newPage();
  await page.goto(server.address);
  await served(page);
  const devtools = await context.newCDPSession(page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors, []);
  await context.close();
});
