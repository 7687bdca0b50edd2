// The week of instruments: drag to select hours; a popover prices and checks them while one drags.
// The server-rendered list below it is the accessible twin and what stays when scripts are off.

const board = document.getElementById("pl-timeline");
const source = document.getElementById("pl-timeline-data");
const wide = matchMedia("(min-width: 861px)");

if (board && source && window.EventCalendar) {
  const data = JSON.parse(source.textContent);
  if (wide.matches) start(data);
  else wide.addEventListener("change", () => start(data), { once: true });
}

function start(data) {
  document.getElementById("pl-day-list")?.classList.add("pl-day-list-phone");
  board.hidden = false;
  const words = data.words;
  const zh = document.documentElement.lang.startsWith("zh");
  const instruments = new Map(data.groups.flatMap((g) => g.items).map((x) => [String(x.id), x]));
  const side = 206;
  const slots = data.view.endsWith("Week") ? 42 : 12;
  const slotWidth = Math.max(18, Math.floor((board.clientWidth - side) / slots));
  board.style.setProperty("--side", `${board.clientWidth - slotWidth * slots - 2}px`);
  const two = (n) => String(n).padStart(2, "0");
  const iso = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  // The library's table roles lie to a screen reader (no real table): a labelled group instead.
  const honestRoles = () => {
    for (const node of board.querySelectorAll("[role=rowheader],[role=row],[role=rowgroup],[role=columnheader],[role=cell],[role=gridcell]")) {
      for (const name of ["role", "aria-colindex", "aria-rowindex"]) node.removeAttribute(name);
    }
    // Bars are pictures of what the list says in words: no buttons, some of them narrower than a finger.
    for (const bar of board.querySelectorAll(".ec-event[role=button]")) {
      bar.removeAttribute("role");
      bar.removeAttribute("tabindex");
    }
    const table = board.querySelector("[role=table]");
    if (table) {
      table.setAttribute("role", "group");
      table.setAttribute("aria-label", words.label);
    }
  };

  const calendar = window.EventCalendar.create(board, {
    view: data.view,
    date: data.date,
    firstDay: 1,
    locale: zh ? "zh-CN" : "en",
    height: `${Math.max(520, innerHeight - 340)}px`,
    headerToolbar: { start: "", center: "", end: "" },
    views: {
      resourceTimelineWeek: { slotDuration: "02:00", slotWidth, slotLabelInterval: "04:00" },
      resourceTimelineDay: { slotDuration: "01:00", slotWidth },
    },
    slotMinTime: "08:00",
    slotMaxTime: "20:00",
    snapDuration: data.view.endsWith("Week") ? "01:00" : "00:30",
    selectable: true,
    unselectAuto: false,
    editable: false,
    eventStartEditable: false,
    eventDurationEditable: false,
    slotEventOverlap: false,
    slotLabelFormat: (d) => String(d.getHours()),
    dayHeaderFormat: (d) =>
      zh
        ? `${d.getMonth() + 1}/${d.getDate()} ${words.weekday}${words.weekdays[d.getDay()]}`
        : new Intl.DateTimeFormat("en", { weekday: "short", day: "numeric", month: "short" }).format(d),
    resources: data.groups.map((group, n) => ({
      id: `group-${n}`,
      title: group.name,
      extendedProps: { group: true },
      children: group.items.map((item) => ({ id: String(item.id), title: item.name, extendedProps: item })),
    })),
    resourceLabelContent: ({ resource }) => {
      const props = resource.extendedProps;
      if (props.group) return { domNodes: [make("div", "pl-ec-group", resource.title)] };
      const box = make("div", "pl-ec-name");
      const link = make("a", "", resource.title);
      link.href = data.resource.replace(/0$/, props.id);
      box.append(link, make("small", "", [props.place, `${props.price}/h`].filter(Boolean).join(" · ")));
      return { domNodes: [box] };
    },
    events: data.events.map((event) => ({
      id: event.id,
      resourceIds: [String(event.resource)],
      start: event.start,
      end: event.end,
      title: event.title,
      extendedProps: event,
    })),
    eventClassNames: ({ event }) => [`pl-ec-${event.extendedProps.kind ?? "new"}`],
    eventContent: ({ event }) => {
      const props = event.extendedProps;
      if (!props.kind) return ""; // the selection's own preview
      const name = { busy: words.occupied, pending: words.pending, maint: words.maintenance }[props.kind];
      const text = props.title || name || "";
      const node = make("span", "pl-ec-text", props.kind === "busy" ? "" : text);
      const when = `${props.start.slice(5, 10)} ${props.start.slice(11)}–${props.end.slice(11)}`;
      queueMicrotask(honestRoles);
      node.title = [name, props.title, instruments.get(String(props.resource))?.name, when].filter(Boolean).join("\n");
      return { domNodes: [node] };
    },
    eventClick: ({ event }) => {
      const id = event.extendedProps.booking;
      if (id) location.assign(data.booking.replace(/0$/, id));
    },
    selectConstraint: (info) => {
      if (!info.resource || info.resource.extendedProps.group) return false;
      check(info); // while one drags
      return true;
    },
    select: (info) => check(info, info.jsEvent),
    viewDidMount: honestRoles,
    datesSet: () => setTimeout(honestRoles),
    resourceLabelDidMount: () => queueMicrotask(honestRoles),
    eventAllUpdated: honestRoles,
  });
  setTimeout(honestRoles);

  /* --- the popover --- */
  const pop = document.getElementById("pl-quote");
  const part = (name) => pop.querySelector(`[data-${name}]`);
  const form = pop.querySelector("form");
  let asked = "";
  let timer = 0;
  let pending;
  let pointer = { x: innerWidth / 2, y: innerHeight / 2 };
  board.addEventListener("pointermove", (event) => { pointer = { x: event.clientX, y: event.clientY }; }, true);

  function close() {
    pop.hidden = true;
    asked = "";
    clearTimeout(timer);
    pending?.abort();
    calendar.unselect();
  }
  part("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !pop.hidden) close(); });

  function check(info, jsEvent) {
    const item = instruments.get(String(info.resource.id));
    const [from, to] = [iso(info.start), iso(info.end)];
    const key = `${item.id} ${from} ${to}`;
    if (key !== asked) {
      asked = key;
      fill(item, info, from, to);
      clearTimeout(timer);
      timer = setTimeout(() => ask(key, item, from, to), 140);
    }
    place(jsEvent);
    if (jsEvent) (form.querySelector(".pl-quote-purpose").hidden ? part("close") : form.elements.purpose).focus({ preventScroll: true });
  }

  function place(jsEvent) {
    const at = jsEvent ? { x: jsEvent.clientX, y: jsEvent.clientY } : pointer;
    pop.hidden = false;
    pop.classList.toggle("pl-pop-dragging", !jsEvent);
    const box = pop.getBoundingClientRect();
    const left = at.x + 16 + box.width < innerWidth ? at.x + 16 : Math.max(8, at.x - box.width - 16);
    const top = at.y + 28 + box.height < innerHeight ? at.y + 28 : Math.max(68, innerHeight - box.height - 12);
    pop.style.left = `${left}px`;
    pop.style.top = `${top}px`;
  }

  function fill(item, info, from, to) {
    part("name").textContent = item.name;
    part("place").textContent = [item.model, item.place].filter(Boolean).join(" · ");
    part("span").textContent = `${from.slice(5, 10).replace("-", "/")} ${from.slice(11)}–${to.slice(11)}`;
    part("hours").textContent = `${Math.round((info.end - info.start) / 36e3) / 100} ${words.hours}`;
    part("note").textContent = words.checking;
    part("note").className = "pl-quote-note";
    for (const name of ["sum", "reasons", "options"]) part(name).replaceChildren();
    part("submit").disabled = true;
    form.querySelector(".pl-quote-purpose").hidden = false;
    form.elements.resource.value = item.id;
    form.elements.day.value = from.slice(0, 10);
    form.elements.start.value = from.slice(11);
    form.elements.end.value = to.slice(11);
  }

  async function ask(key, item, from, to) {
    pending?.abort();
    pending = new AbortController();
    try {
      const query = new URLSearchParams({ resource: item.id, start: from, end: to });
      const answer = await fetch(`${data.quote}?${query}`, { signal: pending.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const quote = await answer.json();
      if (key === asked) show(quote, item, from, to);
    } catch (error) {
      if (error.name !== "AbortError" && key === asked) part("note").textContent = words.failed;
    }
  }

  function show(quote, item, from, to) {
    part("span").textContent = quote.span;
    const line = (label, value, className) => {
      const row = make("div", className);
      row.append(make("dt", "", label), make("dd", "", value));
      return row;
    };
    const sum = [line(words.price, quote.price)];
    if (quote.credits) sum.push(line(words.credits, quote.credits, "pl-ok"));
    sum.push(line(words.pay, quote.credits && form.elements.use_credits.checked ? quote.pay : quote.price, "pl-total"));
    part("sum").replaceChildren(...sum);
    form.elements.use_credits.onchange = () => show(quote, item, from, to);
    part("note").className = `pl-quote-note ${quote.bookable ? "pl-ok" : "pl-bad"}`;
    part("note").textContent = quote.bookable ? `${words.free} · ${quote.approval === "owner" ? words.owner : words.automatic}` : "";
    part("reasons").replaceChildren(...quote.reasons.map((reason) => make("li", "", reason.message)));
    const options = part("options");
    options.replaceChildren();
    if (quote.alternatives.length) {
      const list = make("ul", "pl-quote-options");
      for (const option of quote.alternatives.slice(0, 3)) {
        const entry = make("li");
        const link = make("a", "", option.resource === item.id ? option.span : `${option.span} · ${option.name}`);
        link.href = `${data.book}?${new URLSearchParams({ resource: option.resource, start: option.start, end: option.end })}`;
        entry.append(link, make("span", "", option.price));
        list.append(entry);
      }
      options.append(make("p", "pl-quote-sub", words.alternatives), list);
    }
    const wait = part("wait");
    wait.hidden = quote.bookable || !quote.reasons.some((reason) => reason.code === "taken");
    wait.href = `/sharing/waitlist/new?${new URLSearchParams({ resource: item.id, start: from, end: to })}`;
    part("submit").disabled = !quote.bookable;
    part("submit").hidden = !quote.bookable;
    form.querySelector(".pl-quote-purpose").hidden = !quote.bookable;
    part("credits").hidden = !quote.credits || !quote.bookable;
    place();
    if (!quote.bookable) pop.classList.remove("pl-pop-dragging");
  }
}
