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

// What is said in the panel while an answer is on its way stays said; that it is agreed, of the same people only.
const said = () => ["seen", "confirm", "reason"].map((name) => panel.querySelector(`[name=${name}]`));
let before = [];
panel.addEventListener("htmx:beforeSwap", () => (before = said()));
panel.addEventListener("htmx:afterSwap", () => {
  panel.classList.remove("is-stale");
  const [seen, confirm, reason] = said();
  if (seen && seen.value === before[0]?.value) confirm.checked = before[1].checked;
  if (!reason || !before[2]) return;
  reason.value = before[2].value;
  reason.setSelectionRange(before[2].selectionStart, before[2].selectionEnd);
});

if (form.elements.name.value && !panel.querySelector("[name=seen]")) ask();
