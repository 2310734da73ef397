// Single keys: “/” and Ctrl-K search, “?” help (a page may have its own), [data-key="n"] presses that button. Silent
// while typing.
const search = document.querySelector("[data-search-input]");
const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

function press(key) {
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button?.click();
  return Boolean(button);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && search) {
    event.preventDefault();
    search.focus();
    search.select();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "?") {
    (document.getElementById("page-keys") ?? document.getElementById("keyboard-help"))?.showModal();
  } else if (event.key.length === 1 && press(event.key)) {
    event.preventDefault();
  }
});
