// Private mode's answers, held against the server's: one model, two ways to run it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { showAnswerers } from '../bench/answerers.ts';
import type { Shown } from '../bench/answerers.ts';
import type {} from '../bench/page/window.ts';
import type { Answer } from '../src/lib/answer.ts';
import { browser, folder, python, Server, synthetic } from './harness.ts';

let server: Server;
let opened: Browser;
let shown: Shown;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];
const pictures = folder();
let source = '';

before(async () => {
  server = await Server.start();
  shown = await showAnswerers(`http://127.0.0.1:${server.port}`);
  opened = await browser();
  context = await opened.newContext();
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(shown.address);
  await page.waitForFunction(() => 'answerers' in window);
  await page.evaluate(() => window.answerers.device.fetch());
  assert.equal(await page.evaluate(() => window.answerers.device.state), 'kept');
  [source = ''] = synthetic(1, { size: '1200x900', seed: 5 }).pictures;
  python('make_pictures.py', 'same', source, pictures);
});
after(async () => {
  await opened.close();
  shown.stop();
  await server.end();
});

type Place = 'device' | 'server';

/** What an answerer says of a file's bytes, or why it does not. */
async function ask(place: Place, bytes: Buffer): Promise<Answer | { problem: string; advice: string; status: number }> {
  const asked = { place, bytes: bytes.toString('base64') };
  return page.evaluate(async (given) => {
    const picture = new Blob([Uint8Array.from(atob(given.bytes), (letter) => letter.charCodeAt(0))]);
    return window.answerers[given.place]
      .look(picture, {})
      .catch((error: Error & { advice?: string; status?: number }) => ({
        problem: error.message,
        advice: error.advice ?? '',
        status: error.status ?? -1,
      }));
  }, asked);
}

function difference(ours: Answer, theirs: Answer): number {
  return Math.max(
    ...Object.entries(theirs.probabilities).map(([name, value]) => Math.abs((ours.probabilities[name] ?? NaN) - value)),
  );
}

test('this device gives the probabilities of the server, however a picture is stored', async (t) => {
  const differences: Record<string, number> = {};
  const answers = new Set<string>();
  for (const file of readdirSync(pictures).sort()) {
    const bytes = readFileSync(join(pictures, file));
    const [ours, theirs] = [await ask('device', bytes), await ask('server', bytes)];
    assert('probabilities' in theirs, `${file}: ${JSON.stringify(theirs)}`);
    assert('probabilities' in ours, `${file}: ${JSON.stringify(ours)}`);
    differences[file] = difference(ours, theirs);
    answers.add(JSON.stringify(theirs.probabilities));
    const scores = [ours, theirs].map((answer) => answer.out_of_distribution?.score ?? NaN);
    t.diagnostic(
      `${file}: ${differences[file].toExponential(1)}, refusal score ${scores.map((s) => s.toFixed(2)).join(' / ')}`,
    );
    assert.equal(ours.picture_format, theirs.picture_format, file);
    assert.deepEqual(ours.model, theirs.model);
  }
  assert(answers.size > 15, 'the pictures are too alike to tell anything');
  for (const [file, most] of Object.entries(differences)) assert(most <= 0.01, `${file}: ${most}`);
  assert.equal(Object.keys(differences).length, 28);
});

test('the profile of the Display P3 pictures is one that a browser would follow, were it not told otherwise', async () => {
  const sums = await page.evaluate(
    async (given) => {
      const picture = new Blob([Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0))]);
      return Promise.all(
        (['none', 'default'] as const).map(async (colorSpaceConversion) => {
          const bitmap = await createImageBitmap(picture, { colorSpaceConversion });
          const drawn = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
          drawn?.drawImage(bitmap, 0, 0);
          const { data } = drawn?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: [] };
          return Array.from(data).reduce((sum, level) => sum + level, 0);
        }),
      );
    },
    readFileSync(join(pictures, 'display-p3.png')).toString('base64'),
  );
  assert.notEqual(sums[0], sums[1]);
});

test('all of the answer but what the server keeps is the same, word for word', async () => {
  const bytes = readFileSync(join(pictures, 'plain.png'));
  const [ours, theirs] = [(await ask('device', bytes)) as Answer, (await ask('server', bytes)) as Answer];
  assert(ours.milliseconds !== undefined && ours.milliseconds > 0);
  const close = (a: number | undefined, b: number | undefined, most: number) =>
    assert(Math.abs((a ?? NaN) - (b ?? NaN)) <= most, `${a} and ${b}`);
  close(ours.malignant?.score, theirs.malignant?.score, 0.01);
  close(ours.out_of_distribution?.score, theirs.out_of_distribution?.score, 1);
  const rest = (answer: Answer) => ({
    ...answer,
    where: '',
    id: '',
    created_at: '',
    milliseconds: 0,
    probabilities: Object.keys(answer.probabilities).sort(),
    malignant: answer.malignant?.threshold,
    out_of_distribution: { ...answer.out_of_distribution, score: 0 },
  });
  assert.deepEqual(rest(ours), rest(theirs));
});

