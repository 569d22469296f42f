// What can be done to a record: set aside, put back, kept apart; each with its undo. Pages listen to "salus:changed".
import { $, changed, post, problem } from "./page.js";

const LASTING = 12000;
let hiding;

// A message with a button that takes back what was just done. It waits while it has the focus or the pointer.
export function undoable({ said, undo, fields, button }) {
  const line = document.createElement("p");
  line.className = "undoable";
  line.append(said);
  if (undo) {
    const act = document.createElement("button");
    act.type = "button";
    act.textContent = button;
    act.addEventListener("click", () => send(undo, fields));
    line.append(act);
  }
  const place = $("#toast");
  place.replaceChildren(line);
  line.querySelector("button")?.focus({ preventScroll: true });
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    line.remove();
    $("#title")?.focus({ preventScroll: true });
  });
  const later = () => {
    clearTimeout(hiding);
    hiding = setTimeout(() => (line.matches(":hover, :focus-within") ? later() : line.remove()), undo ? LASTING : 4000);
  };
  later();
}

export async function send(address, fields, slot) {
  try {
    const answer = await post(address, fields);
    $("#evidence")?.close();
    undoable(answer);
    changed();
    return answer;
  } catch (error) {
    const place = slot ?? $("#notice");
    place.replaceChildren();
    problem(place, error.message);
    return undefined;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  send(form.dataset.act, Object.fromEntries(new FormData(form)), $(".slot", form));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  const { act, confirm: asked, ...fields } = button.dataset;
  if (!asked || window.confirm(asked)) send(act, fields);
});

// The dialog's heading says what stands in it.
const heading = $("#evidence-title");
const usual = heading?.textContent;
document.addEventListener("salus:shown", () => {
  const said = $("#evidence-body [data-dialog-title]");
  heading.textContent = said ? said.dataset.dialogTitle : usual;
});

// A part of the page that shows what was changed is fetched again; the focus stays where it was, if that is still there.
document.body.addEventListener("salus:changed", async () => {
  const live = $("#live");
  if (!live) return;
  const focused = document.activeElement?.id;
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
  if (answer.status === 401) return location.reload();
  if (!answer.ok) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("live");
  if (!fresh) return undefined;
  const open = new Set([...live.querySelectorAll("details[open][id]")].map((d) => d.id));
  live.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  window.htmx?.process(live);
  document.dispatchEvent(new Event("salus:shown"));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (!document.activeElement || document.activeElement === document.body) $("#title")?.focus({ preventScroll: true });
  return undefined;
});

// A link to an entry further down opens it.
const openTarget = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener("hashchange", openTarget);
openTarget();
