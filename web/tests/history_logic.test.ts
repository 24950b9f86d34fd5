// What the history's files, places and filters hold, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Prediction } from '../src/lib/api.ts';
import { halfOf, isSite, middleOf, siteAt, sites, viewNames } from '../src/lib/body.ts';
import { csv, predictionsAsCsv } from '../src/lib/table.ts';
import { bundle } from '../src/lib/fhir.ts';
import { askedOf, byLesion, filterOf, queryOf } from '../src/lib/history.ts';
import { visible } from '../src/lib/visible.ts';

/** A reader of RFC 4180 that shares nothing with the writer. */
function parsed(text: string): string[][] {
  const rows: string[][] = [[]];
  for (let at = 0; at < text.length;) {
    let cell = '';
    if (text[at] === '"') {
      for (++at; text[at] !== '"' || text[at + 1] === '"'; ++at) {
        if (text[at] === '"') ++at;
        cell += text[at];
      }
      ++at;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++];
    rows.at(-1)?.push(cell);
    if (text[at] === ',') ++at;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      if (at < text.length) rows.push([]);
    }
  }
  return rows;
}

function prediction(more: Partial<Prediction> = {}): Prediction {
  return {
    id: '0123456789abcdef0123456789abcdef',
    created_at: '2026-01-02T03:04:05.000Z',
    model: { name: 'naevus-7', version: '3' },
    predicted: 'nv',
    probabilities: { mel: 0.25, nv: 0.75 },
    decision: { code: 'below_threshold', words: 'below the threshold' },
    quality: { good: true, findings: [] },
    picture_format: 'jpeg',
    notice: 'not a diagnosis',
    ...more,
  };
}

test('a text comes out of a CSV as it went in', () => {
  const cells = ['plain', 'a,b', 'say "no"', 'two\r\nlines', ' edge ', 'übel', '<script>alert(1)</script>', ''];
  assert.deepEqual(parsed(csv([cells, ['1', ...cells.slice(1)]])), [cells, ['1', ...cells.slice(1)]]);
});

test('no cell of a CSV begins a formula, wherever a spreadsheet parts it', () => {
  const hostile = [
    '=cmd()',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    'a;=cmd()',
    'a\n=cmd()',
    '"=cmd()',
    ',=1',
    '==1',
  ];
  const text = csv(hostile.map((cell) => [cell, cell]));
  for (const part of text.split(/[,;\t\r\n"]/)) assert.doesNotMatch(part, /^[=+\-@＝]/u, JSON.stringify(part));
});

test('a prediction is a row under columns that say what they are', () => {
  const [header, first, second, ...rest] = parsed(
    predictionsAsCsv([
      prediction({ patient: { patient_key: '=HYPERLINK("http://x")', site: 'back', age: 47 } }),
      prediction({ probabilities: { scc: 1 }, predicted: 'scc', malignant: { score: 0.5, threshold: 0.2 } }),
    ]),
  );
  assert(header && first && second);
  assert.equal(rest.length, 0);
  assert.equal(first.length, header.length);
  assert.equal(second.length, header.length);
  const of = (row: string[], name: string) => row[header.indexOf(name)];
  assert.equal(of(first, 'patient_key')?.[0], "'");
  assert.equal(of(first, 'site'), 'back');
  assert.equal(of(first, 'age'), '47');
  assert.equal(of(first, 'p_mel'), '0.25');
  assert.equal(of(first, 'p_scc'), '');
  assert.equal(of(second, 'p_scc'), '1');
  assert.equal(of(second, 'malignant_score'), '0.5');
  assert.equal(of(second, 'notice'), 'not a diagnosis');
});

test('what turns the reading direction or cannot be seen is shown by its number', () => {
  assert.equal(visible('a\u202Egpj\u200B.exe'), 'a⟨U+202E⟩gpj⟨U+200B⟩.exe');
  assert.equal(visible('\u2066x\u2069\ufeff'), '⟨U+2066⟩x⟨U+2069⟩⟨U+FEFF⟩');
  assert.equal(visible('line\nline é ع 中 <b>'), 'line\nline é ع 中 <b>');
});

test('a bundle holds each report under an address of its own', () => {
  const reports = [{ resourceType: 'DiagnosticReport', id: '0123456789abcdef0123456789abcdef' }];
  assert.deepEqual(bundle(reports, new Date('2026-01-02T03:04:05Z')), {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: '2026-01-02T03:04:05.000Z',
    entry: [{ fullUrl: 'urn:uuid:01234567-89ab-cdef-0123-456789abcdef', resource: reports[0] }],
  });
});

test('a filter survives the address, and nonsense in an address does not become one', () => {
  const filter = {
    from: '2026-01-01',
    until: '2026-01-31',
    predicted: 'mel',
    decision: 'refused',
    unfiled: true,
  } as const;
  assert.deepEqual(filterOf(new URLSearchParams(queryOf(filter))), filter);
  assert.equal(queryOf({}), '');
  assert.deepEqual(filterOf(new URLSearchParams('from=yesterday&decision=maybe&unfiled=0')), {});
});

test('days are asked for from their first to their last moment', () => {
  const { from, until } = askedOf({ from: '2026-01-31', until: '2026-01-31' });
  assert(from && until);
  assert.equal(new Date(from).getHours(), 0);
  assert.equal(Date.parse(until) - Date.parse(from), 24 * 3600 * 1000 - 1);
  assert.match(from, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('pictures of a lesion follow each other in time', () => {
  const at = (id: string, created_at: string, lesion?: string) =>
    prediction({ id, created_at, patient: lesion ? { lesion } : {} });
  const groups = byLesion([
    at('c', '2026-03-01T00:00:00.000Z', 'l'),
    at('b', '2026-02-01'),
    at('a', '2026-01-01', 'l'),
  ]);
  assert.deepEqual(
    groups.get('l')?.map(({ id }) => id),
    ['a', 'c'],
  );
  assert.deepEqual(
    groups.get('')?.map(({ id }) => id),
    ['b'],
  );
});

test('a site chosen from the list lies where the drawing names it so', () => {
  for (const site of sites) {
    const found = siteAt(middleOf(site));
    assert.equal(found, site === 'acral' ? 'hand' : site);
    assert(isSite(site));
  }
});

test('both halves of the body have the same sites, and the right side mirrors the left', () => {
  for (let x = 0.01; x < 0.5; x += 0.03)
    for (let y = 0.01; y < 1; y += 0.02) {
      for (const view of ['anterior', 'posterior'] as const)
        assert.equal(siteAt({ view, x, y }), siteAt({ view, x: 1 - x, y }), `${view} ${x} ${y}`);
      assert.equal(siteAt({ view: 'left', x, y }), siteAt({ view: 'right', x: 1 - x, y }));
    }
});

test("who faces us has their left on our right, who doesn't on our left", () => {
  assert.equal(halfOf({ view: 'anterior', x: 0.8, y: 0.3 }), 'left');
  assert.equal(halfOf({ view: 'posterior', x: 0.8, y: 0.3 }), 'right');
  assert.equal(halfOf({ view: 'anterior', x: 0.5, y: 0.3 }), 'middle');
  assert.deepEqual(
    viewNames.filter((view) => halfOf({ view, x: 0.2, y: 0.3 }) === 'left'),
    ['posterior', 'left'],
  );
});
