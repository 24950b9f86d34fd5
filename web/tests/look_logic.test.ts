// What the first page works out by itself: files, fields, the queue, thresholds, the view of a picture.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checked, looksLikeName, nothingWritten, sites } from '../src/lib/fields.ts';
import { formatOf, largest, refusalOf, shownName } from '../src/lib/files.ts';
import { Queue } from '../src/lib/queue.ts';
import { ofHundred, pointsOf, ranked, verdictOf } from '../src/lib/reading.ts';
import { byKey, closest, lookedAt, moved, whole, zoomed } from '../src/lib/view.ts';
import type { View } from '../src/lib/view.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test('a format is told by the bytes', () => {
  assert.equal(formatOf(bytes('\xff\xd8\xff\xe0')), 'jpeg');
  assert.equal(formatOf(bytes('\x89PNG\r\n\x1a\n')), 'png');
  assert.equal(formatOf(bytes('RIFF\x10\0\0\0WEBPVP8 ')), 'webp');
  assert.equal(formatOf(bytes('RIFF\x10\0\0\0WAVEfmt ')), undefined);
  assert.equal(formatOf(bytes('II*\0')), 'tiff');
  assert.equal(formatOf(bytes('MM\0*')), 'tiff');
  assert.equal(formatOf(bytes('BM')), 'bmp');
  assert.equal(formatOf(bytes('\0'.repeat(128) + 'DICM')), 'dicom');
  assert.equal(formatOf(bytes('\0\0\0\x18ftypheic')), 'heic');
  assert.equal(formatOf(bytes('<svg xmlns="http://www.w3.org/2000/svg">')), undefined);
  assert.equal(formatOf(bytes('')), undefined);
});

test('what can not be answered is refused before it is sent', () => {
  const jpeg = bytes('\xff\xd8\xff\xe0');
  assert.equal(refusalOf(0, bytes('')), 'empty');
  assert.equal(refusalOf(largest + 1, jpeg), 'too_large');
  assert.equal(refusalOf(largest, jpeg), undefined);
  assert.equal(refusalOf(100, bytes('GIF89a')), 'wrong_type');
  assert.equal(refusalOf(100, bytes('\0\0\0\x18ftypheic')), 'heic');
});

test("a file's name is shown without what can't be seen", () => {
  assert.equal(shownName('mole.jpg'), 'mole.jpg');
  assert.equal(shownName('photo\u202egpj.exe'), 'photo\ufffdgpj.exe');
  assert.equal(shownName('a\u0000b\u2066c\u200b.jpg'), 'a\ufffdb\ufffdc\ufffd.jpg');
  assert.equal(shownName('صورة 1.jpg'), 'صورة 1.jpg');
  assert([...shownName('x'.repeat(500) + '.jpg')].length <= 80);
  assert(shownName('x'.repeat(500) + '.jpg').endsWith('.jpg'));
});

test('fields are checked by the rules of the API', () => {
  const of = (written: Partial<typeof nothingWritten>) => checked({ ...nothingWritten, ...written });
  assert.deepEqual(of({}), { fields: {}, faults: [] });
  assert.deepEqual(of({ age: ' 0 ' }).fields, { age: 0 });
  assert.deepEqual(of({ age: '٤٢' }).fields, { age: 42 });
  for (const age of ['121', '-1', '4.5', 'forty', '1e1'])
    assert.deepEqual(of({ age }), { fields: {}, faults: ['age'] });
  assert.deepEqual(of({ sex: 'other', site: 'back' }).fields, { sex: 'other', site: 'back' });
  assert.deepEqual(of({ patient_key: ' P-17 ' }).fields, { patient_key: 'P-17' });
  for (const patient_key of ['.hidden', 'a/b', 'a\nb', 'ä'.repeat(51)])
    assert.deepEqual(of({ patient_key }), { fields: {}, faults: ['patient_key'] });
  assert.deepEqual(of({ patient_key: 'ä'.repeat(50) }).faults, []);
  assert.deepEqual(of({ lesion: 'f'.repeat(32) }).fields, {}); // of nobody
});

test('the places on the body are those that the API names', () => {
  const contract = readFileSync(join(import.meta.dirname, '../../api/openapi.yaml'), 'utf8');
  const named = /Site: .*examples: \[(.*?)\]/.exec(contract)?.[1]?.split(', ');
  assert.deepEqual([...sites], named);
});

test('a pseudonym that looks like a name is noticed', () => {
  for (const name of ['Anna Smith', 'Smith, Anna', 'anna.smith', 'anna@example.org', 'محمد علي'])
    assert(looksLikeName(name), name);
  for (const key of ['P-17', '2024-00012', 'KX93', 'study A 4']) assert(!looksLikeName(key), key);
});

test('two jobs are in work at once, in the order in which they came', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const queue = new Queue<number>((job) => {
    begun.push(job);
    return new Promise((end) => ends.push(end));
  });
  const end = async () => {
    ends.shift()?.();
    await new Promise((done) => setTimeout(done, 0));
  };
  for (const job of [1, 2, 3, 4, 5]) queue.add(job);
  assert.deepEqual(begun, [1, 2]);
  queue.drop(3);
  queue.add(5);
  await end();
  assert.deepEqual(begun, [1, 2, 4]);
  await end();
  await end();
  await end();
  assert.deepEqual(begun, [1, 2, 4, 5]);
});

