// The service worker: pages that were kept open without a network; everything else goes straight to the server.
// Served from /service-worker.js, which fills in the two names below.

const SHELL = __SHELL__;
const STORE = "parklink-shell-__VERSION__";
const PAGES = "parklink-pages";
const QUEUE = SHELL[SHELL.length - 1];
const PART = /^\/static\/(v-[^/]+\/)?app\//; // an address with a version changes with its text
const PATIENCE = 4000; // of a network that is there and says nothing

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const store = await caches.open(STORE);
    await Promise.all(SHELL.map((url) => store.add(url).catch(() => {}))); // a stranger's queue page is none
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("parklink-shell-") && name !== STORE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === "/identity/sign-out") {
    event.waitUntil(caches.delete(PAGES)); // the next one at this phone reads nothing of it
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (/^\/static\/(v-\w+\/)?app\//.test(url.pathname)) event.respondWith(part(request));
});

async function page(request) {
  try {
    return await inTime(fetch(request));
  } catch {
    const pages = await caches.open(PAGES);
    return (await pages.match(request)) ?? (await pages.match(QUEUE)) ?? (await caches.match(QUEUE)) ?? Response.error();
  }
}

async function part(request) {
  const store = await caches.open(STORE);
  const known = await store.match(request);
  if (known && new URL(request.url).pathname.startsWith("/static/v-")) return known; // its address changes with its text
  try {
    const fresh = await (known ? inTime(fetch(request)) : fetch(request));
    if (fresh.ok) await store.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const name = new URL(request.url).pathname.replace(PART, "");
    const same = (await store.keys()).find((one) => new URL(one.url).pathname.replace(PART, "") === name);
    const kept = known ?? (same && (await store.match(same))); // a page kept before the park was updated
    if (kept) return kept;
    throw error;
  }
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), PATIENCE))]);
}
