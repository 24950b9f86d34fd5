// The first page: a picture comes in, and its answer is read. Against the real server and model.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, browser, folder, naevus, open, Server, synthetic } from './harness.ts';
import { noise, tiff, withJpegComment } from './pictures.ts';

interface Prediction {
  id: string;
  predicted: string;
  probabilities: Record<string, number>;
  malignant: { score: number; threshold: number };
  decision: { code: string };
  patient?: Record<string, unknown>;
}

let server: Server;
let opened: Browser;
let pictures: string[];
let clear: string; // one that the model does not refuse, and finds malignant
before(async () => {
  pictures = synthetic(4).pictures; // the same each time: one of them is like a carcinoma
  server = await Server.start();
  opened = await browser();
  for (const picture of pictures) {
    const answer = await asked(readFileSync(picture));
    if (answer.decision.code === 'above_threshold') clear ??= picture;
  }
  assert(clear, 'none of the pictures is above the threshold');
});
after(async () => {
  await opened.close();
  await server.end();
});

async function asked(picture: Uint8Array): Promise<Prediction> {
  const answer = await server.ask('/api/v1/predictions', { method: 'POST', body: picture as BodyInit });
  assert.equal(answer.status, 201);
  return (await answer.json()) as Prediction;
}

async function newest(limit = 1): Promise<Prediction[]> {
  const answer = await server.ask(`/api/v1/predictions?limit=${limit}`);
  return ((await answer.json()) as { predictions: Prediction[] }).predictions;
}

type Given = string | { name: string; mimeType: string; buffer: Buffer };
async function choose(page: Page, ...files: Given[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose pictures' }).click();
  await (await chooser).setFiles(files as string[]);
}

const list = (page: Page) => page.getByRole('list', { name: 'Pictures' });
const percent = (share: number) => `${Math.round(share * 100)}%`;
const png = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });

