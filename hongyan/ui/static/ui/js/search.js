// [data-search]: a combobox over the server's suggestions, on a phone a sheet of its own; without it the form is a plain
// search. All of it is posted: what people look for, a phone perhaps, must not stand in an address or a log.
const box = document.querySelector("[data-search]");
const input = box?.querySelector("[data-search-input]");
const panel = box?.querySelector("[data-search-panel]");
const shown = box?.querySelector("[data-suggestions]");
// Nothing typed offers ways back; one Chinese character is a word; one letter is not yet anything; the prefix of pages or
// acts lists them all.
const SEARCHABLE = /^$|^[/>]|[^\x00-\x7f]|\S\S/;
const PAUSE_MS = 120;
let timer = 0;
let asked = null;
let current = -1;

const options = () => [...shown.querySelectorAll('[role="option"]')];

function close() {
  asked?.abort();
  clearTimeout(timer);
  box.classList.remove("is-open");
  panel.hidden = true;
  choose(-1);
  input.setAttribute("aria-expanded", "false");
}

function choose(index) {
  const all = options();
  all[current]?.setAttribute("aria-selected", "false");
  current = index;
  const option = all[current];
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function open() {
  box.classList.add("is-open");
  panel.hidden = false;
  input.setAttribute("aria-expanded", "true");
}

async function suggest() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(box.dataset.suggestUrl, { method: "POST", body: new FormData(box), signal: asked.signal });
    if (!answer.ok) return close();
    choose(-1);
    shown.innerHTML = await answer.text();
  } catch {
    return;
  }
  shown.classList.remove("is-stale");
  options().forEach((option, index) => (option.id = `suggestion-${index}`));
  open();
  // The best comes first: Enter opens it. Of the ways back none is better than another.
  choose(input.value.trim() && options().length ? 0 : -1);
}

// What stands there answers an earlier text: Enter must not open it.
function ask() {
  clearTimeout(timer);
  asked?.abort();
  if (!SEARCHABLE.test(input.value.trim())) return close();
  choose(-1);
  shown.classList.add("is-stale");
  timer = setTimeout(suggest, PAUSE_MS);
}

// The record of an option is kept at hand, or no more; what is offered then is asked for again.
async function pin(option) {
  if (!option?.dataset.kind) return;
  const sent = new FormData(box);
  sent.delete("q");
  sent.append("kind", option.dataset.kind);
  sent.append("key", option.dataset.keyOf);
  sent.append("on", "pinned" in option.dataset ? "0" : "1");
  const answer = await fetch(box.dataset.pinUrl, { method: "POST", body: sent, headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  input.value = "";
  input.focus();
  suggest();
}

if (box?.dataset.suggestUrl) {
  // While pinyin is being composed the text is not yet what the reader means.
  input.addEventListener("input", (event) => event.isComposing || ask());
  input.addEventListener("compositionend", ask);
  input.addEventListener("focus", () => panel.hidden && ask());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || panel.hidden) return;
    const count = options().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      choose((current + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(options()[current].href, "_blank", "noopener");
      else options()[current].click();
    } else if (event.altKey && event.code === "KeyP") {
      event.preventDefault();
      pin(options()[current]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      close();
    }
  });
  box.addEventListener("click", (event) => {
    const part = event.target.closest("[data-search-part]");
    if (event.target.closest("[data-pin]")) {
      event.preventDefault();
      pin(event.target.closest("[role=option]"));
    } else if (event.target.closest("[data-search-close]")) {
      close();
      input.blur();
    } else if (part) {
      input.value = part.dataset.searchPart + input.value.replace(/^[/@#>]/, "");
      input.focus();
      ask();
    }
  });
  document.addEventListener("click", (event) => box.contains(event.target) || close());
  box.addEventListener("focusout", (event) => box.contains(event.relatedTarget) || event.relatedTarget === null || close());
}
