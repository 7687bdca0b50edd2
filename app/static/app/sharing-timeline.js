// The week of instruments: drag to select hours, drag a booking of one's own to move it, or use the keyboard.
// The server-rendered list below it is the accessible twin and what stays when scripts are off.

import { cursor } from "./sharing-keys.js";
import { popover } from "./sharing-quote.js";

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
  const week = data.view.endsWith("Week");
  const instruments = new Map(data.groups.flatMap((g) => g.items).map((x) => [String(x.id), x]));
  const side = 206;
  const slots = week ? 42 : 12;
  const room = Math.max(520, innerHeight - 340);
  const rows = 66 + data.groups.reduce((sum, group) => sum + 30 + 43 * group.items.length, 0);
  const slotWidth = Math.max(18, Math.floor((board.clientWidth - side) / slots));
  board.style.setProperty("--side", `${board.clientWidth - slotWidth * slots - 2}px`);
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
      if (bar.hasAttribute("aria-label")) bar.setAttribute("role", "img");
      else bar.removeAttribute("role");
      bar.removeAttribute("tabindex");
    }
    for (const closed of board.querySelectorAll(".ec-bg-event")) closed.setAttribute("aria-hidden", "true");
    const table = board.querySelector("[role=table]");
    if (table) {
      table.setAttribute("role", "group");
      table.setAttribute("aria-label", words.label);
    }
  };

  const ask = popover(data, { closed: () => { calendar.unselect(); keys.closed(); } });
  const wanted = (info, moving) => ({ item: instruments.get(String(info.resource.id)), start: info.start, end: info.end, moving });
  const isInstrument = (resource) => Boolean(resource) && !resource.extendedProps.group;
  const moved = (info, undo) => ({
    item: instruments.get(String((info.newResource ?? { id: info.event.resourceIds[0] }).id)),
    start: info.event.start,
    end: info.event.end,
    moving: { id: info.event.extendedProps.booking, undo },
  });
  const dragged = (info) => {
    const wish = moved(info);
    if (!wish.item) return false; // the head of a group
    ask.look(wish);
    return true;
  };
  const dropped = (info) => {
    const [now, was] = [info.event, info.oldEvent];
    const same = +now.start === +was.start && +now.end === +was.end && now.resourceIds[0] === was.resourceIds[0];
    if (same) ask.close();
    else ask.settle(moved(info, info.revert), info.jsEvent);
  };

  const calendar = window.EventCalendar.create(board, {
    view: data.view,
    date: data.date,
    firstDay: data.first_day,
    locale: zh ? "zh-CN" : "en",
    height: rows < room ? "auto" : `${room}px`,
    headerToolbar: { start: "", center: "", end: "" },
    views: {
      resourceTimelineWeek: { slotDuration: "02:00", slotWidth, slotLabelInterval: "04:00" },
      resourceTimelineDay: { slotDuration: "01:00", slotWidth },
    },
    slotMinTime: "08:00",
    slotMaxTime: "20:00",
    snapDuration: week ? "01:00" : "00:30",
    nowIndicator: new Date().getTimezoneOffset() === -480, // its line follows the browser's clock, the board the park's
    selectable: true,
    unselectAuto: false,
    editable: false,
    slotEventOverlap: false,
    slotLabelFormat: (d) => String(d.getHours()),
    dayHeaderFormat: (d) =>
      zh
        ? `${d.getMonth() + 1}/${d.getDate()} ${words.weekday}${words.weekdays[d.getDay()]}`
        : new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" }).format(d).replace(",", ""),
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
      display: event.kind === "closed" ? "background" : "auto",
      startEditable: Boolean(event.movable),
      durationEditable: Boolean(event.movable),
      extendedProps: event,
    })),
    eventClassNames: ({ event }) => [`pl-ec-${event.extendedProps.kind ?? "new"}`],
    eventContent: ({ event }) => {
      const props = event.extendedProps;
      if (!props.kind || props.kind === "closed" || props.kind === "cursor") return "";
      const name = { busy: words.occupied, pending: words.pending, maint: words.maintenance }[props.kind];
      const text = props.title || name || "";
      const node = make("span", "pl-ec-text", props.kind === "busy" ? "" : text);
      const when = `${props.start.slice(5, 10)} ${props.start.slice(11)}–${props.end.slice(11)}`;
      queueMicrotask(honestRoles);
      node.title = [name, props.title, instruments.get(String(props.resource))?.name, when].filter(Boolean).join("\n");
      return { domNodes: [node] };
    },
    eventDidMount: ({ event, el }) => {
      const said = event.extendedProps.spoken;
      if (!said) return el.setAttribute("aria-hidden", "true"); // closed hours say nothing
      el.setAttribute("role", "img");
      el.setAttribute("aria-label", said);
      el.removeAttribute("tabindex");
    },
    eventClick: ({ event }) => {
      const id = event.extendedProps.booking;
      if (id) location.assign(data.booking.replace(/0$/, id));
    },
    dragConstraint: dragged,
    resizeConstraint: dragged,
    eventDrop: dropped,
    eventResize: dropped,
    selectConstraint: (info) => {
      if (!isInstrument(info.resource)) return false;
      ask.look(wanted(info)); // while one drags
      return true;
    },
    select: (info) => ask.settle(wanted(info), info.jsEvent),
    viewDidMount: honestRoles,
    datesSet: () => setTimeout(honestRoles),
    resourceLabelDidMount: () => queueMicrotask(honestRoles),
    eventAllUpdated: honestRoles,
  });
  setTimeout(honestRoles);
  const keys = cursor(board, calendar, data, ask);
}
