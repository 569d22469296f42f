// Lines of one height of which only those in view exist: their nodes are used again as the page scrolls.
import { $ } from "./page.js";
import { showEvidence } from "./evidence.js";

const AROUND = 5;
const PAUSE = 60;
const MOST = 100;

function put(text, words) {
  const said = String(words);
  if (text.data !== said) text.data = said;
}

export class Lines {
  constructor(frame, stale) {
    this.frame = frame;
    this.stale = stale;
    this.list = $("#events");
    this.heads = $(".heads", frame);
    this.stuck = $(".stuck span", frame);
    this.shown = [];
    this.rows = [];
    this.tops = new Float64Array(0);
    this.nodes = new Map();
    this.free = [];
    this.months = new Map();
    this.said = new Map();
    this.active = 0;
    this.drawings = new Map([...document.querySelectorAll("[data-drawing]")].map((e) => [e.dataset.drawing, $("path", e).getAttribute("d")]));
    this.queued = false;
    const soon = () => this.soon();
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", () => { this.measure(); soon(); });
    new ResizeObserver(() => { this.measure(); soon(); }).observe(frame.parentElement);
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.open(event));
    this.list.addEventListener("focusin", (event) => {
      const node = event.target.closest(".event");
      if (node) this.activate(Number(node.dataset.row));
    });
  }

  // Which events, in which order. Rows are month headings and events; `tops` is where each begins.
  show(shown, top) {
    this.measure();
    this.shown = shown;
    const { year, month } = this.events;
    const rows = [];
    const tops = [];
    let [at, last] = [0, -1];
    for (let place = 0; place < shown.length; place += 1) {
      const key = year[shown[place]] * 12 + month[shown[place]];
      if (key !== last) {
        rows.push(-1 - key);
        tops.push(at);
        at += this.head;
        last = key;
      }
      rows.push(place);
      tops.push(at);
      at += this.line;
    }
    this.rows = rows;
    this.tops = Float64Array.from(tops);
    this.frame.style.height = `${at + this.line}px`;
    for (const [, node] of this.nodes) this.release(node);
    this.nodes.clear();
    for (const [, node] of this.months) node.remove();
    this.months.clear();
    if (top) {
      this.active = this.next(0, 1);
      const above = this.start - this.cover;
      if (scrollY > above) scrollTo(0, above);
    }
    this.draw();
  }

  // What does not change while scrolling: the heights of lines, and how much of the top is covered.
  measure() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    [this.head, this.line] = [2.75 * rem, 3.75 * rem];
    this.cover = parseFloat(getComputedStyle(this.stuck.parentElement).top) || 0;
    this.start = this.frame.getBoundingClientRect().top + scrollY;
  }

  soon() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => { this.queued = false; this.draw(); });
  }

  // The row at a height, by halving.
  at(height) {
    let [low, high] = [0, this.tops.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= height) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  draw() {
    if (!this.events) return;
    const above = scrollY - this.start;
    if (!this.rows.length) {
      this.stuck.textContent = "";
      return;
    }
    const [first, last] = [this.at(above), this.at(above + innerHeight)];
    const [from, to] = [Math.max(0, first - AROUND), Math.min(this.rows.length - 1, last + AROUND)];
    const focused = this.list.contains(document.activeElement) ? Number(document.activeElement.closest(".event").dataset.row) : -1;
    for (const [row, node] of this.nodes) {
      if ((row < from || row > to) && row !== focused) {
        this.nodes.delete(row);
        this.release(node);
      }
    }
    for (const [row, node] of this.months) if (row < from || row > to) { this.months.delete(row); node.remove(); }
    for (let row = from; row <= to; row += 1) {
      if (this.rows[row] < 0) this.month(row);
      else if (!this.nodes.has(row)) this.fill(row);
    }
    if (focused < 0) this.activate(this.next(this.at(above + this.cover + this.head), 1));
    const top = this.at(Math.max(0, above + this.cover + 1));
    let head = top;
    while (head > 0 && this.rows[head] >= 0) head -= 1;
    const words = this.named(-1 - this.rows[head]);
    if (this.stuck.textContent !== words) this.stuck.textContent = words;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.fetch(), PAUSE);
  }

  named(key) {
    const name = this.events.months[key % 12];
    return `${name[0].toUpperCase()}${name.slice(1)} ${Math.floor(key / 12)}`;
  }

  month(row) {
    if (this.months.has(row)) return;
    const node = document.createElement("div");
    node.className = "head";
    node.textContent = this.named(-1 - this.rows[row]);
    node.style.transform = `translateY(${this.tops[row]}px)`;
    this.heads.append(node);
    this.months.set(row, node);
  }

  release(node) {
    if (this.free.length < 60) {
      node.root.style.display = "none";
      this.free.push(node);
    } else node.root.remove();
  }

  fresh() {
    const root = $("#event").content.firstElementChild.cloneNode(true);
    const part = (selector) => root.querySelector(selector);
    const text = (selector) => part(selector).appendChild(new Text(""));
    this.list.append(root);
    return { root, button: part("button"), mark: part(".mark-kind"), path: part("path"), day: text(".day b"), week: text(".day span"), date: text(".date"), what: text(".what"), more: text(".more"), from: text(".from") };
  }

  fill(row) {
    const node = this.free.pop() ?? this.fresh();
    const { events } = this;
    const i = this.shown[this.rows[row]];
    const kind = events.kinds[events.kind[i]];
    const exact = events.precision[i] === "i" || events.precision[i] === "d";
    node.root.style.display = "";
    node.root.dataset.row = row;
    node.root.style.transform = `translateY(${this.tops[row]}px)`;
    node.root.setAttribute("aria-posinset", this.rows[row] + 1);
    node.root.setAttribute("aria-setsize", this.shown.length);
    put(node.day, exact ? events.date[i] : "");
    put(node.week, exact ? events.weekdays[events.week[i]].slice(0, 3) : "–");
    if (node.mark.dataset.kind !== kind) {
      node.mark.dataset.kind = kind;
      node.path.setAttribute("d", this.drawings.get(kind) ?? "");
    }
    put(node.date, `${this.date(i)}: `);
    put(node.what, events.titles[events.title[i]]);
    put(node.from, events.origins[events.origin[i]]);
    node.button.tabIndex = row === this.active ? 0 : -1;
    this.nodes.set(row, node);
    this.tell(node, i);
  }

  kind(i) {
    const name = this.events.names[this.events.kinds[this.events.kind[i]]];
    return name[0].toUpperCase() + name.slice(1);
  }

  date(i) {
    const { events } = this;
    const day = events.date[i] === 1 ? this.frame.dataset.first : events.date[i];
    if (events.precision[i] === "y") return String(events.year[i]);
    const month = `${events.months[events.month[i]]} ${events.year[i]}`;
    return events.precision[i] === "m" ? month : `${day} ${month}`;
  }

  // The second line: the figure and the time, once the server has told them, and the kind.
  tell(node, i) {
    const [ref, detail, clock] = this.said.get(i) ?? [];
    put(node.more, [detail, clock, this.kind(i)].filter(Boolean).join(" · "));
    if (ref) node.button.dataset.ref = ref;
    else delete node.button.dataset.ref;
  }

  async fetch(extra = []) {
    const wanted = [...this.nodes.keys()].map((row) => this.shown[this.rows[row]]).concat(extra).filter((i) => i !== undefined && !this.said.has(i)).slice(0, MOST);
    if (!wanted.length) return;
    const answer = await fetch(`/timeline/lines/${this.events.stamp}?at=${wanted.join(",")}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status === 401) return location.reload();
    if (answer?.status === 409) return this.stale();
    if (!answer?.ok) return undefined;
    for (const [i, line] of Object.entries(await answer.json())) this.said.set(Number(i), line);
    for (const [row, node] of this.nodes) this.tell(node, this.shown[this.rows[row]]);
    return undefined;
  }

  async open(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const i = this.shown[this.rows[Number(button.closest(".event").dataset.row)]];
    if (!this.said.has(i)) await this.fetch([i]);
    const ref = this.said.get(i)?.[0];
    if (ref) showEvidence(`/records/${ref.split("/").map(encodeURIComponent).join("/")}`);
  }

  // The nearest event from a row on, in a direction.
  next(row, step) {
    let at = Math.min(this.rows.length - 1, Math.max(0, row));
    while (at > 0 && at < this.rows.length - 1 && this.rows[at] < 0) at += step;
    return this.rows[at] < 0 ? Math.min(at + 1, this.rows.length - 1) : at;
  }

  activate(row) {
    if (row === this.active && this.nodes.get(row)?.button.tabIndex === 0) return;
    const before = this.nodes.get(this.active);
    if (before) before.button.tabIndex = -1;
    this.active = row;
    const node = this.nodes.get(row);
    if (node) node.button.tabIndex = 0;
  }

  key(event) {
    const page = Math.max(1, Math.floor((innerHeight - this.cover - this.head) / this.line) - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    const to = { Home: 0, End: this.rows.length - 1 }[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || (step === undefined && to === undefined) || !this.rows.length) return;
    event.preventDefault();
    const row = to === undefined ? this.next(this.active + step, Math.sign(step)) : this.next(to, to ? -1 : 1);
    this.focus(row);
  }

  focus(row) {
    this.measure();
    const { start } = this;
    const [top, bottom] = [start + this.tops[row] - this.cover - this.head, start + this.tops[row] + 2 * this.line - innerHeight + this.bar()];
    if (scrollY > top) scrollTo(0, top);
    else if (scrollY < bottom) scrollTo(0, bottom);
    this.activate(row);
    if (!this.nodes.has(row)) this.fill(row);
    this.activate(row);
    this.nodes.get(row).button.focus({ preventScroll: true });
    this.draw();
  }

  bar() {
    return $(".bottombar")?.getBoundingClientRect().height ?? 0;
  }
}
