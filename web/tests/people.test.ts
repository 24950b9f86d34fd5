// Signing in, roles, users, languages and themes.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, browser, folder, naevus, open, Server } from './harness.ts';

const password = (role: string) => `the ${role}'s password`;
const data = join(folder(), 'data');
let server: Server;
let opened: Browser;
before(async () => {
  for (const role of ['viewer', 'clinician', 'admin'])
    naevus(['user', 'add', role, '--role', role, '--data', data], password(role));
  server = await Server.start({ data, options: ['--keys'] });
  opened = await browser();
});
after(async () => {
  await opened.close();
  await server.end();
});

async function signIn(page: Page, name: string, word = password(name)): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(word);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const pagesOf = (page: Page) => page.getByRole('navigation').getByRole('link').allInnerTexts();

test('roles decide what is shown', async () => {
  for (const [role, pages] of [
    ['viewer', ['History', 'Models', 'Settings']],
    ['clinician', ['Look', 'Live', 'History', 'Models', 'Settings']],
    ['admin', ['Look', 'Live', 'History', 'Review', 'Data', 'Models', 'Settings']],
  ] as const) {
    const { page, context, complaints } = await open(opened, server, '/settings');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await signIn(page, role);
    await page.getByText(`Signed in as ${role}`).waitFor();
    assert.deepEqual(
      (await pagesOf(page)).map((text) => text.trim()),
      pages,
    );
    assert.equal(await page.getByRole('heading', { name: 'Who can sign in' }).count(), role === 'admin' ? 1 : 0);
    await page.goto(server.address + '/review');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const closed = await page.getByRole('heading', { name: 'This page is not open to you' }).count();
    assert.equal(closed, role === 'admin' ? 0 : 1);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('a wrong password says so, and the right one helps', async () => {
  const { page, context } = await open(opened, server, '/settings');
  await signIn(page, 'clinician', 'not the password');
  await page.getByRole('alert').getByText('name or password is wrong').waitFor();
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
  await signIn(page, 'clinician');
  await page.getByText('Signed in as clinician').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await context.close();
});

test('an API key signs in, and the page does not keep it', async () => {
  const key =
    naevus(['key', 'create', 'a tablet', '--role', 'clinician', '--data', data]).trim().split(/\s+/).at(-1) ?? '';
  const { page, context } = await open(opened, server, '/settings');
  await page.getByLabel('API key').check();
  await page.getByRole('textbox', { name: 'API key' }).fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(/Signed in as key:/).waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert(!kept.includes(key));
  await context.close();
});

test('a session that has ended asks anew, and the page stays', async () => {
  const { page, context } = await open(opened, server, '/settings');
  await signIn(page, 'admin');
  await page.getByRole('button', { name: 'Add a user' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('somebody');
  await page.getByRole('dialog').getByLabel('Password').fill('a long password of theirs');
  await context.clearCookies();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const again = page.getByRole('dialog', { name: 'Sign in' });
  await again.getByText('Your session has ended.').waitFor();
  await again.getByLabel('Name', { exact: true }).fill('admin');
  await again.getByLabel('Password', { exact: true }).fill(password('admin'));
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('dialog').getByLabel('Name').inputValue(), 'somebody');
  await page.getByRole('dialog').getByLabel('Password').fill('a long password of theirs');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /somebody/ }).waitFor();
  await context.close();
});

test('users are added, given a password and removed, by keyboard alone', async () => {
  const { page, context, complaints } = await open(opened, server, '/settings');
  await signIn(page, 'admin');
  const add = page.getByRole('button', { name: 'Add a user' });
  await add.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter'); // the focus is back where it was
  await page.getByRole('dialog').getByLabel('Name').focus();
  const hostile = '<img src=x onerror=alert(1)>';
  await page.keyboard.type(hostile);
  await page.keyboard.press('Tab');
  await page.keyboard.type('v');
  await page.keyboard.press('Tab');
  await page.keyboard.type('a long password of theirs');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.keyboard.press('Enter');
  const row = page.getByRole('row', { name: hostile });
  await row.waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  await row.getByRole('button', { name: 'Remove' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).focus();
  await page.keyboard.press('Enter');
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the last admin stays, and the page says why', async () => {
  const { page, context } = await open(opened, server, '/settings');
  await signIn(page, 'admin');
  await page.getByRole('button', { name: 'Remove admin' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await context.close();
});

test('language and theme are chosen, and stay chosen', async () => {
  const { page, context, complaints } = await open(opened, server, '/settings', { colorScheme: 'light' });
  await signIn(page, 'viewer');
  await page.getByLabel('العربية').check();
  await page.getByRole('heading', { name: 'الإعدادات' }).waitFor();
  assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [
    'ar',
    'rtl',
  ]);
  await page.getByLabel('داكن').check();
  await page.reload();
  await page.getByRole('heading', { name: 'الإعدادات' }).waitFor();
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, 'rgb(16, 24, 27)');
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a browser set to Arabic is spoken to in Arabic', async () => {
  const { page, context } = await open(opened, server, '/', { locale: 'ar-EG' });
  await page.getByRole('heading', { name: 'تسجيل الدخول' }).waitFor();
  await context.close();
});
