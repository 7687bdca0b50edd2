/* The pipeline board: dragging a firm into the next column presses its own button, so asking and refusing stay the server's. */
const board = document.querySelector("[data-board]");
let held = null;

board?.addEventListener("dragstart", (event) => {
  held = event.target.closest?.(".pl-board-card");
  if (!held) return;
  event.dataTransfer.setData("text/plain", held.dataset.next);
  event.dataTransfer.effectAllowed = "move";
  held.classList.add("pl-held");
  board.querySelector(`[data-column="${held.dataset.next}"]`)?.classList.add("pl-target");
});
board?.addEventListener("dragend", () => {
  held?.classList.remove("pl-held");
  held = null;
  board.querySelectorAll(".pl-target").forEach((column) => column.classList.remove("pl-target"));
});
board?.addEventListener("dragover", (event) => {
  if (held && event.target.closest("[data-column]")?.dataset.column === held.dataset.next) event.preventDefault();
});
board?.addEventListener("drop", (event) => {
  if (!held || event.target.closest("[data-column]")?.dataset.column !== held.dataset.next) return;
  event.preventDefault();
  const form = held.querySelector("form");
  form.requestSubmit(form.querySelector("button"));
});
