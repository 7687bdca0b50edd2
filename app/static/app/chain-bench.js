/* What-if: dragging or ticking a firm moves it between the lists and asks the server for the answer. */
const form = document.querySelector("[data-what-if]");
const answer = document.getElementById("pl-answer");
const said = form.querySelector("[data-said]");
let asked = 0;
let held = null;

form.classList.add("pl-bench-live");

function place(card) {
  const on = card.querySelector("input").checked;
  const focused = card.contains(document.activeElement);
  const list = form.querySelector(`[data-zone="${card.dataset.kind}:${on ? "on" : "off"}"]`);
  if (on) list.append(card);
  else list.prepend(card);
  if (focused) card.querySelector("input").focus();
  const word = on ? (card.dataset.kind === "come" ? form.dataset.came : form.dataset.left) : form.dataset.undone;
  said.textContent = word.replace("{name}", card.dataset.name);
}

function query() {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value || !["leave", "come"].includes(name)) values.append(name, value);
  return values;
}

/* A row typed by hand counts once all three cells are filled. */
function halfTyped() {
  return [...form.querySelectorAll(".pl-typed-row")].some((row) => {
    const filled = [...row.querySelectorAll("input, select")].filter((cell) => cell.value).length;
    return filled > 0 && filled < 3;
  });
}

async function ask() {
  if (halfTyped()) return;
  const mine = ++asked;
  const values = query();
  answer.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(`${form.dataset.answer}?${values}`, { headers: { "X-Requested-With": "fetch" } });
    if (mine !== asked || !(reply.ok || reply.status === 422)) return;
    answer.innerHTML = await reply.text();
    window.htmx?.process(answer);
    history.replaceState(null, "", `${form.action}?${values}`);
  } finally {
    if (mine === asked) answer.removeAttribute("aria-busy");
  }
}

form.addEventListener("change", (event) => {
  const card = event.target.closest(".pl-drag");
  if (card) place(card);
  if (card || event.target.closest(".pl-typed-row") || ["leave", "come"].includes(event.target.name)) ask();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});

form.addEventListener("dragstart", (event) => {
  held = event.target.closest?.(".pl-drag");
  if (!held) return;
  event.dataTransfer.setData("text/plain", held.dataset.name);
  event.dataTransfer.effectAllowed = "move";
  form.dataset.holding = held.dataset.kind;
  held.classList.add("pl-held");
});
form.addEventListener("dragend", () => {
  held?.classList.remove("pl-held");
  held = null;
  delete form.dataset.holding;
  form.querySelectorAll(".pl-over").forEach((box) => box.classList.remove("pl-over"));
});
for (const box of form.querySelectorAll(".pl-bench-grid > section")) {
  const [kind, state] = box.querySelector("[data-zone]").dataset.zone.split(":");
  const fits = () => held?.dataset.kind === kind && held.querySelector("input").checked !== (state === "on");
  box.addEventListener("dragover", (event) => {
    if (!fits()) return;
    event.preventDefault();
    box.classList.add("pl-over");
  });
  box.addEventListener("dragleave", (event) => { if (!box.contains(event.relatedTarget)) box.classList.remove("pl-over"); });
  box.addEventListener("drop", (event) => {
    if (!fits()) return;
    event.preventDefault();
    held.querySelector("input").checked = state === "on";
    place(held);
    ask();
  });
}

const find = form.querySelector("[data-find]");
if (find) {
  find.hidden = false;
  find.addEventListener("input", () => {
    const word = find.value.trim().toLowerCase();
    for (const card of form.querySelectorAll('[data-zone="leave:off"] .pl-drag')) {
      card.hidden = Boolean(word) && !card.textContent.toLowerCase().includes(word);
    }
  });
}
