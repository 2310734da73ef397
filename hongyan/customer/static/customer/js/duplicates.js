// [data-duplicates="form id"]: asks the server who a half-filled form may be, a moment after the last key. What stands
// there of an earlier state of the form is faded meanwhile.
const panel = document.querySelector("[data-duplicates]");
const form = document.getElementById(panel.dataset.duplicates);
const PAUSE_MS = 450;
let timer = 0;

function ask() {
  clearTimeout(timer);
  panel.classList.add("is-stale");
  timer = setTimeout(() => window.htmx.trigger(panel, "ask"), PAUSE_MS);
}

// While pinyin is being composed the text is not yet what it is going to be. What the panel itself asks is no answer.
form.addEventListener("input", (event) => event.isComposing || ask());
form.addEventListener("compositionend", ask);
panel.addEventListener("htmx:afterSwap", () => panel.classList.remove("is-stale"));

if (form.elements.name.value && !panel.querySelector("[name=seen]")) ask();
