// @ts-check
/* The service worker of /verify/offline: keeps the page and its code, and gives them when the server does not answer.
   It keeps nothing else and never sees what stands behind a # in a request that it passes on. */

const CACHE = "plaudit-offline-1";
const WAIT_MS = 2000, SILENCE_MS = 10000;
const KEPT = [
  "/verify/offline",
  "/static/plaudit.css",
  "/static/record.css",
  "/static/verifier.css",
  "/static/mark.svg",
  "/static/js/compact-claim.js",
  "/static/js/offline-verifier.js",
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
});

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
