// The timeline: events come as columns; filter and zoom are worked out here, and the lines in view are drawn.
import "./records.js";
import { $, all, problem } from "./page.js";
import { density } from "./timeline_zoom.js";
import { Lines } from "./timeline_lines.js";

const frame = $("#timeline");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const number = new Intl.NumberFormat(document.documentElement.lang);

let events;
const want = { kinds: new Set(), words: "", at: [] };

// Columns to arrays, one place per event; the day as year, month and day of the month.
function unpack(made) {
  const n = made.kind.length;
  const [year, month, date, week] = [new Int16Array(n), new Int8Array(n), new Int8Array(n), new Int8Array(n)];
  let day = 0;
  for (let i = 0; i < n; i += 1) {
    day += made.day[i];
    const when = new Date(day * 864e5);
    [year[i], month[i], date[i], week[i]] = [when.getUTCFullYear(), when.getUTCMonth(), when.getUTCDate(), (when.getUTCDay() + 6) % 7];
  }
  const folded = made.titles.map(fold);
  const names = made.kinds.map((kind) => fold(made.names[kind] ?? kind));
  const origins = made.origins.map(fold);
  return { ...made, n, year, month, date, week, folded, foldedNames: names, foldedOrigins: origins };
}

function fits(i, words) {
  if (want.kinds.size && !want.kinds.has(events.kinds[events.kind[i]])) return false;
  return words.every((word) => events.folded[events.title[i]].includes(word) || events.foldedNames[events.kind[i]].includes(word) || events.foldedOrigins[events.origin[i]].includes(word));
}

function within(i) {
  const [year, month, day] = want.at;
  if (year === undefined) return true;
  if (events.year[i] !== year) return false;
  if (month !== undefined && (events.month[i] !== month || events.precision[i] === "y")) return false;
  return day === undefined || (events.date[i] === day && events.precision[i] !== "m");
}

function show({ top = true } = {}) {
  const words = fold(want.words).split(/\s+/).filter(Boolean);
  const wanted = [];
  for (let i = 0; i < events.n; i += 1) if (fits(i, words)) wanted.push(i);
  density(events, wanted, want.at, zoom);
  const shown = wanted.filter(within);
  $("#count").textContent = $("#count").dataset.count.replace("{n}", number.format(shown.length));
  const none = $(".none", frame);
  none.hidden = shown.length > 0;
  none.textContent = shown.length ? "" : frame.dataset.none;
  lines.show(shown, top);
  for (const chip of all("[data-kind].chip")) chip.setAttribute("aria-pressed", String(want.kinds.has(chip.dataset.kind)));
}

function zoom(at, focus = true) {
  want.at = at;
  remember(true);
  show();
  if (focus) ($("#density [tabindex='0']") ?? $("#density"))?.focus({ preventScroll: true });
}

// What is shown stands in the address: it can be come back to.
function remember(step) {
  const query = new URLSearchParams();
  if (want.kinds.size) query.set("kinds", [...want.kinds].join(","));
  if (want.words) query.set("words", want.words);
  if (want.at.length) query.set("at", want.at.map((part, i) => (i === 1 ? part + 1 : part)).join("-"));
  const address = `${location.pathname}${query.size ? `?${query}` : ""}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

function recall() {
  const query = new URLSearchParams(location.search);
  want.kinds = new Set((query.get("kinds") ?? "").split(",").filter(Boolean));
  want.words = query.get("words") ?? "";
  want.at = (query.get("at") ?? "").split("-").filter(Boolean).slice(0, 3).map((part, i) => Number(part) - (i === 1 ? 1 : 0)).filter(Number.isFinite);
  $("#words").value = want.words;
}

async function load(again) {
  try {
    const answer = await fetch("/timeline/events", { headers: { Accept: "application/json" } });
    if (answer.status === 401) return location.reload();
    if (!answer.ok) throw new Error();
    events = unpack(await answer.json());
    lines.events = events;
    lines.said.clear();
    frame.removeAttribute("aria-busy");
    show({ top: !again });
  } catch {
    frame.removeAttribute("aria-busy");
    $("#notice").replaceChildren();
    problem($("#notice"), frame.dataset.failed);
  }
  return undefined;
}

const lines = frame && new Lines(frame, () => load(true));

if (frame) {
  recall();
  load(false);
  let typing;
  $("#words").addEventListener("input", (event) => {
    want.words = event.target.value;
    clearTimeout(typing);
    typing = setTimeout(() => { remember(false); show(); }, 120);
  });
  $(".chips").addEventListener("click", (event) => {
    const kind = event.target.closest("[data-kind]")?.dataset.kind;
    if (!kind) return;
    if (!want.kinds.delete(kind)) want.kinds.add(kind);
    remember(false);
    show();
  });
  addEventListener("popstate", () => { recall(); show(); });
  document.body.addEventListener("salus:changed", () => load(true));
  // On paper everything that fits stands, one line each.
  addEventListener("beforeprint", () => $("#printed").replaceChildren(...lines.shown.map((i) => {
    const item = document.createElement("li");
    item.textContent = [lines.date(i), lines.kind(i), events.titles[events.title[i]], events.origins[events.origin[i]]].filter(Boolean).join(" · ");
    return item;
  })));
  addEventListener("afterprint", () => $("#printed").replaceChildren());
}
