// Charts: uPlot draws; arrow keys read value by value; buttons choose the unit and the period. The words are the server's.
import { $, all } from "./page.js";
import { showEvidence } from "./evidence.js";

let loading;
function uplot() {
  loading ??= new Promise((resolve, reject) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../vendor/uplot.min.css", import.meta.url).href });
    const script = Object.assign(document.createElement("script"), { src: new URL("../vendor/uplot.min.js", import.meta.url).href, onerror: reject });
    script.onload = () => resolve(window.uPlot);
    document.head.append(style, script);
  });
  return loading;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const forced = matchMedia("(forced-colors: active)");

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => forced.matches ? "CanvasText" : style.getPropertyValue(name).trim();
  return { lines: ["--c1", "--c2", "--c3", "--c4"].map(of), grid: of("--line"), text: of("--soft"), band: of("--band"), fill: forced.matches ? "transparent" : style.getPropertyValue("--band-fill").trim(), ink: of("--ink"), surface: forced.matches ? "Canvas" : style.getPropertyValue("--surface").trim() };
}

const DASHES = [[], [6, 4], [2, 4], [10, 3, 2, 3]];

class Chart {
  constructor(figure, UPlot) {
    this.figure = figure;
    this.UPlot = UPlot;
    this.data = JSON.parse(figure.dataset.chart);
    this.plot = $(".plot", figure);
    this.reading = $(".reading", figure);
    this.unit = 0;
    this.days = 0;
    this.at = -1;
    this.number = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 4 });
    this.draw();
    this.listen();
  }

  get shown() { return this.data.units[this.unit]; }

  span() {
    const x = this.data.x;
    const last = x[x.length - 1];
    const first = this.days ? last - this.days * 86400 : x[0];
    const room = Math.max((last - first) * 0.03, 43200);
    return [first - room, last + room];
  }

  // From the lowest to the highest of what is seen, its ranges with it, and a little air.
  reach(u, min, max) {
    const [from, to] = [u.scales.x.min, u.scales.x.max];
    const seen = [];
    this.data.x.forEach((x, i) => {
      if (x < from || x > to) return;
      for (const rows of [this.shown.values, this.shown.low, this.shown.high]) for (const row of rows) if (row[i] !== null) seen.push(row[i]);
    });
    const values = seen.length ? seen : [min ?? 0, max ?? 1];
    let [low, high] = [Math.min(...values), Math.max(...values)];
    const size = high - low || Math.abs(high) || 1;
    for (const edge of this.shown.bands.flat()) {
      if (edge === null) continue;
      if (edge < low && low - edge < size * 1.5) low = edge;
      if (edge > high && edge - high < size * 1.5) high = edge;
    }
    const room = (high - low || Math.abs(high) || 1) * 0.12;
    return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
  }

  draw() {
    this.u?.destroy();
    const c = colours();
    const lang = document.documentElement.lang;
    const axis = { stroke: c.text, grid: { stroke: c.grid, width: 1 }, ticks: { show: false }, font: `12px ${getComputedStyle(document.body).fontFamily}` };
    const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short" });
    const month = new Intl.DateTimeFormat(lang, { month: "short", year: "numeric" });
    const hour = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    const many = this.data.x.length > 120;
    this.u = new this.UPlot({
      width: this.plot.clientWidth, height: this.plot.clientHeight, padding: [8, 28, 0, 0], legend: { show: false },
      cursor: { drag: { x: false, y: false, setScale: false }, y: false, points: { size: 9 } },
      scales: { x: { time: true, range: () => this.span() }, y: { range: (u, min, max) => this.reach(u, min, max) } },
      axes: [
        { ...axis, grid: { show: false }, size: 32, space: 80, values: (_, ticks, __, ___, step) => ticks.map((t) => (step < 86400 ? hour : step < 86400 * 27 ? day : month).format(new Date(t * 1000))) },
        { ...axis, size: 52, values: (_, ticks) => ticks.map((t) => this.number.format(t)) },
      ],
      series: [{}, ...this.data.names.map((_, i) => ({
        stroke: c.lines[i % 4], width: this.data.kinds[i] === "dots" ? 0 : 2, dash: DASHES[i % 4], spanGaps: true,
        paths: this.data.kinds[i] === "dots" ? () => null : undefined,
        points: { show: this.data.kinds[i] === "dots" || !many, size: this.data.kinds[i] === "dots" ? 8 : 6, fill: i % 2 ? c.surface : c.lines[i % 4], stroke: c.lines[i % 4], width: 2 },
      }))],
      hooks: {
        drawClear: [(u) => this.bands(u, c)],
        drawSeries: [(u, i) => i && this.own(u, i - 1, c)],
        setCursor: [(u) => this.follow(u.cursor.idx)],
      },
    }, [this.data.x, ...this.shown.values], this.plot);
  }

  bands(u, c) {
    const { ctx, bbox } = u;
    ctx.save();
    for (const [low, high] of this.shown.bands) {
      const top = high === null ? bbox.top : Math.max(bbox.top, u.valToPos(high, "y", true));
      const bottom = low === null ? bbox.top + bbox.height : Math.min(bbox.top + bbox.height, u.valToPos(low, "y", true));
      if (bottom <= top) continue;
      ctx.fillStyle = c.fill;
      ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
      ctx.strokeStyle = c.band;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      for (const [edge, y] of [[high, top], [low, bottom]]) if (edge !== null) { ctx.moveTo(bbox.left, y); ctx.lineTo(bbox.left + bbox.width, y); }
      ctx.stroke();
    }
    ctx.restore();
  }

  // Each value's own range, where its laboratory printed one: a bracket behind it.
  own(u, line, c) {
    const { ctx, bbox } = u;
    const arm = 4 * devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = c.text;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    this.data.x.forEach((x, i) => {
      const [low, high] = [this.shown.low[line][i], this.shown.high[line][i]];
      const left = u.valToPos(x, "x", true);
      if ((low === null && high === null) || left < bbox.left || left > bbox.left + bbox.width) return;
      const inside = (value, open) => value === null ? open : Math.min(Math.max(u.valToPos(value, "y", true), bbox.top), bbox.top + bbox.height);
      const [top, bottom] = [inside(high, bbox.top), inside(low, bbox.top + bbox.height)];
      ctx.moveTo(left, top);
      ctx.lineTo(left, bottom);
      if (high !== null) { ctx.moveTo(left - arm, top); ctx.lineTo(left + arm, top); }
      if (low !== null) { ctx.moveTo(left - arm, bottom); ctx.lineTo(left + arm, bottom); }
    });
    ctx.stroke();
    ctx.restore();
  }

  follow(i) {
    if (i === null || i === undefined) return;
    this.at = i;
    this.reading.textContent = this.words(i);
  }

  words(i) {
    const said = this.shown.said.map((row, line) => row[i] && (this.data.names.length > 1 ? `${this.data.names[line]} ${row[i]}` : row[i])).filter(Boolean);
    return `${this.data.when[i]}: ${said.join(", ")}`;
  }

  go(i) {
    const [from, to] = this.span();
    const x = this.data.x;
    const first = x.findIndex((t) => t >= from);
    this.at = Math.min(Math.max(i, first), x.filter((t) => t <= to).length - 1);
    const line = this.shown.values.findIndex((row) => row[this.at] !== null);
    this.u.setCursor({ left: this.u.valToPos(x[this.at], "x"), top: this.u.valToPos(this.shown.values[line][this.at], "y") }, false);
    this.reading.textContent = this.words(this.at);
  }

  open(i) {
    const ref = this.data.refs.map((row) => row[i]).find(Boolean);
    if (ref) showEvidence(`/${ref.startsWith("samples/") ? "evidence" : "records"}/${encodeURI(ref)}`);
  }

  listen() {
    this.plot.addEventListener("keydown", (event) => {
      const last = this.data.x.length - 1;
      const to = { ArrowLeft: (this.at < 0 ? last + 1 : this.at) - 1, ArrowRight: this.at + 1, Home: 0, End: last }[event.key];
      if (to !== undefined) { event.preventDefault(); this.go(to); }
      if (event.key === "Enter" && this.at >= 0) this.open(this.at);
    });
    this.plot.addEventListener("click", () => this.at >= 0 && this.open(this.at));
    this.figure.addEventListener("click", (event) => {
      const button = event.target.closest("[data-unit], [data-days]");
      if (!button) return;
      for (const other of all("button", button.parentElement)) other.setAttribute("aria-pressed", String(other === button));
      if (button.dataset.unit) {
        this.unit = Number(button.dataset.unit);
        for (const cell of all("td[data-at]", this.figure)) cell.textContent = this.shown.said[cell.dataset.line][cell.dataset.at] ?? "";
      } else this.days = Number(button.dataset.days);
      this.reading.textContent = "";
      this.draw();
    });
    new ResizeObserver(() => {
      if (this.plot.clientWidth && this.plot.clientWidth !== this.u.width) this.u.setSize({ width: this.plot.clientWidth, height: this.plot.clientHeight });
    }).observe(this.plot);
    for (const query of [dark, forced]) query.addEventListener("change", () => this.draw());
    addEventListener("beforeprint", () => { for (const details of all("details", this.figure)) details.open = true; });
  }
}

export async function draw() {
  const waiting = all(".chart[data-chart]:not([data-drawn])").filter((figure) => $(".plot", figure));
  if (!waiting.length) return;
  for (const figure of waiting) figure.dataset.drawn = "";
  const UPlot = await uplot();
  for (const figure of waiting) new Chart(figure, UPlot);
}
