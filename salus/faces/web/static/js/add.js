// Adding by hand: sent without leaving the page; what is odd is asked back in place; urgent words are told at once.
import { send } from "./records.js";
import { $, all, append, changed, csrf, post, problem } from "./page.js";

const form = $("form[data-add]");
const slot = $(".slot", form);
const triage = $(".triage-slot", form);
const send_ = $("button.main", form);

function warn(html) {
  triage.replaceChildren();
  if (html) append(triage, html);
}

async function keep(extra = {}) {
  send_.disabled = true;
  form.setAttribute("aria-busy", "true");
  try {
    const fields = Object.fromEntries(new FormData(form));
    if ($("[data-now][aria-pressed='true']", form)) [fields.day, fields.time] = ["", ""]; // the moment it is sent
    const answer = await post(form.dataset.add, { ...fields, ...extra });
    slot.replaceChildren();
    if (answer.triage !== undefined) warn(answer.triage);
    if (answer.asked) {
      append(slot, answer.asked);
      $("button", slot).focus();
    } else kept(answer);
  } catch (error) {
    slot.replaceChildren();
    problem(slot, error.message);
  }
  send_.disabled = false;
  form.removeAttribute("aria-busy");
}

// What was kept is said where the form is, with what takes it back; the fields are ready for the next.
function kept({ said, undo, fields, button }) {
  const line = document.createElement("p");
  line.className = "kept";
  line.tabIndex = -1;
  line.append(said);
  const back = document.createElement("button");
  back.type = "button";
  back.className = "link";
  back.textContent = button;
  back.addEventListener("click", async () => { if (await send(undo, fields)) line.remove(); });
  line.append(back);
  for (const field of all("input:not([type='hidden'], [type='date'], [type='time'], [type='checkbox'], [type='range']), textarea", form)) field.value = "";
  say("");
  slot.append(line);
  line.focus({ preventScroll: true });
  changed();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  keep();
});

slot.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.useValue) {
    const [value, unit] = [form.elements.value, form.elements.unit];
    value.value = button.dataset.useValue;
    if (unit instanceof HTMLSelectElement && ![...unit.options].some((option) => option.value === button.dataset.useUnit)) unit.add(new Option(button.dataset.useUnit, button.dataset.useUnit));
    if (unit) unit.value = button.dataset.useUnit;
    keep({ unit: button.dataset.useUnit });
  } else if ("sure" in button.dataset) keep({ sure: "1" });
  else if ("change" in button.dataset) {
    slot.replaceChildren();
    $("input:not([type='hidden']), textarea", form).focus();
  }
});

// Times of day to choose
for (const button of all("[data-time]")) {
  button.addEventListener("click", () => {
    form.elements.time.value = button.dataset.time;
    for (const each of all("[data-time]")) each.setAttribute("aria-pressed", String(each === button));
  });
}

for (const field of [form.elements.day, form.elements.time]) {
  field?.addEventListener("input", () => all("[data-time]").forEach((each) => each.setAttribute("aria-pressed", "false")));
}

// How bad: by buttons, by arrow keys, or by dragging; it may stay unsaid
const range = $("#severity-range");
function say(value) {
  if (!range) return;
  const output = $("output", form);
  form.elements.severity.value = value;
  output.textContent = value === "" ? output.dataset.unsaid : output.dataset.said.replace("{n}", value);
  range.setAttribute("aria-valuetext", output.textContent);
  if (value === "") range.value = 0;
  $("[data-unsay]").hidden = value === "";
}
range?.addEventListener("input", () => say(range.value));
for (const button of all("[data-step]")) {
  button.addEventListener("click", () => {
    if (form.elements.severity.value !== "" || button.dataset.step === "1") range.value = Number(range.value) + Number(button.dataset.step);
    say(range.value);
  });
}
$("[data-unsay]")?.addEventListener("click", () => { say(""); range.focus(); });

// The units of the test that was named
const name = $("[list='tests']");
name?.addEventListener("change", async () => {
  const answer = await fetch(`/add/units?name=${encodeURIComponent(name.value)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const units = await answer.json();
  $("#units").replaceChildren(...units.map((unit) => new Option(unit, unit)));
  const unit = form.elements.unit;
  if (!unit.value || unit.dataset.offered === unit.value) unit.dataset.offered = unit.value = units[0] ?? "";
});

// Words of symptoms and notes are listened to while they are typed
let typing;
for (const field of all("[data-heard]")) {
  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(async () => {
      const words = all("[data-heard]").map((each) => each.value).filter(Boolean).join(". ");
      const headers = { "X-CSRF-Token": csrf, Accept: "text/html" };
      const answer = await fetch("/add/triage", { method: "POST", headers, body: new URLSearchParams({ words }) }).catch(() => null);
      if (answer?.ok) warn(await answer.text());
    }, 500);
  });
}
