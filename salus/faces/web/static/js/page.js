// What every script of the page uses: finding, posting, following a stream, saying that something went wrong.
// Everything a person reads comes from the server in their language; nothing here is evaluated from text.

export const $ = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const csrf = $('meta[name="csrf-token"]').content;
export const inside = document.body.classList.contains("inside");

export function problem(parent, text) {
  const p = document.createElement("p");
  p.className = "problem";
  p.setAttribute("role", "alert");
  p.textContent = text;
  parent.append(p);
}

export function tell(text) {
  const notice = $("#notice");
  notice.replaceChildren();
  problem(notice, text);
}

let hiding;
export function toast(text) {
  const p = document.createElement("p");
  p.textContent = text;
  $("#toast").replaceChildren(p);
  clearTimeout(hiding);
  hiding = setTimeout(() => $("#toast").replaceChildren(), 4000);
}

export async function post(address, fields = {}) {
  const headers = { "X-CSRF-Token": csrf, Accept: "application/json" };
  let answer;
  try {
    answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams(fields) });
  } catch {
    throw new Error(document.body.dataset.offline);
  }
  return settled(answer.status, answer.headers, answer.status === 204 ? {} : await answer.json());
}

// What an answer asks the page to do, else its body; an error as one sentence.
export function settled(status, headers, body) {
  const there = headers.get("HX-Redirect");
  if (there) location.assign(there);
  else if (headers.get("HX-Refresh")) location.reload();
  if (there || headers.get("HX-Refresh")) return new Promise(() => {});
  if (status === 401 && inside) location.reload();
  if (status >= 400) throw new Error(body.detail);
  return body;
}

// Server-sent events until "done" or "failed": the browser would otherwise fetch the stream again for ever.
export function follow(address, on) {
  const source = new EventSource(address);
  const listen = (kind, act) => source.addEventListener(kind, (event) => act(event.data));
  for (const [kind, act] of Object.entries(on)) if (kind !== "done" && kind !== "failed") listen(kind, act);
  listen("done", (data) => { source.close(); on.done(data); });
  listen("failed", (text) => { source.close(); on.failed(text); });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) on.failed(document.body.dataset.offline);
  };
  return source;
}

export function append(parent, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  parent.append(template.content);
}

export const changed = () => document.body.dispatchEvent(new Event("salus:changed"));

// A large file as the body of a request, with its progress.
export function sendFile(address, file, headers, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries({ "X-CSRF-Token": csrf, "Content-Type": "application/octet-stream", Accept: "application/json", ...headers })) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.total ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Error(""));
    request.onload = () => {
      if (request.status === 401 && inside) location.reload();
      if (request.status < 400) resolve(request.response);
      else reject(new Error(request.response?.detail ?? ""));
    };
    request.send(file);
  });
}
