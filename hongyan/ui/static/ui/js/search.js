// [data-search]: a combobox over the server's suggestions; without it the form is a plain search. Both are posted:
// what people look for, a phone perhaps, must not stand in an address or a log.
const box = document.querySelector("[data-search]");
const input = box?.querySelector("[data-search-input]");
const list = box?.querySelector("[data-suggestions]");
// One Chinese character is a word; one letter is not yet anything.
const SEARCHABLE = /[^\x00-\x7f]|\S\S/;
const PAUSE_MS = 180;
let timer = 0;
let asked = null;
let current = -1;

const options = () => [...list.querySelectorAll('[role="option"]')];

function hide() {
  list.hidden = true;
  current = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

async function suggest() {
  asked?.abort();
  const text = input.value.trim();
  if (!SEARCHABLE.test(text)) return hide();
  asked = new AbortController();
  try {
    const answer = await fetch(box.dataset.suggestUrl, { method: "POST", body: new FormData(box), signal: asked.signal });
    if (!answer.ok) return hide();
    list.innerHTML = await answer.text();
  } catch {
    return;
  }
  options().forEach((option, index) => (option.id = `suggestion-${index}`));
  current = -1;
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
}

function move(step) {
  const all = options();
  if (!all.length) return;
  all[current]?.setAttribute("aria-selected", "false");
  current = (current + step + all.length) % all.length;
  all[current].setAttribute("aria-selected", "true");
  all[current].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", all[current].id);
}

if (box?.dataset.suggestUrl) {
  input.addEventListener("input", (event) => {
    // While pinyin is being composed the text is not yet what the reader means.
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE_MS);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : current < 0 ? 0 : -1);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      options()[current].click();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      hide();
    }
  });
  document.addEventListener("click", (event) => box.contains(event.target) || hide());
  box.addEventListener("focusout", (event) => box.contains(event.relatedTarget) || event.relatedTarget === null || hide());
}
