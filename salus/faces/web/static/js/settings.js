// Settings: files that are made and then taken away.
import { $, post, problem } from "./page.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-make]");
  if (!button) return;
  const slot = $(".problem-slot", button.closest("section"));
  const html = button.innerHTML;
  slot.replaceChildren();
  button.disabled = true;
  button.textContent = button.dataset.working;
  try {
    const { file } = await post(button.dataset.make, button.dataset.format ? { format: button.dataset.format } : {});
    const link = document.createElement("a");
    link.href = file;
    link.download = "";
    link.click();
  } catch (error) {
    problem(slot, error.message);
  }
  button.disabled = false;
  button.innerHTML = html;
});