test('what is dropped while it is in work hears so, and can be added again', async () => {
  const heard: string[] = [];
  const queue = new Queue<string>(
    (job, signal) =>
      new Promise((end) => {
        heard.push(job);
        signal.addEventListener('abort', () => {
          heard.push(`${job} ended`);
          end();
        });
      }),
    1,
  );
  queue.add('a');
  queue.drop('a');
  queue.add('a');
  await new Promise((done) => setTimeout(done, 0));
  assert.deepEqual(heard, ['a', 'a ended', 'a']);
});

test('a queue that is held begins nothing until its time is over', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const begun: string[] = [];
  const queue = new Queue<string>((job) => {
    begun.push(job);
    return Promise.resolve();
  });
  queue.hold(5_000);
  queue.add('a');
  context.mock.timers.tick(4_000);
  assert.deepEqual(begun, []);
  context.mock.timers.tick(1_100);
  assert.deepEqual(begun, ['a']);
});

const answer = {
  probabilities: { bcc: 0.1, mel: 0.3, nv: 0.6 },
  model: { name: 'm', version: '2' },
  malignant: { score: 0.4, threshold: 0.2 },
  decision: { code: 'above_threshold' as const, words: '' },
};
const card = {
  name: 'm',
  classes: ['bcc', 'mel', 'nv'],
  malignant: ['bcc', 'mel'],
  width: 224,
  height: 224,
  decision_points: [
    { rule: 'specificity', aim: 0.9, threshold: 0.5, sensitivity: 0.731, specificity: 0.9007 },
    { rule: 'youden', aim: 0, threshold: 0.2, sensitivity: 0.903, specificity: 0.762 },
  ],
};

test('the most probable class comes first, and malignant ones are marked', () => {
  assert.deepEqual(
    ranked(answer, card.malignant).map(({ name, malignant }) => [name, malignant]),
    [
      ['nv', false],
      ['mel', true],
      ['bcc', true],
    ],
  );
});

test("the server's threshold is the first choice; another model's card gives none", () => {
  const rules = (points: { rule: string }[]) => points.map(({ rule }) => rule);
  assert.deepEqual(rules(pointsOf(answer, { card, version: '2' })), ['youden', 'specificity']);
  assert.deepEqual(rules(pointsOf(answer, { card, version: '3' })), ['given']);
  assert.deepEqual(rules(pointsOf(answer)), ['given']);
  const { malignant: _, ...without } = answer;
  assert.deepEqual(rules(pointsOf(without)), []);
});

test('a decision follows the threshold that was chosen, but never a refusal', () => {
  const [balanced, strict] = pointsOf(answer, { card, version: '2' });
  assert.equal(verdictOf(answer, balanced), 'above');
  assert.equal(verdictOf(answer, strict), 'below');
  assert.equal(verdictOf({ ...answer, malignant: { score: 0.2 } }, balanced), 'above'); // at the threshold, as the server
  assert.equal(verdictOf({ ...answer, decision: { code: 'refused', words: '' } }, balanced), 'refused');
  assert.equal(verdictOf(answer), 'none');
  assert.deepEqual(ofHundred(balanced!), { found: 90, let_go: 76 });
  assert.equal(ofHundred(pointsOf(answer)[0]!), undefined);
});

test('the point under the finger stays there when a picture is brought nearer', () => {
  let view: View = whole;
  const at = (x: number, y: number) => ({ x: (x - view.x) / view.scale, y: (y - view.y) / view.scale });
  for (const factor of [2, 1.5, 1.25, 0.8]) {
    const before = at(0.3, 0.6);
    view = zoomed(view, factor, 0.3, 0.6);
    assert(Math.abs(at(0.3, 0.6).x - before.x) < 1e-9 && Math.abs(at(0.3, 0.6).y - before.y) < 1e-9);
  }
});

test('nothing is ever seen beside the picture', () => {
  let view: View = whole;
  const random = (seed: number) => ((seed * 16807) % 2147483647) / 2147483647;
  for (let i = 1; i < 500; ++i) {
    view =
      i % 3
        ? moved(view, random(i) * 4 - 2, random(i + 7) * 4 - 2)
        : zoomed(view, random(i * 31) * 3, random(i), random(i + 3));
    assert(view.scale >= 1 && view.scale <= closest);
    for (const edge of [view.x, view.y]) assert(edge <= 1e-9 && edge >= 1 - view.scale - 1e-9);
  }
});

test('keys move and zoom, and leave others alone', () => {
  const near = zoomed(whole, 4);
  assert((byKey(near, 'ArrowRight')?.x ?? 0) < near.x);
  assert((byKey(near, 'ArrowUp')?.y ?? -9) > near.y);
  assert.equal(byKey(whole, '+')?.scale, 1.5);
  assert.deepEqual(byKey(near, '0'), whole);
  assert.equal(byKey(near, 'Tab'), undefined);
});

test('the part that the model looks at is the largest centred square, or all', () => {
  assert.deepEqual(lookedAt({ frame: 'centre_square' }, 600, 450), { left: 75 / 600, top: 0, width: 0.75, height: 1 });
  assert.deepEqual(lookedAt({ frame: 'centre_square' }, 3, 4), { left: 0, top: 0, width: 1, height: 0.75 }); // the extra row at the bottom
  assert.deepEqual(lookedAt({ frame: 'whole' }, 600, 450), { left: 0, top: 0, width: 1, height: 1 });
  assert.equal(lookedAt({ frame: 'centre_square', preparation: { vignette: 'crop' } }, 600, 450), undefined);
});
