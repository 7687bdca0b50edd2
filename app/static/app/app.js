// Behaviour of every page. Everything works without it; this makes it quicker and safer.
// Rooms may import { toast, confirmed, loadVendor } from "./app.js".

const root = document.documentElement;
const body = document.body;
const words = document.getElementById("pl-toasts")?.dataset ?? {};

/* --- drawer --- */
const opener = document.querySelector("[data-nav-open]");
function drawer(open) {
  body.classList.toggle("pl-nav-open", open);
  opener?.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#pl-nav a")?.focus();
}
opener?.addEventListener("click", (event) => {
  event.preventDefault(); // without JavaScript the link itself opens the drawer, by :target
  drawer(!body.classList.contains("pl-nav-open"));
});
opener?.addEventListener("keydown", (event) => { if (event.key === " ") opener.click(); });
document.querySelector("[data-nav-close]")?.addEventListener("click", () => drawer(false));
document.querySelector(".pl-nav [aria-current]")?.scrollIntoView({ block: "nearest" });
const tab = document.querySelector(".pl-tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 24;

/* --- light and dark --- */
function theme(name, keep) {
  root.dataset.bsTheme = name;
  if (keep) try { localStorage.setItem("parklink-theme", name); } catch { /* storage is off */ }
  window.dispatchEvent(new Event("themechange"));
}
document.querySelector("[data-theme-toggle]")?.addEventListener("click", () =>
  theme(root.dataset.bsTheme === "dark" ? "light" : "dark", true));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
  let kept = null;
  try { kept = localStorage.getItem("parklink-theme"); } catch { /* storage is off */ }
  if (!kept) theme(event.matches ? "dark" : "light", false);
});

/* --- keyboard --- */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && body.classList.contains("pl-nav-open")) {
    drawer(false);
    opener?.focus();
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.getElementById("pl-q");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});

const suggestions = document.getElementById("pl-suggest");
document.querySelector(".pl-search")?.addEventListener("keydown", (event) => {
  const links = [...(suggestions?.querySelectorAll("a") ?? [])];
  if (event.key === "Escape") {
    suggestions.replaceChildren();
    document.getElementById("pl-q").focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && links.length) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = links.indexOf(document.activeElement) + step;
    if (next < 0) document.getElementById("pl-q").focus();
    else links[next % links.length].focus();
  }
});

/* --- messages --- */
export function toast(text, tone = "ok") {
  const box = document.createElement("div");
  box.className = `pl-alert pl-${tone}`;
  const line = document.createElement("div");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "pl-icon-btn";
  close.setAttribute("aria-label", words.close ?? "×");
  close.textContent = "×";
  close.addEventListener("click", () => box.remove());
  box.append(line, close);
  document.getElementById("pl-toasts")?.append(box);
  if (tone === "ok") setTimeout(() => box.remove(), 6000);
}
document.addEventListener("pl:toast", (event) => toast(event.detail.text, event.detail.tone));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  button?.closest("[data-flash], .pl-alert")?.remove();
});
const wrong = document.querySelector("[data-form-errors]");
wrong?.focus({ preventScroll: true });
wrong?.scrollIntoView({ block: "nearest" });

/* --- asking before something weighty --- */
export function confirmed(text, { label = "", keep = "", danger = false } = {}) {
  const dialog = document.getElementById("pl-confirm");
  if (!dialog?.showModal) return Promise.resolve(window.confirm(text));
  const yes = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("#pl-confirm-text").textContent = text;
  yes.dataset.plain ??= yes.textContent;
  yes.textContent = label || yes.dataset.plain;
  const no = dialog.querySelector("[data-confirm-no]");
  no.dataset.plain ??= no.textContent;
  no.textContent = keep || no.dataset.plain;
  yes.classList.toggle("pl-btn-danger-solid", danger);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/* --- forms: ask, send once, warn before losing what was typed --- */
let dirty = false;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (source.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const danger = source.dataset.confirmTone === "danger";
    const label = source.dataset.confirmLabel || (event.submitter?.textContent.trim() ?? "");
    const keep = source.dataset.confirmKeep;
    const answer = await confirmed(source.dataset.confirm, { label, keep, danger });
    if (!answer) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter ?? undefined);
    delete form.dataset.confirmed;
    return;
  }
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.method === "post") {
    if (form.dataset.sent) { event.preventDefault(); return; }
    dirty = false;
    if (form.hasAttribute("data-download") || form.matches("[hx-post], [hx-put], [hx-delete]")) return;
    form.dataset.sent = "yes";
    const button = event.submitter;
    setTimeout(() => button?.setAttribute("aria-busy", "true"));
  }
}, true);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post" && !form.closest("dialog") && !form.hasAttribute("data-unguarded")) dirty = true;
});
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

