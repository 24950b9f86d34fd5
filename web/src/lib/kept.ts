import { api, data, request } from './api.ts';
import type { Prediction } from './api.ts';
import { pictureOf } from './answer.ts';
import { askedOf } from './history.ts';
import type { Filter } from './history.ts';

export interface Page {
  predictions: Prediction[];
  next: string | null;
}

export interface Asked extends Filter {
  patient_key?: string;
  lesion?: string;
}

/** A page of what was answered, newest first. */
export async function predictions(asked: Asked, cursor: string | null, limit = 50): Promise<Page> {
  const query = { ...askedOf(asked), limit, ...(cursor !== null && { cursor }) };
  const page = await data(api.GET('/api/v1/predictions', { params: { query } }));
  return asked.unfiled ? { ...page, predictions: page.predictions.filter((one) => !one.patient?.patient_key) } : page;
}

/** All of them, page by page.
    @param count   is told how many were read so far
    @param signal  ends it with an AbortError */
export async function everyPrediction(
  asked: Asked,
  count: (read: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Prediction[]> {
  const all: Prediction[] = [];
  let cursor: string | null = null;
  do {
    signal?.throwIfAborted();
    const page: Page = await predictions(asked, cursor, 500);
    all.push(...page.predictions);
    count(all.length);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

/** A prediction as HL7 FHIR R4. */
export async function fhir(id: string): Promise<Record<string, unknown>> {
  return (await request(`/api/v1/predictions/${id}/fhir`)).json() as Promise<Record<string, unknown>>;
}

/** Takes erased pictures out of the browser's own store too. */
export async function forget(ids: readonly string[]): Promise<void> {
  for (const id of ids)
    for (const size of ['small', 'large'] as const)
      await fetch(pictureOf(id, size), { cache: 'reload' }).catch(() => undefined); // 404, which replaces what was kept
}
