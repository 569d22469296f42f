// Before a vault is open: the sample person, a new person's form, the recovery code, a back-up to restore.
import { $, all, follow, post, problem, sendFile, toast } from "./page.js";

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

// A new person: what the browser knows already

if ($("#create")) {
  $("#zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const region = navigator.language.split("-")[1]?.toUpperCase();
  if (region && $(`#country option[value="${CSS.escape(region)}"]`)) $("#country").value = region;
}

// A new passphrase: how hard it is to guess, and what was typed

for (const field of all("[data-strength]")) {
  const form = field.closest("form");
  let asking;
  field.addEventListener("input", () => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      try {
        const known = { name: $("[name='name']", form)?.value ?? "", born: $("[name='born']", form)?.value ?? "" };
        const { score, advice } = await post("/strength", { passphrase: field.value, ...known });
        $(".strength", form).dataset.score = score;
        $("[data-strength-said]", form).textContent = advice;
      } catch { /* the form says what is wrong when it is sent */ }
    }, 250);
  });
}

for (const box of all("[data-show-passphrase]")) {
  box.addEventListener("change", () => {
    for (const field of all("[autocomplete='new-password']", box.form)) field.type = box.checked ? "text" : "password";
  });
}

// The recovery code

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy) {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.said);
  } else if ("print" in button.dataset) print();
  else if (button.dataset.save) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${button.dataset.save}\n`], { type: "text/plain" }));
    link.download = button.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
});

// A back-up made elsewhere

$("#restore")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const [bar, slot, button] = [$("progress", form), $(".slot", form), $("button.main", form)];
  const words = button.textContent;
  slot.replaceChildren();
  button.disabled = true;
  button.textContent = form.dataset.working;
  bar.hidden = false;
  try {
    const { held } = await sendFile("/restore", $("#file").files[0], {}, (done) => { bar.value = done; });
    bar.removeAttribute("value");
    await post(`/restore/${held}`, { secret: $("#secret").value, label: $("#label").value });
  } catch (error) {
    problem(slot, error.message || document.body.dataset.offline);
  }
  bar.hidden = true;
  button.disabled = false;
  button.textContent = words;
});
