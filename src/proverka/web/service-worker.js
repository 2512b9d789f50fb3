// @ts-check
// Keeps the whole site on the device. Each build writes the list of its files into this script.
//
// Files lie in one store under their SHA-256. A new build’s worker fetches what the store lacks and only
// then may take over, so the old copy stays whole until the new one is; if a file does not come, or comes
// with other bytes, the worker gives up and the next one finds what has come so far.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** Path from this script → SHA-256 in base64. @type {Record<string, string>} */
const FILES = {};
const SCOPE = new URL("./", worker.location.href).href;
/** The name has the address in it, as several books can lie on one host. */
const STORE = `proverka ${SCOPE}`;
const AT_ONCE = 4;

/** Where a file lies in the store; its kind belongs to it, as the answer says what it is. @param {string} path */
const keyOf = (path) => `${SCOPE}?${encodeURIComponent(FILES[path])}${path.slice(path.lastIndexOf("."))}`;

/** @param {Cache} store @param {string} path */
async function keep(store, path) {
  const key = keyOf(path);
  if (await store.match(key)) return;
  const answer = await fetch(SCOPE + path, { cache: "no-cache", integrity: `sha256-${FILES[path]}` });
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  // Built anew, because browsers show no page whose answer was redirected, as some hosts do.
  await store.put(key, new Response(answer.body, { headers: answer.headers }));
}

async function keepAll() {
  const store = await caches.open(STORE);
  const paths = Object.keys(FILES).values();
  const one = async () => {
    for (const path of paths) await keep(store, path);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  // The worker before this one may have tidied up meanwhile.
  const kept = new Set((await store.keys()).map(({ url }) => url));
  if (!Object.keys(FILES).every((path) => kept.has(keyOf(path)))) throw new Error("the copy is not whole");
}

async function tidyUp() {
  // What the next worker has fetched already is not ours to judge.
  if (worker.registration.installing || worker.registration.waiting) return;
  const store = await caches.open(STORE);
  const wanted = new Set(Object.keys(FILES).map(keyOf));
  await Promise.all((await store.keys()).map((each) => wanted.has(each.url) || store.delete(each)));
}

/** The file for an address: itself, the index of a folder, or the page that hosts show without its ending. @param {string} address */
function fileFor(address) {
  const { origin, pathname } = new URL(address);
  if (!(origin + pathname).startsWith(SCOPE)) return undefined;
  const path = (origin + pathname).slice(SCOPE.length);
  return [path, `${path}index.html`, `${path}.html`].find((each) => Object.hasOwn(FILES, each));
}

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(tidyUp().then(() => worker.clients.claim())));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
  if (event.data === "fill") {
    const tell = (/** @type {boolean} */ whole) => event.ports[0].postMessage(whole);
    event.waitUntil(keepAll().then(() => tell(true), () => tell(false)));
  }
});
worker.addEventListener("fetch", (event) => {
  const path = event.request.method === "GET" && fileFor(event.request.url);
  if (!path) return;
  const kept = caches.open(STORE).then((store) => store.match(keyOf(path)));
  event.respondWith(kept.then((answer) => answer ?? fetch(event.request)));
});
