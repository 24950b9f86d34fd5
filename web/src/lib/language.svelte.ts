import i18next from 'i18next';
import type { Key, Namespace } from './messages.d.ts';

export type { Key, Namespace };
/** What stands for {{…}} in a message; `count` chooses its plural form. */
export type Values = Record<string, string | number>;

/** The page's languages, by the name that each has for itself. */
export const languages = { en: 'English', ar: 'العربية' } as const;
export type Language = keyof typeof languages;

const kept = 'naevus.language';
const files = import.meta.glob<{ default: Record<string, string> }>('../messages/*/*.json');

function isLanguage(text: string): text is Language {
  return text in languages;
}

function preferred(): Language {
  const before = localStorage.getItem(kept);
  if (before && isLanguage(before)) return before;
  for (const tag of navigator.languages) {
    const language = tag.split('-')[0] ?? '';
    if (isLanguage(language)) return language;
  }
  return 'en';
}

class Spoken {
  language = $state<Language>('en');
  /** Grows whenever messages have come, so that what shows them is drawn again. */
  loaded = $state(0);
}

export const spoken = new Spoken();
const wanted = new Set<Namespace>();

async function load(language: Language, namespace: Namespace): Promise<void> {
  if (i18next.hasResourceBundle(language, namespace)) return;
  const file = files[`../messages/${language}/${namespace}.json`];
  if (!file) throw new Error(`no messages '${namespace}' in '${language}'`);
  i18next.addResourceBundle(language, namespace, (await file()).default);
}

/** Loads a page's messages in the language that is spoken. */
export async function needMessages(...namespaces: Namespace[]): Promise<void> {
  for (const namespace of namespaces) wanted.add(namespace);
  await Promise.all(namespaces.map((namespace) => load(spoken.language, namespace)));
  spoken.loaded++;
}

export async function speak(language: Language): Promise<void> {
  await Promise.all([...wanted].map((namespace) => load(language, namespace)));
  await i18next.changeLanguage(language);
  spoken.language = language;
  spoken.loaded++;
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
  localStorage.setItem(kept, language);
}

export async function startLanguage(): Promise<void> {
  await i18next.init({
    lng: 'en',
    fallbackLng: false,
    keySeparator: false,
    interpolation: { escapeValue: false }, // Svelte escapes what it shows
    resources: {},
  });
  wanted.add('common').add('diseases');
  const language = preferred();
  const before = localStorage.getItem(kept);
  await speak(language);
  if (!before) localStorage.removeItem(kept); // the browser's choice, not the reader's
}

const say = (key: string, values: Values = {}): string => String(i18next.t(key, values));

/** A message, by "namespace:key". In a component it is said anew when the language changes. */
export function t(key: Key, values?: Values): string {
  void spoken.loaded;
  return say(key, values);
}

/** The message of a key made at run time ("diseases:mel"), or nothing where there is none. */
export function maybe(key: string, values?: Values): string | undefined {
  void spoken.loaded;
  return i18next.exists(key, values ?? {}) ? say(key, values) : undefined;
}

/** 0.123 as "12 %". */
export function percent(share: number, digits = 0): string {
  return new Intl.NumberFormat(spoken.language, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(spoken.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A moment as the server writes it, in the reader's own time. */
export function moment(text: string, style: 'short' | 'medium' | 'long' = 'medium'): string {
  return new Intl.DateTimeFormat(spoken.language, { dateStyle: style, timeStyle: 'short' }).format(new Date(text));
}

export function day(text: string): string {
  return new Intl.DateTimeFormat(spoken.language, { dateStyle: 'medium' }).format(new Date(text));
}
