// Every figure opens what it rests on. Dialogs close by their button, by Escape, and by a click beside them.
import { $, problem } from "./page.js";

const dialog = $("#evidence");

export async function showEvidence(address) {
  const body = $("#evidence-body");
  body.replaceChildren();
  dialog.showModal();
  body.focus({ preventScroll: true });
  try {
    const answer = await fetch(address);
    if (answer.status === 401) location.reload();
    body.innerHTML = await answer.text();
    window.htmx?.process(body);
    document.dispatchEvent(new Event("salus:shown"));
  } catch {
    problem(body, document.body.dataset.offline);
  }
}

document.addEventListener("click", (event) => {
  if (event.target.matches("dialog")) return event.target.close();
  const button = event.target.closest("button");
  if (!button) return undefined;
  if (button.dataset.evidence) return showEvidence(button.dataset.evidence);
  if ("close" in button.dataset) return button.closest("dialog").close();
  if (button.dataset.dialog) return $(`#${button.dataset.dialog}`).showModal();
  return undefined;
});
