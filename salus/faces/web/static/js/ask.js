// The conversation: a question goes out, its answer comes in pieces, each in its place; nothing above moves.
import { $, all, append, follow, post, problem } from "./page.js";

const form = $("#ask");
const box = $("#question");
const conversation = $("#conversation");
const status = $("#ask-status");
const stop = $("#stop");
const wholeOnly = document.body.dataset.streaming === "off";
let running = null;

function say(text) { status.textContent = text; }

function toEnd(turn) {
  turn.scrollIntoView({ block: "start", behavior: "instant" });
}

// Pieces are put in once per frame and cards all together, so that no card grows beside another.
function pieces(turn) {
  const places = { triage: $(".triage-slot", turn), finding: $(".cards", turn), sentence: $(".said", turn), unknown: $(".said", turn) };
  let waiting = [];
  const put = () => {
    for (const [kind, html] of waiting) append(places[kind], html);
    waiting = [];
  };
  return {
    take(kind, html) {
      waiting.push([kind, html]);
      if (kind === "triage" || (kind !== "finding" && !wholeOnly)) put();
    },
    put,
    places,
  };
}

async function ask(question) {
  if (running) return;
  $("#empty")?.remove();
  const turn = $("#turn").content.firstElementChild.cloneNode(true);
  $(".question", turn).textContent = question;
  for (const earlier of all(".arriving", conversation)) earlier.classList.remove("arriving");
  turn.classList.add("arriving");
  conversation.append(turn);
  toEnd(turn);
  const { take, put, places } = pieces(turn);
  say(form.dataset.working);
  running = { turn };
  form.dataset.running = "";
  const end = (said) => {
    put();
    turn.dataset.done = "true";
    turn.removeAttribute("aria-busy");
    running = null;
    delete form.dataset.running;
    say(said);
  };
  const fail = (text) => {
    problem($(".trouble", turn), text);
    end("");
  };
  try {
    const { stream, lang, conversation: id } = await post("/ask", { question, conversation: form.dataset.conversation, temporary: form.dataset.temporary });
    form.dataset.conversation = id;
    for (const part of [$(".question", turn), ...Object.values(places)]) part.lang = lang;
    running.address = stream;
    running.source = follow(stream, {
      triage: (html) => take("triage", html),
      finding: (html) => take("finding", html),
      sentence: (html) => take("sentence", html),
      unknown: (html) => take("unknown", html),
      done: (data) => {
        const stopped = JSON.parse(data).stopped;
        put();
        $(".stopped", turn).hidden = !stopped;
        const empty = !places.sentence.children.length && !places.finding.children.length && !places.triage.children.length;
        $(".nothing", turn).hidden = stopped || !empty;
        end(places.sentence.textContent.replace(/\s+/g, " ").trim());
        if (!form.dataset.temporary) kept(id);
      },
      failed: fail,
    });
  } catch (error) {
    fail(error.message);
  }
}

// The address becomes the conversation's own, so that reloading and coming back show it.
function kept(id) {
  if (location.pathname !== `/ask/${id}`) history.replaceState(null, "", `/ask/${id}`);
  document.body.dispatchEvent(new Event("salus:asked"));
}

stop.addEventListener("click", () => {
  if (running?.address) post(`${running.address}/stop`).catch(() => {});
  box.focus();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (!question || running) return;
  box.value = "";
  ask(question);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask]");
  if (button) ask(button.textContent.trim());
});

if (all(".turn", conversation).length) toEnd(all(".turn", conversation).at(-1));
