// The queue of pictures to be read: by keys, blind, a second time, taken back; and how far readers agree.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { placeOn, strength } from '../src/review/kappa.ts';
import { keyOf } from '../src/review/keys.ts';
import { accessibilityFaults, browser, folder, naevus, open, Server, synthetic } from './harness.ts';

const data = join(folder(), 'data');
const readers = ['first', 'second'];
let server: Server;
let opened: Browser;
before(async () => {
  for (const reader of readers)
    naevus(['user', 'add', reader, '--role', 'reviewer', '--data', data], `${reader} reader's word`);
  const key = naevus(['key', 'create', 'camera', '--role', 'admin', '--data', data]).trim().split(/\s+/).at(-1) ?? '';
  server = await Server.start({ data, options: ['--keys'] });
  for (const picture of synthetic(4).pictures) {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'image/jpeg' };
    const answer = await server.ask('/api/v1/predictions', { method: 'POST', headers, body: readFileSync(picture) });
    assert.equal(answer.status, 201);
  }
  opened = await browser();
});
after(async () => {
  await opened.close();
  await server.end();
});

async function as(reader: string, path: string) {
  const watched = await open(opened, server, path);
  const { page } = watched;
  await page.getByLabel('Name', { exact: true }).fill(reader);
  await page.getByLabel('Password', { exact: true }).fill(`${reader} reader's word`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  return watched;
}

/** What the page shows of a picture that waits: how many do, by the words under it. */
const waiting = (page: Page, words: string) => page.getByText(words, { exact: true }).waitFor();

test('a reader goes through the queue by keys, and takes one back', async () => {
  const { page, context, complaints } = await as('first', '/review');
  await waiting(page, '4 pictures wait');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.keyboard.press('5');
  await page.getByText('Kept: melanoma.').first().waitFor();
  await waiting(page, '3 pictures wait');
  await page.keyboard.press('z');
  await waiting(page, '4 pictures wait');
  await page.keyboard.press('6');
  await waiting(page, '3 pictures wait');
  const confirmed = page.getByLabel('Confirmed by histopathology');
  await page.keyboard.press('h');
  assert.equal(await confirmed.isChecked(), true);
  await page.keyboard.press('h');
  assert.equal(await confirmed.isChecked(), false);
  await page.keyboard.press('5');
  await waiting(page, '2 pictures wait');
  await page.keyboard.press('c');
  await page.keyboard.type('a comment with 5 and u <img src=x onerror=alert(1)>');
  await waiting(page, '2 pictures wait'); // what is typed is no answer
  await page.keyboard.press('Tab');
  await page.keyboard.press('u');
  await waiting(page, '1 picture waits');
  await page.keyboard.press('s'); // put off: nothing else is there
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  await page.reload();
  await waiting(page, '1 picture waits');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a second reading is blind: nothing that was said comes to the page', async () => {
  const { page, context, complaints } = await as('second', '/review?queue=second&blind=1');
  const answers: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/v1/review?')) answers.push(await response.text());
  });
  await waiting(page, '2 pictures wait');
  await page.reload();
  await waiting(page, '2 pictures wait');
  assert(
    answers.length > 0 && answers.every((text) => !/probabilit|predicted|malignant|decision|disagreement/.test(text)),
  );
  assert.equal(await page.getByText('What model and readers said', { exact: true }).count(), 0);
  await page.getByRole('button', { name: 'melanoma' }).click();
  await waiting(page, '1 picture waits');
  await page.getByRole('button', { name: 'melanoma' }).click();
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  await page.getByRole('button', { name: /Take the last one back/ }).click();
  await waiting(page, '1 picture waits');
  await page.keyboard.press('5');
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('agreement: one label in two is the same, and kappa says what that is worth', async () => {
  const { page, context, complaints } = await as('second', '/review/agreement');
  const pair = page.getByRole('table', { name: 'The readers with each other' }).getByRole('row').nth(1);
  await pair.waitFor();
  // nv and mel against mel and mel: 1 of 2 alike, as often as by chance
  assert.match(await pair.innerText(), /first|second/);
  assert.match(await pair.innerText(), /\b2\b[\s\S]*50%[\s\S]*0\.00/);
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('keys differ, and are none of those that mean something else', () => {
  const keys = Array.from({ length: 28 }, (_, place) => keyOf(place));
  assert.equal(new Set(keys).size, 28);
  for (const taken of 'uszhc') assert(!keys.includes(taken));
});

test('kappa in words, and on its scale', () => {
  assert.equal(strength(-0.1), 'poor');
  assert.equal(strength(0.61), 'substantial');
  assert.equal(strength(1), 'almost_perfect');
  assert.equal(placeOn(-3, -0.2, 1), 0);
  assert.equal(placeOn(0.25, 0, 1), 25);
});
