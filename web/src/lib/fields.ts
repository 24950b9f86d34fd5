import type { Fields } from './answer.ts';

/** What is written in the fields, before it is checked. */
export interface Written {
  age: string;
  sex: string;
  site: string;
  patient_key: string;
  lesion: string;
}

export const nothingWritten: Written = { age: '', sex: '', site: '', patient_key: '', lesion: '' };
export const sexes = ['female', 'male', 'other'] as const;
/** As data sets name them. */
export const sites = [
  'back',
  'chest',
  'abdomen',
  'trunk',
  'face',
  'scalp',
  'ear',
  'neck',
  'upper extremity',
  'lower extremity',
  'hand',
  'foot',
  'acral',
  'genital',
] as const;

export type Fault = 'age' | 'patient_key';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Digits as they are written in Arabic and Persian are digits too. */
function digits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/** What is sent, by the rules of the API, and which fields it would refuse. */
export function checked(written: Written): { fields: Fields; faults: Fault[] } {
  const fields: Fields = {};
  const faults: Fault[] = [];
  const age = digits(written.age.trim());
  if (age) {
    if (/^\d{1,3}$/.test(age) && Number(age) <= 120) fields.age = Number(age);
    else faults.push('age');
  }
  const sex = sexes.find((one) => one === written.sex);
  if (sex) fields.sex = sex;
  if (written.site) fields.site = written.site;
  const key = written.patient_key.trim();
  if (key) {
    if (/^\.|[/\u0000-\u001f\u007f]/.test(key) || bytes(key) > 100) faults.push('patient_key');
    else fields.patient_key = key;
  }
  if (written.lesion && fields.patient_key) fields.lesion = written.lesion;
  return { fields, faults };
}

/** A pseudonym that looks as if it were a person's name or address. */
export function looksLikeName(key: string): boolean {
  return /\p{L}{2,}[\s,.]+\p{L}{2,}/u.test(key) || /\S@\S/.test(key);
}
