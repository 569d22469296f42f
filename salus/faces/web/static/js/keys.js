// The keyboard map. Single keys do nothing while one types, and can be turned off (WCAG 2.1.4).
import { $ } from "./page.js";

const on = () => document.body.dataset.shortcuts === "on";
const typing = (element) => element.closest?.("input, textarea, select, [contenteditable], [role='slider']");
let going = 0;

function go(address) {
  try { sessionStorage.setItem("salus.moved", "1"); } catch { /* a browser that keeps nothing */ }
  location.assign(address);
}

function writeOrSearch() {
  const field = $("[data-slash]");
  if (field) field.focus();
  else go("/ask#question");
}

document.addEventListener("keydown", (event) => {
  if (!on() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (typing(event.target) || $("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (Date.now() - going < 1500) {
    going = 0;
    const link = $(`a[data-go="${CSS.escape(key)}"]`);
    if (link) { event.preventDefault(); go(link.getAttribute("href")); }
    return;
  }
  if (key === "g") { going = Date.now(); return; }
  const act = { "?": () => $("#keys")?.showModal(), "/": writeOrSearch, n: () => { const link = $("[data-new]"); if (link) go(link.getAttribute("href")); else go("/ask"); } }[key];
  if (act) { event.preventDefault(); act(); }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) $("#keys").showModal();
});

if (location.hash === "#question") $("#question")?.focus();
