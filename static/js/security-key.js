// Adding a security key, and proving with one that it is you. The form is posted as any other.
import { gettext } from "./talk/texts.js";

const options = () => JSON.parse(document.getElementById("security-key-options").textContent);

async function touch(form) {
  const problem = form.querySelector("[data-problem]");
  const button = form.querySelector("[data-touch]");
  problem.hidden = true;
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await window.webauthnJSON[form.dataset.securityKey](options());
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (failure) {
    problem.textContent = failure.name === "InvalidStateError"
      ? gettext("This key is set up already.")
      : gettext("The key did not answer, or you cancelled. Try again.");
    problem.hidden = false;
    button.removeAttribute("aria-disabled");
  }
}

for (const form of document.querySelectorAll("[data-security-key]")) {
  // Where the browser knows no keys the other way in stands alone.
  if (!window.PublicKeyCredential || !window.webauthnJSON) continue;
  form.hidden = false;
  form.querySelector("[data-touch]").addEventListener("click", () => touch(form));
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    touch(form);
  });
}
