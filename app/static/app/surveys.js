/* The form of a questionnaire: questions appear when they are asked; of an anonymous sheet what is not sent stays here. */
const form = document.querySelector(".sv-form");

function said(name) {
  return [...form.querySelectorAll(`[name="${name}"]`)]
    .filter((one) => !one.closest("[hidden]"))
    .filter((one) => (one.type === "radio" || one.type === "checkbox" ? one.checked : one.value.trim()))
    .map((one) => one.value.trim());
}

function show() {
  for (const question of form.querySelectorAll("[data-show]")) {
    const rules = JSON.parse(question.dataset.show);
    question.hidden = !rules.every(([name, wanted]) => said(name).some((value) => wanted.includes(value)));
  }
}

function keep(place) {
  const values = [...new FormData(form)].filter(([name]) => name.startsWith("q"));
  try {
    localStorage.setItem(place, JSON.stringify(values));
  } catch { /* storage is off: nothing is kept */ }
}

function bringBack(place) {
  let values = [];
  try {
    values = JSON.parse(localStorage.getItem(place) || "[]");
  } catch { /* not ours */ }
  for (const [name, value] of values) {
    for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (one.type === "radio" || one.type === "checkbox") one.checked ||= one.value === value;
      else one.value ||= value;
    }
  }
}

if (form) {
  const place = `parklink-sheet:${location.pathname}`;
  if ("keepHere" in form.dataset) {
    bringBack(place);
    form.addEventListener("input", () => keep(place));
  }
  form.addEventListener("input", show);
  show();
} else {
  try {
    localStorage.removeItem(`parklink-sheet:${location.pathname}`);
  } catch { /* storage is off */ }
}
