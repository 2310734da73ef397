// select[data-select]: a long choice becomes searchable by typing; without the script it stays a plain select.
function upgrade(root) {
  for (const select of root.querySelectorAll("select[data-select]:not(.tomselected)")) {
    // The field that is typed into takes over the label; what it replaces must not be read out nameless.
    select.setAttribute("aria-hidden", "true");
    new window.TomSelect(select, { maxOptions: 200, plugins: select.multiple ? ["remove_button"] : [] });
  }
}

upgrade(document);
document.addEventListener("htmx:load", (event) => upgrade(event.target));
