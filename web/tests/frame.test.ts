// The page's frame: what is round every page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { accessibilityFaults, browser, open, Server } from './harness.ts';

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

test('what the model is not for is in sight on every page', async () => {
  const { page, context, complaints } = await open(opened, server);
  for (const path of ['/', '/live', '/history', '/review', '/data', '/models', '/settings', '/about']) {
    await page.goto(server.address + path);
    const footer = page.getByRole('contentinfo');
    await footer.getByText('Not a diagnosis.').waitFor();
    await footer.getByText(/knows 7 kinds.*melanoma/).waitFor();
    assert.match(await footer.innerText(), /does not know squamous cell carcinoma/);
    assert(
      await footer.evaluate((it) => it.getBoundingClientRect().bottom <= innerHeight + 1),
      `out of sight: ${path}`,
    );
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test('links change the page without loading it again, and reading starts at its heading', async () => {
  const { page, context } = await open(opened, server);
  await page.evaluate(() => Object.assign(window, { stayed: true }));
  await page.getByRole('link', { name: 'Models' }).click();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  assert.equal(new URL(page.url()).pathname, '/models');
  await page.goBack();
  await page.waitForURL(server.address + '/');
  assert.equal(await page.evaluate(() => 'stayed' in window), true);
  await context.close();
});

test('a page that is not there says so', async () => {
  const { page, context } = await open(opened, server, '/nothing/here/at/all');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await context.close();
});

test('the frame has no accessibility faults, wide and narrow', async () => {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 360, height: 740 },
  ]) {
    const { page, context } = await open(opened, server, '/about', { viewport });
    await page
      .getByRole('contentinfo')
      .getByText(/knows 7/)
      .waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await context.close();
  }
});
