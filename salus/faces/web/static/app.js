// The page's own behaviour: streaming answers, sending files, showing evidence, noticing the lock.
// Everything a person reads comes from the server in their language; nothing here is evaluated from text.

const $ = (selector, root = document) => root.querySelector(selector);
const csrf = $('meta[name="csrf-token"]').content;
const notice = $("#notice");

function tell(text) {
  const p = document.createElement("p");
  p.className = "problem";
  p.textContent = text;
  notice.replaceChildren(p);
}

async function post(address, fields = {}) {
  const headers = { "X-CSRF-Token": csrf, Accept: "application/json" };
  let answer;
  try {
    answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams(fields) });
  } catch {
    throw new Error(document.body.dataset.offline);
  }
  if (answer.headers.get("HX-Refresh")) {
    location.reload();
    return new Promise(() => {});
  }
  const body = answer.status === 204 ? {} : await answer.json();
  if (answer.status === 401 && document.body.classList.contains("unlocked")) location.reload();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

// Server-sent events until "done" or "failed": the browser would otherwise fetch the stream again for ever.
function follow(address, on) {
  const source = new EventSource(address);
  const listen = (kind, act) => source.addEventListener(kind, (event) => act(event.data));
  for (const [kind, act] of Object.entries(on)) if (kind !== "done" && kind !== "failed") listen(kind, act);
  listen("done", () => { source.close(); on.done(); });
  listen("failed", (text) => { source.close(); on.failed(text); });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) {
      on.failed(document.body.dataset.offline);
      watch();
    }
  };
}

function append(parent, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  parent.append(template.content);
}

function problem(parent, text) {
  const p = document.createElement("p");
  p.className = "problem";
  p.setAttribute("role", "alert");
  p.textContent = text;
  parent.append(p);
}

const changed = () => document.body.dispatchEvent(new Event("salus:changed"));

// Asking

async function ask(question) {
  const turn = $("#turn").content.firstElementChild.cloneNode(true);
  const [triage, cards, said, working] = [".triage-slot", ".cards", ".said", ".working"].map((s) => $(s, turn));
  $(".question", turn).textContent = question;
  $("#conversation").prepend(turn);
  const end = () => {
    working.remove();
    turn.dataset.done = "true";
  };
  const fail = (text) => {
    end();
    problem(turn, text);
  };
  try {
    const { stream, lang } = await post("/ask", { question });
    for (const part of [$(".question", turn), triage, cards, said]) part.lang = lang;
    follow(stream, {
      triage: (html) => append(triage, html),
      finding: (html) => append(cards, html),
      sentence: (html) => append(said, html),
      unknown: (html) => append(said, html),
      done: () => {
        end();
        $(".nothing", turn).hidden = Boolean(said.children.length || cards.children.length || triage.children.length);
        changed();
      },
      failed: fail,
    });
  } catch (error) {
    fail(error.message);
  }
}

const form = $("#ask");
if (form) {
  const box = $("#question");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = box.value.trim();
    if (!question) return;
    box.value = "";
    ask(question);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

// Evidence

const dialog = $("#evidence");

async function showEvidence(address) {
  const body = $("#evidence-body");
  body.replaceChildren();
  dialog.showModal();
  try {
    const answer = await fetch(address);
    if (answer.status === 401) location.reload();
    body.innerHTML = await answer.text();
    window.htmx?.process(body);
  } catch {
    problem(body, document.body.dataset.offline);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) {
    if (event.target === dialog) dialog.close();
    return;
  }
  if (button.dataset.evidence) showEvidence(button.dataset.evidence);
  else if ("close" in button.dataset) dialog.close();
  else if ("ask" in button.dataset) ask(button.textContent.trim());
  else if (button.dataset.pick) $(`#${button.dataset.pick}`).click();
  else if (button.dataset.samePerson) decide(button, button.dataset.samePerson, true);
  else if (button.dataset.discard) decide(button, button.dataset.discard, false);
});

// Files

const jobs = $("#jobs");
let sending = Promise.resolve();

function percent(item, state, fraction) {
  $("progress", item).value = fraction;
  $(".job-state", item).textContent = `${state} ${Math.floor(fraction * 100)}\u00a0%`;
}

// The file is read to its end; how long its days take to add up is not known.
function adding(item) {
  $("progress", item).removeAttribute("value");
  $(".job-state", item).textContent = jobs.dataset.adding;
}

function send(file, name) {
  const item = $("#job").content.firstElementChild.cloneNode(true);
  $(".job-name", item).textContent = name;
  $(".job-state", item).textContent = jobs.dataset.waiting;
  jobs.prepend(item);
  if (file.size > Number(jobs.dataset.most)) return finish(item, jobs.dataset.tooLarge);
  sending = sending.then(() => upload(item, file, name)).then((stream) => stream && read(item, stream));
}

