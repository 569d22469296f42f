// Files in: picked or dropped, sent one after the other, followed to their report.
import { $, append, changed, follow, post, problem, sendFile } from "./page.js";

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
  return undefined;
}

async function upload(item, file, name) {
  try {
    const told = (done) => percent(item, jobs.dataset.sending, done);
    return (await sendFile("/imports", file, { "X-Filename": encodeURIComponent(name) }, told)).stream;
  } catch (error) {
    return finish(item, error.message || jobs.dataset.failed);
  }
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

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.pick) $(`#${button.dataset.pick}`).click();
  else if (button.dataset.samePerson) decide(button, button.dataset.samePerson, true);
  else if (button.dataset.discard) decide(button, button.dataset.discard, false);
});

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