test('a picture is chosen, and its answer is what the server says', async () => {
  const { page, context, complaints } = await open(opened, server);
  await page.getByRole('heading', { name: 'Look at a picture' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await choose(page, clear);
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  const [answer] = await newest();
  assert(answer);

  const bars = await page
    .getByRole('region', { name: /How likely/ })
    .getByRole('listitem')
    .allInnerTexts();
  const falling = Object.entries(answer.probabilities).sort(([, a], [, b]) => b - a);
  assert.equal(bars.length, falling.length);
  for (const [place, [, share]] of falling.entries())
    assert(bars[place]?.includes(share < 0.005 ? 'under 1%' : percent(share)), `${bars[place]}: ${share}`);
  assert.equal(bars.filter((bar) => bar.includes('malignant')).length, 3);

  const malignancy = page.getByRole('region', { name: 'Malignant or harmless' });
  await malignancy.getByText(percent(answer.malignant.score), { exact: true }).waitFor();
  await page.getByText('above the threshold: have it looked at').waitFor();
  await page.getByRole('img', { name: 'Overlay' }).waitFor({ state: 'detached' });
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the threshold is chosen in plain words, decides, and is remembered', async () => {
  const { page, context, complaints } = await open(opened, server);
  await page.evaluate(() => {
    const real = window.fetch;
    window.fetch = async (...asked) => {
      const response = await real(...asked);
      if (response.status !== 201) return response;
      const answer = (await response.json()) as { malignant: { score: number } };
      answer.malignant.score = 0.3; // between two of the model's thresholds
      return Response.json(answer, { status: 201 });
    };
  });
  await choose(page, clear);
  await page.getByText('above the threshold: have it looked at').waitFor();
  const choice = page.getByLabel('Threshold to decide by');
  await choice.selectOption(await choice.locator('option', { hasText: 'Few false alarms' }).innerText());
  await page.getByText('is below the threshold. That rules nothing out').waitFor();
  await page.getByText(/of 100 malignant lesions it finds about 73, of 100 harmless ones it lets 90 go home/).waitFor();
  await page.reload();
  await choose(page, clear);
  await choice.waitFor();
  assert.match(await choice.locator('option:checked').innerText(), /Few false alarms/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('pictures are dropped anywhere and pasted by keys', async () => {
  const { page, context, complaints } = await open(opened, server);
  await page.getByRole('heading', { name: 'Look at a picture' }).waitFor();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const bytes = [...readFileSync(clear)];
  const brought = await page.evaluateHandle((file) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(file)], 'dropped.jpg', { type: 'image/jpeg' }));
    return data;
  }, bytes);
  const footer = page.getByRole('contentinfo');
  await footer.dispatchEvent('dragenter', { dataTransfer: brought });
  await page.getByText('Let go to look at them').waitFor();
  await footer.dispatchEvent('drop', { dataTransfer: brought });
  await list(page).getByText('dropped.jpg').waitFor();
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();

  await page.evaluate(
    async (file) => {
      await navigator.clipboard.write([
        new ClipboardItem({ 'image/png': new Blob([new Uint8Array(file)], { type: 'image/png' }) }),
      ]);
    },
    [...noise(300, 300)],
  );
  await page.keyboard.press('Control+V');
  await list(page).getByText('image.png').waitFor();
  await list(page).getByText('Not like a skin lesion').waitFor();
  await page.evaluate(() => navigator.clipboard.writeText('not a picture'));
  await page.keyboard.press('Control+V');
  await page.getByText('There is no picture in the clipboard').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('of several pictures two are sent at once, and each has its own fate', async () => {
  const { page, context, complaints } = await open(opened, server);
  await page.evaluate(() => {
    const real = window.fetch;
    let flying = 0;
    const told = Object.assign(window, { most: 0, open: false });
    window.fetch = async (...asked) => {
      const [request] = asked as [Request];
      if (request.method !== 'POST') return real(...asked);
      told.most = Math.max(told.most, ++flying);
      try {
        while (!told.open && !request.signal.aborted) await new Promise((done) => setTimeout(done, 20));
        return await real(...asked);
      } finally {
        --flying;
      }
    };
  });
  await choose(page, ...pictures, clear);
  const items = list(page).getByRole('listitem');
  await items.nth(4).waitFor();
  await page.waitForFunction(() => document.body.innerText.match(/The model looks at it/g)?.length === 2);
  assert.equal(await list(page).getByText('Waiting').count(), 3);
  await page.getByRole('progressbar', { name: 'Looked at' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await items
    .nth(4)
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await items.nth(4).getByText('Cancelled').waitFor();
  await items
    .nth(0)
    .getByRole('button', { name: /^Cancel/ })
    .click(); // on its way
  await items.nth(0).getByText('Cancelled').waitFor();
  await page.evaluate(() => Object.assign(window, { open: true }));
  await page.getByRole('status').getByText('3 of 3 pictures looked at').waitFor();
  await items
    .nth(4)
    .getByRole('button', { name: /^Try again/ })
    .click();
  await page.getByRole('status').getByText('4 of 4 pictures looked at').waitFor();
  assert.equal(await page.evaluate(() => (window as unknown as { most: number }).most), 2);
  await items
    .nth(4)
    .getByRole('button', { name: /^Take off/ })
    .click();
  await page.waitForFunction(() => document.querySelectorAll('ul[aria-label="Pictures"] li').length === 4);
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await list(page).waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what can not be answered is refused with a reason for each, and never sent', async () => {
  const { page, context, complaints } = await open(opened, server);
  let sent = 0;
  page.on('request', (request) => (sent += Number(request.method() === 'POST')));
  await choose(
    page,
    { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    { name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear doctor') },
    { name: 'phone.heic', mimeType: 'image/heic', buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1') },
    png('large.png', Buffer.concat([noise(8, 8), Buffer.alloc(32 * 1024 * 1024)])),
  );
  for (const [name, why] of [
    ['empty.jpg', 'the file is empty'],
    ['letter.jpg', 'it is no picture'],
    ['phone.heic', "a phone's own format"],
    ['large.png', 'larger than 32 MiB'],
  ] as const)
    await list(page).getByRole('listitem').filter({ hasText: name }).getByText(why).waitFor();
  assert.equal(sent, 0);
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a file that only looks like a picture is refused in words, with a way to try again', async () => {
  const { page, context } = await open(opened, server);
  await choose(page, { name: 'half.jpg', mimeType: 'image/jpeg', buffer: readFileSync(clear).subarray(0, 300) });
  await list(page).getByText('Not answered').waitFor();
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await context.close();
});

test('a server that is gone loses nothing: trying again answers and keeps the picture once', async () => {
  const { page, context, complaints } = await open(opened, server);
  await page.getByRole('heading', { name: 'Look at a picture' }).waitFor();
  const [before] = await newest();
  await server.end('SIGKILL');
  await choose(page, clear);
  await list(page).getByText('Not answered').waitFor();
  if (process.env['NAEVUS_PAGE'] !== 'vite') await page.getByText("The server can't be reached").waitFor();
  await server.again();
  // The answer is lost on its way: the picture was kept, and must not be kept twice.
  await page.evaluate(() => {
    const real = window.fetch;
    window.fetch = async (...asked) => {
      await real(...asked);
      window.fetch = real;
      throw new TypeError('lost');
    };
  });
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await page.getByText("The server can't be reached").waitFor();
  await list(page)
    .getByRole('button', { name: /^Try again/ })
    .click();
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  const [now, earlier] = await newest(2);
  assert.notEqual(now?.id, before?.id);
  assert.equal(earlier?.id, before?.id);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a server that is too busy is asked again when it said', async () => {
  const { page, context, complaints } = await open(opened, server);
  let asked = 0;
  await page.route('**/api/v1/predictions', async (route) =>
    ++asked === 1
      ? route.fulfill({ status: 503, headers: { 'Retry-After': '4' }, json: { detail: 'the queue is full' } })
      : route.continue(),
  );
  await choose(page, clear);
  await list(page).getByText('The server is busy').waitFor();
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  assert.equal(asked, 2);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what is no lesion is said to be none, and its probabilities are folded away', async () => {
  const { page, context, complaints } = await open(opened, server);
  await choose(page, png('noise.png', noise(400, 300)));
  await page.getByRole('heading', { name: 'This does not look like a skin lesion that the model knows' }).waitFor();
  const [answer] = await newest();
  assert.equal(answer?.decision.code, 'refused');
  assert.equal(await page.getByRole('heading', { name: /^Most likely/ }).count(), 0);
  const shares = page.getByText('melanocytic nevus', { exact: true });
  assert.equal(await shares.isVisible(), false);
  await page.getByText('What the model would say nevertheless').click();
  await shares.waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('where the model looked lies over the picture, as strong as is wanted, for each class', async () => {
  const { page, context, complaints } = await open(opened, server);
  await choose(page, clear);
  await page.getByRole('button', { name: 'Where the model looked' }).click();
  const overlay = page.getByRole('img', { name: 'Overlay of where the model looked' });
  await overlay.waitFor();
  // The overlay covers the centre square of a picture of 4 to 3.
  const [window, over] = [await page.getByRole('application').boundingBox(), await overlay.boundingBox()];
  assert(window && over);
  assert(Math.abs(over.width / window.width - 0.75) < 0.01 && Math.abs(over.height / window.height - 1) < 0.01);
  assert(Math.abs(over.x + over.width / 2 - (window.x + window.width / 2)) < 1);
  const slider = page.getByLabel(/^Strength of the overlay/);
  const opacity = () => overlay.evaluate((it) => Number(getComputedStyle(it).opacity));
  await slider.focus();
  const before = await opacity();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert((await opacity()) > before);
  await page.keyboard.press('Home');
  assert.equal(await opacity(), 0);

  const asked = page.waitForRequest(/saliency\?class=mel/);
  await page.getByLabel('What speaks for').selectOption('melanoma');
  await asked;
  await page.getByText('Yellow speaks most for it').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.route(/saliency/, (route) => route.fulfill({ status: 410, json: { detail: 'no longer served' } }));
  await page.getByLabel('What speaks for').selectOption('dermatofibroma');
  await page.getByText('The model that answered is no longer served').waitFor();
  await page.getByRole('button', { name: 'Where the model looked' }).click();
  assert.equal(await overlay.count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a picture is brought nearer and moved by keys, wheel and buttons, and fills the screen', async () => {
  const { page, context, complaints } = await open(opened, server);
  await choose(page, clear);
  const window = page.getByRole('application');
  await window.waitFor();
  const place = () =>
    window.evaluate((it) =>
      new DOMMatrix(getComputedStyle(it.firstElementChild as Element).transform).toFloat64Array(),
    );
  const scale = async () => (await place())[0];
  await window.focus();
  for (const key of ['+', '+']) await page.keyboard.press(key);
  assert.equal(await scale(), 2.25);
  const [before, , , , , , , , , , , , x = 0] = await place();
  assert.equal(before, 2.25);
  await page.keyboard.press('ArrowRight');
  assert(((await place())[12] ?? 0) < x);
  await page.keyboard.press('0');
  assert.equal(await scale(), 1);
  await page.getByRole('button', { name: 'Closer' }).click();
  assert.equal(await scale(), 1.5);
  await page.getByRole('button', { name: 'Whole picture' }).click();
  await window.hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await page.waitForFunction(
    (it) => new DOMMatrix(getComputedStyle((it as Element).firstElementChild as Element).transform).a > 2,
    await window.elementHandle(),
  );
  await page.getByRole('button', { name: 'Full screen' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('application').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Full screen');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a reader corrects, takes it back, and agrees', async () => {
  const { page, context, complaints } = await open(opened, server);
  await choose(page, clear);
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  const [answer] = await newest();
  const said = async () => {
    const feedback = await server.ask(`/api/v1/predictions/${answer?.id}/feedback`);
    return ((await feedback.json()) as { feedback: Record<string, unknown>[] }).feedback;
  };
  const box = page.getByRole('region', { name: 'Was it right?' });
  await box.getByRole('button', { name: 'No, it is something else' }).click();
  await box.getByLabel('What is it?').selectOption('dermatofibroma');
  await box.getByLabel('Confirmed by histopathology').check();
  await box.getByLabel('Comment').fill('<b>excised</b>');
  assert.deepEqual(await accessibilityFaults(page), []);
  await box.getByRole('button', { name: 'Send' }).click();
  await box.getByText('You said: dermatofibroma. Confirmed by histopathology.').waitFor();
  await box.getByText('<b>excised</b>').waitFor();
  const [first] = await said();
  assert.deepEqual(
    [first?.['verdict'], first?.['label'], first?.['histopathology'], first?.['comment']],
    ['corrects', 'df', true, '<b>excised</b>'],
  );
  await box.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back.').waitFor();
  assert.deepEqual(await said(), []);
  await box.getByRole('button', { name: /^Yes/ }).click();
  await box.getByRole('button', { name: 'Send' }).click();
  await box.getByText('You agreed.').waitFor();
  assert.deepEqual(
    (await said()).map((one) => one['verdict']),
    ['agrees'],
  );
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what is said of the patient is checked, sent, remembered and emptied', async () => {
  const { page, context, complaints } = await open(opened, server);
  const lesion = (await (
    await server.ask('/api/v1/patients/P-17/lesions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ site: 'back', note: 'left of the spine' }),
    })
  ).json()) as { id: string };
  await page.getByText('About the patient and the lesion').click();
  await page.getByLabel('Age in years').fill('121');
  await page.getByText('Whole years from 0 to 120.').waitFor();
  const [before] = await newest();
  await choose(page, clear);
  await page.getByText("can't be sent as it is").waitFor();
  assert.equal((await newest())[0]?.id, before?.id);
  await page.getByLabel('Age in years').fill('47');
  await page.getByLabel("Patient's pseudonym").fill('Anna Smith');
  await page.getByText('That looks like a name').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByLabel("Patient's pseudonym").fill('P-17');
  await page.getByLabel('Sex').selectOption('female');
  await page.getByLabel("Which of the patient's lesions").selectOption(lesion.id);
  await list(page)
    .getByRole('button', { name: /^Try again/ })
    .click();
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  const [answer] = await newest();
  assert.deepEqual(answer?.patient, { age: 47, sex: 'female', site: 'back', patient_key: 'P-17', lesion: lesion.id });
  await page.reload();
  await page.getByText('P-17, 47 years, female').waitFor();
  await page.getByText('About the patient and the lesion').click();
  await page.getByRole('button', { name: 'Empty all' }).click();
  await page.getByText('nothing said').waitFor();
  await page.reload();
  await page.getByText('nothing said').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('hostile names and comments are shown as text and never run', async () => {
  const { page, context, complaints } = await open(opened, server);
  const alarms: string[] = [];
  page.on('dialog', (dialog) => {
    alarms.push(dialog.message());
    void dialog.dismiss();
  });
  const script = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
  const names = [
    '"><img src=x onerror=alert(1)>.jpg',
    'javascript:alert(1)',
    '<svg onload=alert(1)>.jpg',
    '{{constructor.constructor("alert(1)")()}}.jpg',
    'photo\u202egpj.exe',
  ];
  const jpeg = withJpegComment(readFileSync(clear), script);
  await choose(
    page,
    ...names.map((name) => ({ name, mimeType: 'image/jpeg', buffer: jpeg })),
    png('comment.png', noise(64, 64, script)),
  );
  await page.getByRole('status').getByText('6 of 6 pictures looked at').waitFor();
  for (const name of names) await list(page).getByText(name.replace('\u202e', '\ufffd'), { exact: true }).waitFor();
  for (const item of await list(page).getByRole('listitem').all()) await item.getByRole('button').first().click();
  assert.equal(await page.locator('main img[src="x"], main svg[onload], main script').count(), 0);
  assert.deepEqual(alarms, []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a picture that no browser shows is shown by the server', async () => {
  const { page, context, complaints } = await open(opened, server);
  await choose(page, { name: 'scan.tif', mimeType: 'image/tiff', buffer: tiff(320, 240) });
  await list(page).getByText('scan.tif').waitFor();
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('main img')].every(
      (it) => it.naturalWidth > 0 && it.src.includes('/picture?size='),
    ),
  );
  assert.equal(await page.locator('main img').count(), 2);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('similar cases have diagnosis, source and licence; without a gallery only who could make one hears of it', async () => {
  const { page, context, complaints } = await open(opened, server);
  await choose(page, clear);
  await page.getByText('No similar cases yet').click();
  await page.getByText('naevus gallery MANIFEST.csv').waitFor();
  const gallery = synthetic(30, { seed: 5 });
  const split = join(gallery.folder, 'split.csv');
  naevus(['split', join(gallery.folder, 'manifest.csv'), '-o', split, '--parts', '60/20/20', '--seed', '1']);
  naevus(['gallery', split, '--data', server.data, '--licence', 'CC0-1.0', '--measure']);
  await choose(page, clear);
  await list(page).getByRole('listitem').nth(1).getByRole('button').first().click();
  const cases = page.getByRole('region', { name: 'Similar cases with a known diagnosis' });
  await cases.getByRole('listitem').nth(4).waitFor();
  assert.match(await cases.getByRole('listitem').first().innerText(), /alike 0\.\d\d[\s\S]*CC0-1\.0/i);
  await cases.getByText(/Measured: of the 5 nearest cases \d+% had the same diagnosis/).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an answer has its own page, and is erased when its reader is sure', async () => {
  const { page, context, complaints } = await open(opened, server);
  await choose(page, clear);
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  const [answer] = await newest();
  assert.equal(
    await page.getByRole('link', { name: 'Its own page' }).getAttribute('href'),
    `/predictions/${answer?.id}`,
  );
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.keyboard.press('Escape');
  assert.equal((await newest())[0]?.id, answer?.id);
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('Erased.').waitFor();
  assert.equal((await server.ask(`/api/v1/predictions/${answer?.id}`)).status, 404);
  assert.equal(await list(page).count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('pictures and answers stay while another page is shown', async () => {
  const { page, context } = await open(opened, server);
  await choose(page, clear);
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.waitForURL(/settings/);
  await page.getByRole('link', { name: 'Look' }).click();
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  await context.close();
});

test('from start to answer and feedback by keys alone', async () => {
  const { page, context, complaints } = await open(opened, server);
  await page.getByRole('heading', { name: 'Look at a picture' }).waitFor();
  const to = async (name: RegExp) => {
    for (let steps = 0; steps < 80; ++steps) {
      await page.keyboard.press('Tab');
      const here = await page.evaluate(() => {
        const it = document.activeElement as HTMLElement | null;
        return it ? it.getAttribute('aria-label') || it.innerText || it.tagName : '';
      });
      if (name.test(here)) return;
    }
    assert.fail(`no way to ${name} by Tab`);
  };
  const chooser = page.waitForEvent('filechooser'); // Chromium is told to hand it over, which takes a moment
  await to(/^Choose pictures/);
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(clear);
  await page.getByRole('heading', { name: /^Most likely/ }).waitFor();
  await to(/Plus and minus zoom/);
  await page.keyboard.press('+');
  await to(/^Where the model looked/);
  await page.keyboard.press('Space');
  await page.getByRole('img', { name: 'Overlay of where the model looked' }).waitFor();
  await to(/^I am not sure/);
  await page.keyboard.press('Enter');
  await page.keyboard.type('hard to tell'); // the comment has the focus
  await to(/^Send/);
  await page.keyboard.press('Enter');
  await page.getByText('You were not sure.').waitFor();
  await page.getByText('hard to tell').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('on the narrowest screen and in Arabic nothing is cut off, and a photo can be taken', async () => {
  const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
  for (const [locale, photo] of [
    ['en-US', 'Take a photo'],
    ['ar', 'التقاط صورة'],
  ] as const) {
    const { page, context, complaints } = await open(opened, server, '/', { ...phone, locale });
    const camera = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: photo }).click();
    await (await camera).setFiles(clear);
    await page.getByRole('application').waitFor();
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), locale);
    assert.deepEqual(await accessibilityFaults(page), []);
    const footer = await page.getByRole('contentinfo').boundingBox();
    assert(footer && footer.height < 640 / 5, `the strip is ${footer?.height} px high`);
    await page.goto(server.address + '/about');
    await page.getByRole('table').first().waitFor();
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${locale}: about`);
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('where keys are on: a viewer is told, and a clinician sees nothing of galleries and erasure', async () => {
  const data = join(folder(), 'data');
  const word = 'a long enough password';
  for (const role of ['viewer', 'clinician']) naevus(['user', 'add', role, '--role', role, '--data', data], word);
  const guarded = await Server.start({ data, options: ['--keys'] });
  for (const role of ['viewer', 'clinician'] as const) {
    const { page, context, complaints } = await open(opened, guarded);
    await page.getByLabel('Name', { exact: true }).fill(role);
    await page.getByLabel('Password', { exact: true }).fill(word);
    await page.getByRole('button', { name: 'Sign in' }).click();
    if (role === 'viewer') {
      await page.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Choose pictures' }).count(), 0);
    } else {
      const similar = page.waitForResponse(/similar/);
      await choose(page, clear);
      assert.equal((await similar).status(), 404);
      await page.getByRole('button', { name: 'Print' }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Erase' }).count(), 0);
      assert.equal(await page.getByText('No similar cases yet').count(), 0);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  }
  await guarded.end();
});
