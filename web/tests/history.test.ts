// The history: patients, their lesions on the body map, two pictures compared, files, and erasure that erases.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, browser, open, Server, synthetic } from './harness.ts';

interface Kept {
  id: string;
}

let server: Server;
let opened: Browser;
let pictures: string[];
before(async () => {
  server = await Server.start();
  opened = await browser();
  pictures = synthetic(6, { size: '600x450', seed: 12 }).pictures;
});
after(async () => {
  await opened.close();
  await server.end();
});

async function post(path: string, body: Uint8Array<ArrayBuffer> | object): Promise<Kept> {
  const bytes = body instanceof Uint8Array;
  const answer = await server.ask(`/api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': bytes ? 'image/jpeg' : 'application/json' },
    body: bytes ? body : JSON.stringify(body),
  });
  assert(answer.ok, await answer.clone().text());
  return (await answer.json()) as Kept;
}

function picture(at: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(pictures[at] ?? ''));
}

/** The picture as it is photographed a year later: turned, in other light, with a dark spot that was not there. */
async function yearLater(at: number): Promise<Uint8Array<ArrayBuffer>> {
  const { page, context } = await open(opened, server, '/about');
  const made = await page.evaluate(
    async (text) => {
      const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const drawn = canvas.getContext('2d');
      if (!drawn) throw new Error('no canvas');
      drawn.fillStyle = 'rgb(215,180,160)';
      drawn.fillRect(0, 0, canvas.width, canvas.height);
      drawn.translate(canvas.width / 2 + 12, canvas.height / 2 - 8);
      drawn.rotate(0.35);
      drawn.filter = 'brightness(0.93)';
      drawn.drawImage(bitmap, -canvas.width / 2, -canvas.height / 2);
      drawn.filter = 'none';
      drawn.fillStyle = 'rgb(70,40,35)';
      drawn.beginPath();
      drawn.arc(-150, 60, 24, 0, 7);
      drawn.fill();
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.93 });
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    Buffer.from(picture(at)).toString('base64'),
  );
  await context.close();
  return Uint8Array.from(made);
}

/** What a download holds. */
async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

test('a lesion is pointed at, its site guessed, noted, moved by keys and taken back, and removed', async () => {
  const { page, context, complaints } = await open(opened, server, '/history/map-1');
  await page.getByText('No lesion entered yet.').waitFor();
  const back = page.getByRole('figure').filter({ hasText: 'back' }).locator('svg');
  const box = await back.boundingBox();
  assert(box);
  await page.mouse.click(box.x + 0.45 * box.width, box.y + 0.3 * box.height);
  const form = page.getByRole('form', { name: 'A new lesion' });
  assert.equal(await form.getByLabel('Site').inputValue(), 'back');
  await page.getByRole('application', { name: /chosen place: back/ }).waitFor();
  await form.getByLabel('Note').fill('<script>alert(1)</script>');
  await form.getByRole('button', { name: 'Keep the lesion' }).click();
  await page.getByRole('heading', { name: /1\. Back/ }).waitFor();
  assert.equal(await page.getByLabel('Note').inputValue(), '<script>alert(1)</script>');
  await page.getByLabel('Note').fill('itches');
  await page.getByText('Saved', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByLabel('Side of the body').selectOption('front');
  await page.getByRole('application', { name: /chosen place: front/ }).focus();
  for (let step = 0; step < 6; ++step) await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('application', { name: /chosen place: front.*Leg/ }).waitFor();
  await page.getByRole('button', { name: 'Keep the place' }).click();
  await page.getByRole('button', { name: /Lesion 1: Leg/ }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: /Lesion 1: Back/ }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: /Lesion 1: Back/ }).click();
  assert.equal(await page.getByLabel('Note').inputValue(), 'itches');
  assert.deepEqual(await accessibilityFaults(page), []);

  await page.getByRole('button', { name: 'Remove the lesion' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the lesion' }).click();
  await page.getByText('No lesion entered yet.').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a lesion is added by keys alone, by choosing its site', async () => {
  const { page, context } = await open(opened, server, '/history/map-2');
  await page.getByRole('button', { name: 'Add a lesion' }).focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: 'A new lesion' });
  await form.getByLabel('Site').selectOption('ear');
  await form.getByRole('button', { name: 'Keep the lesion' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Lesion 1: Ear/ }).waitFor();
  await context.close();
});

test('two pictures of a lesion are laid on each other, and the new spot is marked and told', async () => {
  const lesion = await post('patients/compare/lesions', { site: 'back', point: { view: 'posterior', x: 0.5, y: 0.3 } });
  await post(`predictions?lesion=${lesion.id}`, picture(0));
  await post(`predictions?lesion=${lesion.id}`, await yearLater(0));
  const { page, context, complaints } = await open(opened, server, '/history/compare');
  await page.getByRole('button', { name: /Lesion 1/ }).click();
  await page.getByRole('button', { name: 'Compare both' }).click();
  await page.getByText(/Marked as different: \d/).waitFor();
  await page.getByText('This points at places to look at').waitFor();
  await page.getByText('Lay it by hand').click();
  const laid = /Turned by (-?[\d.]+)°, scaled to 100/.exec(await page.getByText(/Turned by/).innerText());
  assert(Math.abs(Number(laid?.[1]) + (0.35 * 180) / Math.PI) < 1, `turned by ${laid?.[1]}`);

  await page.getByRole('application', { name: /newer picture/ }).focus();
  await page.keyboard.press('.');
  await page.getByText('laid by hand').first().waitFor();
  for (const [mode, slider] of [
    ['Wipe', 'Border'],
    ['Fade', 'Strength'],
  ] as const) {
    await page.getByLabel(mode).check();
    await page.getByLabel(new RegExp(slider)).fill('0.3');
    await page
      .getByText(/30\s?%/)
      .first()
      .waitFor();
  }
  await page.getByLabel('Blink').check();
  await page.getByRole('button', { name: 'Show the other' }).click();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'End the comparison' }).click();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('several are chosen and filed under a new lesion, and the list follows', async () => {
  const first = await post('predictions', picture(1));
  await post('predictions', picture(2));
  const { page, context, complaints } = await open(opened, server, '/history?unfiled=1');
  await page.getByRole('checkbox', { name: 'Choose all shown' }).check();
  await page.getByText('2 chosen').waitFor();
  await page.getByRole('button', { name: 'File under' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel("Patient's pseudonym").fill('filed-1');
  await dialog.getByLabel("Patient's pseudonym").press('Tab');
  await dialog.getByLabel('Site').selectOption('face');
  await dialog.getByRole('button', { name: 'File here' }).click();
  await page.getByText('2 pictures were filed.').waitFor();
  await page.goto(`${server.address}/predictions/${first.id}`);
  await page.getByRole('link', { name: 'filed-1' }).waitFor();
  assert.match(await page.getByRole('region', { name: 'Filed under' }).innerText(), /Face/);
  await page.getByRole('button', { name: 'Take out of the lesion' }).click();
  await page.getByRole('region', { name: 'Filed under' }).getByText('Under no lesion').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('filters stand in the address, and what they leave is what is exported', async () => {
  await post('predictions?patient_key=%3Dcmd()', picture(3));
  const { page, context } = await open(opened, server, '/history');
  await page.getByLabel('Decision').selectOption('none');
  await page.getByText('No answer is like that.').waitFor();
  assert.match(page.url(), /decision=none/);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  const { name, text } = await downloaded(page, () => page.getByRole('button', { name: 'All as CSV' }).click());
  assert.equal(name, 'naevus-predictions.csv');
  const rows = text.trimEnd().split('\r\n');
  const listed = (await (await server.ask('/api/v1/predictions?limit=1000')).json()) as { predictions: Kept[] };
  assert.equal(rows.length, listed.predictions.length + 1);
  assert(rows[0]?.startsWith('\ufeffprediction,created_at_utc,patient_key'));
  assert(rows.some((row) => row.includes(",'=cmd(),")));
  assert.deepEqual(await accessibilityFaults(page), []);
  await context.close();
});

test('hostile pseudonyms, sites and notes are text', async () => {
  const keys = ['"><img src=x onerror=window.hit=1>', '<script>window.hit=1<\\script>', 'abc\u202Egpj.exe'];
  for (const key of keys) {
    await post(`patients/${encodeURIComponent(key)}/lesions`, { site: keys[0], note: `${keys[0]}${keys[1]}` });
    await post(`predictions?patient_key=${encodeURIComponent(key)}`, picture(4));
  }
  const { page, context, complaints } = await open(opened, server, '/history');
  await page
    .getByRole('link', { name: keys[0] ?? '', exact: true })
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'abc⟨U+202E⟩gpj.exe' }).first().waitFor();
  await page
    .getByRole('link', { name: keys[0] ?? '', exact: true })
    .first()
    .click();
  await page.getByRole('heading', { name: `Patient ${keys[0]}` }).waitFor();
  await page
    .getByRole('button', { name: /onerror/ })
    .first()
    .click();
  await page.getByLabel('Note').waitFor();
  assert.equal(await page.evaluate(() => 'hit' in window), false);
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a patient is printed, and given as a FHIR bundle', async () => {
  await post('predictions?patient_key=paper', picture(1));
  await post('predictions?patient_key=paper', picture(2));
  const { page, context } = await open(opened, server, '/history/paper');
  const { text } = await downloaded(page, () => page.getByRole('button', { name: 'FHIR' }).click());
  const made = JSON.parse(text) as {
    resourceType: string;
    type: string;
    entry: { resource: { resourceType: string } }[];
  };
  assert.equal(made.resourceType, 'Bundle');
  assert.equal(made.type, 'collection');
  assert.deepEqual(
    made.entry.map(({ resource }) => resource.resourceType),
    ['DiagnosticReport', 'DiagnosticReport'],
  );
  await page.evaluate(() => {
    const report = () => document.querySelector('article.report');
    window.print = () => {
      const shown = [...(report()?.querySelectorAll('img') ?? [])].filter((image) => image.naturalWidth > 0);
      Object.assign(window, { paper: `${shown.length} pictures: ${report()?.textContent}` });
    };
  });
  await page.getByRole('button', { name: 'Print or PDF' }).click();
  await page.waitForFunction(() => 'paper' in window);
  const paper = await page.evaluate(() => (window as unknown as { paper: string }).paper);
  assert.match(paper, /^2 pictures: .*Patient paper.*Not a diagnosis\./s);
  assert.equal(await page.locator('article.report').count(), 0);
  await context.close();
});

test('an erased answer is gone from the server, the page and the way back', async () => {
  const one = await post('predictions?patient_key=erase-1', picture(5));
  const { page, context, complaints } = await open(opened, server, `/predictions/${one.id}`);
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Erase it' }).click();
  await page.getByText('The answer and its picture are erased.').waitFor();
  assert.equal(await page.locator(`img[src*="${one.id}"]`).count(), 0);
  await page.getByRole('button', { name: 'To the history' }).click();
  await page.getByRole('heading', { name: 'History', exact: true }).waitFor();
  assert.equal((await server.ask(`/api/v1/predictions/${one.id}`)).status, 404);
  const picture_ = await page.evaluate(
    (id) =>
      fetch(`/api/v1/predictions/${id}/picture?size=large`, { cache: 'force-cache' }).then(({ status }) => status),
    one.id,
  );
  assert.equal(picture_, 404);
  assert.equal(await page.locator(`a[href*="${one.id}"]`).count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a patient is erased only under the pseudonym, and it is told what went', async () => {
  await post('patients/erase-2/lesions', { site: 'hand' });
  await post('predictions?patient_key=erase-2', await yearLater(5));
  const { page, context } = await open(opened, server, '/history/erase-2');
  await page.getByRole('button', { name: 'Erase the patient' }).click();
  const dialog = page.getByRole('dialog');
  const yes = dialog.getByRole('button', { name: 'Erase all of it' });
  assert(await yes.isDisabled());
  await dialog.getByRole('textbox').fill('erase-1');
  assert(await yes.isDisabled());
  await dialog.getByRole('textbox').fill('erase-2');
  await yes.click();
  await dialog.getByText('Pictures removed').waitFor();
  assert.deepEqual(await dialog.locator('dd').allInnerTexts(), ['1', '1', '1', 'none known']);
  assert.equal(await page.locator('main img').count(), 0);
  await dialog.getByRole('button', { name: 'To the history' }).click();
  await page.getByRole('heading', { name: 'History', exact: true }).waitFor();
  await page.getByRole('region', { name: 'Patients' }).getByRole('link').first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'erase-2' }).count(), 0);
  await context.close();
});

test('a picture that the server cannot show leaves words in its place', async () => {
  await post('predictions?patient_key=blank', picture(1));
  const { page, context } = await open(opened, server, '/about');
  await page.route('**/picture?*', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${server.address}/history/blank`);
  await page.getByText('No picture to show').waitFor();
  await context.close();
});

test('the history is read from right to left in Arabic', async () => {
  const { page, context, complaints } = await open(opened, server, '/history', { locale: 'ar' });
  await page.getByRole('heading', { name: 'السجل', exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});
