// What a picture costs in private mode, beside the server: EfficientNet-Lite0 in Chromium, from the file's bytes to the
// answer. `node bench/device.ts [pictures]`; NAEVUS_BIN as in tests/harness.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { browser, Server, synthetic } from '../tests/harness.ts';
import { showAnswerers } from './answerers.ts';
import type {} from './page/window.ts';

const count = Number(process.argv[2] ?? 40);
const sizes = ['224x224', '600x450', '4000x3000'];
const warmUp = 3;

const server = await Server.start();
const shown = await showAnswerers(`http://127.0.0.1:${server.port}`);
const opened = await browser();
const context = await opened.newContext();
const page = await context.newPage();
await page.goto(shown.address);
await page.waitForFunction(() => 'answerers' in window);
await page.evaluate(() => window.answerers.device.fetch());
assert.equal(await page.evaluate(() => window.answerers.device.state), 'kept');

/** Milliseconds of each picture, one after the other. */
async function times(place: 'device' | 'server', files: string[]): Promise<number[]> {
  const all: number[] = [];
  for (const file of files) {
    const asked = { place, bytes: readFileSync(file).toString('base64') };
    const took = await page.evaluate(async (given) => {
      const picture = new Blob([Uint8Array.from(atob(given.bytes), (letter) => letter.charCodeAt(0))]);
      const begin = performance.now();
      await window.answerers[given.place].look(picture, {});
      return performance.now() - begin;
    }, asked);
    all.push(took);
  }
  return all.slice(warmUp);
}

function quantile(values: number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(0);
}

console.log(`${opened.version()}, ${availableParallelism()} cores, ${count} pictures each, in milliseconds\n`);
console.log('| picture | this device: median | p95 | server: median | p95 |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const size of sizes) {
  const some = synthetic(2, { size }).pictures;
  const files = Array.from({ length: count + warmUp }, (_, i) => some[i % some.length] ?? '');
  const [device, there] = [await times('device', files), await times('server', files)];
  const cells = [device, there].flatMap((values) => [quantile(values, 0.5), quantile(values, 0.95)]);
  console.log(`| ${size.replace('x', ' × ')} | ${cells.join(' | ')} |`);
}

await opened.close();
shown.stop();
await server.end();
process.exit(0);
