// What this device computes by itself, held against numbers that were made elsewhere.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { frameOf, obstacles } from '../src/device/card.ts';
import type { DeviceCard } from '../src/device/card.ts';
import { readModelFile } from '../src/device/model_file.ts';
import { fields } from '../src/device/protobuf.ts';
import { Judge } from '../src/device/quality/quality.ts';
import type { Quality } from '../src/device/quality/quality.ts';
import { Resizer } from '../src/device/resize.ts';
import type { Filter } from '../src/device/resize.ts';
import { saliencyOf } from '../src/device/saliency.ts';
import { answerOf, predictionSet } from '../src/device/verdict.ts';
import { folder, python, repository, Server, synthetic } from './harness.ts';

const golden = join(repository, 'tests/golden');
const shipped = readFileSync(join(repository, 'models/naevus-7.onnx'));

interface Case {
  filter?: Filter;
  width: number;
  height: number;
  out_width: number;
  out_height: number;
  pixels: string;
  exact: number[];
}

function rgba(rgb: Buffer): Uint8ClampedArray {
  const out = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (const [i, level] of rgb.entries()) out[4 * Math.floor(i / 3) + (i % 3)] = level;
  return out;
}

test('the resize is the formula that C++ is held to', () => {
  for (const name of ['resize.json', 'resize_filters.json'])
    for (const one of JSON.parse(readFileSync(join(golden, name), 'utf8')) as Case[]) {
      const view = { left: 0, top: 0, width: one.width, height: one.height };
      const resizer = new Resizer(view, one.out_width, one.out_height, one.filter ?? 'triangle');
      const pixels = rgba(Buffer.from(one.pixels, 'hex'));
      for (let y = 0; y < one.height; ++y) resizer.row(y, pixels, 4 * one.width * y);
      const what = `${name} ${one.filter ?? ''} ${one.width}x${one.height} to ${one.out_width}x${one.out_height}`;
      assert.equal(resizer.out.pixels.length, one.exact.length, what);
      for (const [i, exact] of one.exact.entries()) {
        const limited = Math.min(255, Math.max(0, exact));
        assert(Math.abs((resizer.out.pixels[i] as number) - limited) <= 0.501, `${what}: ${i}`);
      }
    }
});

test('a part of a picture is resized as if the rest were not there', () => {
  const pixels = new Uint8ClampedArray(4 * 7 * 5).map((_, i) => (i * 37) % 256);
  const view = { left: 2, top: 1, width: 4, height: 3 };
  const part = new Uint8ClampedArray(4 * 4 * 3);
  for (let y = 0; y < 3; ++y) part.set(pixels.subarray(4 * ((y + 1) * 7 + 2), 4 * ((y + 1) * 7 + 6)), 16 * y);
  const [inside, alone] = [
    new Resizer(view, 3, 2, 'triangle'),
    new Resizer({ ...view, left: 0, top: 0 }, 3, 2, 'triangle'),
  ];
  for (let y = 0; y < 5; ++y) inside.row(y, pixels, 28 * y);
  for (let y = 0; y < 3; ++y) alone.row(y, part, 16 * y);
  assert.deepEqual(inside.out.pixels, alone.out.pixels);
});

/** As the server keeps them of a picture (libs/drift's measures_of). */
function kept(quality: Quality): Record<string, number> {
  return {
    sharpness: quality.sharpness,
    brightness: quality.luma_50,
    contrast: quality.contrast,
    entropy: quality.entropy,
    blockiness: quality.blockiness,
    ...(quality.lesion && { lesion_area: quality.lesion.area }),
  };
}

test('a picture is measured as the server measures it', async () => {
  const made = folder();
  const [source = ''] = synthetic(1, { size: '1200x900', seed: 5 }).pictures;
  python('make_pictures.py', 'measured', source, made);
  const server = await Server.start();
  const database = new DatabaseSync(join(server.data, 'naevus.db'), { readOnly: true });
  let seen = 0;
  for (const file of readdirSync(made).filter((name) => name.endsWith('.rgba'))) {
    const [name = '', size = ''] = file.split('.');
    const [width = 0, height = 0] = size.split('x').map(Number);
    const judge = new Judge(width, height);
    const pixels = new Uint8ClampedArray(readFileSync(join(made, file)));
    for (let y = 0; y < height; ++y) judge.row(y, pixels, 4 * width * y);
    const quality = judge.quality();

    const body = readFileSync(join(made, `${name}.png`));
    const answer = await server.ask('/api/v1/predictions', { method: 'POST', body });
    const said = (await answer.json()) as { id: string; quality: { findings: { code: string; words: string }[] } };
    const row = database.prepare('SELECT measures FROM predictions WHERE id = ?').get(said.id);
    const theirs = JSON.parse(String(row?.['measures'])) as Record<string, number>;
    const ours = kept(quality);
    assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort(), name);
    for (const [measure, value] of Object.entries(theirs)) {
      const close = measure === 'lesion_area' ? 0.002 : 1e-6; // a pixel at the score's limit may fall to either side
      assert(
        Math.abs((ours[measure] as number) - value) <= close,
        `${name}: ${measure} ${ours[measure]}, not ${value}`,
      );
    }
    const card = { classes: ['a'], malignant: [] } as unknown as DeviceCard;
    const { findings } = answerOf(card, { probabilities: new Float32Array([1]), ood_score: 0 }, quality).quality;
    assert.deepEqual(findings, said.quality.findings, name);
    ++seen;
  }
  assert.equal(seen, 17);
  database.close();
  await server.end();
});

