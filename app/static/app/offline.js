// The phone's half of the one offline queue: entries wait in IndexedDB until the server's receipt is there.
// Rooms may import { add, entries, drop, sendAll, keep } from "./offline.js"; app/hall/web/offline says how.

import { toast } from "./app.js";

const words = document.getElementById("pl-offline")?.dataset ?? {};
const MEMBER = Number(words.member ?? 0);
const DAY = 24 * 3600 * 1000;
const FORMAT = "parklink-offline/1";
let sequence = 0;

/* --- the store --- */
let opening;
function store() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("parklink-offline", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("entries", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

async function run(mode, work) {
  const base = await store();
  return new Promise((resolve, reject) => {
    const change = base.transaction("entries", mode);
    const asked = work(change.objectStore("entries"));
    change.oncomplete = () => resolve(asked.result);
    change.onerror = change.onabort = () => reject(change.error);
  });
}

async function all() {
  return (await run("readonly", (rows) => rows.getAll())).sort((one, other) => one.order - other.order);
}

/** What this member wrote on this phone and no receipt has come for, oldest first. */
export async function entries() {
  return (await all()).filter((entry) => entry.member === MEMBER);
}

function key() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only in secure contexts
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Keep one entry; answers its key once it is safe on this phone. */
export async function add(kind, body, { title = "", file = null } = {}) {
  const now = new Date();
  const entry = {
    key: key(), member: MEMBER, kind, title, body, state: "waiting", reasons: [],
    made_at: now.toISOString(), order: now.getTime() + (sequence++ % 1000) / 1000,
    file: file ? await file.arrayBuffer() : null, // a plain buffer: some phones lose blobs
    file_name: file?.name ?? "", file_type: file?.type ?? "",
  };
  await run("readwrite", (rows) => rows.put(entry));
  navigator.storage?.persist?.().catch(() => {});
  tell();
  return entry.key;
}

/** Forget one entry: after its receipt, or because its author says so. */
export async function drop(entryKey) {
  await run("readwrite", (rows) => rows.delete(entryKey));
  tell();
}

/* --- sending --- */
const receipts = new Map();
let sending = null;

/** Send what waits, one after the other; answers the receipts of this page by key. */
export function sendAll() {
  sending ??= alone(send).catch(() => {}).finally(() => { sending = null; tell(); });
  return sending.then(() => receipts);
}

function alone(work) {
  return navigator.locks ? navigator.locks.request("parklink-offline", work) : work();
}

async function send() {
  const waiting = (await entries()).filter((entry) => entry.state === "waiting");
  if (!waiting.length) return;
  const who = await session();
  if (!who) return;
  for (const entry of waiting) {
    const answer = await post(entry, who.csrf);
    if (!answer) return; // no network, or a server that is not itself: everything stays
    if (answer.key === entry.key && ["accepted", "kept", "settled"].includes(answer.state)) {
      receipts.set(entry.key, answer); // the receipt first, then the entry goes
      await run("readwrite", (rows) => rows.delete(entry.key));
    } else if (answer.state === "refused") {
      await run("readwrite", (rows) => rows.put({ ...entry, state: "refused", reasons: answer.reasons }));
    } else return;
  }
}

let unreached = false; // a phone may be on a network that leads nowhere: what could not be asked says so too

async function session() {
  try {
    const answer = await fetch("/offline/session", { redirect: "manual", cache: "no-store" });
    unreached = false;
    if (!answer.ok) { if (answer.type === "opaqueredirect") toast(words.signIn, "warn"); return null; }
    const who = await answer.json();
    if (who.member !== MEMBER) { toast(words.other, "warn"); return null; }
    return who;
  } catch { unreached = true; return null; }
}

async function post(entry, csrf) {
  const form = new FormData();
  const { key: name, kind, title, made_at, body } = entry;
  form.append("entry", JSON.stringify({ key: name, kind, title, made_at, body }));
  if (entry.file) form.append("file", new Blob([entry.file], { type: entry.file_type }), entry.file_name || "file");
  try {
    const answer = await fetch("/offline/entries", {
      method: "POST", body: form, redirect: "manual", headers: { "X-CSRFToken": csrf },
    });
    const json = answer.headers.get("Content-Type")?.includes("json");
    return json && answer.status < 500 ? await answer.json() : null;
  } catch { return null; }
}

/* --- pages that open without a network --- */

/** Keep these pages of this site for later; one that is not the reader's is not kept. */
export async function keep(addresses) {
  if (!("caches" in window)) return;
  const pages = await caches.open("parklink-pages");
  for (const address of addresses) {
    try {
      const answer = await fetch(address, { cache: "no-store" });
      if (answer.ok && !answer.redirected) await pages.put(address, answer);
    } catch { return; }
  }
}

if ("serviceWorker" in navigator && MEMBER) {
  try {
    if (localStorage.getItem("parklink-member") !== String(MEMBER)) await caches?.delete("parklink-pages");
    localStorage.setItem("parklink-member", String(MEMBER));
  } catch { /* storage is off */ }
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
  const also = (words.also ?? "").split(" ").filter(Boolean);
  if (words.keep && navigator.onLine) keep([location.pathname + location.search, "/offline/", ...also]);
}

/* --- what the reader is told --- */
async function tell() {
  let mine = [];
  try { mine = await entries(); } catch { return; }
  const oldest = mine.length ? (Date.now() - Date.parse(mine[0].made_at)) / DAY : 0;
  const parts = [];
  if (!navigator.onLine || unreached) parts.push(words.offline);
  if (mine.length) parts.push(words.waiting.replace("{n}", mine.length));
  for (const sign of document.querySelectorAll("[data-offline-sign]")) {
    sign.textContent = parts.join(" · ");
    sign.hidden = !parts.length;
  }
  for (const note of document.querySelectorAll("[data-offline-old]")) note.hidden = oldest < 1;
  for (const list of document.querySelectorAll("[data-offline-list]")) show(list, mine);
  document.dispatchEvent(new CustomEvent("pl:offline", { detail: { entries: mine } }));
}

function show(list, mine) {
  list.replaceChildren(...mine.map((entry) => {
    const row = document.createElement("li");
    const text = document.createElement("div");
    text.append(entry.title || entry.file_name || entry.kind);
    const small = document.createElement("small");
    small.textContent = [new Date(entry.made_at).toLocaleString(document.documentElement.lang), ...entry.reasons].join(" · ");
    text.append(small);
    const tag = document.createElement("span");
    tag.className = `pl-tag pl-${entry.state === "refused" ? "bad" : "warn"}`;
    tag.textContent = entry.state === "refused" ? words.refused : words.one;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pl-btn pl-btn-s";
    button.textContent = words.drop;
    button.addEventListener("click", () => { if (confirm(words.dropAsk)) drop(entry.key); });
    row.append(text, tag, button);
    return row;
  }));
  const none = document.querySelector("[data-offline-none]");
  if (none) none.hidden = mine.length > 0;
}

/* --- a file to keep, and back --- */
function base64(buffer) {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}

async function saveToFile() {
  const rows = (await entries()).map((entry) => ({ ...entry, file: entry.file ? base64(entry.file) : null }));
  const text = JSON.stringify({ format: FORMAT, saved_at: new Date().toISOString(), entries: rows });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `parklink-offline-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function readBack(file) {
  try {
    const saved = JSON.parse(await file.text());
    if (saved.format !== FORMAT) throw new Error("format");
    const known = new Set((await all()).map((entry) => entry.key));
    const rows = saved.entries.filter((entry) => typeof entry.key === "string" && !known.has(entry.key));
    for (const entry of rows) {
      const data = entry.file ? Uint8Array.from(atob(entry.file), (one) => one.charCodeAt(0)).buffer : null;
      await run("readwrite", (store_) => store_.put({ ...entry, file: data, state: "waiting", reasons: [] }));
    }
    toast(words.readBack.replace("{n}", rows.length));
    await sendAll(); // what had arrived before gets its first receipt again
  } catch { toast(words.badFile, "bad"); }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-offline-save]")) saveToFile();
  if (event.target.closest("[data-offline-send]")) retry();
});
document.addEventListener("change", (event) => {
  const chosen = event.target.closest("[data-offline-read]")?.files?.[0];
  if (chosen) readBack(chosen).then(() => { event.target.value = ""; });
});

async function retry() {
  for (const entry of await entries()) {
    if (entry.state === "refused") await run("readwrite", (rows) => rows.put({ ...entry, state: "waiting" }));
  }
  await sendAll();
}

/* --- forms --- */
function fieldsOf(form, submitter) {
  const body = {};
  const data = new FormData(form, submitter?.name ? submitter : undefined);
  for (const [name, value] of data) {
    if (name === "csrf_token" || value instanceof File) continue;
    if (name in body) body[name] = [].concat(body[name], value);
    else body[name] = value;
  }
  return body;
}

async function takeIn(form, submitter) {
  const { offline: kind, offlineFiles: files, offlineTitle: title = "" } = form.dataset;
  const body = fieldsOf(form, submitter);
  const keys = [];
  for (const control of files ? form.querySelectorAll("input[type=file]") : []) {
    for (const file of control.files) keys.push(await add(files, { ...JSON.parse(form.dataset.offlineFields ?? "{}") }, { title: `${title} ${file.name}`, file }));
  }
  if (keys.length) body.files = keys;
  return { own: await add(kind, body, { title }), keys };
}

window.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-offline]") || !MEMBER || !("indexedDB" in window) || form.dataset.plain) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  form.querySelectorAll("[data-offline-reasons]").forEach((box) => box.remove());
  try {
    const { own, keys } = await takeIn(form, event.submitter);
    await sendAll();
    await after(form, own, keys);
  } catch { // the phone's store is full or shut: the form goes the plain way
    form.dataset.plain = "yes";
    form.requestSubmit(event.submitter ?? undefined);
  } finally { delete form.dataset.busy; }
}, true);

async function after(form, own, keys) {
  const receipt = receipts.get(own);
  if (receipt) {
    if (receipt.state === "kept") toast(words.kept, "warn");
    const next = receipt.state === "kept" ? "/offline/" : receipt.answer?.next ?? location.href;
    location.assign(next);
    if (new URL(next, location.href).hash || next === location.href) location.reload();
    return;
  }
  const mine = await entries();
  const refused = mine.filter((entry) => entry.state === "refused" && [own, ...keys].includes(entry.key));
  if (!refused.length) {
    form.reset();
    toast(words.saved, "warn");
    return;
  }
  const box = document.createElement("div");
  box.className = "pl-alert pl-bad";
  box.setAttribute("role", "alert");
  box.dataset.offlineReasons = "";
  box.textContent = refused.flatMap((entry) => entry.reasons).join(" ");
  form.prepend(box);
  for (const entry of refused) await drop(entry.key); // it still stands in the form
  if (!refused.some((entry) => entry.key === own)) await drop(own);
}

window.addEventListener("online", () => { tell(); sendAll(); });
window.addEventListener("offline", tell);
if (MEMBER) { tell(); if (navigator.onLine) sendAll(); }
