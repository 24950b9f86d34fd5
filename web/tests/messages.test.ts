// Message files: every language says all that English says, with all the plural forms that it has.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../src');
const languages = readdirSync(join(root, 'messages'));
const plural = /_(zero|one|two|few|many|other)$/;

function messages(language: string, namespace: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, 'messages', language, `${namespace}.json`), 'utf8')) as Record<
    string,
    string
  >;
}

function namespaces(language: string): string[] {
  return readdirSync(join(root, 'messages', language)).map((file) => file.replace(/\.json$/, ''));
}

/** The stems of the keys that have plural forms, of the forms that are there. */
function stems(keys: string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const key of keys) {
    const form = plural.exec(key)?.[1];
    if (form) found.set(key.replace(plural, ''), (found.get(key.replace(plural, '')) ?? new Set()).add(form));
  }
  return found;
}

function values(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '').sort();
}

const english = namespaces('en');

for (const language of languages) {
  test(`${language} says all that English says, and nothing else`, () => {
    assert.deepEqual(namespaces(language).sort(), [...english].sort());
    for (const namespace of english) {
      const stem = (key: string) => key.replace(plural, '');
      const theirs = new Set(Object.keys(messages(language, namespace)).map(stem));
      const ours = new Set(Object.keys(messages('en', namespace)).map(stem));
      assert.deepEqual([...theirs].sort(), [...ours].sort(), namespace);
    }
  });

  test(`${language} has its plural forms`, () => {
    const forms = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
    for (const namespace of english)
      for (const [stem, there] of stems(Object.keys(messages(language, namespace))))
        assert.deepEqual([...there].sort(), forms, `${namespace}:${stem}`);
  });

  test(`${language} names the values that English names`, () => {
    for (const namespace of english) {
      const ours = messages('en', namespace);
      for (const [key, text] of Object.entries(messages(language, namespace))) {
        const original = ours[key] ?? ours[key.replace(plural, '_other')];
        assert(original !== undefined, `${namespace}:${key}`);
        // "One hour" needs no figure, and where there is none nothing is listed.
        if (plural.test(key))
          for (const name of values(text)) assert(values(original).includes(name), `${namespace}:${key}`);
        else assert.deepEqual(values(text), values(original), `${namespace}:${key}`);
      }
    }
  });
}

test('every message is used', () => {
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|ts)$/.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  // Keys are written whole ('look:title') or made of a written start and what the server names (`look:site_${site}`).
  const starts = [...sources.matchAll(/`(\w+:\w*)\$\{/g)].map((found) => found[1] ?? '');
  for (const namespace of english)
    for (const key of Object.keys(messages('en', namespace))) {
      const name = `${namespace}:${key.replace(plural, '')}`;
      const used = sources.includes(`'${name}'`) || starts.some((start) => name.startsWith(start));
      assert(used, `${name} is said nowhere`);
    }
});
