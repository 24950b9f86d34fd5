import { api, data, request } from './api.ts';
import type { Schemas } from './api.ts';

export type Entry = Schemas['ModelEntry'];
export type Named = Pick<Entry, 'id' | 'name' | 'version'>;

/** A change of what answers or looks on. */
export interface Change {
  at: string;
  actor: string;
  kind: 'promoted' | 'rolled_back' | 'shadow' | 'shadow_ended';
  model: Named;
  reason: string;
}

export interface Changes {
  changes: Change[]; ///< newest first
  next: string | null;
}

/** The longest reason that the server keeps, in letters of any writing. */
export const longestReason = 300;

export async function changes(cursor?: string): Promise<Changes> {
  const path = '/api/v1/models/history?limit=20' + (cursor ? `&cursor=${encodeURIComponent(cursor)}` : '');
  return (await (await request(path)).json()) as Changes;
}

function post(path: string, reason: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return request(path, { method: 'POST', headers, body: JSON.stringify({ reason }) });
}

export async function promote(id: string, reason: string): Promise<Entry> {
  return (await (await post(`/api/v1/models/${id}/promote`, reason)).json()) as Entry;
}

export async function rollBack(reason: string): Promise<Entry> {
  return (await (await post('/api/v1/models/rollback', reason)).json()) as Entry;
}

export async function setShadow(id: string, on: boolean): Promise<Entry> {
  const params = { params: { path: { id } } };
  return data(on ? api.PUT('/api/v1/models/{id}/shadow', params) : api.DELETE('/api/v1/models/{id}/shadow', params));
}

/** The model that a rollback would bring back, as far as these changes tell: each rollback has undone the last
    promotion before it that was not undone.
    @param list  newest first */
export function wouldComeBack(list: readonly Change[]): Named | undefined {
  let undone = 0;
  let standing = 0; // promotions that were not undone
  for (const change of list) {
    if (change.kind === 'rolled_back') undone++;
    if (change.kind !== 'promoted') continue;
    if (undone > 0) undone--;
    else if (++standing === 2) return change.model;
  }
  return undefined;
}

export function nameOf(model: Pick<Entry, 'name' | 'version'>): string {
  return `${model.name} v${model.version}`;
}