const usual: Quality = {
  sharpness: 0.7,
  luma_5: 0.2,
  luma_50: 0.5,
  luma_95: 0.8,
  clipped_bright: 0,
  contrast: 0.6,
  entropy: 7,
  blockiness: 0,
  lesion: undefined,
};
const card: DeviceCard = {
  format: 1,
  name: 'of three',
  classes: ['a', 'b', 'c'],
  malignant: ['b', 'c'],
  width: 224,
  height: 224,
  frame: 'centre_square',
};
const outputs = { probabilities: new Float32Array([0.5, 0.25, 0.25]), ood_score: 3 };

test('the decision follows threshold and limit', () => {
  const decision = (more: Partial<DeviceCard>) => answerOf({ ...card, ...more }, outputs, usual).decision.code;
  assert.equal(decision({}), 'none');
  assert.equal(decision({ malignant_threshold: 0.5 }), 'above_threshold'); // at it is above it
  assert.equal(decision({ malignant_threshold: 0.51 }), 'below_threshold');
  assert.equal(decision({ malignant_threshold: 0.5, ood_limit: 2.9 }), 'refused');
  assert.equal(decision({ malignant_threshold: 0.5, ood_limit: 3 }), 'above_threshold');
});

test('prediction sets hold the classes whose score is within the limit', () => {
  const set = (score: 'least_ambiguous' | 'adaptive', limit: (number | null)[]) =>
    predictionSet({ ...card, prediction_sets: { coverage: 0.9, score, limit } }, [0.25, 0.5, 0.25]);
  assert.deepEqual(set('least_ambiguous', [0.7, 0.7, 0.7]), ['b']);
  assert.deepEqual(set('least_ambiguous', [0.75, 0.2, null]), ['a', 'c']); // null: in every set
  assert.deepEqual(set('adaptive', [0.75, 0.75, 0.75]), ['a', 'b']); // of two alike the first comes first
});

test('what a browser can not prepare is named', () => {
  assert.deepEqual(obstacles(card), []);
  const preparation = { resize: 'area', colour_constancy: 'grey_world', denoise: 'none' };
  assert.deepEqual(obstacles({ ...card, frame: 'whole', preparation }), []);
  assert.deepEqual(
    obstacles({ ...card, format: 2, frame: 'round', preparation: { hair_removal: 'dullrazor', new: 'x' } }),
    ['format = 2', 'frame = round', 'hair_removal = dullrazor', 'new = x'],
  );
});

test('the frame leaves an odd remainder at the right and the bottom', () => {
  assert.deepEqual(frameOf(card, 11, 4), { left: 3, top: 0, width: 4, height: 4 });
  assert.deepEqual(frameOf(card, 4, 9), { left: 0, top: 2, width: 4, height: 4 });
  assert.deepEqual(frameOf({ ...card, frame: 'whole' }, 11, 4), { left: 0, top: 0, width: 11, height: 4 });
});

test("a model's card and last layer are read from its file", async () => {
  const { card: read, head } = readModelFile(shipped);
  const server = await Server.start();
  const { models } = (await (await server.ask('/api/v1/models')).json()) as { models: { id: string }[] };
  const shown = (await (await server.ask(`/api/v1/models/${models[0]?.id}`)).json()) as { card: DeviceCard };
  await server.end();
  for (const [name, value] of Object.entries(shown.card)) assert.deepEqual(read[name], value, name);
  assert.equal(head?.channels, 1280);
  assert.equal(head.weight.length, 7 * 1280);
  assert(head.weight.every(Number.isFinite));
  // Weights of a trained layer are small and differ.
  assert(head.weight.every((weight) => Math.abs(weight) < 2) && new Set(head.weight).size > 8000);
});

test('a file that is cut off or none of ours is refused', () => {
  for (const length of [0, 1, 1000, shipped.length - 1000])
    assert.throws(() => readModelFile(shipped.subarray(0, length)), RangeError);
  assert.throws(() => readModelFile(Buffer.from('a letter, not a model')), RangeError);
});

test('protobuf fields of all kinds are read', () => {
  // A varint (field 1: 300), a fixed64 (2), a text (3: "ab") and a fixed32 (4), by the encoding's specification.
  const bytes = [0x08, 0xac, 0x02, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 2, 0x61, 0x62, 0x25, 9, 9, 9, 9];
  const read = [...fields(new Uint8Array(bytes))];
  assert.deepEqual(
    read.map(({ number, value, bytes: inside }) => [number, value, inside.length]),
    [
      [1, 300, 0],
      [2, 0, 8],
      [3, 0, 2],
      [4, 0, 4],
    ],
  );
  assert.throws(() => [...fields(new Uint8Array([0x1a, 5, 1]))], RangeError);
  assert.throws(() => [...fields(new Uint8Array([0x0b]))], RangeError);
});

test('a map shows what speaks for a class, and nothing where nothing does', () => {
  const head = { channels: 2, weight: new Float32Array([1, -1, -1, 1]) };
  const features = new Float32Array([0, 4, 0, 0, 1, 0, 0, 0]); // two maps of 2 x 2
  const forFirst = saliencyOf(head, features, [2, 2], 0, [4, 4]);
  assert.equal(Math.max(...forFirst), 1);
  assert.equal(forFirst[3], 1); // top right, where the first map is high
  assert.equal(forFirst[0], 0); // what speaks against it does not show
  assert.deepEqual([...saliencyOf(head, new Float32Array(8), [2, 2], 0, [2, 2])], [0, 0, 0, 0]);
});