/* --- filters apply as soon as they are chosen; empty ones stay out of the address --- */
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-filter]")) return;
  for (const control of event.target.elements) if (control.name && !control.value) control.disabled = true;
});

/* --- undo is offered for a minute --- */
for (const form of document.querySelectorAll("form[data-undo]")) {
  setTimeout(() => form.querySelector("button")?.remove(), Number(form.dataset.undo) * 1000);
}

/* --- ticks before rows: all of the page at once, and how many --- */
const ticksOf = (form) => [...document.querySelectorAll(`input[name=chosen][form="${form.id}"]`)];
function count(form) {
  const ticks = ticksOf(form);
  const on = ticks.filter((one) => one.checked).length;
  const all = form.querySelector("[data-tick-all]");
  all.checked = on > 0 && on === ticks.length;
  all.indeterminate = on > 0 && on < ticks.length;
  const told = form.querySelector("[data-ticked]");
  told.textContent = on ? told.dataset.words.replace("{n}", on) : "";
  form.querySelectorAll("button").forEach((button) => { button.disabled = !on; });
}
for (const form of document.querySelectorAll("form[data-bulk]")) {
  form.querySelector("[data-tick-all]").addEventListener("change", (event) => {
    for (const one of ticksOf(form)) one.checked = event.target.checked;
    count(form);
  });
  for (const one of ticksOf(form)) one.addEventListener("change", () => count(form));
  count(form);
}

/* --- copy to the clipboard: <button data-copy="#id"> --- */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const text = source?.value ?? source?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text.trim());
    toast(button.dataset.copied ?? "✓");
  } catch {
    source?.select?.();
  }
});
/* one-click fill: <button data-fill='{"login":"park"}'> fills the fields of the nearest form by name */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const form = document.querySelector(button.dataset.fillForm) ?? button.form;
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
    if (form?.elements[name]) form.elements[name].value = value;
  }
  form?.querySelector("[type=submit]")?.focus();
});

/* --- wide tables can be scrolled by keyboard --- */
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth + 1;
    if (wide) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".pl-table-wrap, [data-scroll]").forEach((box) => watcher.observe(box));

/* --- heavier parts come only where a page asks for them --- */
const loaded = new Map();
export function loadVendor(path) {
  const url = body.dataset.static + "vendor/" + path;
  if (!loaded.has(url)) {
    loaded.set(url, new Promise((resolve, reject) => {
      const style = path.endsWith(".css");
      const element = document.createElement(style ? "link" : "script");
      if (style) { element.rel = "stylesheet"; element.href = url; } else element.src = url;
      element.onload = resolve;
      element.onerror = reject;
      if (style) document.head.prepend(element);
      else document.head.append(element);
    }));
  }
  return loaded.get(url);
}
export async function enhanceSelects(scope = document) {
  const selects = [...scope.querySelectorAll("select[data-select]:not(.tomselected)")];
  if (!selects.length) return;
  try {
    await Promise.all([loadVendor("tom-select/tom-select.min.css"), loadVendor("tom-select/tom-select.min.js")]);
  } catch { return; }
  for (const select of selects) {
    select.setAttribute("aria-hidden", "true"); // what replaces it carries its name
    new window.TomSelect(select, {
      maxOptions: 500,
      plugins: select.multiple ? ["remove_button"] : [],
      placeholder: select.dataset.placeholder ?? "",
      render: { no_results: null },
    });
  }
}
enhanceSelects();

/* --- htmx: answers that say no are shown too --- */
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 404, 409, 422, 429].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:afterSwap", (event) => enhanceSelects(event.detail.target));
document.addEventListener("htmx:sendError", () => toast(words.offline ?? "", "bad"));
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrf_token]")?.value;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
