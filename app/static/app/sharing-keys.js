// The timeline by keyboard: arrows choose instrument and time, Shift changes the length, Enter goes to the popover.

const HOUR = 36e5;
const DAY = 24 * HOUR;

export function cursor(board, calendar, data, ask) {
  const items = data.groups.flatMap((group) => group.items);
  const said = document.getElementById("pl-timeline-said");
  const hint = document.getElementById("pl-timeline-keys");
  const week = data.view.endsWith("Week");
  const step = week ? HOUR : HOUR / 2;
  const first = new Date(`${data.date}T00:00`);
  if (week) first.setDate(first.getDate() - ((first.getDay() + 6) % 7));
  const last = new Date(first.getTime() + (week ? 7 : 1) * DAY);
  let at;

  board.tabIndex = 0;
  board.setAttribute("role", "application");
  board.setAttribute("aria-label", `${data.words.label} – ${data.words.keys}`);
  board.setAttribute("aria-describedby", "pl-timeline-said");

  function begin() {
    const now = new Date(data.now);
    now.setHours(now.getHours() + 1, 0, 0, 0);
    const start = now >= first && now < last ? now : new Date(first.getTime() + 9 * HOUR);
    at = within({ row: 0, start, minutes: 60 });
  }

  // always inside the hours that are drawn: 08–20 of the days shown
  function within(spot) {
    const start = new Date(spot.start);
    if (start.getHours() < 8) {
      start.setDate(start.getDate() - 1);
      start.setTime(start.setHours(20, 0, 0, 0) - step);
    }
    const length = Math.min(12 * 60, Math.max(step / 6e4, spot.minutes));
    const close = new Date(start);
    close.setHours(20, 0, 0, 0);
    if (start >= close) {
      start.setTime(start.getTime() + DAY);
      start.setHours(8, 0, 0, 0);
    }
    const end = new Date(start);
    end.setHours(20, 0, 0, 0);
    if (start < first || end > last) return at ?? { row: 0, start: new Date(first.getTime() + 8 * HOUR), minutes: 60 };
    return { row: spot.row, start, minutes: Math.min(length, (end - start) / 6e4) };
  }

  function draw() {
    const item = items[at.row];
    const end = new Date(at.start.getTime() + at.minutes * 6e4);
    calendar.removeEventById("cursor");
    calendar.addEvent({ id: "cursor", resourceIds: [String(item.id)], start: at.start, end, display: "background", extendedProps: { kind: "cursor" } });
    const clock = (d) => d.toTimeString().slice(0, 5);
    const tongue = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
    const day = new Intl.DateTimeFormat(tongue, { weekday: "short", day: "numeric", month: "short" }).format(at.start);
    said.textContent = `${item.name}, ${day} ${clock(at.start)}–${clock(end)}`;
    requestAnimationFrame(() => {
      const bar = board.querySelector(".pl-ec-cursor");
      if (!bar) return;
      bar.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = bar.getBoundingClientRect();
      ask.look({ item, start: at.start, end }, { x: box.right, y: box.bottom - 20 });
    });
  }

  const moves = {
    ArrowRight: () => ({ start: new Date(at.start.getTime() + step) }),
    ArrowLeft: () => ({ start: new Date(at.start.getTime() - step) }),
    ArrowDown: () => ({ row: Math.min(items.length - 1, at.row + 1) }),
    ArrowUp: () => ({ row: Math.max(0, at.row - 1) }),
    PageDown: () => ({ start: new Date(at.start.getTime() + DAY) }),
    PageUp: () => ({ start: new Date(at.start.getTime() - DAY) }),
  };

  board.addEventListener("keydown", (event) => {
    if (event.target !== board || !items.length) return;
    if (event.key === "Enter" && at) {
      event.preventDefault();
      ask.focus();
    } else if (event.key in moves) {
      event.preventDefault();
      if (!at) begin();
      else if (event.shiftKey && event.key === "ArrowRight") at = within({ ...at, minutes: at.minutes + step / 6e4 });
      else if (event.shiftKey && event.key === "ArrowLeft") at = within({ ...at, minutes: at.minutes - step / 6e4 });
      else at = within({ ...at, ...moves[event.key]() });
      draw();
    }
  });
  board.addEventListener("focus", () => { hint.hidden = false; });
  board.addEventListener("blur", () => { if (!ask.open) hint.hidden = true; });

  return {
    closed() {
      if (!at) return;
      at = undefined;
      calendar.removeEventById("cursor");
      board.focus();
    },
  };
}
