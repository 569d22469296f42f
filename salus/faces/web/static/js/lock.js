// The lock: the server ends a session that is not used; asking it does not count as use.
import { $, inside, tell } from "./page.js";

let timer;
export async function watch() {
  clearTimeout(timer);
  let wait = 20;
  const notice = $("#notice");
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
  return undefined;
}

// A page that stands at the doors tells the others in this browser: what was locked in one is hidden in all of them at once.
const others = "BroadcastChannel" in window ? new BroadcastChannel("salus-doors") : null;
if (others && inside) others.onmessage = () => watch();
else others?.postMessage("here");

if (inside) {
  watch();
  document.addEventListener("visibilitychange", () => document.hidden || watch());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx?.response?.status === 401) location.reload();
  });
}
