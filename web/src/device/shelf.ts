// What is kept on this device for private mode, in Cache Storage: the model under its SHA-256, and what runs it.
import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import runtimeUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { Problem, request } from '../lib/api.ts';
import { Fault } from './fault.ts';
import workerUrl from './worker.ts?worker&url';

declare const runtimeBytes: number; // by vite.config.ts

export { glueUrl };
export const bytesOfRuntime = runtimeBytes;

/** Known to sw/sw.ts too, which keeps it in step with the page. */
const runtimeShelf = 'naevus-runtime';
const modelShelf = 'naevus-model';
const prefix = '/on-this-device/';

/** A model on this device. */
export interface Kept {
  id: string; ///< SHA-256 of its file
  name: string;
  version: string;
  bytes: number;
}

type Counts = (bytes: number) => void;

/** The whole body, counted as it comes. */
async function bodyOf(response: Response, count: Counts): Promise<Uint8Array<ArrayBuffer>> {
  const parts: BlobPart[] = [];
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    parts.push(part.value);
    count(part.value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What a file on the server weighs; 0 where it does not say. */
function lengthOf(response: Response): number {
  return response.headers.has('Content-Encoding') ? 0 : Number(response.headers.get('Content-Length') ?? 0);
}

function pathOf(id: string): string {
  return `/api/v1/models/${id}/file`;
}

/** How large a model's file is, without fetching it. */
export async function bytesOf(id: string): Promise<number> {
  const given = new AbortController();
  const response = await request(pathOf(id), { signal: given.signal });
  given.abort();
  return lengthOf(response);
}

export async function findKept(): Promise<Kept | undefined> {
  if (!('caches' in globalThis) || !(await caches.has(modelShelf))) return undefined;
  const shelf = await caches.open(modelShelf);
  for (const key of await shelf.keys()) {
    const about = (await shelf.match(key))?.headers.get('X-Naevus-Model');
    if (about) return JSON.parse(decodeURIComponent(about)) as Kept;
  }
  return undefined;
}

async function fetchModel(
  model: Omit<Kept, 'bytes'>,
  count: Counts,
  expect: Counts,
  signal: AbortSignal,
): Promise<Kept> {
  const response = await request(pathOf(model.id), { signal });
  expect(lengthOf(response));
  const file = await bodyOf(response, count);
  if ((await sha256(file)) !== model.id) throw new Fault('hash');
  signal.throwIfAborted();
  const kept: Kept = { id: model.id, name: model.name, version: model.version, bytes: file.length };
  const headers = { 'X-Naevus-Model': encodeURIComponent(JSON.stringify(kept)) };
  const shelf = await caches.open(modelShelf);
  await shelf.put(prefix + kept.id, new Response(file, { headers }));
  for (const key of await shelf.keys()) if (!key.url.endsWith(kept.id)) await shelf.delete(key);
  return kept;
}

async function fetchRuntime(count: Counts, signal: AbortSignal): Promise<void> {
  const shelf = await caches.open(runtimeShelf);
  for (const url of [workerUrl, glueUrl, runtimeUrl]) {
    if (await shelf.match(url)) {
      if (url === runtimeUrl) count(bytesOfRuntime);
      continue;
    }
    const response = await request(url, { signal });
    const headers = new Headers(response.headers);
    headers.delete('Content-Encoding'); // what is kept is decoded
    const file = await bodyOf(response, url === runtimeUrl ? count : () => undefined);
    await shelf.put(url, new Response(file, { headers }));
  }
}

/**
 * Fetches a model and what runs it; a model that was here before goes when the new one is.
 * @param count   hears of bytes as they come
 * @param expect  hears of the bytes that the model has; 0 where that is not known
 * @throws Problem, Fault; AbortError where the signal says so
 */
export async function fetchAll(
  model: Omit<Kept, 'bytes'>,
  { count, expect, signal }: { count: Counts; expect: Counts; signal: AbortSignal },
): Promise<Kept> {
  if (!('caches' in globalThis) || !('subtle' in crypto)) throw new Fault('insecure');
  await navigator.storage.persist().catch(() => false); // asked for, not relied on
  const [kept] = await Promise.all([fetchModel(model, count, expect, signal), fetchRuntime(count, signal)]);
  return kept;
}

/** The files for the model's thread. @throws Fault where they are not here (any more) */
export async function takeFiles({ id }: Kept): Promise<{ model: ArrayBuffer; runtime: ArrayBuffer }> {
  const [model, runtime] = await Promise.all([
    caches.match(prefix + id, { cacheName: modelShelf }),
    caches.match(runtimeUrl, { cacheName: runtimeShelf }),
  ]);
  if (!model) throw new Fault('no_model');
  // The page is newer than what was fetched with the model: its own runtime is fetched now.
  if (!runtime) {
    await fetchRuntime(() => undefined, new AbortController().signal).catch((error: unknown) => {
      throw error instanceof Problem ? new Fault('no_model') : error;
    });
    return takeFiles({ id } as Kept);
  }
  return { model: await model.arrayBuffer(), runtime: await runtime.arrayBuffer() };
}

export async function clearShelves(): Promise<void> {
  await Promise.all([caches.delete(modelShelf), caches.delete(runtimeShelf)]);
}
