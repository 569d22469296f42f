// Lists that are found through as one types: lines carry their folded names; a chip may leave only some of them.
import { $, all } from "./page.js";

const find = $("#find");
const only = $("#only");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filter() {
  const words = fold(find.value).split(/\s+/).filter(Boolean);
  const some = only?.getAttribute("aria-pressed") === "true";
  let seen = 0;
  for (const section of all("#live .findable")) {
    let here = 0;
    for (const line of all("[data-name]", section)) {
      const fits = words.every((word) => line.dataset.name.includes(word)) && (!some || "only" in line.dataset);
      line.hidden = !fits;
      here += fits;
    }
    section.hidden = !here;
    seen += here;
  }
  $("#none").hidden = seen > 0;
  $("#found").textContent = seen ? "" : $("#found").dataset.none;
}

find?.addEventListener("input", filter);
only?.addEventListener("click", () => {
  only.setAttribute("aria-pressed", String(only.getAttribute("aria-pressed") !== "true"));
  filter();
});
document.addEventListener("salus:shown", () => find && (find.value || only) && filter());
