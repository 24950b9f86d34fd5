// Every page in both themes and three widths, on synthetic pictures: docs/page/NAME.jpg, one sheet a page.
//
// usage: node tools/screenshots.ts [NAME ...]
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { browser, folder, open, repository, Server, synthetic } from '../tests/harness.ts';

const widths = [1280, 768, 360];
const height = 860;
const themes = ['light', 'dark'] as const;
const out = join(repository, 'docs/page');

interface Shot {
  path: string;
  shown: (page: Page) => Promise<unknown>; ///< resolves when the page is as it should be seen
  language?: string;
}

async function post(server: Server, path: string, body: unknown): Promise<Record<string, string>> {
  const answer = await server.ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

/** Patients with lesions and pictures over time, and a cleaning that is done. */
async function fill(server: Server, pictures: string[]): Promise<{ job: string; prediction: string; model: string }> {
  const points = [
    { view: 'posterior', x: 0.42, y: 0.3 },
    { view: 'anterior', x: 0.58, y: 0.36 },
    { view: 'posterior', x: 0.6, y: 0.62 },
  ];
  const sites = ['back', 'chest', 'lower extremity'];
  let prediction = '';
  for (const [number, picture] of pictures.entries()) {
    const patient = `P-${100 + Math.floor(number / 6)}`;
    const place = number % 3;
    const lesions = (await (await server.ask(`/api/v1/patients/${patient}/lesions`)).json()) as {
      lesions: { id: string }[];
    };
    const lesion =
      lesions.lesions[place]?.id ??
      (await post(server, `/api/v1/patients/${patient}/lesions`, { point: points[place], site: sites[place] }))['id'];
    const form = new FormData();
    form.append('image', new Blob([readFileSync(picture)]));
    form.append('lesion', lesion ?? '');
    form.append('age', String(40 + Math.floor(number / 6) * 9));
    form.append('sex', number % 2 ? 'female' : 'male');
    const answer = await server.ask('/api/v1/predictions', { method: 'POST', body: form });
    if (!answer.ok) throw new Error(await answer.text());
    const { id, decision } = (await answer.json()) as { id: string; decision: { code: string } };
    if (!prediction || decision.code !== 'refused') prediction = id;
  }
  const { id: job = '' } = await post(server, '/api/v1/jobs', { kind: 'clean', manifest: 'pictures/manifest.csv' });
  for (let state = ''; state !== 'done'; await new Promise((done) => setTimeout(done, 500))) {
    state = ((await (await server.ask(`/api/v1/jobs/${job}`)).json()) as { state: string }).state;
    assert(state !== 'failed' && state !== 'cancelled');
  }
  const { models } = (await (await server.ask('/api/v1/models')).json()) as { models: { id: string }[] };
  return { job, prediction, model: models[0]?.id ?? '' };
}

async function shoot(opened: Browser, server: Server, { path, shown, language }: Shot): Promise<Map<string, Buffer>> {
  const shots = new Map<string, Buffer>();
  for (const width of widths)
    for (const colorScheme of themes) {
      const { page, context } = await open(opened, server, path, {
        viewport: { width, height },
        colorScheme,
        reducedMotion: 'reduce',
        permissions: ['camera'],
        ...(language && { locale: language }),
      });
      await shown(page);
      await page.waitForTimeout(300);
      shots.set(`${width} ${colorScheme}`, await page.screenshot());
      await context.close();
    }
  return shots;
}

/** All shots of a page beside each other, by Chromium itself. */
async function sheet(opened: Browser, shots: Map<string, Buffer>): Promise<Buffer> {
  const page = await opened.newPage({
    viewport: { width: widths.reduce((sum, width) => sum + width + 16, 16), height: 100 },
  });
  await page.setContent(
    '<body style="margin:16px 0 0 16px;background:#777;display:flex;flex-wrap:wrap;gap:16px"></body>',
  );
  for (const colorScheme of themes)
    for (const width of widths) {
      const picture = shots.get(`${width} ${colorScheme}`)?.toString('base64');
      await page.evaluate(async (source) => {
        const image = document.createElement('img');
        image.src = source;
        await image.decode();
        document.body.append(image);
      }, `data:image/png;base64,${picture}`);
    }
  await page.evaluate(() => (document.body.style.zoom = '0.5'));
  const made = await page.screenshot({
    fullPage: true,
    type: 'jpeg',
    quality: 72,
    clip: await page.evaluate(() => {
      const { width, height } = document.body.getBoundingClientRect();
      return { x: 0, y: 0, width, height: height + 16 };
    }),
  });
  await page.close();
  return made;
}

const made = synthetic(12, { size: '600x450', seed: 4 });
const camera = join(folder(), 'camera.mjpeg');
writeFileSync(camera, Buffer.concat(Array.from({ length: 30 }, () => readFileSync(made.pictures[1] ?? ''))));
const server = await Server.start({ options: ['--workspace', join(made.folder, '..')] });
const opened = await browser({ camera });
const { job, prediction, model } = await fill(server, made.pictures);
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).waitFor();
const still = (page: Page) => page.waitForLoadState('networkidle');

async function look(page: Page): Promise<void> {
  await heading(page);
  await page.locator('input[type=file]').first().setInputFiles(made.pictures.slice(0, 3));
  await page.locator('.answer').first().waitFor();
  await still(page);
}

const pages: Record<string, Shot> = {
  look: { path: '/', shown: look },
  'look-arabic': { path: '/', shown: look, language: 'ar' },
  live: {
    path: '/live',
    shown: (page) =>
      page
        .locator('.bars, [aria-live]')
        .first()
        .waitFor()
        .then(() => page.waitForTimeout(2500)),
  },
  history: { path: '/history', shown: still },
  patient: { path: '/history/P-100', shown: still },
  prediction: { path: `/predictions/${prediction}`, shown: still },
  review: { path: '/review', shown: still },
  agreement: { path: '/review/agreement', shown: still },
  models: { path: '/models', shown: still },
  model: { path: `/models/${model}`, shown: still },
  data: { path: '/data', shown: still },
  job: { path: `/data/${job}`, shown: (page) => heading(page).then(() => page.waitForTimeout(1500)) },
  findings: { path: `/data/${job}/findings`, shown: still },
  settings: { path: '/settings', shown: still },
  about: { path: '/about', shown: still },
};

mkdirSync(out, { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, shot] of Object.entries(pages)) {
  if (wanted.length && !wanted.includes(name)) continue;
  writeFileSync(join(out, `${name}.jpg`), await sheet(opened, await shoot(opened, server, shot)));
  console.log(`docs/page/${name}.jpg`);
}
await opened.close();
await server.end();
process.exit();
