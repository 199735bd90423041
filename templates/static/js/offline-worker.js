// @ts-check
/* The service worker of the verifier's pages: keeps /verify/offline and its code, and gives that page in place of any
   other when the server does not answer. It keeps nothing else, and never sees what stands behind a #. */

const CACHE = "plaudit-offline-2";
const WAIT_MS = 2000, SILENCE_MS = 10000;
const PAGE = "/verify/offline";
const KEPT = [
  "/verify/offline",
  "/verify/offline.js",
  "/static/plaudit.css",
  "/static/offline.css",
  "/static/mark.svg",
];
const worker = /** @type {any} */ (self);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  const others = caches.keys().then((names) => names.filter((name) => name.startsWith("plaudit-offline-") && name !== CACHE));
  event.waitUntil(others.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method === "GET" && KEPT.includes(path)) event.respondWith(newest(event.request, path));
  else if (event.request.mode === "navigate") event.respondWith(orThePage(event.request));
});

/** Another page of the verifier, or where no server answers the one that needs none. @param {Request} request */
async function orThePage(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(PAGE, { cacheName: CACHE });
    if (!kept) throw error;
    return kept;
  }
}

/** When the network was silent, the next files of the same page are not waited for again. */
let silentUntil = 0;

/** What the server says now, else what it said last. @param {Request} request @param {string} path */
async function newest(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept && Date.now() < silentUntil) return kept;
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(WAIT_MS) } : {});
    if (answer.ok) await cache.put(path, answer.clone());
    return answer;
  } catch (error) {
    if (!kept) throw error;
    silentUntil = Date.now() + SILENCE_MS;
    return kept;
  }
}