test('what the model looked at is painted as the server paints it', async () => {
  const bytes = readFileSync(join(pictures, 'plain.png')).toString('base64');
  const most = await page.evaluate(async (given) => {
    const picture = new Blob([Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0))]);
    const painted: Uint8ClampedArray[] = [];
    for (const place of ['device', 'server'] as const) {
      const answer = await window.answerers[place].look(picture, {});
      const overlay = await createImageBitmap(await window.answerers[place].saliency(answer, picture, 'mel'));
      const drawn = new OffscreenCanvas(overlay.width, overlay.height).getContext('2d');
      drawn?.drawImage(overlay, 0, 0);
      painted.push(drawn?.getImageData(0, 0, overlay.width, overlay.height).data ?? new Uint8ClampedArray());
    }
    const [ours = [], theirs = []] = painted.map((pixels) => [...pixels]);
    if (ours.length !== 4 * 224 * 224 || theirs.length !== ours.length) return Infinity;
    return ours.reduce((so, level, i) => Math.max(so, Math.abs(level - (theirs[i] as number))), 0);
  }, bytes);
  assert(most <= 3, `they differ by ${most} of 255`);
});

test('what is no whole picture is refused here as there', async () => {
  const jpeg = readFileSync(join(pictures, '600x450.jpg'));
  const png = readFileSync(join(pictures, 'plain.png'));
  const animation = Buffer.from([0, 0, 0, 8, ...Buffer.from('acTL'), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const files: [string, Buffer, RegExp][] = [
    ['nothing', Buffer.alloc(0), /empty/],
    ['half a JPEG', jpeg.subarray(0, jpeg.length / 2), /not complete/],
    ['half a PNG', png.subarray(0, png.length / 2), /not complete/],
    ['a broken PNG', Buffer.concat([png.subarray(0, 5000), Buffer.alloc(5000), png.subarray(10000)]), /damaged/],
    ['an animation', Buffer.concat([png.subarray(0, 33), animation, png.subarray(33)]), /animation/],
    ['a letter', Buffer.from('This is a letter, not a picture.\n'.repeat(20)), /no picture/],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0\x80\0\0', 'latin1'), /no picture/],
  ];
  for (const [what, bytes, words] of files) {
    const [ours, theirs] = [await ask('device', bytes), await ask('server', bytes)];
    assert('problem' in theirs, what);
    assert('problem' in ours, what);
    assert.match(ours.problem, words, what);
    assert(ours.advice, what);
  }
  const tiff = await ask('device', Buffer.from('II*\0\x08\0\0\0', 'latin1'));
  assert('problem' in tiff && /TIFF pictures are read by the server alone/.test(tiff.problem));
  assert('probabilities' in (await ask('device', jpeg)), 'and afterwards it answers on');
});

test('an answer that is no longer wanted is not waited for', async () => {
  const named = await page.evaluate(
    async (given) => {
      const picture = new Blob([Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0))]);
      const control = new AbortController();
      const asked = window.answerers.device.look(picture, {}, control.signal);
      control.abort();
      return asked.then(
        () => 'answered',
        (error: Error) => error.name,
      );
    },
    readFileSync(join(pictures, '12-megapixels.jpg')).toString('base64'),
  );
  assert.equal(named, 'AbortError');
});

test('the page stays smooth while a picture of 12 megapixels is looked at', async () => {
  const longest = await page.evaluate(
    async (given) => {
      const picture = new Blob([Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0))]);
      const long: number[] = [];
      const observer = new PerformanceObserver((list) =>
        long.push(...list.getEntries().map((entry) => entry.duration)),
      );
      observer.observe({ type: 'longtask' });
      await window.answerers.device.look(picture, {});
      long.push(...observer.takeRecords().map((entry) => entry.duration));
      observer.disconnect();
      return Math.max(0, ...long);
    },
    readFileSync(join(pictures, '12-megapixels.jpg')).toString('base64'),
  );
  assert(longest < 200, `${longest} ms without a breath`); // to decode and shrink it takes several times as long
});

test('a look asks nothing of anybody, and needs no network', async () => {
  const asked: string[] = [];
  const note = (request: { url: () => string }) => asked.push(request.url());
  context.on('request', note);
  await context.setOffline(true);
  try {
    for (const file of ['600x450.jpg', 'alpha.png']) {
      assert('probabilities' in (await ask('device', readFileSync(join(pictures, file)))), file);
    }
    const there = await ask('server', readFileSync(join(pictures, '600x450.jpg')));
    assert('problem' in there && there.status === 0, 'the network is not cut');
  } finally {
    await context.setOffline(false);
    context.off('request', note);
  }
  assert.deepEqual(
    asked.map((url) => new URL(url).pathname),
    ['/api/v1/predictions'], // the server's, to show that what is asked is heard
  );
});

test('nothing went wrong unheard', () => {
  const refused = /^Failed to load resource/; // pictures that the server refuses
  assert.deepEqual(
    complaints.filter((text) => !refused.test(text)),
    [],
  );
});
