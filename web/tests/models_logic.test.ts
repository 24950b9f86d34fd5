// What the pages of models and data work out by themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateOf, metricName, sharesOf } from '../src/lib/card.ts';
import { countsOf, rowsOf } from '../src/lib/csv.ts';
import { binsOf } from '../src/lib/drift.ts';
import { balanceOf, placeAfter, pressedKey } from '../src/lib/findings.ts';
import { adviceFor, askedFor, emptyStory, isNoName, mostMessages, told } from '../src/lib/job.ts';
import { wouldComeBack } from '../src/lib/changes.ts';
import type { Change } from '../src/lib/changes.ts';

test('a CSV is read as RFC 4180 has it', () => {
  for (const [text, rows] of [
    ['', []],
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '\uFEFFa,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '"a,b","c ""d"""\n"two\nlines",x',
      [
        ['a,b', 'c "d"'],
        ['two\nlines', 'x'],
      ],
    ],
    [
      'a,,\n,"",b\n',
      [
        ['a', '', ''],
        ['', '', 'b'],
      ],
    ],
    ['a\n\n\nb\n', [['a'], ['b']]],
    ['a,b,\r\nc', [['a', 'b', ''], ['c']]],
  ] as const)
    assert.deepEqual(rowsOf(text), rows, JSON.stringify(text));
  assert.throws(() => rowsOf('a\nb,"c'), /line 2/);
});

test('a column is counted by its name, wherever it stands', () => {
  assert.deepEqual(
    [...countsOf('image,label\na,nv\nb,mel\nc,nv\nd,\n', 'label')],
    [
      ['', 1],
      ['mel', 1],
      ['nv', 2],
    ],
  );
  assert.deepEqual([...countsOf('image\na\n', 'label')], []);
});

test('a story takes up each event once, in the order of their numbers', () => {
  const epoch = (number: number) => ({ event: 'epoch', epoch: number, epochs: 9 });
  let story = told(emptyStory(), 1, { event: 'start', epochs: 9 });
  story = told(story, 2, epoch(1));
  story = told(story, 3, epoch(2));
  assert.equal(told(story, 3, epoch(2)), story);
  assert.equal(told(story, 1, { event: 'start', epochs: 5 }), story);
  story = told(story, 4, epoch(2)); // a training that goes on does an epoch again
  assert.deepEqual(
    story.epochs.map((one) => one.epoch),
    [1, 2],
  );
  assert.equal(story.total, 9);
  for (let number = 5; number < 5 + mostMessages + 3; ++number)
    story = told(story, number, { event: 'message', text: String(number), at: '' });
  assert.equal(story.messages.length, mostMessages);
  assert.equal(story.messages.at(-1)?.text, String(5 + mostMessages + 2));
});

test('a start names what was filled in and nothing else', () => {
  assert.deepEqual(askedFor('clean', { manifest: 'a.csv', against: '', policy: '', with_model: false }), {
    kind: 'clean',
    manifest: 'a.csv',
  });
  assert.deepEqual(askedFor('retrain', { manifest: 'a.csv', config: 'r.toml', if_confirmed: 0 }), {
    kind: 'retrain',
    manifest: 'a.csv',
    config: 'r.toml',
    if_confirmed: 0,
  });
  for (const name of ['a/b', '..', '-x', 'a\\b']) assert(isNoName(name), name);
  for (const name of ['', 'ham7', 'clinic-2', 'a.b']) assert(!isNoName(name), name);
});

test('advice fits what programs say', () => {
  for (const [problem, advice] of [
    ["error: split.csv:2: 'somewhere' is no part", 'manifest'],
    ["the manifest has no pictures in its part 'validation'", 'split'],
    ['std::bad_alloc', 'memory'],
    ['No space left on device', 'disk'],
    ["recipe.toml: unknown key 'epoch'", 'recipe'],
    ['something else', 'any'],
  ] as const)
    assert.equal(adviceFor(problem), advice, problem);
});

test('bins have names that differ', () => {
  const write = (edge: number, digits: number) => edge.toFixed(digits);
  assert.deepEqual(binsOf([1, 2], write), ['< 1', '1–2', '≥ 2']);
  assert.deepEqual(binsOf([0.11, 0.12], write), ['< 0.11', '0.11–0.12', '≥ 0.12']);
  assert.deepEqual(binsOf([], write), ['–']);
});

test('findings are gone through forwards and back, over what is answered', () => {
  const answered = { answer: { choice: 'keep', label: '' } } as const;
  const open = { answer: null };
  const list = [answered, open, answered, open];
  assert.equal(placeAfter(list, -1, 1, true), 1);
  assert.equal(placeAfter(list, 1, 1, true), 3);
  assert.equal(placeAfter(list, 3, 1, true), -1);
  assert.equal(placeAfter(list, 1, 1, false), 2);
  assert.equal(placeAfter(list, 1, -1, false), 0);
  assert.equal(placeAfter(list, 0, -1, false), -1);
});

test('a key is where it is on every keyboard', () => {
  for (const [key, code, pressed] of [
    ['k', 'KeyK', 'k'],
    ['K', 'KeyK', 'k'],
    ['ن', 'KeyK', 'k'],
    ['٣', 'Digit3', '3'],
    [' ', 'Space', ' '],
    ['q', 'KeyA', 'q'], // a French keyboard: what is written on the key counts
    ['Enter', 'Enter', 'Enter'],
  ] as const)
    assert.equal(pressedKey({ key, code }), pressed, key);
});

test('a balance has every class of before and after', () => {
  const before = new Map([
    ['mel', 3],
    ['nv', 2],
  ]);
  const after = new Map([
    ['bkl', 1],
    ['nv', 2],
  ]);
  assert.deepEqual(balanceOf(before, after), [
    { label: 'bkl', before: 0, after: 1 },
    { label: 'mel', before: 3, after: 0 },
    { label: 'nv', before: 2, after: 2 },
  ]);
});

test('a rollback undoes the last promotion that stands', () => {
  const change = (kind: Change['kind'], name: string): Change => ({
    at: '',
    actor: '',
    kind,
    model: { id: name, name, version: '1' },
    reason: '',
  });
  const promoted = (name: string) => change('promoted', name);
  assert.equal(wouldComeBack([]), undefined);
  assert.equal(wouldComeBack([promoted('a')]), undefined);
  assert.equal(wouldComeBack([promoted('b'), change('shadow', 'b'), promoted('a')])?.name, 'a');
  // c was undone: b answers, and a would come back
  const undone = [change('rolled_back', 'b'), promoted('c'), promoted('b'), promoted('a')];
  assert.equal(wouldComeBack(undone)?.name, 'a');
  // c and b were undone: a answers, and nothing stands before it
  assert.equal(wouldComeBack([change('rolled_back', 'a'), ...undone]), undefined);
});

test('a note is a verdict only where it is one', () => {
  const gate = { passed: false, conditions: [{ name: 'a', holds: false, text: 'b' }] };
  assert.deepEqual(gateOf(JSON.stringify(gate)), gate);
  for (const note of ['', 'from the clinic', '"passed"', 'null', '{"passed": true}', '[]'])
    assert.equal(gateOf(note), undefined, note);
  assert.deepEqual(metricName('validation.macro_auc'), { part: 'validation', metric: 'macro_auc' });
  assert.deepEqual(sharesOf([1, 3]), [0.25, 0.75]);
  assert.deepEqual(sharesOf([0, 0]), [0, 0]);
});
