// The camera: a file that Chromium shows as one.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { hints, steady, verdict } from '../src/live/steady.ts';
import type { Answer } from '../src/lib/answer.ts';
import { accessibilityFaults, browser, folder, open, Server, synthetic } from './harness.ts';

let server: Server;
let opened: Browser;
before(async () => {
  server = await Server.start();
  const camera = join(folder(), 'camera.mjpeg');
  const [picture] = synthetic(1, { size: '640x480' }).pictures;
  assert(picture);
  writeFileSync(camera, Buffer.concat(Array.from({ length: 30 }, () => readFileSync(picture))));
  opened = await browser({ camera });
});
after(async () => {
  await opened.close();
  await server.end();
});

test('a running answer, frozen and kept', async () => {
  const { page, context, complaints } = await open(opened, server, '/live', { permissions: ['camera'] });
  const answer = page.getByRole('region', { name: 'Running answer' });
  await answer.waitFor();
  await answer.getByText(/answers a second/).waitFor();
  assert.equal(await answer.getByRole('listitem').filter({ hasText: '%' }).count(), 3);
  assert.deepEqual(await accessibilityFaults(page), []);

  await page.keyboard.press('Space');
  await page.getByText('Still picture').waitFor();
  const before = await (await server.ask('/api/v1/predictions')).json();
  assert.deepEqual(before.predictions, [], 'frames are not kept');
  await page.getByRole('button', { name: 'Keep this picture' }).click();
  await page.waitForURL(/\/predictions\/[0-9a-f]{32}$/);
  const { predictions } = await (await server.ask('/api/v1/predictions')).json();
  assert.equal(predictions.length, 1);
  assert(page.url().endsWith(predictions[0].id));
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the camera is off once the page is left', async () => {
  const { page, context } = await open(opened, server, '/live', { permissions: ['camera'] });
  await page.getByText(/answers a second/).waitFor();
  await page.evaluate(() => {
    const video = document.querySelector('video');
    Object.assign(window, { track: (video?.srcObject as MediaStream).getVideoTracks()[0] });
  });
  await page.getByRole('link', { name: 'Models' }).click();
  await page.waitForFunction(() => (window as unknown as { track: MediaStreamTrack }).track.readyState === 'ended');
  await context.close();
});

test('a server that went away is told, and the answer goes on when it is back', async () => {
  const { page, context } = await open(opened, server, '/live', { permissions: ['camera'] });
  await page.getByText(/answers a second/).waitFor();
  await server.end('SIGKILL');
  await page.getByText('The connection to the server was lost.').waitFor();
  await server.again();
  await page.getByText('The connection to the server was lost.').waitFor({ state: 'detached' });
  await page.getByText(/answers a second/).waitFor();
  await context.close();
});

test('in private mode this device answers, and no frame leaves it', async () => {
  const { page, context, complaints } = await open(opened, server, '/settings', { permissions: ['camera'] });
  await page.getByRole('radio', { name: 'On this device (private)' }).check();
  await page.getByRole('button', { name: /^Fetch the model/ }).click();
  await page.getByText('naevus-7 v1 answers on this device.').waitFor();
  const sent: string[] = [];
  page.on('websocket', (socket) => sent.push(socket.url()));
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
  await page.getByRole('link', { name: 'Live' }).click();
  await page.getByText('They stay on this device.').waitFor();
  await page.getByText(/answers a second/).waitFor();
  await page.getByRole('button', { name: /^Freeze/ }).click();
  await page.getByText('Still picture').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Keep this picture' }).count(), 0);
  assert.deepEqual(sent, []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('without a camera the page says what to do', async () => {
  const without = await browser();
  const { page, context } = await open(without, server, '/live');
  await page
    .getByRole('alert')
    .getByText(/No camera was found|may not use the camera/)
    .waitFor();
  await page.getByRole('link', { name: 'Choose a picture instead' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await context.close();
  await without.close();
});

function frame(malignant: number, unlike = false, codes: string[] = []): Answer {
  return {
    probabilities: { mel: malignant, nv: 1 - malignant },
    malignant: { score: malignant, threshold: 0.2 },
    out_of_distribution: { score: 1, unlike_training: unlike },
    quality: { good: codes.length === 0, findings: codes.map((code) => ({ code, words: code })) },
  } as unknown as Answer;
}

test('one frame among others does not turn the answer', () => {
  let mean = steady(undefined, frame(0.05), 0);
  for (let at = 100; at <= 2000; at += 100) mean = steady(mean, frame(0.05), at);
  assert.equal(verdict(steady(mean, frame(0.9, true, ['blurred']), 2100)), 'below');
  assert.deepEqual(hints(steady(mean, frame(0.9, true, ['blurred']), 2100)), []);
  for (let at = 2100; at <= 4000; at += 100) mean = steady(mean, frame(0.9, false, ['blurred']), at);
  assert.equal(verdict(mean), 'above');
  assert.deepEqual(hints(mean), ['blurred']);
});

test('a mean of equal frames is that frame, and its probabilities add up to one', () => {
  let mean = steady(undefined, frame(0.3), 0);
  for (let at = 10; at < 500; at += 7) mean = steady(mean, frame(0.3), at);
  assert(Math.abs((mean.probabilities['mel'] ?? 0) - 0.3) < 1e-9);
  mean = steady(mean, frame(0.8), 600);
  assert(Math.abs(Object.values(mean.probabilities).reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
});
