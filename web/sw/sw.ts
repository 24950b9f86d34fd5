// Keeps the page's files, so that it starts without its server. What the server answers is never kept.
const worker = self as unknown as ServiceWorkerGlobalScope;

/** Put in front of this script by vite/service_worker.ts. */
declare const built: {
  version: string; ///< changes whenever a file does
  page: string[]; ///< paths of the files that are kept at once
  runtime: string[]; ///< and of those that only private mode needs, which the page fetches
};

const pageShelf = `naevus-page-${built.version}`;
const runtimeShelf = 'naevus-runtime'; // src/device/shelf.ts's
const known = new Set([...built.page, ...built.runtime]);
const servers = /^\/(api|v2|metrics)(\/|$)/;

async function add(shelf: Cache, paths: string[]): Promise<void> {
  // Names with a hash never change what they stand for.
  await shelf.addAll(
    paths.map((path) => new Request(path, { cache: path.startsWith('/assets/') ? 'default' : 'reload' })),
  );
}

worker.addEventListener('install', (event) => {
  const keep = async () => {
    await add(await caches.open(pageShelf), built.page);
    if (!(await caches.has(runtimeShelf))) return;
    const shelf = await caches.open(runtimeShelf);
    const here = new Set((await shelf.keys()).map(({ url }) => new URL(url).pathname));
    await add(
      shelf,
      built.runtime.filter((path) => !here.has(path)),
    );
  };
  event.waitUntil(keep());
});

worker.addEventListener('activate', (event) => {
  const clear = async () => {
    for (const name of await caches.keys())
      if (name.startsWith('naevus-page-') && name !== pageShelf) await caches.delete(name);
    if (await caches.has(runtimeShelf)) {
      const shelf = await caches.open(runtimeShelf);
      for (const key of await shelf.keys())
        if (!built.runtime.includes(new URL(key.url).pathname)) await shelf.delete(key);
    }
    await worker.clients.claim();
  };
  event.waitUntil(clear());
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || servers.test(pathname)) return;
  const isPage = request.mode === 'navigate' && !known.has(pathname);
  if (!isPage && !known.has(pathname)) return;
  const answer = async () => (await caches.match(isPage ? '/' : pathname)) ?? fetch(request);
  event.respondWith(answer());
});
