// On every page: the keyboard map, where the focus goes, evidence and corrections, busy forms, and the lock.
import "./keys.js";
import "./evidence.js";
import "./lock.js";
import "./records.js";
import { $, all } from "./page.js";

// Going to a page by one of ours puts the focus on its heading, as a reader would.
const MOVED = "salus.moved";
try {
  if (sessionStorage.getItem(MOVED) && !location.hash && !$("[autofocus]")) $("#title")?.focus({ preventScroll: true });
  sessionStorage.removeItem(MOVED);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href^='/']")) sessionStorage.setItem(MOVED, "1");
  });
} catch { /* a browser that keeps nothing */ }

// A form that is being sent says so, and cannot be sent twice.
document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx?.sourceElement;
  if (!form?.matches?.("form")) return;
  const button = $("button:not([type='button'])", form);
  $(".slot", form)?.replaceChildren();
  if (!button) return;
  const words = button.textContent;
  form.setAttribute("aria-busy", "true");
  button.disabled = true;
  button.textContent = form.dataset.working ?? words;
  document.addEventListener("htmx:finally:request", () => {
    form.removeAttribute("aria-busy");
    button.disabled = false;
    button.textContent = words;
  }, { once: true });
});

// What was typed wrong is where the focus goes.
document.addEventListener("htmx:after:swap", () => $("[aria-invalid='true']")?.focus());

// Charts draw themselves where there are any; their script is loaded only then.
const drawing = () => { if (all(".chart[data-chart]").length) import("./charts.js").then((charts) => charts.draw()); };
drawing();
document.addEventListener("htmx:after:swap", drawing);
document.addEventListener("salus:shown", drawing);

// What was saved is said, then goes.
let saying;
document.addEventListener("htmx:after:swap", () => {
  if (!$("#toast").children.length) return;
  clearTimeout(saying);
  saying = setTimeout(() => $("#toast").replaceChildren(), 4000);
});

// In a row that scrolls sideways, where one is stands in view.
for (const here of all("nav [aria-current]")) {
  const row = here.closest("ul, nav");
  if (row && row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
