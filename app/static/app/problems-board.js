/* The board of problems: arrows go from card to card; a card that is dragged into its next column, or pushed there with
   Shift and the right arrow, does what its own button or link does, so asking and refusing stay the server's. */
const board = document.querySelector("[data-board]");
const columns = board ? [...board.querySelectorAll("[data-column]")] : [];
let held = null;

const cardsOf = (column) => [...column.querySelectorAll(".pr-card")];
const handle = (card) => card.querySelector("h3 a");
const target = (card) => columns.find((column) => card.dataset.next && column.dataset.column === card.dataset.next);

function move(card) {
  const form = card.querySelector("form[data-move]");
  if (form) form.requestSubmit(form.querySelector("button"));
  else card.querySelector("a[data-move]")?.click();
}

function step(card, across, down) {
  const column = columns.findIndex((one) => one.contains(card));
  const at = cardsOf(columns[column]).indexOf(card);
  if (!across) return cardsOf(columns[column])[at + down];
  for (let next = column + across; next >= 0 && next < columns.length; next += across) {
    const found = cardsOf(columns[next]);
    if (found.length) return found[Math.min(at, found.length - 1)];
  }
  return undefined;
}

board?.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".pr-card");
  const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if (!card || (!across && !down) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (event.shiftKey && across === 1 && target(card)) move(card);
  else if (!event.shiftKey) {
    const other = step(card, across, down);
    if (other) handle(other).focus();
  }
});

board?.addEventListener("dragstart", (event) => {
  held = event.target.closest?.(".pr-card[data-next]");
  if (!held) return;
  event.dataTransfer.setData("text/plain", held.dataset.next);
  event.dataTransfer.effectAllowed = "move";
  held.classList.add("pr-held");
  target(held)?.classList.add("pr-target");
});
board?.addEventListener("dragend", () => {
  held?.classList.remove("pr-held");
  held = null;
  columns.forEach((column) => column.classList.remove("pr-target"));
});
board?.addEventListener("dragover", (event) => {
  if (held && target(held)?.contains(event.target)) event.preventDefault();
});
board?.addEventListener("drop", (event) => {
  if (!held || !target(held)?.contains(event.target)) return;
  event.preventDefault();
  move(held);
});

/* A link to one act of a problem opens its form and puts the cursor there. */
const act = location.hash.startsWith("#act-") ? document.getElementById(location.hash.slice(1)) : null;
const write = () => act.querySelector("textarea, select, input:not([type=hidden])")?.focus();
if (act) {
  act.open = true; // the browser goes to the fragment itself when the page is there; the cursor follows it
  if (document.readyState === "complete") write();
  else addEventListener("load", () => setTimeout(write));
}
