import { api, data, request } from './api.ts';
import type { Schemas } from './api.ts';
import type { Changes } from './changes.ts';

export type Entry = Schemas['ModelEntry'];

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

export function nameOf(model: Pick<Entry, 'name' | 'version'>): string {
  return `${model.name} v${model.version}`;
}
