// The popover of the timeline: prices and checks what is selected, says every reason why not and what can be had
// instead, and books it or moves a booking to it.

const two = (n) => String(n).padStart(2, "0");
const iso = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

// wanted = { item, start, end, moving: { id, undo } or undefined }
export function popover(data, { closed }) {
  const words = data.words;
  const pop = document.getElementById("pl-quote");
  const part = (name) => pop.querySelector(`[data-${name}]`);
  const form = pop.querySelector("form");
  const bookLabel = part("submit").textContent;
  let asked = "";
  let timer = 0;
  let pending;
  let undo;
  let sending = false;
  let at = { x: innerWidth / 2, y: innerHeight / 2 };
  document.addEventListener("pointermove", (event) => { at = { x: event.clientX, y: event.clientY }; }, { capture: true, passive: true });

  function close() {
    if (pop.hidden) return;
    pop.hidden = true;
    asked = "";
    clearTimeout(timer);
    pending?.abort();
    const back = undo;
    undo = undefined;
    if (!sending) back?.();
    closed();
  }
  part("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !pop.hidden) close(); });
  form.addEventListener("submit", () => { sending = true; });

  function place(point) {
    if (point) at = point;
    pop.hidden = false;
    const box = pop.getBoundingClientRect();
    const left = at.x + 16 + box.width < innerWidth ? at.x + 16 : Math.max(8, at.x - box.width - 16);
    const top = at.y + 28 + box.height < innerHeight ? at.y + 28 : Math.max(68, innerHeight - box.height - 12);
    pop.style.left = `${left}px`;
    pop.style.top = `${top}px`;
  }

  function fill(wanted, from, to) {
    const { item, moving } = wanted;
    part("name").textContent = moving ? `${words.moving} · ${item.name}` : item.name;
    part("place").textContent = [item.model, item.place].filter(Boolean).join(" · ");
    part("span").textContent = `${from.slice(5, 10).replace("-", "/")} ${from.slice(11)}–${to.slice(11)}`;
    part("hours").textContent = `${Math.round((wanted.end - wanted.start) / 36e3) / 100} ${words.hours}`;
    part("note").textContent = words.checking;
    part("note").className = "pl-quote-note";
    for (const name of ["sum", "reasons", "options"]) part(name).replaceChildren();
    part("submit").disabled = true;
    part("submit").hidden = false;
    part("submit").textContent = moving ? words.move : bookLabel;
    part("wait").hidden = true;
    part("purpose").hidden = Boolean(moving);
    part("credits").hidden = true;
    form.action = moving ? data.move.replace(/0(?=\/move$)/, moving.id) : data.book;
    form.elements.resource.value = item.id;
    form.elements.day.value = from.slice(0, 10);
    form.elements.start.value = from.slice(11);
    form.elements.end_day.value = to.slice(0, 10);
    form.elements.end.value = to.slice(11);
  }

  async function check(key, wanted, from, to) {
    pending?.abort();
    pending = new AbortController();
    try {
      const query = new URLSearchParams({ resource: wanted.item.id, start: from, end: to });
      if (wanted.moving) query.set("booking", wanted.moving.id);
      const answer = await fetch(`${data.quote}?${query}`, { signal: pending.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const quote = await answer.json();
      if (key === asked) show(quote, wanted, from, to);
    } catch (error) {
      if (error.name !== "AbortError" && key === asked) part("note").textContent = words.failed;
    }
  }

  function sums(quote) {
    const line = (label, value, className) => {
      const row = make("div", className);
      row.append(make("dt", "", label), make("dd", "", value));
      return row;
    };
    const rows = [line(words.price, quote.price)];
    if (quote.fee) rows.push(line(words.fee, quote.fee, "pl-bad"));
    if (quote.vouchers) rows.push(line(words.vouchers, quote.vouchers, "pl-ok"));
    if (quote.credits) rows.push(line(words.credits, quote.credits, "pl-ok"));
    if (!quote.fee) rows.push(line(words.pay, quote.credits && form.elements.use_credits.checked ? quote.pay_with_credits : quote.pay, "pl-total"));
    part("sum").replaceChildren(...rows);
  }

  function options(quote, item) {
    const box = part("options");
    box.replaceChildren();
    if (!quote.alternatives.length) return;
    const list = make("ul", "pl-quote-options");
    for (const option of quote.alternatives.slice(0, 3)) {
      const entry = make("li");
      const link = make("a", "", option.resource === item.id ? option.span : `${option.span} · ${option.name}`);
      link.href = `${data.book}?${new URLSearchParams({ resource: option.resource, start: option.start, end: option.end })}`;
      entry.append(link, make("span", "", option.price));
      list.append(entry);
    }
    box.append(make("p", "pl-quote-sub", words.alternatives), list);
  }

  function show(quote, wanted, from, to) {
    part("span").textContent = quote.span;
    sums(quote);
    form.elements.use_credits.onchange = () => sums(quote);
    part("note").className = `pl-quote-note ${quote.bookable ? "pl-ok" : "pl-bad"}`;
    part("note").textContent = quote.bookable ? `${words.free} · ${quote.approval === "owner" ? words.owner : words.automatic}` : "";
    part("reasons").replaceChildren(...quote.reasons.map((reason) => make("li", "", reason.message)));
    if (wanted.moving) part("options").replaceChildren();
    else options(quote, wanted.item);
    const wait = part("wait");
    wait.hidden = quote.bookable || Boolean(wanted.moving) || !quote.reasons.some((reason) => reason.code === "taken");
    wait.href = `${data.waitlist}?${new URLSearchParams({ resource: wanted.item.id, start: from, end: to })}`;
    part("submit").disabled = !quote.bookable;
    part("submit").hidden = !quote.bookable;
    part("purpose").hidden = !quote.bookable || Boolean(wanted.moving);
    part("credits").hidden = !quote.credits || !quote.bookable || Boolean(wanted.moving);
    place();
  }

  function look(wanted, point) {
    const [from, to] = [iso(wanted.start), iso(wanted.end)];
    const key = `${wanted.item.id} ${from} ${to} ${wanted.moving?.id ?? ""}`;
    if (key !== asked) {
      asked = key;
      fill(wanted, from, to);
      clearTimeout(timer);
      timer = setTimeout(() => check(key, wanted, from, to), 140);
    }
    pop.classList.add("pl-pop-dragging");
    place(point);
  }

  function settle(wanted, jsEvent) {
    undo = wanted.moving?.undo;
    look(wanted, jsEvent && { x: jsEvent.clientX, y: jsEvent.clientY });
    pop.classList.remove("pl-pop-dragging");
    focus();
  }

  function focus() {
    pop.classList.remove("pl-pop-dragging");
    (part("purpose").hidden ? part("close") : form.elements.purpose).focus({ preventScroll: true });
  }

  return { look, settle, close, focus, get open() { return !pop.hidden; } };
}