function upload(item, file, name) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/imports");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("X-Filename", encodeURIComponent(name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (e) => percent(item, jobs.dataset.sending, e.total ? e.loaded / e.total : 0);
    request.onerror = () => { finish(item, jobs.dataset.failed); resolve(); };
    request.onload = () => {
      if (request.status === 401) location.reload();
      if (request.status === 202) return resolve(request.response.stream);
      finish(item, request.response?.detail ?? jobs.dataset.failed);
      resolve();
    };
    request.send(file);
  });
}

function finish(item, text) {
  $(".job-progress", item).hidden = true;
  if (text) problem($(".job-report", item), text);
}

function read(item, stream) {
  return new Promise((resolve) => {
    $(".job-progress", item).hidden = false;
    percent(item, jobs.dataset.reading, 0);
    follow(stream, {
      progress: (fraction) => Number(fraction) < 1 ? percent(item, jobs.dataset.reading, Number(fraction)) : adding(item),
      report: (html) => {
        const report = $(".job-report", item);
        report.replaceChildren();
        append(report, html);
        window.htmx?.process(report);
      },
      done: () => { finish(item); changed(); resolve(); },
      failed: (text) => { finish(item, text); resolve(); },
    });
  });
}

async function decide(button, address, again) {
  const item = button.closest(".job");
  button.closest(".whose").remove();
  try {
    const { stream } = await post(address);
    if (again) await read(item, stream);
  } catch (error) {
    finish(item, error.message);
  }
}

async function entries(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [[file, entry.fullPath.replace(/^\//, "")]];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const child of some) if (!child.name.startsWith(".")) found.push(...(await entries(child)));
  }
}

if (jobs) {
  for (const id of ["files", "folder"]) {
    $(`#${id}`).addEventListener("change", (event) => {
      for (const file of event.target.files) send(file, file.webkitRelativePath || file.name);
      event.target.value = "";
    });
  }
  let depth = 0;
  const drag = (by) => {
    depth = Math.max(0, depth + by);
    document.body.classList.toggle("dragging", depth > 0);
  };
  addEventListener("dragenter", () => drag(1));
  addEventListener("dragleave", () => drag(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    drag(-depth);
    // Entries must be taken before the first await: the list is emptied afterwards.
    const dropped = [...event.dataTransfer.items].filter((i) => i.kind === "file").map((i) => [i.webkitGetAsEntry?.(), i.getAsFile()]);
    for (const [entry, file] of dropped) {
      if (entry) for (const [inside, name] of await entries(entry)) send(inside, name);
      else if (file) send(file, file.name);
    }
  });
  document.body.addEventListener("htmx:after:request", (event) => {
    if ("undo" in (event.detail.ctx?.sourceElement?.dataset ?? {})) changed();
  });
}

document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx?.response?.status === 401 && document.body.classList.contains("unlocked")) location.reload();
});

// The sample person

$("#open-sample")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const place = $("#sample-problem");
  const fail = (text) => {
    button.disabled = false;
    $("#sample-progress").hidden = true;
    problem(place, text);
  };
  place.replaceChildren();
  button.disabled = true;
  try {
    const { stream } = await post("/sample");
    $("#sample-progress").hidden = false;
    follow(stream, {
      progress: (fraction) => { $("#sample-bar").value = Number(fraction); },
      done: () => post("/sample").catch((error) => fail(error.message)),
      failed: fail,
    });
  } catch (error) {
    fail(error.message);
  }
});

// Creating a person: what the browser knows already

const create = $("#create");
if (create) {
  $("#zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const region = navigator.language.split("-")[1]?.toUpperCase();
  if (region && $(`#country option[value="${CSS.escape(region)}"]`)) $("#country").value = region;
}

document.addEventListener("htmx:before:request", (event) => {
  const button = event.detail.ctx?.sourceElement?.matches("form") && $("button", event.detail.ctx.sourceElement);
  if (!button) return;
  const words = button.textContent;
  button.disabled = true;
  button.textContent = event.detail.ctx.sourceElement.dataset.working ?? words;
  document.addEventListener("htmx:finally:request", () => {
    button.disabled = false;
    button.textContent = words;
  }, { once: true });
});

// The lock: the server ends a session that is not used; asking it does not count as use.

let timer;
async function watch() {
  clearTimeout(timer);
  let wait = 20;
  try {
    const answer = await fetch("/session", { headers: { Accept: "application/json" } });
    if (answer.status === 401) return location.reload();
    wait = Math.min(wait, (await answer.json()).seconds + 0.5);
    if (notice.dataset.offline) {
      notice.replaceChildren();
      delete notice.dataset.offline;
    }
  } catch {
    tell(document.body.dataset.offline);
    notice.dataset.offline = "true";
  }
  timer = setTimeout(watch, wait * 1000);
}
if (document.body.classList.contains("unlocked")) {
  watch();
  document.addEventListener("visibilitychange", () => document.hidden || watch());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
