/* Sliders beside the typed limits: the number stays the form's value, the slider only moves it. */
for (const slider of document.querySelectorAll("[data-slider]")) {
  const field = document.getElementById(slider.dataset.slider);
  slider.hidden = false;
  slider.addEventListener("input", () => {
    field.value = slider.value;
  });
  field.addEventListener("input", () => {
    if (Number(field.value) >= 0) slider.value = field.value;
  });
}
