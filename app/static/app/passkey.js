// Passkeys: the browser is asked, its answer travels in a hidden field of the form. Without it a code does the same.
import { toast } from "./app.js";

const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function options(sent) {
  const wanted = JSON.parse(sent);
  wanted.challenge = bytes(wanted.challenge);
  if (wanted.user) wanted.user.id = bytes(wanted.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const one of wanted[list] ?? []) one.id = bytes(one.id);
  }
  return wanted;
}

function answer(made) {
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) said[name] = text(made.response[name]);
  }
  return JSON.stringify({
    id: made.id, rawId: text(made.rawId), type: made.type, response: said, clientExtensionResults: {},
  });
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const form = button.form;
    if (button.dataset.passkey === "create" && !form.reportValidity()) return;
    button.disabled = true;
    try {
      const publicKey = options(button.dataset.options);
      const made = await navigator.credentials[button.dataset.passkey]({ publicKey });
      form.elements.answer.value = answer(made);
      form.submit();
    } catch {
      toast(button.dataset.failed, "bad");
      button.disabled = false;
    }
  });
}
