// The bar of years, then months, then days: how many events there are in each, and a button to look closer.
import { $ } from "./page.js";

const place = $("#density");
const crumbs = $("#crumbs");
const FORMAT = new Intl.NumberFormat(document.documentElement.lang);
let [act, level, at] = [() => {}, [], []];

function cells(events, wanted) {
  if (!at.length) return years(events, wanted);
  const [year, month] = at;
  const days = month === undefined ? 12 : new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const counts = new Array(days).fill(0);
  for (const i of wanted) {
    if (events.year[i] !== year || events.precision[i] === "y") continue;
    if (month === undefined) counts[events.month[i]] += 1;
    else if (events.month[i] === month && events.precision[i] !== "m") counts[events.date[i] - 1] += 1;
  }
  if (month === undefined) return counts.map((n, m) => ({ n, to: [year, m], short: brief(events.months, m), long: `${events.months[m]} ${year}` }));
  return counts.map((n, d) => ({ n, to: [year, month, d + 1], short: String(d + 1), long: `${d + 1} ${events.months[month]} ${year}` }));
}

// As few letters of a month as tell it from the others: three, or four (juin, juil).
function brief(months, m) {
  const three = months[m].slice(0, 3);
  return months.filter((name) => name.startsWith(three)).length > 1 ? months[m].slice(0, 4) : three;
}

function years(events, wanted) {
  const counts = new Map();
  for (const i of wanted) counts.set(events.year[i], (counts.get(events.year[i]) ?? 0) + 1);
  if (!counts.size) return [];
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  const made = [];
  for (let year = first; year <= last; year += 1) made.push({ n: counts.get(year) ?? 0, to: [year], short: String(year).slice(2).padStart(2, "0"), long: String(year) });
  return made;
}

function bar(cell, most, pressed) {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.title = `${cell.long} · ${FORMAT.format(cell.n)}`;
  button.setAttribute("aria-label", place.dataset.bar.replace("{period}", cell.long).replace("{n}", FORMAT.format(cell.n)));
  button.setAttribute("aria-pressed", String(pressed));
  button.classList.toggle("empty-bar", !cell.n);
  const fill = document.createElement("i");
  fill.style.height = `${cell.n ? Math.max(6, Math.round((cell.n / most) * 100)) : 0}%`;
  const label = document.createElement("span");
  label.textContent = cell.short;
  button.append(fill, label);
  button.addEventListener("click", () => act(pressed ? cell.to.slice(0, -1) : cell.to));
  return button;
}

function crumb(text, to, current) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  if (current) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => act(to));
  return button;
}

export function density(events, wanted, now, zoom) {
  [act, at] = [zoom, now];
  level = cells(events, wanted);
  const most = Math.max(1, ...level.map((cell) => cell.n));
  const chosen = level.findIndex((cell) => at.length === 3 && cell.to[2] === at[2]);
  place.replaceChildren(...level.map((cell, i) => bar(cell, most, i === chosen)));
  const newest = level.findLastIndex((cell) => cell.n);
  const first = place.children[chosen >= 0 ? chosen : Math.max(0, newest)];
  if (first) first.tabIndex = 0;
  if (!at.length) place.scrollLeft = place.scrollWidth;
  else place.scrollLeft = first ? first.offsetLeft - place.offsetLeft + first.offsetWidth - place.clientWidth : 0;
  const names = [place.dataset.all, String(at[0]), events.months[at[1]], String(at[2])].slice(0, at.length + 1);
  crumbs.replaceChildren(...names.map((name, i) => crumb(name, at.slice(0, i), i === at.length)));
  crumbs.scrollLeft = crumbs.scrollWidth;
}

place?.addEventListener("keydown", (event) => {
  const bars = [...place.children];
  const here = bars.indexOf(document.activeElement);
  if (here < 0) return;
  const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: bars.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    const target = bars[Math.min(bars.length - 1, Math.max(0, to))];
    for (const each of bars) each.tabIndex = each === target ? 0 : -1;
    target.focus();
  } else if (event.key === "ArrowUp" && at.length) {
    event.preventDefault();
    act(at.slice(0, -1));
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    bars[here].click();
  }
});
