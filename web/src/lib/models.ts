import { api, data } from './api.ts';
import type { Schemas } from './api.ts';
import type { Changes } from './changes.ts';

export type Entry = Schemas['ModelEntry'];

/** The longest reason that the server keeps, in letters of any writing. */
export const longestReason = 300;

/** What was changed, newest first, a page of it. */
export function changes(cursor?: string): Promise<Changes> {
  return data(api.GET('/api/v1/models/history', { params: { query: { limit: 20, ...(cursor && { cursor }) } } }));
}

export function promote(id: string, reason: string): Promise<Entry> {
  return data(api.POST('/api/v1/models/{id}/promote', { params: { path: { id } }, body: { reason } }));
}

export function rollBack(reason: string): Promise<Entry> {
  return data(api.POST('/api/v1/models/rollback', { body: { reason } }));
}

export async function setShadow(id: string, on: boolean): Promise<Entry> {
  const params = { params: { path: { id } } };
  return data(on ? api.PUT('/api/v1/models/{id}/shadow', params) : api.DELETE('/api/v1/models/{id}/shadow', params));
}

export function nameOf(model: Pick<Entry, 'name' | 'version'>): string {
  return `${model.name} v${model.version}`;
}
