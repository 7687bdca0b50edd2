// The listing form: presets of a week, second spans, bars of the hours, and the card that others will see.

const form = document.querySelector("[data-listing]");
const rows = [...form.querySelectorAll(".pl-week-row")];
const card = form.querySelector("[data-preview]");
const DAY = 1440;
form.classList.add("pl-js");
form.querySelector("[data-presets]").hidden = false;

const control = (row, name) => row.querySelector(`[name$="-${name}"]`);
const minutes = (text) => (/^\d\d:\d\d/.test(text) ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)) : null);

function spans(row) {
  if (!control(row, "on").checked) return [];
  const found = [];
  for (const [from, to] of [["opens", "closes"], ["again_opens", "again_closes"]]) {
    const start = minutes(control(row, from).value);
    const end = minutes(control(row, to).value);
    if (start !== null && end !== null) found.push([start, end > start ? end : end + DAY]);
  }
  return found;
}

function svg(parent, name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.append(node);
}

function drawWeek() {
  let total = 0;
  const days = card.querySelector("[data-days]");
  days.replaceChildren();
  for (const [n, row] of rows.entries()) {
    const on = control(row, "on").checked;
    const open = spans(row);
    const sum = open.reduce((all, [start, end]) => all + end - start, 0);
    total += sum;
    row.classList.toggle("pl-day-on", on);
    row.querySelector("[data-closed]").hidden = on;
    row.querySelector("[data-again]").hidden = !row.querySelector("[data-spare]");
    const bar = row.querySelector(".pl-week-bar");
    bar.replaceChildren();
    for (const [start, end] of open) svg(bar, "rect", { x: start, y: 0, width: Math.min(end, DAY) - start, height: 8 });
    svg(days, "rect", { x: n * 100 + 6, y: 0, width: 88, height: 60, rx: 6 });
    const height = Math.min(60, (60 * sum) / DAY);
    if (height) svg(days, "rect", { x: n * 100 + 6, y: 60 - height, width: 88, height, class: "pl-on" });
  }
  const line = form.elements.week_line.value.trim();
  card.querySelector('[data-of="hours"]').textContent = line ? line : String(Math.round(total / 6) / 10);
}

function set(row, on, opens = "", closes = "", againOpens = "", againCloses = "") {
  control(row, "on").checked = on;
  const values = { opens, closes, again_opens: againOpens, again_closes: againCloses };
  for (const [name, value] of Object.entries(values)) control(row, name).value = value;
  row.querySelector(".pl-week-again").toggleAttribute("data-spare", !againOpens);
}

const PRESETS = {
  work: (row, n) => set(row, n < 5, n < 5 ? "09:00" : "", n < 5 ? "17:00" : ""),
  daily: (row) => set(row, true, "09:00", "17:00"),
  always: (row) => set(row, true, "00:00", "00:00"),
  copy: (row) => {
    const first = rows[0];
    const values = ["opens", "closes", "again_opens", "again_closes"].map((name) => control(first, name).value);
    set(row, control(first, "on").checked, ...values);
  },
};
form.addEventListener("click", (event) => {
  const preset = event.target.closest("[data-week]");
  if (preset) {
    rows.forEach((row, n) => PRESETS[preset.dataset.week](row, n));
    drawWeek();
  }
  const again = event.target.closest("[data-again]");
  if (again) {
    const more = again.parentElement.querySelector(".pl-week-again");
    more.removeAttribute("data-spare");
    more.querySelector("input").focus();
    drawWeek();
  }
});
form.addEventListener("change", (event) => {
  const row = event.target.closest(".pl-week-row");
  if (row && event.target.name.endsWith("-on") && event.target.checked && !control(row, "opens").value) {
    set(row, true, "09:00", "17:00");
  }
});

/* --- the card --- */
const money = (fen) => `¥${(fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
const of = (name) => card.querySelector(`[data-of="${name}"]`);
const plain = Object.fromEntries(["name", "where", "category", "price"].map((name) => [name, of(name).textContent]));
const shown = (select) => (select.value && select.value !== "0" ? select.selectedOptions[0]?.textContent.trim() : "");

function drawCard() {
  const field = form.elements;
  of("name").textContent = field.name.value.trim() || plain.name;
  of("price").textContent = field.price.value === "" ? "¥ —" : money(Math.round(Number(field.price.value) * 100));
  of("where").textContent = [shown(field.where), field.place.value.trim()].filter(Boolean).join(" ") || plain.where;
  of("category").textContent = shown(field.category) || plain.category;
  of("approval").textContent = shown(field.approval);
  of("qualification_id").textContent = shown(field.qualification_id);
  const note = form.querySelector("[data-prices]");
  const range = JSON.parse(note.dataset.prices)[field.category.value];
  note.hidden = !range;
  if (!range) return;
  const words = range[2] === 1 || range[0] === range[1] ? note.dataset.one : note.dataset.many;
  note.querySelector("p").textContent = words.replace("{n}", range[2]).replace("{low}", money(range[0])).replace("{high}", money(range[1]));
}

let address = "";
form.elements.photos.addEventListener("change", (event) => {
  const file = [...event.target.files].find((one) => one.type.startsWith("image/"));
  if (!file) return;
  if (address) URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  const picture = card.querySelector("[data-cover]");
  picture.src = address;
  picture.hidden = false;
  card.querySelector("[data-no-cover]").hidden = true;
});
form.addEventListener("input", () => { drawWeek(); drawCard(); });
form.addEventListener("change", () => { drawWeek(); drawCard(); });
drawWeek();
drawCard();
